using System;
using System.Collections;
using NUnit.Framework;
using UnityEngine;
using UnityEngine.TestTools;

namespace Heedful.Tests
{
    /// <summary>An NPC lives in a built scene, with a link that stands in for the server.</summary>
    public sealed class NpcLifeTests
    {
        private const string Room = "{\"name\": \"room\", \"places\": ["
            + "{\"id\": \"a\", \"name\": \"the hall\", \"floor\": [0, 0, 8, 8]}],"
            + "\"objects\": [{\"id\": \"vase_1\", \"class\": \"vase\", \"color\": \"red\", \"position\": [4, 6]}],"
            + "\"spawns\": [{\"position\": [4, 2]}]}";

        private GameObject built;
        private StandIn link;
        private HeedfulNpc npc;

        [UnitySetUp]
        public IEnumerator Build()
        {
            link = new StandIn();
            built = SceneBuilder.Build(SceneFile.Parse(Room), new SceneBuildOptions { OnNpc = each => each.Link = link });
            npc = built.GetComponentInChildren<HeedfulNpc>();
            yield return null;
        }

        [UnityTearDown]
        public IEnumerator Clear()
        {
            UnityEngine.Object.Destroy(built);
            yield return null;
        }

        [UnityTest]
        public IEnumerator ItDecidesTenTimesASecond()
        {
            yield return new WaitForSeconds(1.05f);
            Assert.That(npc.Observation.Decision, Is.InRange(9, 12));
            Assert.AreEqual(npc.Observation.Decision, link.Submitted);
        }

        [UnityTest]
        public IEnumerator ItSeesTheVaseBeforeIt()
        {
            yield return new WaitForSeconds(0.3f);
            Assert.AreEqual(1, npc.Observation.EntityCount);
            Assert.AreEqual(4f, npc.Observation.Entities[EntityColumn.Z], 0.2f);
        }

        [UnityTest]
        public IEnumerator ItWalksWhenItsMindSaysSo()
        {
            link.Move = Move.Walk;
            yield return new WaitForSeconds(1f);
            Assert.Greater(npc.transform.position.z, 2.7f);
        }

        [UnityTest]
        public IEnumerator ItStandsWhileItIsPaused()
        {
            link.Move = Move.Walk;
            npc.Pause();
            yield return new WaitForSeconds(0.5f);
            Assert.AreEqual(2f, npc.transform.position.z, 0.05f);
        }

        private sealed class StandIn : INpcLink
        {
            public int Submitted;
            public Move Move = Move.Stay;
            private bool asked;

            public bool IsConnected { get { return true; } }

            public bool IsLockStep { get { return false; } }

            public void Register(HeedfulNpc npc)
            {
            }

            public void Unregister(HeedfulNpc npc)
            {
            }

            public void Submit(HeedfulNpc npc, NpcObservation observation)
            {
                Submitted++;
                asked = true;
            }

            public bool TryTakeAction(HeedfulNpc npc, int[] action)
            {
                if (!asked)
                {
                    return false;
                }

                asked = false;
                Contract.NoOp.CopyTo(action, 0);
                action[(int)Branch.Move] = (int)Move;
                return true;
            }

            public void Send(HeedfulNpc npc, string channel, string entry)
            {
            }

            public void SaveMind(HeedfulNpc npc, Action<byte[]> saved)
            {
                saved(null);
            }

            public void RestoreMind(HeedfulNpc npc, byte[] mind)
            {
            }
        }
    }
}
