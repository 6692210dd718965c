using UnityEngine;

namespace Heedful
{
    /// <summary>How far a body is with the act of its last action.</summary>
    public enum BodyState
    {
        /// <summary>There is no act.</summary>
        Idle,

        /// <summary>The act has begun with this action.</summary>
        Started,

        /// <summary>The act goes on.</summary>
        Running,

        /// <summary>The body's part of the act is over: the scene changes now.</summary>
        Done,

        /// <summary>The body could not do it; Failure says why.</summary>
        Failed
    }

    /// <summary>
    /// An NPC's body: a component beside HeedfulNpc that carries actions out. It moves, turns and plays
    /// animations; what an act does to the scene is done by ActionExecutor when the body reports Done.
    /// </summary>
    public interface INpcBody
    {
        /// <summary>How the act of the last action goes.</summary>
        BodyState State { get; }

        /// <summary>Why State is Failed; None otherwise.</summary>
        Reason Failure { get; }

        /// <summary>The floor under the feet, world space, metres.</summary>
        Vector3 Feet { get; }

        /// <summary>Heading, radians clockwise from +z seen from above.</summary>
        float Yaw { get; }

        /// <summary>Pitch of the eyes, radians, positive up.</summary>
        float Pitch { get; }

        /// <summary>Where the eyes are; its forward is where they look.</summary>
        Transform Eyes { get; }

        /// <summary>Where a held thing hangs.</summary>
        Transform Hand { get; }

        /// <summary>Whether the feet are on the ground.</summary>
        bool IsGrounded { get; }

        /// <summary>Whether the movement since the last Begin was stopped or deflected.</summary>
        bool WasBumped { get; }

        /// <summary>Whether the body has a planner, so that `go` is allowed.</summary>
        bool CanGo { get; }

        /// <summary>Whether the body can jump.</summary>
        bool CanJump { get; }

        /// <summary>
        /// Begins an action: it replaces the movement of the one before. An act that goes on
        /// (State Running and the same act and target) is not begun anew.
        /// </summary>
        void Begin(in NpcAction action);

        /// <summary>Moves on; called every frame (FixedUpdate on lock-step).</summary>
        /// <param name="seconds">Scaled seconds since the last call.</param>
        void Tick(float seconds);

        /// <summary>Stops at once: legs stand, the act is given up, State is Idle.</summary>
        void Stop();
    }
}
