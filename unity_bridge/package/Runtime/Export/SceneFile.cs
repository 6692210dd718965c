using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>A scene file that cannot be read; the message names the field and the cure.</summary>
    public sealed class SceneFileException : Exception
    {
        /// <summary>Makes the exception.</summary>
        public SceneFileException(string message) : base(message)
        {
        }
    }

    /// <summary>
    /// A scene as `heedful scene export NAME --out FILE.json` writes it: metres and degrees, x to the
    /// right and z forward seen from above. It holds the places, doors, objects, people and starts;
    /// tasks stay with the headless world.
    /// </summary>
    public sealed class SceneFile
    {
        /// <summary>What reports call it.</summary>
        public string Name = "scene";

        /// <summary>The family of scenes that it is like.</summary>
        public string Family = "museum";

        /// <summary>Whether NPCs know all places and doors from the start.</summary>
        public bool MapKnown = true;

        /// <summary>Height of the rooms, metres.</summary>
        public float Height = 2.6f;

        /// <summary>Colour of the floors.</summary>
        public Color32 FloorColor = ScenePalette.Floor;

        /// <summary>Colour of the walls.</summary>
        public Color32 WallColor = ScenePalette.Wall;

        /// <summary>Colour of the ceilings.</summary>
        public Color32 CeilingColor = ScenePalette.Ceiling;

        /// <summary>Rectangles of floor between walls.</summary>
        public readonly List<PlaceRecord> Places = new List<PlaceRecord>();

        /// <summary>Doorways on the edges that places share.</summary>
        public readonly List<DoorRecord> Doors = new List<DoorRecord>();

        /// <summary>Whatever stands, lies or moves there and is nobody.</summary>
        public readonly List<ObjectRecord> Objects = new List<ObjectRecord>();

        /// <summary>Whoever is there; those of role npc have a mind.</summary>
        public readonly List<PersonRecord> People = new List<PersonRecord>();

        /// <summary>Named things without a body.</summary>
        public readonly List<TopicRecord> Topics = new List<TopicRecord>();

        /// <summary>Where NPCs may begin.</summary>
        public readonly List<SpawnRecord> Spawns = new List<SpawnRecord>();

        /// <summary>Reads the text of a scene file.</summary>
        /// <exception cref="SceneFileException">It cannot be read; says which field is wrong.</exception>
        public static SceneFile Parse(string json)
        {
            return SceneFileReader.Read(json);
        }

        /// <summary>The text of the scene file: `heedful scene validate FILE.json` takes it.</summary>
        public string ToJson()
        {
            return SceneFileWriter.Write(this);
        }

        /// <summary>The place of an id, or null.</summary>
        public PlaceRecord FindPlace(string id)
        {
            foreach (PlaceRecord place in Places)
            {
                if (place.Id == id)
                {
                    return place;
                }
            }

            return null;
        }

        /// <summary>The place whose floor has a point, or null.</summary>
        public PlaceRecord PlaceAt(float x, float z)
        {
            foreach (PlaceRecord place in Places)
            {
                if (place.Contains(x, z))
                {
                    return place;
                }
            }

            return null;
        }
    }

    /// <summary>A named rectangle of floor between walls.</summary>
    public sealed class PlaceRecord
    {
        /// <summary>What doors and facts call it by.</summary>
        public string Id;

        /// <summary>What it is called in sentences: "the amber hall".</summary>
        public string Name;

        /// <summary>Least x, metres.</summary>
        public float X0;

        /// <summary>Least z, metres.</summary>
        public float Z0;

        /// <summary>Greatest x, metres.</summary>
        public float X1;

        /// <summary>Greatest z, metres.</summary>
        public float Z1;

        /// <summary>Whether a point is on this floor, edges included.</summary>
        public bool Contains(float x, float z)
        {
            return X0 <= x && x <= X1 && Z0 <= z && z <= Z1;
        }
    }

    /// <summary>A doorway on the edge that two places share, and what is in it.</summary>
    public sealed class DoorRecord
    {
        /// <summary>What switches call it by.</summary>
        public string Id;

        /// <summary>Id of one place.</summary>
        public string PlaceA;

        /// <summary>Id of the other place.</summary>
        public string PlaceB;

        /// <summary>Middle of the doorway (x, z), metres.</summary>
        public Vector2 Position;

        /// <summary>Metres.</summary>
        public float Width = 1f;

        /// <summary>door, opening, gate or barrier.</summary>
        public string Kind = "door";

        /// <summary>open, closed or locked.</summary>
        public string State = "open";

        /// <summary>Id of the object that unlocks it, or null.</summary>
        public string Key;
    }

    /// <summary>A thing that stands somewhere.</summary>
    public sealed class ObjectRecord
    {
        /// <summary>What everything else in the scene calls it by.</summary>
        public string Id;

        /// <summary>A class name of the headless world, such as vase.</summary>
        public string ClassName;

        /// <summary>A colour name of ScenePalette.</summary>
        public string Color;

        /// <summary>Middle of its floor (x, z), metres.</summary>
        public Vector2 Position;

        /// <summary>Clockwise from +z seen from above, a multiple of 90.</summary>
        public float YawDegrees;

        /// <summary>Full extent along its own right, up and forward, metres; zero when not written.</summary>
        public Vector3 Size;

        /// <summary>What can be done with it, as act names in lower case; null when not written.</summary>
        public string[] Affordances;

        /// <summary>Whether it takes two to lift it.</summary>
        public bool Heavy;

        /// <summary>Switched on.</summary>
        public bool On;

        /// <summary>A container that starts open.</summary>
        public bool Open;

        /// <summary>Id of the object that unlocks it, or null.</summary>
        public string Key;

        /// <summary>Name of its sound, such as ring, or null.</summary>
        public string Sound;

        /// <summary>Sounds from the start.</summary>
        public bool Sounding;

        /// <summary>Id of the container that it starts in, or null.</summary>
        public string Inside;

        /// <summary>Id of the surface that it starts on, or null.</summary>
        public string Upon;

        /// <summary>Ids of what is on, or open, while it is on.</summary>
        public string[] Powers;

        /// <summary>What examining it reveals, or null.</summary>
        public string Text;

        /// <summary>Ids of the things that the text names.</summary>
        public string[] Mentions;
    }

    /// <summary>Somebody.</summary>
    public sealed class PersonRecord
    {
        /// <summary>What facts call them by.</summary>
        public string Id;

        /// <summary>What they are called in sentences: "the guide", "Ada".</summary>
        public string Name;

        /// <summary>npc (has a mind), guide, visitor, resident, teacher, clerk or worker.</summary>
        public string Role = "visitor";

        /// <summary>Where they stand (x, z), metres.</summary>
        public Vector2 Position;

        /// <summary>Where they look, clockwise from +z seen from above.</summary>
        public float YawDegrees;

        /// <summary>What they know and tell.</summary>
        public readonly List<FactRecord> Facts = new List<FactRecord>();
    }

    /// <summary>That something is in a place, as somebody knows it.</summary>
    public sealed class FactRecord
    {
        /// <summary>Id of an object, a person or a topic.</summary>
        public string About;

        /// <summary>Id of a place.</summary>
        public string Where;
    }

    /// <summary>A named thing without a body that one can talk about.</summary>
    public sealed class TopicRecord
    {
        /// <summary>What facts call it by.</summary>
        public string Id;

        /// <summary>What it is called in sentences: "the concert".</summary>
        public string Name;
    }

    /// <summary>Where an NPC may begin.</summary>
    public sealed class SpawnRecord
    {
        /// <summary>Clear of everything that stands there (x, z), metres.</summary>
        public Vector2 Position;

        /// <summary>Where the NPC looks, clockwise from +z seen from above.</summary>
        public float YawDegrees;
    }
}
