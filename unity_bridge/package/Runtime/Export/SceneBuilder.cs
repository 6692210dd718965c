using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// Makes a scene file out of primitives: floors, walls with gaps for doors, a shape for every
    /// object, and NPCs at the starts. Works at run time and in the editor.
    /// </summary>
    public sealed partial class SceneBuilder
    {
        private const float FloorThickness = 0.1f;
        private const float LeafThickness = 0.05f;

        private readonly SceneFile scene;
        private readonly SceneBuildOptions options;
        private readonly SceneShapes shapes = new SceneShapes();
        private readonly Dictionary<string, ScenePlace> places = new Dictionary<string, ScenePlace>();
        private readonly Dictionary<string, SceneEntity> entities = new Dictionary<string, SceneEntity>();
        private readonly List<string> problems = new List<string>();
        private Transform root;

        private SceneBuilder(SceneFile scene, SceneBuildOptions options)
        {
            this.scene = scene;
            this.options = options;
        }

        /// <summary>Makes the scene below a new object of the scene's name.</summary>
        /// <param name="scene">What to make, such as SceneFile.Parse gives it.</param>
        /// <param name="options">What to make beside it; null for the defaults.</param>
        /// <returns>The new object. What could not be made is logged as a warning.</returns>
        public static GameObject Build(SceneFile scene, SceneBuildOptions options = null)
        {
            var builder = new SceneBuilder(scene, options ?? new SceneBuildOptions());
            GameObject made = builder.Build();
            foreach (string problem in builder.problems)
            {
                Debug.LogWarning(problem, made);
            }

            return made;
        }

        /// <summary>Makes a camera with an audio listener that looks at the whole scene from above.</summary>
        public static Camera AddOverview(SceneFile scene)
        {
            var low = new Vector2(float.MaxValue, float.MaxValue);
            var high = new Vector2(float.MinValue, float.MinValue);
            foreach (PlaceRecord place in scene.Places)
            {
                low = new Vector2(Mathf.Min(low.x, place.X0), Mathf.Min(low.y, place.Z0));
                high = new Vector2(Mathf.Max(high.x, place.X1), Mathf.Max(high.y, place.Z1));
            }

            float extent = Mathf.Max(high.x - low.x, high.y - low.y);
            var made = new GameObject("Main Camera");
            made.tag = "MainCamera";
            made.transform.position = new Vector3((low.x + high.x) / 2f, extent, low.y - 0.25f * extent);
            made.transform.rotation = Quaternion.Euler(55f, 0f, 0f);
            made.AddComponent<AudioListener>();
            return made.AddComponent<Camera>();
        }

        private GameObject Build()
        {
            var made = new GameObject(scene.Name);
            root = made.transform;

            // nothing is enabled, and so told to NPCs, before all of it stands
            made.SetActive(false);
            AddPlaces();
            AddWalls();
            AddDoors();
            AddObjects();
            AddTopics();
            AddPeople();
            Join();
            if (options.Light)
            {
                AddLight();
            }

            made.SetActive(true);
            return made;
        }

        // ------------------------------------------------------------------------------ the building

        private void AddPlaces()
        {
            Transform group = AddGroup("Places");
            foreach (PlaceRecord record in scene.Places)
            {
                float width = record.X1 - record.X0;
                float depth = record.Z1 - record.Z0;
                var middle = new Vector3((record.X0 + record.X1) / 2f, 0f, (record.Z0 + record.Z1) / 2f);
                var place = AddThing<ScenePlace>(group, record.Id, record.Name, middle);
                place.CommonKnowledge = scene.MapKnown;
                place.Floor = new[]
                {
                    new Vector2(-width / 2f, -depth / 2f), new Vector2(width / 2f, -depth / 2f),
                    new Vector2(width / 2f, depth / 2f), new Vector2(-width / 2f, depth / 2f)
                };
                places[record.Id] = place;
                shapes.Add(PrimitiveType.Cube, "Floor", place.transform,
                    new Vector3(0f, -FloorThickness / 2f, 0f), new Vector3(width, FloorThickness, depth),
                    scene.FloorColor);
                if (options.Ceilings)
                {
                    shapes.AddCeiling("Ceiling", place.transform, new Vector3(0f, scene.Height, 0f),
                        new Vector2(width, depth), scene.CeilingColor);
                }
            }
        }

        private void AddWalls()
        {
            Transform group = AddGroup("Walls");
            foreach (WallBox wall in SceneWalls.Compute(scene))
            {
                shapes.Add(PrimitiveType.Cube, "Wall", group, wall.Center, wall.Size, scene.WallColor);
            }
        }

        private void AddDoors()
        {
            Transform group = AddGroup("Doors");
            var doorways = new Dictionary<ScenePlace, List<Doorway>>();
            foreach (DoorRecord record in scene.Doors)
            {
                var position = new Vector3(record.Position.x, 0f, record.Position.y);
                SceneEntity door = AddDoor(group, record, position);
                entities[record.Id] = door;
                if (places.TryGetValue(record.PlaceA, out ScenePlace one)
                    && places.TryGetValue(record.PlaceB, out ScenePlace other))
                {
                    AddDoorway(doorways, one, other, door, position, record.Width);
                    AddDoorway(doorways, other, one, door, position, record.Width);
                }
            }

            foreach (KeyValuePair<ScenePlace, List<Doorway>> pair in doorways)
            {
                pair.Key.SetDoorways(pair.Value);
            }
        }

        private SceneEntity AddDoor(Transform group, DoorRecord record, Vector3 position)
        {
            bool alongX = SceneWalls.RunsAlongX(scene, record);
            float height = record.Kind == "barrier" ? SceneWalls.BarrierHeight : SceneWalls.DoorHeight;
            var door = AddThing<SceneEntity>(group, record.Id, "the " + record.Kind, position);
            door.transform.localRotation = Quaternion.Euler(0f, alongX ? 0f : 90f, 0f);
            var size = new Vector3(record.Width, height, SceneWalls.Thickness);
            door.SetUp(Kind.Door, "door", "the " + record.Kind, size);
            door.Traits = record.Kind == "gate" ? EntityTraits.Gate
                : record.Kind == "door" ? EntityTraits.None
                : EntityTraits.Opening;
            door.CommonKnowledge = scene.MapKnown;
            door.Set(EntityStates.Open, record.State == "open");
            door.Set(EntityStates.Locked, record.State == "locked");
            if (record.Kind == "opening")
            {
                return door;
            }

            var leafSize = new Vector3(record.Width, height, LeafThickness);
            Color32 color = record.Kind == "gate" ? ScenePalette.Gate
                : record.Kind == "barrier" ? ScenePalette.Barrier
                : ScenePalette.Door;
            GameObject leaf = shapes.Add(PrimitiveType.Cube, "Leaf", door.transform,
                new Vector3(0f, height / 2f, 0f), leafSize, color);
            if (record.Kind != "barrier")
            {
                door.gameObject.AddComponent<DoorLeaf>().Leaf = leaf;
            }

            return door;
        }

        private static void AddDoorway(Dictionary<ScenePlace, List<Doorway>> doorways, ScenePlace place,
            ScenePlace behind, SceneEntity door, Vector3 position, float width)
        {
            if (!doorways.TryGetValue(place, out List<Doorway> listed))
            {
                doorways[place] = listed = new List<Doorway>();
            }

            listed.Add(new Doorway
            {
                position = position - place.transform.localPosition, width = width, leadsTo = behind, door = door
            });
        }

        // -------------------------------------------------------------------------------- the things

        private void AddObjects()
        {
            Transform group = AddGroup("Objects");
            foreach (ObjectRecord record in scene.Objects)
            {
                entities[record.Id] = AddObject(group, record);
            }

            foreach (ObjectRecord record in scene.Objects)
            {
                SceneEntity carrier = FindEntity(record.Inside ?? record.Upon);
                if (carrier == null)
                {
                    continue;
                }

                SceneEntity thing = entities[record.Id];
                thing.gameObject.AddComponent<StartsIn>().Carrier = carrier;
                if (record.Upon != null)
                {
                    thing.transform.localPosition += new Vector3(0f, carrier.Size.y, 0f);
                }
            }
        }

        private SceneEntity AddObject(Transform group, ObjectRecord record)
        {
            SceneClass usual = SceneClasses.Find(record.ClassName);
            Vector3 size = record.Size != Vector3.zero ? record.Size : usual != null ? usual.Size : Vector3.one / 2f;
            var position = new Vector3(record.Position.x, 0f, record.Position.y);
            var thing = AddThing<SceneEntity>(group, record.Id, "", position);
            thing.transform.localRotation = Quaternion.Euler(0f, record.YawDegrees, 0f);
            thing.SetUp(Kind.Object, record.ClassName, "the " + record.ClassName, size);
            EntityTraits traits = usual != null ? usual.Traits & ~EntityTraits.Heavy : EntityTraits.None;
            thing.Traits = record.Heavy ? traits | EntityTraits.Heavy : traits;
            thing.Text = record.Text ?? "";
            thing.Set(EntityStates.On, record.On);
            thing.Set(EntityStates.Open, record.Open);
            thing.Set(EntityStates.Locked, record.Key != null);
            AddAffordances(thing, record, usual);
            if (!ScenePalette.TryGet(record.Color, out Color32 color))
            {
                problems.Add("Scene '" + scene.Name + "': there is no colour '" + record.Color + "' for '" + record.Id
                    + "', so it is white: use one of " + string.Join(", ", ScenePalette.Names) + ".");
            }

            shapes.Add(SceneShapes.ShapeOf(record.ClassName), "Shape", thing.transform,
                new Vector3(0f, size.y / 2f, 0f), size, color);
            if (record.Sound != null)
            {
                AddSound(thing, record, size);
            }

            return thing;
        }

        private static void AddAffordances(SceneEntity thing, ObjectRecord record, SceneClass usual)
        {
            string[] acts = record.Affordances ?? (usual != null ? usual.Acts : new string[0]);
            foreach (string name in acts)
            {
                if (!SceneClasses.TryParseAct(name, out Act act))
                {
                    continue;
                }

                int decisions = act == Act.Examine && record.Text != null ? WorldRules.ReadDecisions
                    : act == Act.Use && usual != null && usual.IsMachine ? WorldRules.MachineDecisions
                    : 0;
                thing.Affordances.Add(new Affordance(act, "", decisions * Contract.DecisionSeconds));
            }
        }

        private void AddSound(SceneEntity thing, ObjectRecord record, Vector3 size)
        {
            AudioClip clip = options.FindClip != null ? options.FindClip(record.Sound) : null;
            if (clip == null && System.Array.IndexOf(SceneSounds.Names, record.Sound) < 0)
            {
                problems.Add("Scene '" + scene.Name + "': there is no clip for the sound '" + record.Sound + "' of '"
                    + record.Id + "', so it is silent: give SceneBuildOptions.FindClip one, or use one of "
                    + string.Join(", ", SceneSounds.Names) + ".");
                return;
            }

            var speaker = new GameObject("Sound");
            speaker.transform.SetParent(thing.transform, false);
            speaker.transform.localPosition = new Vector3(0f, size.y / 2f, 0f);
            var source = speaker.AddComponent<AudioSource>();
            source.clip = clip;
            source.loop = true;
            source.spatialBlend = 1f;
            source.playOnAwake = record.Sounding;
            speaker.AddComponent<HeedfulSound>();
            if (clip == null)
            {
                speaker.AddComponent<SceneSoundSource>().Sound = record.Sound;
            }

            if (thing.Offers(Act.Switch))
            {
                thing.gameObject.AddComponent<WhileOn>().Sound = source;
            }
        }

        private void AddTopics()
        {
            Transform group = AddGroup("Topics");
            foreach (TopicRecord record in scene.Topics)
            {
                AddThing<SceneTopic>(group, record.Id, record.Name, Vector3.zero).CommonKnowledge = true;
            }
        }

        // ------------------------------------------------------------------------------- all together

        /// <summary>Keys and switches, once everything that they name is there.</summary>
        private void Join()
        {
            foreach (DoorRecord record in scene.Doors)
            {
                entities[record.Id].LockKey = FindEntity(record.Key);
            }

            foreach (ObjectRecord record in scene.Objects)
            {
                SceneEntity thing = entities[record.Id];
                thing.LockKey = FindEntity(record.Key);
                foreach (string powered in record.Powers ?? new string[0])
                {
                    SceneEntity found = FindEntity(powered);
                    if (found != null)
                    {
                        thing.Powers.Add(found);
                    }
                }
            }
        }

        private SceneEntity FindEntity(string id)
        {
            return id != null && entities.TryGetValue(id, out SceneEntity found) ? found : null;
        }

        private void AddLight()
        {
            var sun = new GameObject("Sun");
            sun.transform.SetParent(root, false);
            sun.transform.localRotation = Quaternion.Euler(50f, -30f, 0f);
            var light = sun.AddComponent<Light>();
            light.type = LightType.Directional;
            light.shadows = LightShadows.None; // as in the headless world, and inside of rooms too
        }

        private Transform AddGroup(string name)
        {
            var group = new GameObject(name);
            group.transform.SetParent(root, false);
            return group.transform;
        }

        private static T AddThing<T>(Transform group, string id, string displayName, Vector3 position)
            where T : SceneThing
        {
            var made = new GameObject(id);
            made.transform.SetParent(group, false);
            made.transform.localPosition = position;
            var thing = made.AddComponent<T>();
            thing.Key = id;
            if (displayName.Length > 0)
            {
                thing.DisplayName = displayName;
            }

            return thing;
        }
    }
}
