namespace Heedful
{
    /// <summary>A sound as mono samples at 16 kHz: what one source gives to be heard.</summary>
    /// <remarks>The same object means the same sound going on; another one is another sound, before which the
    /// ears fade the first one out.</remarks>
    public interface IWaveform
    {
        /// <summary>Fills <paramref name="window"/> with the sound's latest samples, oldest first.</summary>
        /// <param name="end">The game's clock in samples, the moment after the last sample.</param>
        /// <param name="window">As long as <see cref="Acoustics.WindowSamples"/>; samples that there are not
        /// become 0.</param>
        void Read(long end, float[] window);
    }
}
