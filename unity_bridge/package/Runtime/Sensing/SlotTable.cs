using System;
using System.Collections.Generic;

namespace Heedful
{
    /// <summary>
    /// The 63 numbers with which an NPC points at what it knows. A slot is given when a thing first becomes
    /// known and stays. When none is free, the thing that was perceived longest ago loses its own to the
    /// new one; what is held, named by the goal or perceived just now keeps it, and so do places, and doors
    /// while anything else can go. The slot of a thing that leaves the scene is not given again for 60 s.
    /// </summary>
    public sealed class SlotTable
    {
        /// <summary>Seconds for which the slot of a thing that left is not given again.</summary>
        public const float RestSeconds = 60f;

        private readonly SceneThing[] things = new SceneThing[Contract.Slots];
        private readonly float[] perceived = new float[Contract.Slots];
        private readonly float[] freeFrom = new float[Contract.Slots];
        private readonly int[] order = new int[Contract.Slots - 1];
        private readonly Dictionary<SceneThing, int> slots = new Dictionary<SceneThing, int>();

        /// <summary>Makes a table whose numbers are shuffled by a seed.</summary>
        public SlotTable(int seed)
        {
            var random = new Random(seed);
            for (var index = 0; index < order.Length; index++)
            {
                var other = random.Next(index + 1);
                order[index] = order[other];
                order[other] = index + 1;
            }
            for (var slot = 0; slot < freeFrom.Length; slot++)
                freeFrom[slot] = float.NegativeInfinity;
        }

        /// <summary>Called when a slot was given: slot and thing.</summary>
        public event Action<int, SceneThing> Given;

        /// <summary>Called when a slot was taken away: slot and thing.</summary>
        public event Action<int, SceneThing> Taken;

        /// <summary>What must keep its slot beside places: held by the NPC or named by a goal.</summary>
        public Predicate<SceneThing> IsKept { get; set; }

        /// <summary>The slot of a thing, 0 when it has none.</summary>
        public int Find(SceneThing thing)
        {
            return !ReferenceEquals(thing, null) && slots.TryGetValue(thing, out var slot) ? slot : 0;
        }

        /// <summary>The thing of a slot; null for 0 and for free slots.</summary>
        public SceneThing this[int slot] { get { return slot > 0 && slot < things.Length ? things[slot] : null; } }

        /// <summary>Notes that a thing with a slot is perceived now.</summary>
        public void Touch(int slot, float now)
        {
            perceived[slot] = now;
        }

        /// <summary>The slot of a thing, given now if it had none; 0 when nothing may lose its own.</summary>
        /// <param name="thing">What is perceived or told of.</param>
        /// <param name="now">The NPC's clock, seconds.</param>
        public int Give(SceneThing thing, float now)
        {
            var slot = Find(thing);
            if (slot > 0)
            {
                perceived[slot] = now;
                return slot;
            }
            slot = FindFree(now);
            if (slot == 0)
            {
                slot = FindOldest(now, false);
                if (slot == 0)
                    slot = FindOldest(now, true);
                if (slot == 0)
                    return 0;
                Release(slot, float.NegativeInfinity);
            }
            Place(slot, thing, now);
            return slot;
        }

        /// <summary>Number of slots that Give could give to new things now.</summary>
        public int CountRoom(float now)
        {
            var room = 0;
            for (var slot = 1; slot < things.Length; slot++)
                if (ReferenceEquals(things[slot], null) ? freeFrom[slot] <= now : MayGo(slot, now, true))
                    room++;
            return room;
        }

        /// <summary>Frees the slot of a thing that left the scene; it rests for 60 s.</summary>
        public void Remove(SceneThing thing, float now)
        {
            var slot = Find(thing);
            if (slot > 0)
                Release(slot, now + RestSeconds);
        }

        /// <summary>Gives a thing the slot that a save names, when that is free.</summary>
        public bool Restore(int slot, SceneThing thing, float now)
        {
            if (slot < 1 || slot >= things.Length || Find(thing) > 0 || !ReferenceEquals(things[slot], null))
                return false;
            Place(slot, thing, now);
            return true;
        }

        /// <summary>Takes all slots away, without rest.</summary>
        public void Clear()
        {
            for (var slot = 1; slot < things.Length; slot++)
            {
                if (!ReferenceEquals(things[slot], null))
                    Release(slot, float.NegativeInfinity);
                freeFrom[slot] = float.NegativeInfinity;
            }
        }

        private void Place(int slot, SceneThing thing, float now)
        {
            things[slot] = thing;
            slots[thing] = slot;
            perceived[slot] = now;
            Given?.Invoke(slot, thing);
        }

        private void Release(int slot, float until)
        {
            var thing = things[slot];
            things[slot] = null;
            slots.Remove(thing);
            freeFrom[slot] = until;
            Taken?.Invoke(slot, thing);
        }

        private int FindFree(float now)
        {
            for (var index = 0; index < order.Length; index++)
                if (ReferenceEquals(things[order[index]], null) && freeFrom[order[index]] <= now)
                    return order[index];
            return 0;
        }

        private int FindOldest(float now, bool doorsToo)
        {
            var slot = 0;
            var oldest = now;
            for (var candidate = 1; candidate < things.Length; candidate++)
            {
                if (perceived[candidate] >= oldest || !MayGo(candidate, now, doorsToo))
                    continue;
                oldest = perceived[candidate];
                slot = candidate;
            }
            return slot;
        }

        private bool MayGo(int slot, float now, bool doorsToo)
        {
            var thing = things[slot];
            if (ReferenceEquals(thing, null) || perceived[slot] >= now || IsKept != null && IsKept(thing))
                return false;
            return thing.Kind != Kind.Place && (doorsToo || thing.Kind != Kind.Door);
        }
    }
}
