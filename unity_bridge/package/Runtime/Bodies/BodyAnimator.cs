using UnityEngine;

namespace Heedful
{
    /// <summary>Tells an Animator what a body does, by those of its parameters that there are: speed and strafe (metres
    /// per second ahead and to the right), turn (degrees per second to the right), grounded (bool), act (int: a
    /// number of <see cref="Act"/>, 0 for none).</summary>
    internal sealed class BodyAnimator
    {
        private static readonly int Speed = Animator.StringToHash("speed");
        private static readonly int Strafe = Animator.StringToHash("strafe");
        private static readonly int Turn = Animator.StringToHash("turn");
        private static readonly int Grounded = Animator.StringToHash("grounded");
        private static readonly int ActNumber = Animator.StringToHash("act");

        private readonly Animator animator;
        private readonly bool hasSpeed, hasStrafe, hasTurn, hasGrounded, hasAct;

        /// <summary>Looks up which parameters there are.</summary>
        /// <param name="animator">May be null; then nothing is told.</param>
        public BodyAnimator(Animator animator)
        {
            if (animator == null || animator.runtimeAnimatorController == null)
                return;
            this.animator = animator;
            foreach (AnimatorControllerParameter parameter in animator.parameters)
            {
                hasSpeed |= parameter.nameHash == Speed;
                hasStrafe |= parameter.nameHash == Strafe;
                hasTurn |= parameter.nameHash == Turn;
                hasGrounded |= parameter.nameHash == Grounded;
                hasAct |= parameter.nameHash == ActNumber;
            }
        }

        /// <summary>Tells how the body moves.</summary>
        /// <param name="velocity">In the body's frame, metres per second.</param>
        /// <param name="turn">Degrees per second to the right.</param>
        /// <param name="isGrounded">Whether its feet are on the ground.</param>
        public void ShowMovement(Vector3 velocity, float turn, bool isGrounded)
        {
            if (animator == null)
                return;
            if (hasSpeed)
                animator.SetFloat(Speed, velocity.z);
            if (hasStrafe)
                animator.SetFloat(Strafe, velocity.x);
            if (hasTurn)
                animator.SetFloat(Turn, turn);
            if (hasGrounded)
                animator.SetBool(Grounded, isGrounded);
        }

        /// <summary>Tells what the hands do.</summary>
        public void ShowAct(Act act)
        {
            if (hasAct && animator != null)
                animator.SetInteger(ActNumber, (int)act);
        }
    }
}
