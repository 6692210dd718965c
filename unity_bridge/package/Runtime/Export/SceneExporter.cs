using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// Writes what NPCs know of a Unity scene as a scene file: places, doors, things, NPCs and where
    /// they stand. The headless world plays it, trains in it and draws it. What a scene file cannot say
    /// is a problem, one sentence each with the cure.
    /// </summary>
    public sealed class SceneExporter
    {
        private const int LongestText = 160;
        private const float Floating = 0.25f;
        private const float Upright = 5f;

        private readonly SceneFile file = new SceneFile();
        private readonly ExportNames names = new ExportNames();
        private readonly List<string> problems = new List<string>();
        private readonly HashSet<SceneThing> written = new HashSet<SceneThing>();
        private readonly List<SceneEntity> objects = new List<SceneEntity>();
        private readonly List<ScenePlace> places = new List<ScenePlace>();

        private SceneExporter()
        {
        }

        /// <summary>Writes all enabled things of the loaded scenes.</summary>
        /// <param name="name">What reports call the scene.</param>
        /// <param name="problems">What could not be written, one sentence each; empty when all was.</param>
        public static SceneFile ExportLoaded(string name, out IReadOnlyList<string> problems)
        {
            SceneThing[] things = UnityEngine.Object.FindObjectsByType<SceneThing>(FindObjectsSortMode.None);
            Array.Sort(things, (one, other) => string.CompareOrdinal(one.Key, other.Key));
            return Export(things, name, out problems);
        }

        /// <summary>Writes some things.</summary>
        /// <param name="things">Places, entities and topics.</param>
        /// <param name="name">What reports call the scene.</param>
        /// <param name="problems">What could not be written, one sentence each; empty when all was.</param>
        public static SceneFile Export(IEnumerable<SceneThing> things, string name, out IReadOnlyList<string> problems)
        {
            var exporter = new SceneExporter();
            exporter.Write(things, name);
            problems = exporter.problems;
            return exporter.file;
        }

        private void Write(IEnumerable<SceneThing> things, string name)
        {
            file.Name = name;
            var doors = new List<SceneEntity>();
            var people = new List<SceneEntity>();
            var topics = new List<SceneTopic>();
            foreach (SceneThing thing in things)
            {
                switch (thing)
                {
                    case ScenePlace place:
                        places.Add(place);
                        break;
                    case SceneTopic topic:
                        topics.Add(topic);
                        break;
                    case SceneEntity entity:
                        (entity.Kind == Kind.Door ? doors : entity.Kind == Kind.Npc ? people : objects).Add(entity);
                        break;
                }
            }

            if (places.Count == 0)
            {
                problems.Add("The scene has no ScenePlace, and a scene file needs one: add one to every room.");
                return;
            }

            var floors = new ExportFloors(file, names, problems);
            floors.AddPlaces(places);
            file.MapKnown = places.TrueForAll(place => place.CommonKnowledge);
            objects.RemoveAll(thing => !IsInPlace(thing));
            people.RemoveAll(person => !IsInPlace(person));
            written.UnionWith(objects);
            written.UnionWith(doors);
            floors.AddDoors(doors);
            objects.ForEach(AddObject);
            people.ForEach(AddPerson);
            foreach (SceneTopic topic in topics)
            {
                file.Topics.Add(new TopicRecord { Id = names.IdOf(topic), Name = names.NameOf(topic) });
            }

            DropUnknown();
            if (file.Spawns.Count == 0)
            {
                problems.Add("The scene has no HeedfulNpc, so the start is in the middle of '" + places[0].Key
                    + "': add one where NPCs may begin.");
                PlaceRecord first = file.Places[0];
                file.Spawns.Add(new SpawnRecord { Position = Middle(first) });
            }
        }

        // -------------------------------------------------------------------------------- the things

        private void AddObject(SceneEntity thing)
        {
            SceneClass usual = SceneClasses.Find(thing.ClassName);
            string className = usual != null ? usual.Name : StandIn(thing);
            if (usual == null)
            {
                problems.Add("'" + thing.Key + "' is a " + thing.ClassName + ", which scene files do not know, so it is "
                    + "written as a " + className + ".");
                usual = SceneClasses.Find(className);
            }

            string[] acts = Acts(thing);
            bool canSwitch = Array.IndexOf(acts, "switch") >= 0;
            var record = new ObjectRecord
            {
                Id = names.IdOf(thing),
                ClassName = className,
                Color = ScenePalette.Nearest(ColorOf(thing)),
                Position = Flat(thing.Position),
                YawDegrees = Square(thing),
                Size = Rounded(thing.Size),
                Affordances = AreSame(acts, usual.Acts) ? null : acts,
                Heavy = thing.Has(EntityTraits.Heavy) && Array.IndexOf(acts, "take") >= 0,
                On = thing.Is(EntityStates.On) && canSwitch
            };
            if ((usual.Traits & EntityTraits.Container) != 0)
            {
                record.Key = thing.LockKey != null && thing.Is(EntityStates.Locked) && written.Contains(thing.LockKey)
                    ? names.IdOf(thing.LockKey)
                    : null;
                record.Open = thing.Is(EntityStates.Open) && record.Key == null;
            }

            AddCarrier(thing, record);
            AddSound(thing, record);
            AddText(thing, record, usual);
            if (canSwitch && thing.Powers.Count > 0)
            {
                record.Powers = PoweredBy(thing);
            }

            file.Objects.Add(record);
        }

        private void AddCarrier(SceneEntity thing, ObjectRecord record)
        {
            var starts = thing.GetComponent<StartsIn>();
            SceneEntity carrier = thing.Carrier != null ? thing.Carrier : starts != null ? starts.Carrier : null;
            bool isIn = carrier != null && carrier.Has(EntityTraits.Container);
            if (carrier == null && thing.Position.y - FloorUnder(thing) > Floating)
            {
                carrier = SurfaceUnder(thing);
                if (carrier == null)
                {
                    problems.Add("'" + thing.Key + "' hangs in the air, so it is put on the floor: scene files know "
                        + "floors, surfaces and containers.");
                }
            }

            if (carrier == null || !written.Contains(carrier))
            {
                return;
            }

            record.Inside = isIn ? names.IdOf(carrier) : null;
            record.Upon = isIn ? null : names.IdOf(carrier);
        }

        private void AddSound(SceneEntity thing, ObjectRecord record)
        {
            var source = thing.GetComponentInChildren<AudioSource>();
            var made = source != null ? source.GetComponent<SceneSoundSource>() : null;
            string sound = made != null ? made.Sound
                : source != null && source.clip != null ? source.clip.name
                : null;
            if (sound == null)
            {
                return;
            }

            if (Array.IndexOf(SceneClasses.SoundNames, sound) < 0)
            {
                problems.Add("The sound of '" + thing.Key + "' is left out because scene files do not know '" + sound
                    + "': name the clip one of " + string.Join(", ", SceneClasses.SoundNames) + ".");
                return;
            }

            record.Sound = sound;
            record.Sounding = source.isPlaying || source.playOnAwake;
        }

        private void AddText(SceneEntity thing, ObjectRecord record, SceneClass usual)
        {
            if (string.IsNullOrEmpty(thing.Text))
            {
                return;
            }

            if (!usual.IsWritten)
            {
                problems.Add("The text of '" + thing.Key + "' is left out because nothing can be written on a "
                    + usual.Name + ": use a class such as note, book or signpost.");
                return;
            }

            record.Text = thing.Text.Length > LongestText ? thing.Text.Substring(0, LongestText) : thing.Text;
        }

        private string[] PoweredBy(SceneEntity thing)
        {
            var powered = new List<string>();
            foreach (SceneEntity each in thing.Powers)
            {
                if (each != null && written.Contains(each))
                {
                    powered.Add(names.IdOf(each));
                }
            }

            return powered.ToArray();
        }

        private void AddPerson(SceneEntity person)
        {
            bool isNpc = person.GetComponent<HeedfulNpc>() != null;
            float yaw = ExportFloors.Round(person.transform.eulerAngles.y);
            Vector2 position = Flat(person.Position);
            file.People.Add(new PersonRecord
            {
                Id = names.IdOf(person),
                Name = names.NameOf(person),
                Role = isNpc ? "npc" : person.DisplayName.EndsWith("guide") ? "guide" : "visitor",
                Position = position,
                YawDegrees = yaw
            });
            if (isNpc)
            {
                file.Spawns.Add(new SpawnRecord { Position = position, YawDegrees = yaw });
            }
        }

        // --------------------------------------------------------------------------------- questions

        private bool IsInPlace(SceneEntity entity)
        {
            Vector3 position = entity.Position;
            if (file.PlaceAt(position.x, position.z) != null)
            {
                return true;
            }

            problems.Add("'" + entity.Key + "' is left out because it is in no place: put it on the floor of a "
                + "ScenePlace.");
            return false;
        }

        /// <summary>What was left out is named by nothing, and gates need something that powers them.</summary>
        private void DropUnknown()
        {
            var known = new HashSet<string>();
            file.Objects.ForEach(thing => known.Add(thing.Id));
            file.Doors.ForEach(door => known.Add(door.Id));
            var powered = new HashSet<string>();
            foreach (ObjectRecord thing in file.Objects)
            {
                thing.Powers = thing.Powers == null ? null : Array.FindAll(thing.Powers, known.Contains);
                powered.UnionWith(thing.Powers ?? new string[0]);
            }

            foreach (DoorRecord door in file.Doors)
            {
                door.Key = known.Contains(door.Key ?? "") ? door.Key : null;
                if (door.Kind == "gate" && !powered.Contains(door.Id))
                {
                    problems.Add("Gate '" + door.Id + "' is written as a door because nothing opens it: add it to what a "
                        + "button powers.");
                    door.Kind = "door";
                }
            }
        }

        private static string[] Acts(SceneEntity thing)
        {
            bool canCarry = thing.Offers(Act.Take) && !thing.Has(EntityTraits.Heavy);
            var acts = new List<string>();
            foreach (Act act in Enum.GetValues(typeof(Act)))
            {
                // who takes a thing can also put, drop and give it
                bool follows = canCarry && (act == Act.Put || act == Act.Drop || act == Act.Give);
                if (act != Act.None && (follows || thing.Offers(act)))
                {
                    acts.Add(act.ToString().ToLowerInvariant());
                }
            }

            return acts.ToArray();
        }

        private static string StandIn(SceneEntity thing)
        {
            return thing.Has(EntityTraits.Container) ? "box"
                : thing.Has(EntityTraits.Surface) ? "table"
                : thing.Offers(Act.Take) ? "vase"
                : thing.Offers(Act.Switch) ? "clock"
                : "statue";
        }

        private float Square(SceneEntity thing)
        {
            float yaw = thing.transform.eulerAngles.y;
            float square = Mathf.Repeat(Mathf.Round(yaw / 90f) * 90f, 360f);
            if (Mathf.Abs(Mathf.DeltaAngle(yaw, square)) > Upright)
            {
                problems.Add("'" + thing.Key + "' is turned by " + Mathf.Round(yaw) + " degrees, so it is written with "
                    + square + ": objects of scene files stand square.");
            }

            return square;
        }

        private static Color ColorOf(SceneEntity thing)
        {
            var renderer = thing.GetComponentInChildren<Renderer>();
            Material material = renderer != null ? renderer.sharedMaterial : null;
            return material == null ? Color.white
                : material.HasProperty("_BaseColor") ? material.GetColor("_BaseColor")
                : material.HasProperty("_Color") ? material.GetColor("_Color")
                : Color.white;
        }

        private float FloorUnder(SceneEntity thing)
        {
            ScenePlace under = places.Find(place => place.Contains(thing.Position));
            return under != null ? under.Position.y : places[0].Position.y;
        }

        private SceneEntity SurfaceUnder(SceneEntity thing)
        {
            foreach (SceneEntity surface in objects)
            {
                if (surface != thing && surface.Has(EntityTraits.Surface)
                    && surface.DistanceFrom(thing.Position) <= 0f
                    && surface.Position.y < thing.Position.y)
                {
                    return surface;
                }
            }

            return null;
        }

        private static bool AreSame(string[] one, string[] other)
        {
            return new HashSet<string>(one).SetEquals(other);
        }

        private static Vector2 Flat(Vector3 point)
        {
            return new Vector2(ExportFloors.Round(point.x), ExportFloors.Round(point.z));
        }

        private static Vector3 Rounded(Vector3 size)
        {
            return new Vector3(ExportFloors.Round(size.x), ExportFloors.Round(size.y), ExportFloors.Round(size.z));
        }

        private static Vector2 Middle(PlaceRecord place)
        {
            return new Vector2((place.X0 + place.X1) / 2f, (place.Z0 + place.Z1) / 2f);
        }
    }
}
