using UnityEngine;

namespace Heedful
{
    /// <summary>Bodies and minds of the people of a scene file.</summary>
    public sealed partial class SceneBuilder
    {
        private void AddPeople()
        {
            Transform group = AddGroup("People");
            bool hasNpcs = false;
            foreach (PersonRecord record in scene.People)
            {
                SceneEntity body = AddBody(group, record);
                entities[record.Id] = body;
                hasNpcs |= record.Role == "npc";
                if (HasMind(record))
                {
                    AddMind(body, record);
                }
            }

            for (int i = 0; !hasNpcs && i < options.NpcCount && i < scene.Spawns.Count; i++)
            {
                SpawnRecord spawn = scene.Spawns[i];
                string number = (i + 1).ToString();
                var record = new PersonRecord
                {
                    Id = "npc_" + number, Name = "NPC " + number, Role = "npc", Position = spawn.Position,
                    YawDegrees = spawn.YawDegrees
                };
                AddMind(AddBody(group, record), record);
            }
        }

        private bool HasMind(PersonRecord person)
        {
            return person.Role == "npc" || options.PeopleHaveMinds && person.Facts.Count > 0;
        }

        private SceneEntity AddBody(Transform group, PersonRecord person)
        {
            const float diameter = 2f * Contract.BodyRadius;
            var size = new Vector3(diameter, Contract.BodyHeight, diameter);
            var position = new Vector3(person.Position.x, 0f, person.Position.y);
            var body = AddThing<SceneEntity>(group, person.Id, person.Name, position);
            body.transform.localRotation = Quaternion.Euler(0f, person.YawDegrees, 0f);
            body.SetUp(Kind.Npc, "person", person.Name, size);
            Color32 color = person.Role == "npc" ? ScenePalette.Npc
                : person.Role == "guide" ? ScenePalette.Guide
                : ScenePalette.Person;
            GameObject shape = shapes.Add(PrimitiveType.Capsule, "Shape", body.transform,
                new Vector3(0f, size.y / 2f, 0f), size, color);
            GameObject face = shapes.Add(PrimitiveType.Cube, "Face", shape.transform, new Vector3(0f, 0.75f, 0.4f),
                new Vector3(0.5f, 0.08f, 0.3f), ScenePalette.Ceiling);
            SceneShapes.Remove(face.GetComponent<Collider>());
            return body;
        }

        private void AddMind(SceneEntity body, PersonRecord person)
        {
            if (options.Senses)
            {
                SceneShapes.Remove(body.GetComponentInChildren<Collider>(true));
                var controller = body.gameObject.AddComponent<CharacterController>();
                controller.radius = Contract.BodyRadius;
                controller.height = Contract.BodyHeight;
                controller.center = new Vector3(0f, Contract.BodyHeight / 2f, 0f);
            }

            var npc = body.gameObject.AddComponent<HeedfulNpc>();
            npc.Key = body.Key;
            npc.Facts = person.Facts.ConvertAll(Sentence).ToArray();
            if (options.Senses)
            {
                body.gameObject.AddComponent<CharacterControllerBody>();
                body.gameObject.AddComponent<NpcCamera>();
                body.gameObject.AddComponent<HeedfulEars>();
            }

            options.OnNpc?.Invoke(npc);
        }

        /// <summary>What somebody knows, in words.</summary>
        private string Sentence(FactRecord fact)
        {
            SceneEntity entity = FindEntity(fact.About);
            TopicRecord topic = scene.Topics.Find(each => each.Id == fact.About);
            PlaceRecord place = scene.FindPlace(fact.Where);
            string about = entity != null ? entity.DisplayName : topic != null ? topic.Name : fact.About;
            return about + " is in " + (place != null ? place.Name : fact.Where);
        }
    }
}
