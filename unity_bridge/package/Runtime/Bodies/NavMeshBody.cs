using UnityEngine;
using UnityEngine.AI;

namespace Heedful
{
    /// <summary>A body on a <see cref="NavMeshAgent"/>: `go` walks to the target by the game's own paths, and other moves
    /// stay on the NavMesh. It cannot jump.</summary>
    [AddComponentMenu("Heedful/NavMesh Body")]
    [RequireComponent(typeof(NavMeshAgent))]
    public sealed class NavMeshBody : NpcBody
    {
        /// <summary>Share of a step that must be made, or else something was in the way.</summary>
        private const float FreeShare = 0.9f;

        /// <summary>What moves slower than this although it wants to go on stands still; metres per second.</summary>
        private const float Standing = 0.1f;

        /// <summary>A target that moves this far is planned for anew, metres.</summary>
        private const float PlanAgain = 0.5f;

        /// <summary>Between the body and what it goes to, metres: within reach, and not on its toes.</summary>
        private const float Gap = 0.4f;

        [SerializeField, Tooltip("Longest way that `go` may take, metres.")]
        private float longestWay = 200f;

        [SerializeField, Tooltip("Seconds that `go` waits for what is in its way before it fails.")]
        private float patience = 2f;

        [SerializeField, Tooltip("How far from the target the NavMesh may begin, metres.")]
        private float searchRadius = 2f;

        private NavMeshAgent agent;
        private SceneThing goal;
        private Vector3 planned;
        private float stood;
        private bool isGoing;

        /// <inheritdoc/>
        public override bool IsGrounded { get { return true; } }

        /// <inheritdoc/>
        public override bool CanGo { get { return agent.isOnNavMesh; } }

        /// <inheritdoc/>
        public override bool CanJump { get { return false; } }

        /// <summary>Whether it is on its way to a target.</summary>
        public bool IsGoing { get { return isGoing; } }

        /// <inheritdoc/>
        protected override void Awake()
        {
            base.Awake();
            agent = GetComponent<NavMeshAgent>();
            agent.updateRotation = false; // bodies turn as the contract says
            agent.speed = WorldRules.WalkSpeed;
        }

        /// <inheritdoc/>
        protected override void BeginMove(in NpcAction next)
        {
            if (next.Move != Move.Go)
            {
                StopGoing();
                goal = null;
                return;
            }
            if (next.Target != null && next.Target == goal && (isGoing || HasArrived()) && !HasGoalMoved())
                return;
            goal = next.Target;
            stood = 0f;
            if (goal == null)
                FailGoing(MoveFailure.NoTarget);
            else
                Plan();
        }

        /// <inheritdoc/>
        protected override void Step(Vector3 step, float seconds)
        {
            if (Action.Move == Move.Go)
            {
                if (isGoing)
                    GoOn(seconds);
                else if (goal != null)
                    FaceTowards(goal.Position - Feet, seconds);
                return;
            }
            if (step == Vector3.zero || !agent.isOnNavMesh)
                return;
            Vector3 before = agent.nextPosition;
            agent.Move(step);
            Vector3 made = agent.nextPosition - before;
            made.y = 0f;
            if (made.magnitude < FreeShare * step.magnitude)
                Bump();
        }

        private void Plan()
        {
            planned = goal.Position;
            isGoing = agent.isOnNavMesh
                && NavMesh.SamplePosition(planned, out NavMeshHit near, searchRadius, agent.areaMask)
                && agent.SetDestination(near.position);
            if (!isGoing)
            {
                FailGoing(MoveFailure.NoPath);
                return;
            }
            agent.stoppingDistance = StopAt(goal);
        }

        private void GoOn(float seconds)
        {
            if (goal == null) // it was destroyed
            {
                FailGoing(MoveFailure.NoTarget);
                return;
            }
            if (!agent.isOnNavMesh)
            {
                FailGoing(MoveFailure.NoPath);
                return;
            }
            if (HasGoalMoved())
            {
                Plan();
                return;
            }
            if (agent.pathPending)
                return;
            if (HasArrived())
            {
                StopGoing();
                return;
            }
            if (!agent.hasPath || agent.pathStatus != NavMeshPathStatus.PathComplete)
                FailGoing(MoveFailure.NoPath);
            else if (agent.remainingDistance > longestWay && !float.IsInfinity(agent.remainingDistance))
                FailGoing(MoveFailure.TooFar);
            else
                Walk(seconds);
        }

        private void Walk(float seconds)
        {
            FaceTowards(agent.desiredVelocity, seconds);
            bool stands = agent.velocity.sqrMagnitude < Standing * Standing;
            stood = stands ? stood + seconds : 0f;
            if (stood > Contract.DecisionSeconds)
                Bump();
            if (stood > patience)
                FailGoing(MoveFailure.Blocked);
        }

        private bool HasGoalMoved()
        {
            return (goal.Position - planned).sqrMagnitude > PlanAgain * PlanAgain;
        }

        private bool HasArrived()
        {
            Vector3 away = planned - Feet;
            away.y = 0f;
            return goal != null && away.magnitude <= StopAt(goal) + 0.5f * Gap;
        }

        private void StopGoing()
        {
            isGoing = false;
            if (agent.isOnNavMesh && agent.hasPath)
                agent.ResetPath();
        }

        private void FailGoing(MoveFailure failure)
        {
            StopGoing();
            FailMove(failure);
        }

        /// <summary>How far from the middle of something to stop, metres.</summary>
        private static float StopAt(SceneThing thing)
        {
            var entity = thing as SceneEntity;
            if (entity == null)
                return Gap;
            return 0.5f * Mathf.Max(entity.Size.x, entity.Size.z) + Contract.BodyRadius + Gap;
        }
    }
}
