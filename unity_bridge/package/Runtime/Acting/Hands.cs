using UnityEngine;

namespace Heedful
{
    /// <summary>Taking, carrying and laying down; also for a player's or a script's hands.</summary>
    public static class Hands
    {
        private static readonly float[] putDistances = { 0.65f, 0.85f, 0.5f };
        private static readonly Collider[] touched = new Collider[16];

        /// <summary>Somebody takes an object; a heavy one needs TakeTogether.</summary>
        /// <returns>None, or why not.</returns>
        public static Reason Take(SceneEntity person, SceneEntity thing)
        {
            if (thing.Kind != Kind.Object)
                return Reason.NotPossible;
            if (ReferenceEquals(person.Held, thing) && !ReferenceEquals(thing.SecondHolder, null))
                return Reason.None; // the other one has lifted it with us just now
            if (person.Held != null)
                return Reason.HandsFull;
            if (thing.Holder != null)
                return Reason.Refused;
            if (thing.Has(EntityTraits.Heavy))
                return Reason.NeedsHelp;
            Hold(person, thing);
            return Reason.None;
        }

        /// <summary>Two take a heavy thing; it is carried between them.</summary>
        public static void TakeTogether(SceneEntity first, SceneEntity second, SceneEntity thing)
        {
            Hold(first, thing);
            second.Held = thing;
            thing.SecondHolder = second;
            thing.transform.SetParent(null, true);
        }

        /// <summary>Somebody gives what they hold to somebody else.</summary>
        public static Reason Give(SceneEntity person, SceneEntity other)
        {
            var thing = person.Held;
            if (thing == null)
                return Reason.HandsEmpty;
            if (other.Kind != Kind.Npc || thing.SecondHolder != null)
                return Reason.NotPossible;
            if (other.Held != null)
                return Reason.Refused;
            person.Held = null;
            Hold(other, thing);
            return Reason.None;
        }

        /// <summary>Somebody puts what they hold into a container or onto a surface.</summary>
        public static Reason PutInto(SceneEntity person, SceneEntity carrier)
        {
            var thing = person.Held;
            if (thing == null)
                return Reason.HandsEmpty;
            var inside = carrier.Has(EntityTraits.Container);
            if (thing.Has(EntityTraits.Heavy) || inside && thing.Has(EntityTraits.Container))
                return Reason.NotPossible;
            if (inside && carrier.Is(EntityStates.Locked))
                return Reason.Locked;
            if (inside && !carrier.Is(EntityStates.Open))
                return Reason.NotPossible;
            var spot = carrier.FreeSpot();
            if (spot < 0)
                return Reason.NoRoom;
            LetGo(thing);
            thing.Carrier = carrier;
            thing.Spot = spot;
            var size = carrier.Size;
            float right = 0f, forward = 0f;
            if (inside)
            {
                right = (spot % 2 == 1 ? 0.25f : -0.25f) * size.x;
                forward = (spot < SceneEntity.InsideRoom / 2 ? 0.25f : -0.25f) * size.z;
            }
            else if (spot > 0)
            {
                right = (spot == 1 ? 1f : -1f) * size.x / SceneEntity.UponRoom;
            }
            var turn = Quaternion.Euler(0f, carrier.Yaw * Mathf.Rad2Deg, 0f);
            MoveBase(thing, carrier.Position + turn * new Vector3(right, size.y, forward));
            thing.transform.SetParent(carrier.transform, true);
            return Reason.None;
        }

        /// <summary>An NPC lays what it holds on the floor near it.</summary>
        /// <param name="npc">Whose hands.</param>
        /// <param name="place">Where it must lie; null for anywhere.</param>
        public static Reason LayDown(HeedfulNpc npc, ScenePlace place)
        {
            var thing = npc.Entity.Held;
            if (thing == null)
                return Reason.HandsEmpty;
            var pose = npc.Pose;
            var radius = 0.5f * Mathf.Max(thing.Size.x, thing.Size.z) + 0.03f;
            foreach (var distance in putDistances)
            {
                for (var turn = 0; turn < 8; turn++)
                {
                    var angle = pose.Yaw + (turn + 1) / 2 * (Mathf.PI / 4f) * (turn % 2 == 0 ? 1f : -1f);
                    var spot = pose.Feet + distance * new Vector3(Mathf.Sin(angle), 0f, Mathf.Cos(angle));
                    if (place != null && !place.Contains(spot) || IsTaken(spot, radius, thing, npc.Entity))
                        continue;
                    LetGo(thing);
                    MoveBase(thing, spot);
                    return Reason.None;
                }
            }
            return Reason.NoRoom;
        }

        /// <summary>Somebody pushes a thing a little away from them.</summary>
        public static Reason Push(SceneEntity person, SceneEntity thing)
        {
            if (thing.Kind != Kind.Object || ReferenceEquals(thing.Holder, person) || thing.Carrier != null)
                return Reason.NotPossible;
            if (thing.Holder != null)
                return Reason.Refused;
            var away = thing.Position - person.Position;
            away.y = 0f;
            var step = away / Mathf.Max(1e-3f, away.magnitude) * WorldRules.PushStep;
            var radius = 0.5f * Mathf.Max(thing.Size.x, thing.Size.z);
            if (IsTaken(thing.Position + step, radius, thing, person))
                return Reason.NoRoom;
            thing.transform.position += step;
            return Reason.None;
        }

        /// <summary>Takes a thing out of the hands of whoever holds it; it stays where it is.</summary>
        public static void LetGo(SceneEntity thing)
        {
            if (thing.Holder != null)
                thing.Holder.Held = null;
            if (thing.SecondHolder != null)
                thing.SecondHolder.Held = null;
            thing.Holder = null;
            thing.SecondHolder = null;
            thing.transform.SetParent(null, true);
            SetLoose(thing, true);
        }

        /// <summary>Moves a thing between its two bearers, and lets it drop when they part.</summary>
        internal static void CarryBetween(SceneEntity thing)
        {
            var first = thing.Holder.Position;
            var second = thing.SecondHolder.Position;
            var middle = 0.5f * (first + second);
            if ((first - second).sqrMagnitude > 4f * WorldRules.Tether * WorldRules.Tether)
            {
                LetGo(thing);
                MoveBase(thing, middle);
                return;
            }
            MoveBase(thing, middle + new Vector3(0f, WorldRules.CarryHeight, 0f));
        }

        private static void Hold(SceneEntity person, SceneEntity thing)
        {
            thing.Carrier = null;
            thing.Spot = 0;
            thing.Holder = person;
            person.Held = thing;
            SetLoose(thing, false);
            if (person.Hand != null)
            {
                thing.transform.SetParent(person.Hand, true);
                MoveBase(thing, person.Hand.position);
                return;
            }
            var turn = Quaternion.Euler(0f, person.Yaw * Mathf.Rad2Deg, 0f);
            thing.transform.SetParent(person.transform, true);
            MoveBase(thing, person.Position
                + turn * new Vector3(0f, WorldRules.CarryHeight, WorldRules.CarryForward));
        }

        private static void MoveBase(SceneEntity thing, Vector3 spot)
        {
            thing.transform.position += spot - thing.Position;
        }

        /// <summary>Gives a thing to physics, or takes it away from it while it is held.</summary>
        private static void SetLoose(SceneEntity thing, bool isLoose)
        {
            foreach (var collider in thing.GetComponentsInChildren<Collider>())
                collider.enabled = isLoose;
            var rigid = thing.GetComponent<Rigidbody>();
            if (rigid == null)
                return;
            if (!isLoose)
                thing.WasKinematic = rigid.isKinematic;
            rigid.isKinematic = !isLoose || thing.WasKinematic;
        }

        private static bool IsTaken(Vector3 spot, float radius, SceneEntity thing, SceneEntity person)
        {
            var height = Mathf.Max(thing.Size.y, 0.2f);
            var half = new Vector3(radius, 0.5f * height - 0.05f, radius);
            var centre = spot + new Vector3(0f, 0.5f * height + 0.05f, 0f);
            var found = Physics.OverlapBoxNonAlloc(centre, half, touched, Quaternion.identity, SightLine.Layers,
                QueryTriggerInteraction.Ignore);
            for (var index = 0; index < found; index++)
            {
                var owner = SightLine.FindOwner(touched[index]);
                if (owner == null || !ReferenceEquals(owner, thing) && !ReferenceEquals(owner, person))
                    return true;
            }
            return false;
        }
    }
}
