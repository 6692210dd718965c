namespace Heedful
{
    /// <summary>An NPC's eyes: a component beside HeedfulNpc.</summary>
    public interface ISight
    {
        /// <summary>Takes the picture of this decision.</summary>
        /// <param name="npc">Who looks.</param>
        /// <param name="png">Where the PNG goes; may be replaced by a longer array.</param>
        /// <returns>Bytes written, 0 when there is no picture.</returns>
        int Capture(HeedfulNpc npc, ref byte[] png);

        /// <summary>Seconds since the picture that Capture returns was taken; 0 when it is fresh.</summary>
        float Age { get; }
    }
}
