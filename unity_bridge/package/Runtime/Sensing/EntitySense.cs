using System;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// What the engine says is in line of sight or in hand: the rows of entities, at most 32 of the nearest,
    /// ordered by slot.
    /// </summary>
    public sealed class EntitySense
    {
        private static readonly float tanHalfView = Mathf.Tan(0.5f * Contract.CameraFieldOfView);
        private SceneEntity[] seen = new SceneEntity[64];
        private float[] nearness = new float[64];
        private readonly int[] rowSlots = new int[Contract.MaxEntities];

        /// <summary>Entities in sight or in hand in the last decision, ordered by slot.</summary>
        public SceneEntity[] Seen { get { return seen; } }

        /// <summary>How many of Seen there are.</summary>
        public int Count { get; private set; }

        /// <summary>Finds what is perceived and gives it slots.</summary>
        /// <param name="me">Who looks.</param>
        /// <param name="pose">Where the body is.</param>
        /// <param name="slots">Its slots.</param>
        /// <param name="now">Its clock, seconds.</param>
        public void Select(SceneEntity me, in BodyPose pose, SlotTable slots, float now)
        {
            var found = FindSeen(me, pose);
            Array.Sort(nearness, seen, 0, found);
            found = Mathf.Min(found, Contract.MaxEntities);
            var newcomers = 0;
            for (var index = 0; index < found; index++)
            {
                var slot = slots.Find(seen[index]);
                if (slot > 0)
                    slots.Touch(slot, now);
                else
                    newcomers++;
            }
            var room = newcomers > 0 ? slots.CountRoom(now) : 0;
            Count = 0;
            for (var index = 0; index < found; index++)
            {
                // The nearest of the new ones get the slots that are left.
                var slot = slots.Find(seen[index]);
                if (slot == 0 && room-- > 0)
                    slot = slots.Give(seen[index], now);
                if (slot == 0)
                    continue;
                seen[Count] = seen[index];
                rowSlots[Count++] = slot;
            }
            Array.Sort(rowSlots, seen, 0, Count);
        }

        /// <summary>Writes the rows of what was selected.</summary>
        public void Write(SceneEntity me, in BodyPose pose, NpcObservation observation)
        {
            Array.Clear(observation.Entities, 0, observation.Entities.Length);
            observation.EntityCount = Count;
            for (var row = 0; row < Count; row++)
                WriteRow(observation.Entities, row * Contract.EntitySize, seen[row], rowSlots[row], me, pose);
        }

        private int FindSeen(SceneEntity me, in BodyPose pose)
        {
            var entities = SceneRegistry.Entities;
            if (seen.Length < entities.Count)
            {
                Array.Resize(ref seen, 2 * entities.Count);
                Array.Resize(ref nearness, 2 * entities.Count);
            }
            var found = 0;
            for (var index = 0; index < entities.Count; index++)
            {
                var entity = entities[index];
                if (ReferenceEquals(entity, me))
                    continue;
                var held = ReferenceEquals(me.Held, entity);
                pose.ToLocal(entity.Position, out var right, out var forward);
                var square = right * right + forward * forward;
                if (!held)
                {
                    if (square > WorldRules.SightRange * WorldRules.SightRange || forward < 0.05f
                        || Mathf.Abs(right) > forward * tanHalfView || entity.IsStowed)
                        continue;
                    if (!SightLine.CanSee(pose.Eye, me, entity))
                        continue;
                }
                seen[found] = entity;
                nearness[found++] = held ? -1f : square;
            }
            return found;
        }

        private static void WriteRow(float[] rows, int start, SceneEntity entity, int slot, SceneEntity me,
            in BodyPose pose)
        {
            pose.ToLocal(entity.Position, out var right, out var forward);
            var size = entity.Size;
            var heading = entity.Yaw - pose.Yaw;
            rows[start + EntityColumn.Slot] = slot;
            rows[start + EntityColumn.ClassWord] = entity.ClassWord;
            Array.Copy(entity.ClassBag, 0, rows, start + EntityColumn.ClassBag, Contract.ClassBagSize);
            rows[start + EntityColumn.X] = right;
            rows[start + EntityColumn.Y] = entity.Position.y + 0.5f * size.y - pose.Feet.y;
            rows[start + EntityColumn.Z] = forward;
            rows[start + EntityColumn.Distance] = entity.DistanceFrom(pose.Feet);
            rows[start + EntityColumn.SinHeading] = Mathf.Sin(heading);
            rows[start + EntityColumn.CosHeading] = Mathf.Cos(heading);
            rows[start + EntityColumn.SizeX] = size.x;
            rows[start + EntityColumn.SizeY] = size.y;
            rows[start + EntityColumn.SizeZ] = size.z;
            rows[start + EntityColumn.Kind + (int)entity.Kind] = 1f;
            WriteState(rows, start + EntityColumn.State, entity, me);
            for (var act = Act.Examine; act <= Act.Finish; act++)
                if (entity.Offers(act))
                    rows[start + EntityColumn.Affordance + (int)act - 1] = 1f;
        }

        private static void WriteState(float[] rows, int start, SceneEntity entity, SceneEntity me)
        {
            var isOpen = entity.Is(EntityStates.Open);
            var isContainer = entity.Kind == Kind.Object && entity.Has(EntityTraits.Container);
            if (entity.HasLeaf || isContainer)
                rows[start + (isOpen ? StateBit.Open : StateBit.Closed)] = 1f;
            if (entity.IsMoving)
                rows[start + StateBit.Moving] = 1f;
            if (entity.Kind != Kind.Object)
                return;
            if (entity.Is(EntityStates.On) && !entity.Has(EntityTraits.Glows))
                rows[start + StateBit.On] = 1f;
            if (ReferenceEquals(entity.Holder, me) || ReferenceEquals(entity.SecondHolder, me))
                rows[start + StateBit.HeldByMe] = 1f;
            if (IsAnother(entity.Holder, me) || IsAnother(entity.SecondHolder, me))
                rows[start + StateBit.HeldByOther] = 1f;
            var hasRoom = isContainer ? isOpen : entity.Has(EntityTraits.Surface);
            if (hasRoom && entity.FreeSpot() < 0)
                rows[start + StateBit.Full] = 1f;
        }

        private static bool IsAnother(SceneEntity holder, SceneEntity me)
        {
            return !ReferenceEquals(holder, null) && !ReferenceEquals(holder, me);
        }
    }
}
