using System;

namespace Heedful
{
    /// <summary>How far a goal is.</summary>
    public enum GoalState
    {
        /// <summary>It waits for the NPC's word, or behind a goal of higher priority.</summary>
        Waiting,

        /// <summary>The NPC has taken it on.</summary>
        Accepted,

        /// <summary>It is reached.</summary>
        Succeeded,

        /// <summary>It will not be reached; Reason says why.</summary>
        Failed,

        /// <summary>The NPC will not do it; Reason says why.</summary>
        Refused,

        /// <summary>The game took it back.</summary>
        Cancelled
    }

    /// <summary>Something that a game asks of an NPC.</summary>
    public sealed class NpcGoal
    {
        /// <summary>Number of it, 1 and up.</summary>
        public int Id { get; internal set; }

        /// <summary>What is asked, in plain words.</summary>
        public string Text { get; internal set; } = "";

        /// <summary>The verb that the game gave; empty when it gave a text.</summary>
        public string Verb { get; internal set; } = "";

        /// <summary>The act by which the verb is done; None for going, and for texts.</summary>
        public Act Act { get; internal set; }

        /// <summary>What it is about; null for texts.</summary>
        public SceneThing Target { get; internal set; }

        /// <summary>Where or to whom; null for nowhere.</summary>
        public SceneThing Place { get; internal set; }

        /// <summary>The highest one is pursued first.</summary>
        public float Priority { get; internal set; } = 1f;

        /// <summary>Seconds of the NPC's clock when it must be reached; infinite for no hurry.</summary>
        public float Deadline { get; internal set; } = float.PositiveInfinity;

        /// <summary>How far it is.</summary>
        public GoalState State { get; internal set; }

        /// <summary>Which step of it the mind is at, from 1, as it said with Progress; 0 before.</summary>
        public int Step { get; internal set; }

        /// <summary>How many steps it has, as the mind said with Progress; 0 before.</summary>
        public int Steps { get; internal set; }

        /// <summary>Why it failed or was refused, a sentence; empty otherwise.</summary>
        public string Reason { get; internal set; } = "";

        /// <summary>
        /// When it is reached: asked before each decision. Goals of a verb have one; without one, the goal is
        /// reached when the NPC says that it is finished.
        /// </summary>
        public Func<HeedfulNpc, NpcGoal, bool> Condition { get; set; }

        /// <summary>Whether it is neither reached nor given up.</summary>
        public bool IsOpen { get { return State == GoalState.Waiting || State == GoalState.Accepted; } }

        /// <summary>Is as far again as it was in a save.</summary>
        internal void TakeOver(NpcGoal saved)
        {
            Priority = saved.Priority;
            Deadline = saved.Deadline;
            State = saved.State;
            Step = saved.Step;
            Steps = saved.Steps;
        }
    }
}
