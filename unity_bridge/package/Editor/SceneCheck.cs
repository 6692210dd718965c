using System.Collections.Generic;
using System.Net;
using Unity.MLAgents;
using Unity.MLAgents.Policies;
using UnityEditor;
using UnityEngine;
using UnityEngine.AI;

namespace Heedful.Editor
{
    /// <summary>Says what the open scenes lack so that NPCs can live in them.</summary>
    public static class SceneCheck
    {
        private const float NavMeshRadius = 2f;

        /// <summary>Everything that the open scenes and the project lack; the server is not asked.</summary>
        public static List<SceneFinding> Run()
        {
            var findings = new List<SceneFinding>();
            CheckNpcs(findings);
            CheckKeys(findings);
            CheckPlaces(findings);
            CheckEntities(findings);
            CheckSounds(findings);
            CheckLinks(findings);
            CheckProject(findings);
            return findings;
        }

        // ---------------------------------------------------------------------------------- the NPCs

        private static void CheckNpcs(List<SceneFinding> findings)
        {
            HeedfulNpc[] npcs = FindAll<HeedfulNpc>();
            if (npcs.Length == 0)
            {
                Grave(findings, null, "The scene has no NPC: select a character and choose Add Component > Heedful > "
                    + "Heedful NPC.");
            }

            var keys = new Dictionary<string, HeedfulNpc>();
            foreach (HeedfulNpc npc in npcs)
            {
                if (keys.TryGetValue(npc.Key, out HeedfulNpc twin))
                {
                    Grave(findings, npc, "'" + npc.name + "' and '" + twin.name + "' have the same key '" + npc.Key
                        + "', so they would share a mind: give each a key of its own.");
                }

                keys[npc.Key] = npc;
                CheckNpc(findings, npc);
            }
        }

        private static void CheckNpc(List<SceneFinding> findings, HeedfulNpc npc)
        {
            string name = "'" + npc.name + "'";
            if (npc.Entity.Kind != Kind.Npc)
            {
                Grave(findings, npc, name + " is an NPC, but its Scene Entity is of kind " + npc.Entity.Kind
                    + ": set the kind to Npc.");
            }

            if (npc.GetComponent<INpcBody>() == null)
            {
                Grave(findings, npc, name + " has no body, so it cannot move: add a Character Controller Body, a NavMesh "
                    + "Body, or your own INpcBody.");
            }
            else if (npc.GetComponent<NavMeshAgent>() != null
                && !NavMesh.SamplePosition(npc.transform.position, out NavMeshHit _, NavMeshRadius, NavMesh.AllAreas))
            {
                Grave(findings, npc, name + " has a NavMesh Agent, and there is no NavMesh near it: bake one (Window > AI > "
                    + "Navigation), or use a Character Controller Body.");
            }

            if (npc.GetComponent<ISight>() == null)
            {
                Warn(findings, npc, name + " has no eyes, so it sees no colours and no signs: add an NPC Camera.");
            }

            if (npc.GetComponent<IHearing>() == null)
            {
                Warn(findings, npc, name + " has no ears, so it hears no sounds: add Heedful Ears.");
            }

            var parameters = npc.GetComponent<BehaviorParameters>();
            if (parameters != null && parameters.BehaviorType != BehaviorType.Default)
            {
                Grave(findings, parameters, name + " has Behavior Parameters of type " + parameters.BehaviorType
                    + ", so ML-Agents never asks the server: set the type to Default.");
            }

            var agent = npc.GetComponent<Agent>();
            if (agent != null && !(agent is HeedfulAgent))
            {
                Grave(findings, agent, name + " has an ML-Agents agent of its own (" + agent.GetType().Name
                    + "), and one object cannot have two: put it on another object.");
            }
            else if (parameters != null && parameters.BehaviorName != Contract.BehaviorName)
            {
                Warn(findings, parameters, name + " has Behavior Parameters called '" + parameters.BehaviorName
                    + "', and the link calls them " + Contract.BehaviorName + " when the game begins: remove the "
                    + "component, the link adds one.");
            }

            var requester = npc.GetComponent<DecisionRequester>();
            if (requester != null)
            {
                Grave(findings, requester, name + " has a Decision Requester with period " + requester.DecisionPeriod
                    + ", and NPCs ask ten times a second by themselves: remove the component.");
            }
        }

        // --------------------------------------------------------------------------------- the scene

        private static void CheckKeys(List<SceneFinding> findings)
        {
            var keys = new Dictionary<string, SceneThing>();
            foreach (SceneThing thing in FindAll<SceneThing>())
            {
                if (keys.TryGetValue(thing.Key, out SceneThing twin))
                {
                    Warn(findings, thing, "'" + thing.name + "' and '" + twin.name + "' have the same key '" + thing.Key
                        + "', so a save cannot tell them apart: give each a key of its own.");
                }

                keys[thing.Key] = thing;
            }
        }

        private static void CheckPlaces(List<SceneFinding> findings)
        {
            ScenePlace[] places = FindAll<ScenePlace>();
            if (places.Length == 0)
            {
                Warn(findings, null, "The scene has no places, so NPCs cannot be sent to one and plan no routes: add a "
                    + "Scene Place to every room.");
            }

            foreach (ScenePlace place in places)
            {
                if (place.Floor.Length < 3)
                {
                    Grave(findings, place, "The floor of '" + place.name + "' has " + place.Floor.Length
                        + " corners: give it three or more.");
                }

                foreach (Doorway doorway in place.Doorways)
                {
                    if (doorway.leadsTo != null && !LeadsTo(doorway.leadsTo, place))
                    {
                        Warn(findings, doorway.leadsTo, "'" + place.name + "' has a doorway to '" + doorway.leadsTo.name
                            + "', which has none back: add it there too.");
                    }
                }
            }
        }

        private static bool LeadsTo(ScenePlace from, ScenePlace to)
        {
            foreach (Doorway doorway in from.Doorways)
            {
                if (doorway.leadsTo == to)
                {
                    return true;
                }
            }

            return false;
        }

        private static void CheckEntities(List<SceneFinding> findings)
        {
            foreach (SceneEntity entity in FindAll<SceneEntity>())
            {
                string name = "'" + entity.name + "'";
                if (entity.Kind == Kind.Object && entity.ClassName == Contract.KindNames[(int)Kind.Object])
                {
                    Warn(findings, entity, name + " has no class, so NPCs only know that it is an object: write what it "
                        + "is, such as vase.");
                }

                bool isOpening = entity.Kind == Kind.Door && entity.Has(EntityTraits.Opening);
                if (entity.Kind != Kind.Npc && !isOpening && entity.GetComponentInChildren<Collider>(true) == null)
                {
                    Warn(findings, entity, name + " has no collider, so bodies walk through it: add one.");
                }

                if (entity.Size.x <= 0f || entity.Size.y <= 0f || entity.Size.z <= 0f)
                {
                    Warn(findings, entity, name + " has no size: write it in its Scene Entity, or add a collider or a "
                        + "renderer.");
                }
            }
        }

        private static void CheckSounds(List<SceneFinding> findings)
        {
            if (FindAll<AudioListener>().Length == 0)
            {
                Warn(findings, null, "The scene has no Audio Listener, so the player hears nothing: add one to the main "
                    + "camera.");
            }

            foreach (AudioSource source in FindAll<AudioSource>())
            {
                if (source.GetComponent<HeedfulSound>() == null)
                {
                    Warn(findings, source, "NPCs do not hear the Audio Source of '" + source.name + "': add a Heedful Sound "
                        + "beside it, if they are to.");
                }
                else if (source.clip != null && source.clip.loadType != AudioClipLoadType.DecompressOnLoad)
                {
                    Warn(findings, source, "The clip '" + source.clip.name + "' of '" + source.name + "' is not decompressed "
                        + "on load, so NPCs hear it as the player does: set its Load Type to Decompress On Load.");
                }
            }
        }

        private static void CheckLinks(List<SceneFinding> findings)
        {
            LiveLink[] links = FindAll<LiveLink>();
            for (int i = 1; i < links.Length; i++)
            {
                Grave(findings, links[i], "'" + links[i].name + "' is a second Live Link, which does nothing beside that of '"
                    + links[0].name + "': remove it.");
            }

            if (links.Length > 0 && !IsLoopback(links[0].Host) && (!links[0].UseTls || links[0].Token.Length == 0))
            {
                Grave(findings, links[0], "The Live Link of '" + links[0].name + "' goes to " + links[0].Host
                    + ", and a server that other machines can reach takes no game without TLS and a token: tick Use Tls "
                    + "and give the Token (--tls-cert, --tls-key and --token-file there).");
            }
        }

        private static bool IsLoopback(string host)
        {
            return host == "localhost" || IPAddress.TryParse(host, out IPAddress address) && IPAddress.IsLoopback(address);
        }

        private static void CheckProject(List<SceneFinding> findings)
        {
            float steps = Contract.DecisionSeconds / Time.fixedDeltaTime;
            if (Mathf.Abs(steps - Mathf.Round(steps)) > 0.01f || steps < 0.99f)
            {
                Warn(findings, null, "The Fixed Timestep of " + Time.fixedDeltaTime + " s does not divide the 0.1 s of a "
                    + "decision: set it to 0.02 (Edit > Project Settings > Time).");
            }

            if (!PlayerSettings.runInBackground)
            {
                Warn(findings, null, "Run In Background is off, so the game and its NPCs stop when the window loses the "
                    + "focus: turn it on (Edit > Project Settings > Player > Resolution).");
            }
        }

        private static T[] FindAll<T>() where T : Object
        {
            return Object.FindObjectsByType<T>(FindObjectsSortMode.InstanceID);
        }

        private static void Grave(List<SceneFinding> findings, Object about, string text)
        {
            findings.Add(new SceneFinding(true, text, about));
        }

        private static void Warn(List<SceneFinding> findings, Object about, string text)
        {
            findings.Add(new SceneFinding(false, text, about));
        }
    }
}
