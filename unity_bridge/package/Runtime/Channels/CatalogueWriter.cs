using System;
using System.Collections.Generic;

namespace Heedful
{
    /// <summary>
    /// What an NPC's slots are called, as increments for the catalogue channel: it notes what has changed
    /// since the last decision and never names what the NPC does not know.
    /// </summary>
    public sealed class CatalogueWriter
    {
        private enum Op
        {
            Add,
            Change,
            Remove
        }

        private struct Note
        {
            public Op Op;
            public int Slot;
            public SceneThing Thing;
        }

        private readonly SlotTable slots;
        private readonly List<Note> notes = new List<Note>();
        private readonly HashSet<ScenePlace> known = new HashSet<ScenePlace>();
        private readonly JsonWriter json = new JsonWriter();
        private int sequence;

        /// <summary>Makes the catalogue of a table of slots.</summary>
        public CatalogueWriter(SlotTable slots)
        {
            this.slots = slots;
            slots.Given += (slot, thing) => Add(Op.Add, slot, thing);
            slots.Taken += NoteTaken;
        }

        /// <summary>Whether the NPC knows a place's floor and doorways.</summary>
        public bool Knows(ScenePlace place)
        {
            return known.Contains(place);
        }

        /// <summary>
        /// The NPC comes to know a place's floor and doorways, by entering it or by its map: the place and
        /// the doors in its doorways get slots, and its neighbours' doorways tell it.
        /// </summary>
        public void Learn(ScenePlace place, float now)
        {
            if (!known.Add(place))
                return;
            var slot = slots.Give(place, now);
            if (slot == 0)
            {
                known.Remove(place);
                return;
            }
            Add(Op.Change, slot, place);
            for (var index = 0; index < place.Doorways.Count; index++)
            {
                var doorway = place.Doorways[index];
                if (doorway.door != null)
                    slots.Give(doorway.door, now);
                if (doorway.leadsTo != null && known.Contains(doorway.leadsTo))
                    Add(Op.Change, slots.Find(doorway.leadsTo), doorway.leadsTo);
            }
        }

        /// <summary>Notes that a thing's name, class or floor has changed.</summary>
        public void NoteChanged(SceneThing thing)
        {
            var slot = slots.Find(thing);
            if (slot > 0)
                Add(Op.Change, slot, thing);
        }

        /// <summary>Notes everything again, for a server that has forgotten it.</summary>
        public void Repeat()
        {
            notes.Clear();
            for (var slot = 1; slot < Contract.Slots; slot++)
                if (!ReferenceEquals(slots[slot], null))
                    Add(Op.Add, slot, slots[slot]);
        }

        /// <summary>Forgets which places are known.</summary>
        public void ForgetPlaces()
        {
            known.Clear();
        }

        /// <summary>Hands over the entries since the last call, one JSON object each.</summary>
        public void Flush(Action<string> send)
        {
            for (var index = 0; index < notes.Count; index++)
                send(Write(notes[index]));
            notes.Clear();
        }

        private void NoteTaken(int slot, SceneThing thing)
        {
            if (thing is ScenePlace place)
                known.Remove(place);
            Add(Op.Remove, slot, thing);
        }

        private void Add(Op op, int slot, SceneThing thing)
        {
            for (var index = 0; index < notes.Count; index++)
            {
                var note = notes[index];
                var same = note.Slot == slot && ReferenceEquals(note.Thing, thing);
                if (same && op == Op.Change && note.Op != Op.Remove)
                    return;
            }
            notes.Add(new Note { Op = op, Slot = slot, Thing = thing });
        }

        private string Write(Note note)
        {
            json.Clear().BeginObject().Name("sequence").Number(sequence++)
                .Name("op").Text(note.Op == Op.Add ? "add" : note.Op == Op.Change ? "change" : "remove")
                .Name("slot").Number(note.Slot);
            // What was destroyed in the meantime has only its number left.
            if (note.Op != Op.Remove && note.Thing != null)
            {
                json.Name("kind").Text(Contract.KindNames[(int)note.Thing.Kind])
                    .Name("name").Text(note.Thing.DisplayName)
                    .Name("class_name").Text(note.Thing.ClassName);
                if (note.Thing is ScenePlace place && known.Contains(place))
                    WriteFloor(place);
            }
            return json.EndObject().ToString();
        }

        private void WriteFloor(ScenePlace place)
        {
            json.Name("polygon").BeginArray();
            for (var index = 0; index < place.Floor.Length; index++)
            {
                var corner = place.Corner(index);
                json.BeginArray().Number(corner.x).Number(corner.z).EndArray();
            }
            json.EndArray().Name("doorways").BeginArray();
            for (var index = 0; index < place.Doorways.Count; index++)
            {
                var doorway = place.Doorways[index];
                var position = place.transform.TransformPoint(doorway.position);
                // A place is named only when its floor is known as well.
                var behind = doorway.leadsTo != null && known.Contains(doorway.leadsTo)
                    ? slots.Find(doorway.leadsTo) : 0;
                json.BeginObject().Name("position").BeginArray()
                    .Number(position.x).Number(position.y).Number(position.z).EndArray()
                    .Name("width").Number(doorway.width)
                    .Name("places").BeginArray().Number(slots.Find(place)).Number(behind).EndArray()
                    .Name("door").Number(slots.Find(doorway.door)).EndObject();
            }
            json.EndArray();
        }
    }
}
