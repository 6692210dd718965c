// Lets SceneCheck of the package's editor judge a scene of one kind, for test_scene_check.py, which compiles it in.
using System;
using System.Globalization;
using System.IO;
using Heedful;
using Heedful.Editor;
using StubEngine;
using Unity.MLAgents;
using Unity.MLAgents.Policies;
using UnityEngine;
using UnityEngine.AI;

namespace UnityEditor
{
    /// The one thing of the editor that SceneCheck asks for.
    public static class PlayerSettings { public static bool runInBackground = true; }
}

public sealed class Stranger : Agent { }

static class CheckGame
{
    static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Player.Boot();
        if (args[0] == "museum")
            SceneBuilder.Build(SceneFile.Parse(File.ReadAllText(args[1])));
        else if (args[0] != "empty")
            Add(args[0]);
        foreach (SceneFinding finding in SceneCheck.Run())
            Console.WriteLine((finding.IsGrave ? "grave: " : "warn: ") + finding.Text);
        return 0;
    }

    static void Add(string what)
    {
        new GameObject("ears").AddComponent<AudioListener>();
        ScenePlace hall = new GameObject("hall").AddComponent<ScenePlace>();
        HeedfulNpc npc = Npc("one", new Vector3(0, 0, 1));
        switch (what)
        {
            case "good": break;
            case "by hand": // a new Scene Entity is an object; the editor calls Reset
                UnityEngine.Object.DestroyImmediate(npc.gameObject);
                AddByHand<HeedfulPlayer>("you");
                GameObject added = AddByHand<HeedfulNpc>("ann");
                added.AddComponent<CharacterControllerBody>();
                added.AddComponent<NpcCamera>();
                added.AddComponent<HeedfulEars>();
                break;
            case "kind": npc.Entity.SetUp(Kind.Object, "robot", "the robot", Vector3.one); break;
            case "body": UnityEngine.Object.DestroyImmediate(npc.GetComponent<CharacterControllerBody>()); break;
            case "senses":
                UnityEngine.Object.DestroyImmediate(npc.GetComponent<NpcCamera>());
                UnityEngine.Object.DestroyImmediate(npc.GetComponent<HeedfulEars>());
                break;
            case "navmesh":
                NavMesh.StubWalkable = point => false;
                npc.gameObject.AddComponent<NavMeshAgent>();
                break;
            case "twins": Npc("two", new Vector3(1, 0, 1)).Key = "one"; break;
            case "behaviour": npc.gameObject.AddComponent<BehaviorParameters>().BehaviorName = "My Behavior"; break;
            case "heuristic": npc.gameObject.AddComponent<BehaviorParameters>().BehaviorType = BehaviorType.HeuristicOnly; break;
            case "requester":
                npc.gameObject.AddComponent<HeedfulAgent>();
                npc.GetComponent<BehaviorParameters>().BehaviorName = "Heedful";
                npc.gameObject.AddComponent<DecisionRequester>().DecisionPeriod = 5;
                break;
            case "stranger": npc.gameObject.AddComponent<Stranger>(); break;
            case "key": Thing("vase").Key = "hall"; break;
            case "corners": hall.Floor = new[] { Vector2.zero, Vector2.one }; break;
            case "doorway":
                hall.SetDoorways(new[] { new Doorway { leadsTo = new GameObject("shed").AddComponent<ScenePlace>() } });
                break;
            case "class": Thing("thing").ClassName = ""; break;
            case "collider": new GameObject("ghost").AddComponent<SceneEntity>().SetUp(Kind.Object, "vase", "the vase", Vector3.one); break;
            case "size":
                GameObject flat = new GameObject("flat");
                flat.AddComponent<SceneEntity>().ClassName = "vase";
                var trigger = flat.AddComponent<BoxCollider>();
                trigger.isTrigger = true;
                break;
            case "sound": new GameObject("radio").AddComponent<AudioSource>(); break;
            case "links":
                new GameObject("link").AddComponent<LiveLink>();
                new GameObject("other").AddComponent<LiveLink>();
                break;
            case "far": FarLink().UseTls = true; break;
            case "safe":
                LiveLink safe = FarLink();
                safe.UseTls = true;
                safe.Token = "0123456789abcdef";
                break;
            case "timestep": Time.fixedDeltaTime = 0.03f; break;
            case "background": UnityEditor.PlayerSettings.runInBackground = false; break;
            default: throw new ArgumentException(what);
        }
    }

    static HeedfulNpc Npc(string name, Vector3 position)
    {
        var body = new GameObject(name);
        body.transform.position = position;
        body.AddComponent<SceneEntity>().SetUp(Kind.Npc, "person", name, Vector3.zero);
        body.AddComponent<CharacterController>();
        body.AddComponent<CharacterControllerBody>();
        var npc = body.AddComponent<HeedfulNpc>();
        body.AddComponent<NpcCamera>();
        body.AddComponent<HeedfulEars>();
        return npc;
    }

    static GameObject AddByHand<T>(string name) where T : Component
    {
        var body = new GameObject(name);
        body.AddComponent<T>().SendMessage("Reset", SendMessageOptions.RequireReceiver);
        body.GetComponent<SceneEntity>().ClassName = "person";
        return body;
    }

    static LiveLink FarLink()
    {
        LiveLink link = new GameObject("link").AddComponent<LiveLink>();
        link.Host = "npc.example.org";
        return link;
    }

    static SceneEntity Thing(string name)
    {
        var thing = GameObject.CreatePrimitive(PrimitiveType.Cube);
        thing.name = name;
        var entity = thing.AddComponent<SceneEntity>();
        entity.SetUp(Kind.Object, "vase", "the vase", Vector3.one);
        return entity;
    }
}
