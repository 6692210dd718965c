using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// Reads scene files; `heedful scene validate FILE.json` checks them far more closely. Fields that it
    /// does not know are passed over.
    /// </summary>
    internal static class SceneFileReader
    {
        /// <summary>Reads a whole file.</summary>
        /// <exception cref="SceneFileException">It is no JSON, or a field is missing or of another kind.</exception>
        public static SceneFile Read(string json)
        {
            Dictionary<string, object> members = JsonReader.ReadObject(json);
            if (members == null)
            {
                throw new SceneFileException("The scene is no JSON object: write it by `heedful scene export NAME --out "
                    + "FILE.json`, with a name that ends in .json.");
            }

            var fields = new SceneFields(members, "");
            var scene = new SceneFile
            {
                Name = fields.Text("name"),
                Family = fields.Text("family", "museum"),
                MapKnown = fields.Text("map", "known") == "known",
                Height = fields.Number("height", 2.6f),
                FloorColor = fields.Color("floor_color", ScenePalette.Floor),
                WallColor = fields.Color("wall_color", ScenePalette.Wall),
                CeilingColor = fields.Color("ceiling_color", ScenePalette.Ceiling)
            };
            foreach (SceneFields each in fields.Records("places"))
            {
                scene.Places.Add(ReadPlace(each));
            }

            foreach (SceneFields each in fields.Records("doors"))
            {
                scene.Doors.Add(ReadDoor(each));
            }

            foreach (SceneFields each in fields.Records("objects"))
            {
                scene.Objects.Add(ReadObject(each));
            }

            foreach (SceneFields each in fields.Records("people"))
            {
                scene.People.Add(ReadPerson(each));
            }

            foreach (SceneFields each in fields.Records("topics"))
            {
                scene.Topics.Add(new TopicRecord { Id = each.Text("id"), Name = each.Text("name") });
            }

            foreach (SceneFields each in fields.Records("spawns"))
            {
                scene.Spawns.Add(new SpawnRecord
                {
                    Position = each.Point("position"), YawDegrees = each.Number("yaw_degrees", 0f)
                });
            }

            PlaceCarried(scene);
            return scene;
        }

        private static PlaceRecord ReadPlace(SceneFields fields)
        {
            float[] floor = fields.Numbers("floor", 4);
            return new PlaceRecord
            {
                Id = fields.Text("id"), Name = fields.Text("name"),
                X0 = floor[0], Z0 = floor[1], X1 = floor[2], Z1 = floor[3]
            };
        }

        private static DoorRecord ReadDoor(SceneFields fields)
        {
            string[] between = fields.Texts("between");
            if (between == null || between.Length != 2)
            {
                throw fields.Wrong("between", "must be the ids of two places");
            }

            return new DoorRecord
            {
                Id = fields.Text("id"),
                PlaceA = between[0],
                PlaceB = between[1],
                Position = fields.Point("position"),
                Width = fields.Number("width", 1f),
                Kind = fields.Text("kind", "door"),
                State = fields.Text("state", "open"),
                Key = fields.Text("key", null)
            };
        }

        private static ObjectRecord ReadObject(SceneFields fields)
        {
            var record = new ObjectRecord
            {
                Id = fields.Text("id"),
                ClassName = fields.Text("class"),
                Color = fields.Text("color"),
                YawDegrees = fields.Number("yaw_degrees", 0f),
                Affordances = fields.Texts("affordances"),
                On = fields.Flag("on"),
                Open = fields.Flag("open"),
                Key = fields.Text("key", null),
                Sound = fields.Text("sound", null),
                Sounding = fields.Flag("sounding"),
                Inside = fields.Text("inside", null),
                Upon = fields.Text("upon", null),
                Powers = fields.Texts("powers"),
                Text = fields.Text("text", null),
                Mentions = fields.Texts("mentions")
            };
            bool isCarried = record.Inside != null || record.Upon != null;
            record.Position = isCarried && !fields.Has("position") ? Vector2.zero : fields.Point("position");
            if (fields.Has("size"))
            {
                float[] size = fields.Numbers("size", 3);
                record.Size = new Vector3(size[0], size[1], size[2]);
            }

            SceneClass usual = SceneClasses.Find(record.ClassName);
            bool isUsuallyHeavy = usual != null && (usual.Traits & EntityTraits.Heavy) != 0;
            record.Heavy = fields.Has("heavy") ? fields.Flag("heavy") : isUsuallyHeavy;
            return record;
        }

        private static PersonRecord ReadPerson(SceneFields fields)
        {
            var record = new PersonRecord
            {
                Id = fields.Text("id"),
                Name = fields.Text("name"),
                Role = fields.Text("role", "visitor"),
                Position = fields.Point("position"),
                YawDegrees = fields.Number("yaw_degrees", 0f)
            };
            foreach (SceneFields each in fields.Records("facts"))
            {
                record.Facts.Add(new FactRecord { About = each.Text("about"), Where = each.Text("where") });
            }

            return record;
        }

        /// <summary>What is inside or upon another has the position of that one.</summary>
        private static void PlaceCarried(SceneFile scene)
        {
            var byId = new Dictionary<string, ObjectRecord>();
            foreach (ObjectRecord record in scene.Objects)
            {
                byId[record.Id] = record;
            }

            foreach (ObjectRecord record in scene.Objects)
            {
                ObjectRecord carrier = record;
                for (int above = 0; above < scene.Objects.Count; above++)
                {
                    string id = carrier.Inside ?? carrier.Upon;
                    if (id == null || !byId.TryGetValue(id, out ObjectRecord next))
                    {
                        break;
                    }

                    carrier = next;
                }

                record.Position = carrier.Position;
            }
        }
    }
}
