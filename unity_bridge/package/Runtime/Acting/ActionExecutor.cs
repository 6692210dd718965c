using System;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// Carries the actions of an NPC out: movement by its body, acts by the body and then by the scene's
    /// rules, words by its voice. An act may last several decisions; it goes on while the body stays where it
    /// is and chooses no act or the same one.
    /// </summary>
    public sealed class ActionExecutor
    {
        /// <summary>A body that was held back comes to rest nearer than this, metres.</summary>
        private const float FarFromBorder = 1f;

        private readonly HeedfulNpc npc;
        private NpcAction present = NpcAction.Idle;
        private Act lasting;
        private SceneThing lastingTarget;
        private int elapsed;
        private int needed;
        private bool waitsForHelp;
        private Vector3 feetBefore;
        private SceneThing heldBackFrom; // or each decision that says the same would make a step
        private Vector3 heldBackAt;
        private Vector3 heldBackWay; // of length 1

        /// <summary>Makes the executor of an NPC.</summary>
        public ActionExecutor(HeedfulNpc npc)
        {
            this.npc = npc;
        }

        /// <summary>The act that was last tried.</summary>
        public Act LastAct { get; private set; }

        /// <summary>The slot that it was for.</summary>
        public int LastTargetSlot { get; private set; }

        /// <summary>How it went.</summary>
        public Result Result { get; private set; }

        /// <summary>Why it failed, or what it waits for.</summary>
        public Reason Reason { get; private set; }

        /// <summary>Whether the leash or a forbidden thing or place stopped the last movement.</summary>
        public bool WasHeldBack { get; private set; }

        /// <summary>The action that is carried out now.</summary>
        public NpcAction Present { get { return present; } }

        /// <summary>Called when an act is over: act, target, result and reason.</summary>
        public event Action<Act, SceneThing, Result, Reason> Ended;

        /// <summary>Looks up the slots of an action.</summary>
        /// <param name="action">8 numbers, in branch order.</param>
        public NpcAction LookUp(int[] action)
        {
            var slots = npc.Slots;
            return new NpcAction((Move)action[(int)Branch.Move], (Turn)action[(int)Branch.Turn],
                (Look)action[(int)Branch.Look], (Act)action[(int)Branch.Act], slots[action[(int)Branch.Target]],
                (Say)action[(int)Branch.Say], slots[action[(int)Branch.About]], slots[action[(int)Branch.Where]]);
        }

        /// <summary>Begins an action, in place of the one before.</summary>
        public void Begin(in NpcAction action)
        {
            var act = action.Act;
            var target = action.Target;
            var goesOn = false;
            if (lasting != Act.None)
            {
                var same = act == lasting && ReferenceEquals(target, lastingTarget);
                goesOn = action.Move == Move.Stay && (act == Act.None || same);
                if (goesOn)
                {
                    act = lasting;
                    target = lastingTarget;
                }
                else
                {
                    GiveUp();
                }
            }
            if (act == Act.None)
            {
                Result = Result.None;
                Reason = Reason.None;
            }
            else
            {
                LastAct = act;
                LastTargetSlot = npc.Slots.Find(target);
                var reason = ActRules.WhyNot(npc, act, target);
                if (reason != Reason.None)
                    End(act, target, Result.Failed, reason);
                else if (!goesOn)
                    Start(act, target);
            }
            var isActing = lasting != Act.None;
            present = new NpcAction(Restrain(action), action.Turn, action.Look, isActing ? lasting : Act.None,
                isActing ? lastingTarget : action.Target, action.Say, action.About, action.Where);
            npc.Body?.Begin(present);
            if (action.Say != Say.None)
                npc.SayMessage(action);
        }

        /// <summary>Goes on; called every frame.</summary>
        /// <param name="seconds">Scaled seconds since the last call.</param>
        public void Tick(float seconds)
        {
            var body = npc.Body;
            if (body == null)
                return;
            var way = body.Feet - feetBefore;
            way.y = 0f;
            way = way.normalized;
            feetBefore = body.Feet;
            var isHeldBack = present.Move == Move.Go
                ? IsLedAstray(body.Feet, way)
                : present.Move != Move.Stay && IsStopped(present.Move);
            if (isHeldBack && !npc.IsOverridden)
            {
                WasHeldBack = true;
                heldBackFrom = present.Move == Move.Go ? present.Target : null;
                heldBackAt = body.Feet;
                heldBackWay = way;
                present = new NpcAction(Move.Stay, Turn.None, present.Look, present.Act, present.Target);
                body.Begin(present);
            }
            body.Tick(seconds);
        }

        /// <summary>Finds out how the act of the action before goes; called before each decision.</summary>
        public void Settle()
        {
            if (lasting == Act.None)
                return;
            elapsed++;
            var body = npc.Body;
            var state = body != null && lasting != Act.Finish ? body.State : BodyState.Done;
            if (state == BodyState.Failed)
            {
                End(lasting, lastingTarget, Result.Failed, body.Failure);
                return;
            }
            var isDone = state == BodyState.Done || state == BodyState.Idle;
            if (!isDone || elapsed < needed)
            {
                Result = elapsed > 1 ? Result.Running : Result.Started;
                return;
            }
            var act = lasting;
            var target = lastingTarget;
            if (target == null && !ReferenceEquals(target, null))
            {
                End(act, null, Result.Failed, Reason.NotInSight); // it was destroyed meanwhile
                return;
            }
            var reason = ActEffects.Apply(npc, act, target);
            if (reason == Reason.NeedsHelp && WaitForHelp(target as SceneEntity))
                return;
            End(act, target, reason == Reason.None ? Result.Done : Result.Failed, reason);
        }

        /// <summary>Gives everything up at once.</summary>
        public void Stop()
        {
            GiveUp();
            present = NpcAction.Idle;
            Result = Result.None;
            Reason = Reason.None;
            npc.Body?.Stop();
        }

        private void Start(Act act, SceneThing target)
        {
            lasting = act;
            lastingTarget = target;
            elapsed = 0;
            needed = 1;
            Result = Result.Started;
            Reason = Reason.None;
            if (!(target is SceneEntity entity))
                return;
            var affordance = entity.Find(act);
            if (affordance != null)
                needed = Mathf.Max(1, Mathf.RoundToInt(affordance.seconds / Contract.DecisionSeconds));
            if (act == Act.Examine && entity.Text.Length > 0)
                needed = Mathf.Max(needed, WorldRules.ReadDecisions);
        }

        private void End(Act act, SceneThing target, Result result, Reason reason)
        {
            GiveUp();
            Result = result;
            Reason = reason;
            Ended?.Invoke(act, target, result, reason);
        }

        private void GiveUp()
        {
            lasting = Act.None;
            lastingTarget = null;
            waitsForHelp = false;
        }

        /// <summary>Waits at a heavy thing until a second NPC takes it too; then both hold it.</summary>
        private bool WaitForHelp(SceneEntity thing)
        {
            for (var index = 0; index < HeedfulNpc.All.Count; index++)
            {
                var other = HeedfulNpc.All[index];
                var helper = other.Acts;
                if (ReferenceEquals(other, npc) || !helper.waitsForHelp || !ReferenceEquals(helper.lastingTarget, thing))
                    continue;
                Hands.TakeTogether(other.Entity, npc.Entity, thing);
                helper.End(Act.Take, thing, Result.Done, Reason.None);
                End(Act.Take, thing, Result.Done, Reason.None);
                return true;
            }
            Result = Result.Running;
            Reason = Reason.NeedsHelp;
            waitsForHelp = true;
            return elapsed <= WorldRules.HelpDecisions;
        }

        private Move Restrain(in NpcAction action)
        {
            WasHeldBack = false;
            var move = action.Move;
            if (npc.IsOverridden)
                return move == Move.Go && action.Target == null ? Move.Stay : move;
            var isSameWay = move == Move.Go && ReferenceEquals(action.Target, heldBackFrom) && IsStillHeldBack();
            if (!isSameWay)
                heldBackFrom = null;
            if (move == Move.Go && (action.Target == null || isSameWay || npc.Limits.Forbids(action.Target)
                    || npc.Limits.IsBeyond(action.Target.Position)))
            {
                WasHeldBack = action.Target != null;
                return Move.Stay;
            }
            if (move == Move.Stay || move == Move.Go || npc.Body == null || !IsStopped(move))
                return move;
            WasHeldBack = true;
            return Move.Stay;
        }

        /// <summary>Whether the limit that ended the last `go` holds, and nobody has put the body elsewhere.</summary>
        private bool IsStillHeldBack()
        {
            return !ReferenceEquals(heldBackFrom, null) && npc.Body != null
                && (npc.Body.Feet - heldBackAt).sqrMagnitude < FarFromBorder * FarFromBorder
                && npc.Limits.Stops(heldBackAt, heldBackWay);
        }

        private bool IsStopped(Move move)
        {
            var yaw = npc.Body.Yaw;
            var ahead = new Vector3(Mathf.Sin(yaw), 0f, Mathf.Cos(yaw));
            var right = new Vector3(ahead.z, 0f, -ahead.x);
            var way = move == Move.Back ? -ahead : move == Move.StrafeLeft ? -right
                : move == Move.StrafeRight ? right : ahead;
            return npc.Limits.Stops(npc.Body.Feet, way);
        }

        /// <summary>Whether the game's planner leads it to where it must not go.</summary>
        private bool IsLedAstray(Vector3 feet, Vector3 way)
        {
            return present.Target == null ? npc.Limits.IsBeyond(feet) : npc.Limits.Stops(feet, way);
        }
    }
}
