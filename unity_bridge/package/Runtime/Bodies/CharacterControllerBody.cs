using UnityEngine;

namespace Heedful
{
    /// <summary>A body on a <see cref="CharacterController"/>: walks, slides along what is in its way, jumps and falls.
    /// It has no planner, so `go` is forbidden.</summary>
    [AddComponentMenu("Heedful/Character Controller Body")]
    [RequireComponent(typeof(CharacterController))]
    public sealed class CharacterControllerBody : NpcBody
    {
        /// <summary>Share of a step that must be made, or else something was in the way.</summary>
        private const float FreeShare = 0.9f;

        /// <summary>Keeps the controller pressed to the floor, so that it knows that it stands; metres per second.
        /// </summary>
        private const float Press = 0.5f;

        private CharacterController controller;
        private float rise;

        /// <inheritdoc/>
        public override bool IsGrounded { get { return controller.isGrounded; } }

        /// <inheritdoc/>
        public override bool CanGo { get { return false; } }

        /// <inheritdoc/>
        public override bool CanJump { get { return true; } }

        /// <inheritdoc/>
        protected override void Awake()
        {
            base.Awake();
            controller = GetComponent<CharacterController>();
        }

        /// <inheritdoc/>
        protected override void BeginMove(in NpcAction next)
        {
            if (next.Move == Move.Jump && controller.isGrounded)
                rise = WorldRules.JumpSpeed;
        }

        /// <inheritdoc/>
        protected override void Step(Vector3 step, float seconds)
        {
            float wanted = step.magnitude;
            Vector3 before = transform.position;
            if (controller.isGrounded && rise <= 0f)
                rise = -Press;
            step.y = rise * seconds - 0.5f * WorldRules.Gravity * seconds * seconds;
            CollisionFlags flags = controller.Move(step);
            rise -= WorldRules.Gravity * seconds;
            if ((flags & CollisionFlags.Above) != 0)
                rise = Mathf.Min(rise, 0f);
            Vector3 made = transform.position - before;
            made.y = 0f;
            if (wanted > 0f && made.magnitude < FreeShare * wanted)
                Bump();
        }
    }
}
