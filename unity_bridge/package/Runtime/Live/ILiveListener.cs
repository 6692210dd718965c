namespace Heedful
{
    /// <summary>Is told by LiveConnection.Pump, on the main thread, what has happened.</summary>
    internal interface ILiveListener
    {
        /// <summary>
        /// A server has taken this game; minds that were kept are on their way to it, and now everything that
        /// it may not know is said again.
        /// </summary>
        void NoteWelcome();

        /// <summary>The server does not want this game.</summary>
        /// <param name="sentence">Why, and the cure.</param>
        void NoteRefusal(string sentence);

        /// <summary>There is no server at present; it is looked for again and again.</summary>
        /// <param name="sentence">What is wrong, and the cure.</param>
        void NoteAbsence(string sentence);

        /// <summary>A message of a side channel came.</summary>
        void NoteNews(LiveNpc npc, string channel, string json);
    }
}
