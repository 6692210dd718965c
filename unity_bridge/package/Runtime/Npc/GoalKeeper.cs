using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// The goals of an NPC: the one of the highest priority, the newest of equals, is the present one. It
    /// fills the contract's goal and says on the goal channel what is asked.
    /// </summary>
    public sealed class GoalKeeper
    {
        private const int Remembered = 8;

        private readonly HeedfulNpc npc;
        private readonly List<NpcGoal> open = new List<NpcGoal>();
        private readonly List<NpcGoal> told = new List<NpcGoal>(); // goals that the server may have open
        private readonly List<NpcGoal> closed = new List<NpcGoal>(Remembered); // the last that it was told are over
        private readonly JsonWriter json = new JsonWriter();
        private NpcGoal written;
        private NpcGoal present;
        private bool isServerTelling; // what becomes of goals; older servers say nothing
        private int lastId;

        /// <summary>Makes the keeper of an NPC.</summary>
        public GoalKeeper(HeedfulNpc npc)
        {
            this.npc = npc;
        }

        /// <summary>The goal that is pursued now; null for none.</summary>
        public NpcGoal Present { get { return present; } }

        /// <summary>All goals that are neither reached nor given up.</summary>
        public IReadOnlyList<NpcGoal> Open { get { return open; } }

        /// <summary>Called when the NPC has taken a goal on.</summary>
        public event Action<NpcGoal> Accepted;

        /// <summary>Called when something was done for a goal, or the mind says how far it is.</summary>
        public event Action<NpcGoal, string> Progress;

        /// <summary>Called when a goal is reached.</summary>
        public event Action<NpcGoal> Succeeded;

        /// <summary>Called when a goal will not be reached; NpcGoal.Reason says why.</summary>
        public event Action<NpcGoal> Failed;

        /// <summary>Called when the NPC will not do it; NpcGoal.Reason says why.</summary>
        public event Action<NpcGoal> Refused;

        /// <summary>Asks for something in plain words.</summary>
        public NpcGoal Set(string text, float priority, float seconds)
        {
            var goal = Make(priority, seconds);
            goal.Text = text ?? "";
            if (string.IsNullOrWhiteSpace(text))
                Close(goal, GoalState.Refused, "the goal is empty: say what is wanted");
            else
                Add(goal);
            return goal;
        }

        /// <summary>Asks for something by a verb.</summary>
        public NpcGoal Set(string verb, SceneThing target, SceneThing place, float priority, float seconds)
        {
            var goal = Make(priority, seconds);
            if (!GoalVerbs.TryFill(goal, verb, target, place))
                Close(goal, GoalState.Refused, "nobody knows how to '" + verb + "' "
                    + (target != null ? target.DisplayName : "nothing")
                    + ": give the entity an affordance with that verb, or name what the verb needs");
            else if (npc.Limits.Forbids(goal.Act))
                Close(goal, GoalState.Refused, "the act " + goal.Act + " is forbidden to it");
            else if (npc.Limits.Forbids(target) || npc.Limits.Forbids(place))
                Close(goal, GoalState.Refused, "what it is about is forbidden to it");
            else
                Add(goal);
            return goal;
        }

        /// <summary>Takes a goal back.</summary>
        public void Cancel(NpcGoal goal)
        {
            if (goal == null || !goal.IsOpen)
                return;
            Close(goal, GoalState.Cancelled, "");
        }

        /// <summary>Whether a thing is named by an open goal, so that it keeps its slot.</summary>
        public bool Names(SceneThing thing)
        {
            for (var index = 0; index < open.Count; index++)
                if (ReferenceEquals(open[index].Target, thing) || ReferenceEquals(open[index].Place, thing))
                    return true;
            return false;
        }

        /// <summary>Judges goals by their conditions and deadlines; called before each decision.</summary>
        public void Judge()
        {
            for (var index = open.Count - 1; index >= 0 && index < open.Count; index--)
            {
                var goal = open[index];
                if (npc.Clock >= goal.Deadline)
                    Close(goal, GoalState.Failed, "the time is over");
                else if (IsGone(goal.Target) || IsGone(goal.Place))
                    Close(goal, GoalState.Failed, "what it is about is gone");
                else if (goal.Condition != null && goal.State == GoalState.Accepted && goal.Condition(npc, goal))
                    Close(goal, GoalState.Succeeded, "");
            }
        }

        /// <summary>Takes note of an act that is over.</summary>
        public void NoteAct(Act act, SceneThing target, Result result)
        {
            if (present == null || result != Result.Done)
                return;
            if (act == Act.Finish)
            {
                if (present.State == GoalState.Accepted) // else the word was about what it did before
                    CloseFinished(present);
            }
            else if (GoalVerbs.IsReachedByAct(present) && act == present.Act && ReferenceEquals(target, present.Target))
            {
                Close(present, GoalState.Succeeded, "");
            }
            else
            {
                Progress?.Invoke(present, act.ToString().ToLowerInvariant()
                    + (target != null ? " " + target.DisplayName : ""));
            }
        }

        /// <summary>
        /// The mind has answered an observation with the present goal in it (lock-step only). From a server that
        /// says nothing about goals, that is its word.
        /// </summary>
        public void NoteAnswered()
        {
            if (!isServerTelling)
                Accept(written);
        }

        /// <summary>Takes in what the server says about a goal.</summary>
        public void Receive(Dictionary<string, object> message)
        {
            isServerTelling = true;
            var goal = message.TryGetValue("goal", out var id) && id is double number ? Find((int)number) : null;
            if (goal == null || !message.TryGetValue("op", out var op))
                return;
            var reason = message.TryGetValue("reason", out var text) ? text as string ?? "" : "";
            switch (op as string)
            {
                case "accepted":
                    Accept(goal);
                    break;
                case "progress":
                    goal.Step = message.TryGetValue("step", out var step) && step is double at ? (int)at : 0;
                    goal.Steps = message.TryGetValue("steps", out var steps) && steps is double all ? (int)all : 0;
                    Progress?.Invoke(goal, reason);
                    break;
                case "succeeded":
                    CloseFinished(goal);
                    break;
                case "failed":
                    Close(goal, GoalState.Failed, reason);
                    break;
                case "refused":
                    Close(goal, GoalState.Refused, reason);
                    break;
            }
        }

        /// <summary>Writes the contract's goal of this decision, and says it where it changed.</summary>
        public void Write(Action<string> send)
        {
            Choose();
            SayClosed(send);
            var row = npc.Observation.Goal;
            if (!ReferenceEquals(written, present))
            {
                Array.Clear(row, 0, row.Length);
                written = present;
                if (present != null)
                {
                    row[GoalColumn.WordCount] =
                        Words.EncodeWords(present.Text, row, GoalColumn.Words, Contract.MaxWords);
                    Words.EncodeBag(present.Text, row, GoalColumn.Bag, Contract.TextBagSize);
                    Announce(send);
                }
            }
            if (present == null)
                return;
            row[GoalColumn.Present] = 1f;
            row[GoalColumn.Goal] = present.Id;
            row[GoalColumn.Verb] = (int)present.Act;
            row[GoalColumn.Target] = GiveSlot(present.Target);
            row[GoalColumn.Place] = GiveSlot(present.Place);
            row[GoalColumn.Priority] = present.Priority;
            row[GoalColumn.SecondsLeft] = float.IsInfinity(present.Deadline)
                ? -1f : Mathf.Max(0f, present.Deadline - npc.Clock);
        }

        /// <summary>
        /// Says the present goal again with the next decision, perhaps to another server, and which are over: the
        /// mind that it goes on with may be a second older.
        /// </summary>
        public void Repeat()
        {
            told.AddRange(closed);
            closed.Clear();
            written = null;
            isServerTelling = false;
        }

        /// <summary>Takes all goals back, for a mind that begins anew and has none.</summary>
        public void Forget()
        {
            while (present != null)
                Cancel(present);
            told.Clear();
            closed.Clear();
            Repeat();
        }

        /// <summary>
        /// Goes on with the goals of a save, which the mind in it has too: a goal that is open already stays the
        /// same object, others are taken back.
        /// </summary>
        internal void Restore(List<NpcGoal> saved)
        {
            for (var index = 0; index < saved.Count; index++)
            {
                var same = Find(saved[index].Id);
                if (same == null || same.Text != saved[index].Text)
                    continue;
                same.TakeOver(saved[index]);
                saved[index] = same;
            }
            var before = open.ToArray();
            open.Clear();
            open.AddRange(saved);
            foreach (var goal in before)
                if (!open.Contains(goal))
                    Close(goal, GoalState.Cancelled, "");
            told.Clear();
            closed.Clear(); // the save may have them open
            told.AddRange(saved);
            foreach (var goal in saved)
                lastId = Math.Max(lastId, goal.Id);
            Choose();
            Repeat();
        }

        private NpcGoal Make(float priority, float seconds)
        {
            return new NpcGoal
            {
                Id = ++lastId,
                Priority = priority,
                Deadline = seconds > 0f ? npc.Clock + seconds : float.PositiveInfinity
            };
        }

        private void Add(NpcGoal goal)
        {
            open.Add(goal);
            Choose();
        }

        private void Choose()
        {
            present = null;
            for (var index = 0; index < open.Count; index++)
                if (present == null || open[index].Priority >= present.Priority)
                    present = open[index];
        }

        private NpcGoal Find(int id)
        {
            for (var index = 0; index < open.Count; index++)
                if (open[index].Id == id)
                    return open[index];
            return null;
        }

        private void Accept(NpcGoal goal)
        {
            if (goal == null || goal.State != GoalState.Waiting)
                return;
            goal.State = GoalState.Accepted;
            Accepted?.Invoke(goal);
        }

        /// <summary>The NPC has said that it is finished.</summary>
        private void CloseFinished(NpcGoal goal)
        {
            if (goal.Condition == null || goal.Condition(npc, goal))
                Close(goal, GoalState.Succeeded, "");
            else
                Close(goal, GoalState.Failed, "it said that it was finished, and it is not so");
        }

        private void Close(NpcGoal goal, GoalState state, string reason)
        {
            open.Remove(goal);
            goal.State = state;
            goal.Reason = reason;
            Choose();
            if (state == GoalState.Succeeded)
                Succeeded?.Invoke(goal);
            else if (state == GoalState.Failed)
                Failed?.Invoke(goal);
            else if (state == GoalState.Refused)
                Refused?.Invoke(goal);
        }

        private int GiveSlot(SceneThing thing)
        {
            return thing == null ? 0 : npc.Slots.Give(thing, npc.Clock);
        }

        private static bool IsGone(SceneThing thing)
        {
            return thing == null && !ReferenceEquals(thing, null);
        }

        /// <summary>Says which of the goals that the server has are over, also of those that only waited.</summary>
        private void SayClosed(Action<string> send)
        {
            if (!npc.Link.IsConnected)
                return; // it would be lost; it is said over the next connection
            for (var index = told.Count - 1; index >= 0; index--)
            {
                if (told[index].IsOpen)
                    continue;
                send(json.Clear().BeginObject().Name("op").Text(told[index].State.ToString().ToLowerInvariant())
                    .Name("goal").Number(told[index].Id).EndObject().ToString());
                if (closed.Count == Remembered)
                    closed.RemoveAt(0);
                closed.Add(told[index]);
                told.RemoveAt(index);
            }
        }

        private void Announce(Action<string> send)
        {
            if (npc.Link.IsConnected && !told.Contains(present))
                told.Add(present);
            json.Clear().BeginObject().Name("op").Text("set").Name("goal").Number(present.Id)
                .Name("text").Text(present.Text).Name("priority").Number(present.Priority);
            if (!float.IsInfinity(present.Deadline))
                json.Name("deadline").Number(Mathf.Round(1000f * Mathf.Max(0f, present.Deadline - npc.Clock)) / 1000f);
            if (present.Verb.Length > 0)
                json.Name("verb").Text(present.Verb).Name("act").Number((int)present.Act)
                    .Name("target").Number(GiveSlot(present.Target))
                    .Name("place").Number(GiveSlot(present.Place));
            send(json.EndObject().ToString());
        }
    }
}
