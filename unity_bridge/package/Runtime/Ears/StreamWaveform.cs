using System;
using System.Diagnostics;
using System.Threading;

namespace Heedful
{
    /// <summary>A sound that comes in while it is heard, such as what an audio source puts out or a voice.</summary>
    /// <remarks>One thread writes (Unity's audio thread), another reads; neither waits for the other. It keeps the
    /// last second, of which the newest samples are heard. A stream that has stopped is silent.</remarks>
    public sealed class StreamWaveform : IWaveform
    {
        /// <summary>Samples that may be late before the stream counts as silent.</summary>
        public const int Patience = Contract.EarSamples;

        private const int Capacity = 1 << 14;
        private readonly float[] ring = new float[Capacity];
        private long written;
        private long writtenAt;
        private float gain = 1f;

        /// <summary>Factor on all samples that are heard.</summary>
        public float Gain
        {
            get => gain;
            set => gain = Math.Max(value, 0f);
        }

        /// <summary>Samples that were written since it began.</summary>
        public long Written => Volatile.Read(ref written);

        /// <summary>Whether samples came in lately.</summary>
        public bool IsRunning
        {
            get
            {
                return Volatile.Read(ref written) != 0 && Missing() < Acoustics.WindowSamples;
            }
        }

        /// <summary>Adds samples; by one thread only.</summary>
        /// <param name="samples">Mono, 16 kHz.</param>
        /// <param name="count">How many of them.</param>
        public void Write(float[] samples, int count)
        {
            long start = written;
            for (int index = 0; index < count; index++)
                ring[(start + index) & (Capacity - 1)] = samples[index];
            Volatile.Write(ref writtenAt, Stopwatch.GetTimestamp());
            Volatile.Write(ref written, start + count);
        }

        /// <inheritdoc/>
        /// <remarks>The moment is not asked for: a stream is heard as late as it comes in.</remarks>
        public void Read(long end, float[] window)
        {
            long newest = Volatile.Read(ref written);
            long first = newest + Missing() - window.Length;
            for (int index = 0; index < window.Length; index++)
            {
                long sample = first + index;
                window[index] = sample >= 0 && sample < newest ? gain * ring[sample & (Capacity - 1)] : 0f;
            }
        }

        /// <summary>How many samples too few have come in, at most a window; more than that are silence too.</summary>
        private long Missing()
        {
            double waited = (Stopwatch.GetTimestamp() - Volatile.Read(ref writtenAt)) / (double)Stopwatch.Frequency;
            double late = waited * Contract.SampleRate - Patience;
            return (long)Math.Min(Math.Max(late, 0.0), Acoustics.WindowSamples);
        }
    }
}
