namespace Heedful
{
    /// <summary>What an NPC does in one decision, with its slots already looked up.</summary>
    public readonly struct NpcAction
    {
        /// <summary>What the legs do.</summary>
        public readonly Move Move;

        /// <summary>How far the body turns.</summary>
        public readonly Turn Turn;

        /// <summary>Where the eyes look.</summary>
        public readonly Look Look;

        /// <summary>What the hands do.</summary>
        public readonly Act Act;

        /// <summary>What the hands, the legs (go) and the words are for; null for nothing.</summary>
        public readonly SceneThing Target;

        /// <summary>The kind of message.</summary>
        public readonly Say Say;

        /// <summary>What the message is about; null for nothing.</summary>
        public readonly SceneThing About;

        /// <summary>The place or thing that the message names as where; null for nothing.</summary>
        public readonly SceneThing Where;

        /// <summary>Makes an action.</summary>
        public NpcAction(Move move, Turn turn, Look look, Act act = Act.None, SceneThing target = null,
            Say say = Say.None, SceneThing about = null, SceneThing where = null)
        {
            Move = move;
            Turn = turn;
            Look = look;
            Act = act;
            Target = target;
            Say = say;
            About = about;
            Where = where;
        }

        /// <summary>Stands still, looks ahead and does nothing.</summary>
        public static readonly NpcAction Idle = new NpcAction(Move.Stay, Turn.None, Look.Level);
    }
}
