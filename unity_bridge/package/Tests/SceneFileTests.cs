using System.Collections.Generic;
using NUnit.Framework;
using UnityEngine;

namespace Heedful.Tests
{
    /// <summary>Scene files: read, written, built and exported.</summary>
    public sealed class SceneFileTests
    {
        private const string TwoRooms = "{\"name\": \"two rooms\", \"places\": ["
            + "{\"id\": \"a\", \"name\": \"the hall\", \"floor\": [0, 0, 4, 4]},"
            + "{\"id\": \"b\", \"name\": \"the shed\", \"floor\": [4, 0, 8, 4]}],"
            + "\"doors\": [{\"id\": \"d\", \"between\": [\"a\", \"b\"], \"position\": [4, 1.5], \"state\": \"closed\"}],"
            + "\"objects\": [{\"id\": \"vase_1\", \"class\": \"vase\", \"color\": \"red\", \"position\": [1, 3]}],"
            + "\"spawns\": [{\"position\": [2, 2], \"yaw_degrees\": 90}]}";

        private GameObject built;

        [TearDown]
        public void Clear()
        {
            if (built != null)
            {
                Object.DestroyImmediate(built);
            }
        }

        [Test]
        public void WhatIsWrittenIsReadAgain()
        {
            SceneFile scene = SceneFile.Parse(SceneFile.Parse(TwoRooms).ToJson());
            Assert.AreEqual("two rooms", scene.Name);
            Assert.AreEqual(2, scene.Places.Count);
            Assert.AreEqual("closed", scene.Doors[0].State);
            Assert.AreEqual("red", scene.Objects[0].Color);
            Assert.AreEqual(90f, scene.Spawns[0].YawDegrees);
        }

        [Test]
        public void AWrongFieldIsNamed()
        {
            string wrong = TwoRooms.Replace("[4, 1.5]", "[4]");
            var error = Assert.Throws<SceneFileException>(() => SceneFile.Parse(wrong));
            StringAssert.Contains("doors[0].position", error.Message);
        }

        [Test]
        public void WallsLeaveAGapForTheDoor()
        {
            int between = 0;
            foreach (WallBox wall in SceneWalls.Compute(SceneFile.Parse(TwoRooms)))
            {
                if (wall.Center.x == 4f && wall.Size.y > 2.2f)
                {
                    between++;
                    Assert.IsFalse(Mathf.Abs(wall.Center.z - 1.5f) < wall.Size.z / 2f, "the doorway is walled up");
                }
            }

            Assert.AreEqual(2, between);
        }

        [Test]
        public void WhatIsBuiltIsExported()
        {
            built = SceneBuilder.Build(SceneFile.Parse(TwoRooms));
            SceneThing[] things = built.GetComponentsInChildren<SceneThing>();
            SceneFile scene = SceneExporter.Export(things, "again", out IReadOnlyList<string> problems);
            Assert.AreEqual(0, problems.Count, string.Join("\n", problems));
            Assert.AreEqual(2, scene.Places.Count);
            Assert.AreEqual("closed", scene.Doors[0].State);
            Assert.AreEqual(new Vector2(4f, 1.5f), scene.Doors[0].Position);
            Assert.AreEqual("red", scene.Objects[0].Color);
            Assert.AreEqual(new Vector2(2f, 2f), scene.Spawns[0].Position);
        }

        [Test]
        public void AnNpcStandsAtTheStartWithItsSenses()
        {
            built = SceneBuilder.Build(SceneFile.Parse(TwoRooms));
            var npc = built.GetComponentInChildren<HeedfulNpc>();
            Assert.IsNotNull(npc.GetComponent<INpcBody>());
            Assert.IsNotNull(npc.GetComponent<ISight>());
            Assert.IsNotNull(npc.GetComponent<IHearing>());
            Assert.AreEqual(2f, npc.transform.position.x);
        }
    }
}
