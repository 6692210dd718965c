using System;

namespace Heedful
{
    /// <summary>Brings interleaved channels of any rate to mono 16 kHz, chunk by chunk, without a seam.</summary>
    /// <remarks>A windowed sinc, at every output sample shifted by the exact fraction of an input sample. Allocates
    /// when it is made; later only when a chunk is longer than any before, which a caller avoids by
    /// <c>longestChunk</c>.</remarks>
    public sealed class Resampler
    {
        private const int ZeroCrossings = 12;

        private readonly int up;
        private readonly int down;
        private readonly int taps;
        private readonly float[] kernel;
        private float[] input;
        private float[] output;
        private int kept;
        private int phase;

        /// <summary>Makes one for a rate.</summary>
        /// <param name="rate">Samples a second and channel that come in.</param>
        /// <param name="longestChunk">Frames (samples per channel) that a chunk has at most.</param>
        /// <exception cref="ArgumentOutOfRangeException">The rate is below 1000 Hz or above 384,000 Hz.</exception>
        public Resampler(int rate, int longestChunk = 4096)
        {
            if (rate < 1000 || rate > 384000)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(rate), "A sound has " + rate + " samples a second: give one between 1000 and 384000.");
            }
            int common = GreatestDivisor(rate, Contract.SampleRate);
            up = Contract.SampleRate / common;
            down = rate / common;
            double cutoff = Math.Min(1.0, Contract.SampleRate / (double)rate);
            int half = (int)Math.Ceiling(ZeroCrossings / cutoff);
            taps = 2 * half;
            kernel = MakeKernel(up, half, cutoff);
            kept = taps - 1;
            input = new float[kept + longestChunk];
            output = new float[OutputsOf(longestChunk)];
        }

        /// <summary>What the last call of <see cref="Push"/> made; valid until the next one.</summary>
        public float[] Output => output;

        /// <summary>Takes a chunk in.</summary>
        /// <param name="data">Interleaved channels.</param>
        /// <param name="channels">How many, at least 1; they are averaged.</param>
        /// <param name="length">Numbers of <paramref name="data"/> to take, a multiple of the channels.</param>
        /// <returns>How many samples of <see cref="Output"/> are new.</returns>
        public int Push(float[] data, int channels, int length)
        {
            int frames = length / channels;
            if (kept + frames > input.Length)
                Array.Resize(ref input, kept + frames);
            if (OutputsOf(frames) > output.Length)
                Array.Resize(ref output, OutputsOf(frames));
            MixDown(data, channels, frames);
            int available = kept + frames;
            int first = 0;
            int made = 0;
            while (first + taps <= available)
            {
                output[made++] = Convolve(first, phase * taps);
                phase += down;
                first += phase / up;
                phase %= up;
            }
            kept = available - first;
            Array.Copy(input, first, input, 0, kept);
            return made;
        }

        /// <summary>Brings a whole sound to mono 16 kHz, in place with the original: no delay, the same length in
        /// seconds.</summary>
        /// <param name="data">Interleaved channels.</param>
        /// <param name="channels">How many, at least 1.</param>
        /// <param name="rate">Samples a second and channel.</param>
        public static float[] Convert(float[] data, int channels, int rate)
        {
            int frames = data.Length / channels;
            var resampler = new Resampler(rate, frames + 1);
            int half = resampler.taps / 2;
            // Begin at the middle of the kernel, and push the last half of it through with silence.
            resampler.kept = half - 1;
            int made = resampler.Push(data, channels, frames * channels);
            var samples = new float[(int)((long)frames * Contract.SampleRate / rate)];
            Array.Copy(resampler.output, samples, Math.Min(made, samples.Length));
            int filled = Math.Min(made, samples.Length);
            int rest = resampler.Push(new float[half + 1], 1, half + 1);
            Array.Copy(resampler.output, 0, samples, filled, Math.Min(rest, samples.Length - filled));
            return samples;
        }

        private void MixDown(float[] data, int channels, int frames)
        {
            for (int frame = 0; frame < frames; frame++)
            {
                float sum = 0f;
                for (int channel = 0; channel < channels; channel++)
                    sum += data[frame * channels + channel];
                input[kept + frame] = sum / channels;
            }
        }

        private float Convolve(int first, int row)
        {
            float sum = 0f;
            for (int tap = 0; tap < taps; tap++)
                sum += kernel[row + tap] * input[first + tap];
            return sum;
        }

        private int OutputsOf(int frames)
        {
            return (int)((long)(frames + taps) * up / down) + 2;
        }

        /// <summary>One row of taps for every fraction of an input sample, each row summing to 1.</summary>
        private static float[] MakeKernel(int phases, int half, double cutoff)
        {
            int taps = 2 * half;
            var rows = new float[phases * taps];
            for (int phase = 0; phase < phases; phase++)
            {
                double sum = 0;
                for (int tap = 0; tap < taps; tap++)
                {
                    double away = tap - (half - 1) - phase / (double)phases;
                    double turn = Math.PI * away * cutoff;
                    double sinc = Math.Abs(turn) < 1e-9 ? 1.0 : Math.Sin(turn) / turn;
                    double edge = Math.Min(Math.Abs(away) / half, 1.0);
                    double value = sinc * (0.42 + 0.5 * Math.Cos(Math.PI * edge) + 0.08 * Math.Cos(2 * Math.PI * edge));
                    rows[phase * taps + tap] = (float)value;
                    sum += value;
                }
                for (int tap = 0; tap < taps; tap++)
                    rows[phase * taps + tap] = (float)(rows[phase * taps + tap] / sum);
            }
            return rows;
        }

        private static int GreatestDivisor(int first, int second)
        {
            while (second != 0)
            {
                int rest = first % second;
                first = second;
                second = rest;
            }
            return first;
        }
    }
}
