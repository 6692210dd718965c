using System;

namespace Heedful
{
    /// <summary>A sound that is wholly known: samples that are played once or over and over.</summary>
    /// <remarks>It goes by the game's clock, so it needs no audio device and is the same at any time scale.</remarks>
    public sealed class ClipWaveform : IWaveform
    {
        private readonly float[] samples;
        private readonly bool loops;
        private long start;
        private float gain = 1f;

        /// <summary>Wraps samples, which are kept and not copied.</summary>
        /// <param name="samples">Mono, 16 kHz.</param>
        /// <param name="loops">Whether it begins anew at its end.</param>
        /// <exception cref="ArgumentException">There are no samples.</exception>
        public ClipWaveform(float[] samples, bool loops)
        {
            if (samples == null || samples.Length == 0)
                throw new ArgumentException("A sound has no samples: give at least one.", nameof(samples));
            this.samples = samples;
            this.loops = loops;
        }

        /// <summary>Factor on all samples.</summary>
        public float Gain
        {
            get => gain;
            set => gain = Math.Max(value, 0f);
        }

        /// <summary>The same sound once more, as another one: the ears fade from the one to the other.</summary>
        public ClipWaveform Again()
        {
            return new ClipWaveform(samples, loops);
        }

        /// <summary>Begins to play at a moment of the game's clock in samples.</summary>
        public void Start(long moment)
        {
            start = moment;
        }

        /// <summary>Keeps up with whoever plays it: moves to a sample when the game's clock is too far off it, and
        /// else goes on, so that the unsteady clock of an audio device is not heard.</summary>
        /// <param name="moment">The game's clock in samples.</param>
        /// <param name="sample">Which sample is played now.</param>
        public void Follow(long moment, long sample)
        {
            long off = moment - start - sample;
            if (loops)
            {
                // Whole rounds do not count.
                off -= samples.Length * (long)Math.Round(off / (double)samples.Length);
            }
            if (Math.Abs(off) > Contract.EarSamples)
                start = moment - sample;
        }

        /// <summary>Whether it has ended at a moment of the game's clock, with a frame to spare for its echo in
        /// ears that hear later.</summary>
        public bool HasEnded(long moment)
        {
            return !loops && moment - start >= samples.Length + Acoustics.WindowSamples;
        }

        /// <inheritdoc/>
        public void Read(long end, float[] window)
        {
            long first = end - start - window.Length;
            int length = samples.Length;
            for (int index = 0; index < window.Length; index++)
            {
                long sample = first + index;
                if (loops && sample >= length)
                    sample %= length;
                window[index] = sample >= 0 && sample < length ? gain * samples[sample] : 0f;
            }
        }
    }
}
