using UnityEngine;

namespace Heedful
{
    /// <summary>Writes scene files: what is as usual is left out.</summary>
    internal sealed class SceneFileWriter
    {
        private readonly JsonWriter json = new JsonWriter();

        /// <summary>The text of a whole file.</summary>
        public static string Write(SceneFile scene)
        {
            var writer = new SceneFileWriter();
            writer.WriteScene(scene);
            return writer.json + "\n";
        }

        private void WriteScene(SceneFile scene)
        {
            json.BeginObject();
            Text("name", scene.Name);
            Text("family", scene.Family);
            Text("map", scene.MapKnown ? "known" : "none");
            Number("height", scene.Height);
            Color("floor_color", scene.FloorColor);
            Color("wall_color", scene.WallColor);
            Color("ceiling_color", scene.CeilingColor);
            json.Name("places").BeginArray();
            scene.Places.ForEach(WritePlace);
            json.EndArray().Name("doors").BeginArray();
            scene.Doors.ForEach(WriteDoor);
            json.EndArray().Name("objects").BeginArray();
            scene.Objects.ForEach(WriteObject);
            json.EndArray().Name("people").BeginArray();
            scene.People.ForEach(WritePerson);
            json.EndArray().Name("topics").BeginArray();
            scene.Topics.ForEach(WriteTopic);
            json.EndArray().Name("spawns").BeginArray();
            scene.Spawns.ForEach(WriteSpawn);
            json.EndArray().EndObject();
        }

        private void WritePlace(PlaceRecord place)
        {
            json.BeginObject();
            Text("id", place.Id);
            Text("name", place.Name);
            Numbers("floor", place.X0, place.Z0, place.X1, place.Z1);
            json.EndObject();
        }

        private void WriteDoor(DoorRecord door)
        {
            json.BeginObject();
            Text("id", door.Id);
            json.Name("between").BeginArray().Text(door.PlaceA).Text(door.PlaceB).EndArray();
            Numbers("position", door.Position.x, door.Position.y);
            Number("width", door.Width);
            Text("kind", door.Kind);
            Text("state", door.State);
            Text("key", door.Key);
            json.EndObject();
        }

        private void WriteObject(ObjectRecord thing)
        {
            json.BeginObject();
            Text("id", thing.Id);
            Text("class", thing.ClassName);
            Text("color", thing.Color);
            if (thing.Inside == null && thing.Upon == null)
            {
                Numbers("position", thing.Position.x, thing.Position.y);
            }

            Number("yaw_degrees", thing.YawDegrees);
            if (thing.Size != Vector3.zero)
            {
                Numbers("size", thing.Size.x, thing.Size.y, thing.Size.z);
            }

            Texts("affordances", thing.Affordances);
            SceneClass usual = SceneClasses.Find(thing.ClassName);
            if (thing.Heavy != (usual != null && (usual.Traits & EntityTraits.Heavy) != 0))
            {
                json.Name("heavy").Flag(thing.Heavy);
            }

            Flag("on", thing.On);
            Text("sound", thing.Sound);
            Flag("sounding", thing.Sounding);
            Flag("open", thing.Open);
            Text("key", thing.Key);
            Text("inside", thing.Inside);
            Text("upon", thing.Upon);
            Texts("powers", thing.Powers);
            Text("text", thing.Text);
            Texts("mentions", thing.Mentions);
            json.EndObject();
        }

        private void WritePerson(PersonRecord person)
        {
            json.BeginObject();
            Text("id", person.Id);
            Text("name", person.Name);
            Text("role", person.Role);
            Numbers("position", person.Position.x, person.Position.y);
            Number("yaw_degrees", person.YawDegrees);
            if (person.Facts.Count > 0)
            {
                json.Name("facts").BeginArray();
                person.Facts.ForEach(WriteFact);
                json.EndArray();
            }

            json.EndObject();
        }

        private void WriteFact(FactRecord fact)
        {
            json.BeginObject();
            Text("about", fact.About);
            Text("where", fact.Where);
            json.EndObject();
        }

        private void WriteTopic(TopicRecord topic)
        {
            json.BeginObject();
            Text("id", topic.Id);
            Text("name", topic.Name);
            json.EndObject();
        }

        private void WriteSpawn(SpawnRecord spawn)
        {
            json.BeginObject();
            Numbers("position", spawn.Position.x, spawn.Position.y);
            Number("yaw_degrees", spawn.YawDegrees);
            json.EndObject();
        }

        private void Text(string name, string value)
        {
            if (value != null)
            {
                json.Name(name).Text(value);
            }
        }

        private void Texts(string name, string[] values)
        {
            if (values == null)
            {
                return;
            }

            json.Name(name).BeginArray();
            foreach (string value in values)
            {
                json.Text(value);
            }

            json.EndArray();
        }

        private void Flag(string name, bool value)
        {
            if (value)
            {
                json.Name(name).Flag(true);
            }
        }

        private void Number(string name, float value)
        {
            json.Name(name).Number(value);
        }

        private void Numbers(string name, params float[] values)
        {
            json.Name(name).BeginArray();
            foreach (float value in values)
            {
                json.Number(value);
            }

            json.EndArray();
        }

        private void Color(string name, Color32 color)
        {
            json.Name(name).BeginArray().Number((int)color.r).Number((int)color.g).Number((int)color.b).EndArray();
        }
    }
}
