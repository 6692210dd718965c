using System;
using UnityEngine;

namespace Heedful
{
    /// <summary>What all bodies have in common: turning, looking, the time that an act takes, the animator. Games may
    /// derive their own from it.</summary>
    /// <remarks>Moves as the headless world's bodies do: the same speeds, a turn spread over a decision, and steps
    /// in the direction that the turn will end in.</remarks>
    [DisallowMultipleComponent]
    public abstract class NpcBody : MonoBehaviour, INpcBody
    {
        [SerializeField, Tooltip("Where the eyes are; none: one is made at 1.5 m.")]
        private Transform eyes;

        [SerializeField, Tooltip("Where a held thing hangs; none: one is made in front of the body.")]
        private Transform hand;

        [SerializeField, Tooltip("What shows the movements: parameters speed, strafe, turn, grounded, act.")]
        private Animator animator;

        [SerializeField, Tooltip("Seconds from the beginning of an act to what it does, as its animation has it.")]
        private float actSeconds = 0.05f;

        private BodyAnimator shown;
        private NpcAction action = NpcAction.Idle;
        private Act act;
        private SceneThing actTarget;
        private float actLeft;
        private float heading;
        private float turnLeft;
        private float turnSpeed;

        /// <summary>Called when the body cannot get to where it was told to go.</summary>
        public event Action<NpcBody, MoveFailure> MoveFailed;

        /// <inheritdoc/>
        public BodyState State { get; private set; }

        /// <inheritdoc/>
        public Reason Failure { get; private set; }

        /// <summary>Why the last `go` failed; None while it does not.</summary>
        public MoveFailure MoveFailure { get; private set; }

        /// <inheritdoc/>
        public virtual Vector3 Feet { get { return transform.position; } }

        /// <inheritdoc/>
        public float Yaw { get { return transform.eulerAngles.y * Mathf.Deg2Rad; } }

        /// <inheritdoc/>
        public float Pitch { get { return Contract.LookPitch[(int)action.Look]; } }

        /// <inheritdoc/>
        public Transform Eyes
        {
            get { return eyes != null ? eyes : eyes = MakePoint("Eyes", new Vector3(0f, Contract.EyeHeight, 0f)); }
        }

        /// <inheritdoc/>
        public Transform Hand
        {
            get
            {
                if (hand == null)
                    hand = MakePoint("Hand", new Vector3(0f, WorldRules.CarryHeight, WorldRules.CarryForward));
                return hand;
            }
        }

        /// <summary>Seconds from the beginning of an act to what it does.</summary>
        public float ActSeconds
        {
            get { return actSeconds; }
            set { actSeconds = Mathf.Max(value, 0f); }
        }

        /// <inheritdoc/>
        public abstract bool IsGrounded { get; }

        /// <inheritdoc/>
        public bool WasBumped { get; private set; }

        /// <inheritdoc/>
        public abstract bool CanGo { get; }

        /// <inheritdoc/>
        public abstract bool CanJump { get; }

        /// <summary>The action that is being carried out.</summary>
        protected NpcAction Action { get { return action; } }

        /// <inheritdoc/>
        public void Begin(in NpcAction next)
        {
            action = next;
            WasBumped = false;
            MoveFailure = MoveFailure.None;
            turnLeft = Contract.TurnDegrees[(int)next.Turn];
            turnSpeed = Mathf.Abs(turnLeft) / Contract.DecisionSeconds;
            heading = transform.eulerAngles.y + turnLeft;
            Eyes.localRotation = Quaternion.Euler(-Mathf.Rad2Deg * Pitch, 0f, 0f);
            BeginAct(next);
            BeginMove(next);
        }

        /// <inheritdoc/>
        public void Tick(float seconds)
        {
            if (seconds <= 0f)
                return;
            Vector3 before = Feet;
            float facing = transform.eulerAngles.y;
            Turn(seconds);
            Step(StepDirection() * (StepSpeed() * seconds), seconds);
            TickAct(seconds);
            Vector3 velocity = transform.InverseTransformDirection(Feet - before) / seconds;
            shown.ShowMovement(velocity, Mathf.DeltaAngle(facing, transform.eulerAngles.y) / seconds, IsGrounded);
        }

        /// <inheritdoc/>
        public void Stop()
        {
            action = NpcAction.Idle;
            turnLeft = 0f;
            State = BodyState.Idle;
            Failure = Reason.None;
            act = Act.None;
            shown.ShowAct(Act.None);
            shown.ShowMovement(Vector3.zero, 0f, IsGrounded);
            BeginMove(action);
        }

        /// <summary>Ends the act: the body could not do it. For bodies that find out by themselves.</summary>
        public void Fail(Reason reason)
        {
            State = BodyState.Failed;
            Failure = reason;
            act = Act.None;
            shown.ShowAct(Act.None);
        }

        /// <summary>Begins what the legs do.</summary>
        protected virtual void BeginMove(in NpcAction next)
        {
        }

        /// <summary>Moves the body for a moment.</summary>
        /// <param name="step">Where it wants to be, from where it is; metres, level. Zero for `go`.</param>
        /// <param name="seconds">Scaled seconds.</param>
        protected abstract void Step(Vector3 step, float seconds);

        /// <summary>Says that the last movement was stopped or deflected.</summary>
        protected void Bump()
        {
            WasBumped = true;
        }

        /// <summary>Says that the body cannot get to where it was told to go. Without an act in hand the action has
        /// failed.</summary>
        protected void FailMove(MoveFailure failure)
        {
            MoveFailure = failure;
            Bump();
            if (act == Act.None && action.Act == Act.None)
                Fail(ReasonOf(failure));
            MoveFailed?.Invoke(this, failure);
        }

        /// <summary>Turns towards a direction for a moment, at most as fast as the contract's largest turn.</summary>
        protected void FaceTowards(Vector3 direction, float seconds)
        {
            if (direction.x * direction.x + direction.z * direction.z < 1e-6f)
                return;
            float wanted = Mathf.Rad2Deg * Mathf.Atan2(direction.x, direction.z);
            float most = Contract.TurnDegrees[(int)Heedful.Turn.Right30] / Contract.DecisionSeconds;
            SetYaw(Mathf.MoveTowardsAngle(transform.eulerAngles.y, wanted, most * seconds));
        }

        /// <summary>Finds its parts.</summary>
        protected virtual void Awake()
        {
            if (animator == null)
                animator = GetComponentInChildren<Animator>();
            shown = new BodyAnimator(animator);
        }

        private void BeginAct(in NpcAction next)
        {
            bool goesOn = State == BodyState.Started || State == BodyState.Running;
            if (goesOn && next.Act == act && next.Target == actTarget)
            {
                State = BodyState.Running;
                return;
            }
            Failure = Reason.None;
            act = next.Act;
            actTarget = next.Target;
            actLeft = actSeconds;
            State = act == Act.None ? BodyState.Idle : BodyState.Started;
            shown.ShowAct(act);
        }

        private void TickAct(float seconds)
        {
            if (State != BodyState.Started && State != BodyState.Running)
                return;
            actLeft -= seconds;
            State = actLeft > 0f ? BodyState.Running : BodyState.Done;
            if (State != BodyState.Done)
                return;
            act = Act.None;
            shown.ShowAct(Act.None);
        }

        private void Turn(float seconds)
        {
            if (turnLeft == 0f)
                return;
            turnLeft = Mathf.MoveTowards(turnLeft, 0f, turnSpeed * seconds);
            if (Mathf.Abs(turnLeft) < 1e-3f)
                turnLeft = 0f;
            SetYaw(heading - turnLeft);
        }

        private void SetYaw(float degrees)
        {
            transform.rotation = Quaternion.Euler(0f, degrees, 0f);
        }

        private Vector3 StepDirection()
        {
            float side = 0f;
            switch (action.Move)
            {
                case Move.Back:
                    side = 180f;
                    break;
                case Move.StrafeLeft:
                    side = -90f;
                    break;
                case Move.StrafeRight:
                    side = 90f;
                    break;
            }
            float angle = Mathf.Deg2Rad * (heading + side);
            return new Vector3(Mathf.Sin(angle), 0f, Mathf.Cos(angle));
        }

        private float StepSpeed()
        {
            switch (action.Move)
            {
                case Move.Walk:
                case Move.Jump:
                    return WorldRules.WalkSpeed;
                case Move.Run:
                    return WorldRules.RunSpeed;
                case Move.Back:
                    return WorldRules.BackSpeed;
                case Move.StrafeLeft:
                case Move.StrafeRight:
                    return WorldRules.StrafeSpeed;
                default:
                    return 0f;
            }
        }

        private Transform MakePoint(string name, Vector3 place)
        {
            Transform point = new GameObject(name).transform;
            point.SetParent(transform, false);
            point.localPosition = place;
            return point;
        }

        private static Reason ReasonOf(MoveFailure failure)
        {
            switch (failure)
            {
                case MoveFailure.NoTarget:
                    return Reason.NoTarget;
                case MoveFailure.TooFar:
                    return Reason.OutOfReach;
                case MoveFailure.Blocked:
                    return Reason.NoRoom;
                default:
                    return Reason.NotPossible;
            }
        }
    }
}
