using System.Collections.Generic;
using Heedful.Editor;
using NUnit.Framework;
using UnityEditor.SceneManagement;
using UnityEngine;

namespace Heedful.Tests
{
    /// <summary>The menu that says what a scene lacks.</summary>
    public sealed class SceneCheckTests
    {
        [SetUp]
        public void EmptyScene()
        {
            EditorSceneManager.NewScene(NewSceneSetup.EmptyScene, NewSceneMode.Single);
        }

        [Test]
        public void AnEmptySceneLacksAnNpcAndPlaces()
        {
            Assert.IsTrue(Says("The scene has no NPC"));
            Assert.IsTrue(Says("The scene has no places"));
            Assert.IsTrue(Says("The scene has no Audio Listener"));
        }

        [Test]
        public void ABareNpcLacksItsParts()
        {
            AddNpc("one");
            Assert.IsTrue(Says("'one' is an NPC, but its Scene Entity is of kind Object"));
            Assert.IsTrue(Says("'one' has no body"));
            Assert.IsTrue(Says("'one' has no eyes"));
            Assert.IsTrue(Says("'one' has no ears"));
        }

        [Test]
        public void TwoNpcsMayNotShareAKey()
        {
            AddNpc("one").Key = "guard";
            AddNpc("two").Key = "guard";
            Assert.IsTrue(Says("have the same key 'guard', so they would share a mind"));
        }

        [Test]
        public void ADoorwayNeedsItsWayBack()
        {
            var hall = new GameObject("hall").AddComponent<ScenePlace>();
            var shed = new GameObject("shed").AddComponent<ScenePlace>();
            hall.SetDoorways(new[] { new Doorway { leadsTo = shed } });
            Assert.IsTrue(Says("'hall' has a doorway to 'shed', which has none back"));
        }

        [Test]
        public void AnObjectNeedsAClassAndACollider()
        {
            new GameObject("thing").AddComponent<SceneEntity>();
            Assert.IsTrue(Says("'thing' has no class"));
            Assert.IsTrue(Says("'thing' has no collider"));
        }

        [Test]
        public void TheMuseumLacksNothingGrave()
        {
            SceneFileMenu.CreateSampleScene();
            foreach (SceneFinding finding in SceneCheck.Run())
            {
                Assert.IsFalse(finding.IsGrave, finding.Text);
            }
        }

        private static HeedfulNpc AddNpc(string name)
        {
            return new GameObject(name).AddComponent<HeedfulNpc>(); // its SceneEntity comes with it
        }

        private static bool Says(string start)
        {
            List<SceneFinding> findings = SceneCheck.Run();
            return findings.Exists(finding => finding.Text.Contains(start));
        }
    }
}
