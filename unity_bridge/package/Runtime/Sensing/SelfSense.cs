using System;
using UnityEngine;

namespace Heedful
{
    /// <summary>What a body tells its NPC: the columns of self.</summary>
    public sealed class SelfSense
    {
        /// <summary>Slower than this, metres per second, others see the NPC stand.</summary>
        private const float StillSpeed = 0.05f;

        private BodyPose before;
        private bool hasBefore;

        /// <summary>Forgets the pose of the last decision, as after a teleport.</summary>
        public void Forget()
        {
            hasBefore = false;
        }

        /// <summary>Writes self.</summary>
        /// <param name="npc">Whose body.</param>
        /// <param name="pose">Where it is.</param>
        /// <param name="seconds">Since the last decision.</param>
        public void Write(HeedfulNpc npc, in BodyPose pose, float seconds)
        {
            var self = npc.Observation.Self;
            var body = npc.Body;
            var acts = npc.Acts;
            Array.Clear(self, 0, self.Length);
            self[SelfColumn.X] = pose.Feet.x;
            self[SelfColumn.Y] = pose.Feet.y;
            self[SelfColumn.Z] = pose.Feet.z;
            self[SelfColumn.SinYaw] = pose.Sine;
            self[SelfColumn.CosYaw] = pose.Cosine;
            if (hasBefore && seconds > 1e-4f)
            {
                var moved = (pose.Feet - before.Feet) / seconds;
                npc.Entity.IsMoving = moved.sqrMagnitude > StillSpeed * StillSpeed;
                self[SelfColumn.VelocityRight] = moved.x * pose.Cosine - moved.z * pose.Sine;
                self[SelfColumn.VelocityUp] = moved.y;
                self[SelfColumn.VelocityForward] = moved.x * pose.Sine + moved.z * pose.Cosine;
                var turned = Mathf.DeltaAngle(before.Yaw * Mathf.Rad2Deg, pose.Yaw * Mathf.Rad2Deg);
                self[SelfColumn.TurnRate] = turned * Mathf.Deg2Rad / seconds;
            }
            before = pose;
            hasBefore = true;
            self[SelfColumn.Pitch] = pose.Pitch;
            self[SelfColumn.Place] = npc.Slots.Find(npc.Place);
            self[SelfColumn.Held] = npc.Slots.Find(npc.Entity.Held);
            self[SelfColumn.LastAct] = (int)acts.LastAct;
            self[SelfColumn.LastTarget] = acts.LastTargetSlot;
            self[SelfColumn.Result] = (int)acts.Result;
            self[SelfColumn.Reason] = (int)acts.Reason;
            self[SelfColumn.Bumped] = body != null && body.WasBumped || acts.WasHeldBack ? 1f : 0f;
            self[SelfColumn.Grounded] = body == null || body.IsGrounded ? 1f : 0f;
            self[SelfColumn.ActionDelay] = Mathf.Clamp(npc.ActionDelay, 0, Contract.MaxActionDelay);
            self[SelfColumn.Clock] = npc.Clock;
            WriteSenses(npc, self);
            self[SelfColumn.Height] = pose.Eye.y - pose.Feet.y;
            self[SelfColumn.Speaking] = npc.IsSpeaking ? 1f : 0f;
            self[SelfColumn.Team] = npc.Team;
        }

        private static void WriteSenses(HeedfulNpc npc, float[] self)
        {
            var hasPicture = npc.Observation.CameraPngLength > 0;
            self[SelfColumn.CameraValid] = hasPicture ? 1f : 0f;
            self[SelfColumn.CameraAge] = hasPicture ? npc.Sight.Age : npc.Clock;
            var hears = npc.Hearing != null && npc.Hearing.IsValid;
            self[SelfColumn.AudioValid] = hears ? 1f : 0f;
            self[SelfColumn.AudioAge] = hears ? 0f : npc.Clock;
            self[SelfColumn.EntitiesValid] = 1f;
            self[SelfColumn.DialogueValid] = 1f;
        }
    }
}
