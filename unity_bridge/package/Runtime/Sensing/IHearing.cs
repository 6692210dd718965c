namespace Heedful
{
    /// <summary>An NPC's ears: a component beside HeedfulNpc.</summary>
    public interface IHearing
    {
        /// <summary>Whether sound reaches these ears at all (there is an audio device).</summary>
        bool IsValid { get; }

        /// <summary>Writes what was heard since the last decision.</summary>
        /// <param name="npc">Who listens.</param>
        /// <param name="audio">AudioSize samples: left ear, then right, -1 to 1.</param>
        void Render(HeedfulNpc npc, float[] audio);
    }
}
