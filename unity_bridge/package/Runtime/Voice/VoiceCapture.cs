using System;
using UnityEngine;

namespace Heedful
{
    /// <summary>A microphone as mono samples at 16 kHz, a tenth of a second at a time.</summary>
    internal sealed class VoiceCapture
    {
        /// <summary>Samples of a chunk.</summary>
        public const int ChunkSamples = Contract.EarSamples;

        private const int BufferSeconds = 2;

        private readonly float[] chunk = new float[ChunkSamples];
        private string device;
        private AudioClip clip;
        private Resampler resampler;
        private float[] read = Array.Empty<float>();
        private float[] kept = Array.Empty<float>();
        private int readPosition;
        private int filled;

        /// <summary>Whether it listens.</summary>
        public bool IsRunning { get { return clip != null; } }

        /// <summary>The samples of the last chunk.</summary>
        public float[] Chunk { get { return chunk; } }

        /// <summary>Begins to listen.</summary>
        /// <param name="device">Name of the microphone; empty for the system's own.</param>
        /// <returns>False when there is no such microphone, or it may not be used.</returns>
        public bool Start(string device)
        {
            if (Microphone.devices.Length == 0)
                return false;
            this.device = string.IsNullOrEmpty(device) ? null : device;
            int rate = ChooseRate(this.device);
            clip = Microphone.Start(this.device, true, BufferSeconds, rate);
            if (clip == null)
                return false;
            int part = clip.frequency / 10 * clip.channels;
            if (read.Length != part)
                read = new float[part];
            resampler = new Resampler(clip.frequency, clip.frequency / 10);
            kept = new float[2 * ChunkSamples];
            readPosition = filled = 0;
            return true;
        }

        /// <summary>Takes the next chunk, if there is a whole one.</summary>
        public bool TryTake()
        {
            while (filled < ChunkSamples && HasTenth())
            {
                clip.GetData(read, readPosition);
                readPosition = (readPosition + read.Length / clip.channels) % clip.samples;
                Keep(read.Length);
            }
            if (filled < ChunkSamples)
                return false;
            Take(ChunkSamples);
            return true;
        }

        /// <summary>Stops listening; what was not taken yet is there for <see cref="TakeRest"/>.</summary>
        public void Stop()
        {
            if (clip == null)
                return;
            int rest = Math.Min(Available() * clip.channels, read.Length);
            if (rest > 0)
            {
                clip.GetData(read, readPosition);
                Keep(rest);
            }
            Microphone.End(device);
            clip = null;
        }

        /// <summary>Takes what is left after <see cref="Stop"/>, a chunk at a time.</summary>
        /// <returns>Samples of the chunk, the last of which may be shorter; 0 when nothing is left.</returns>
        public int TakeRest()
        {
            int left = Math.Min(filled, ChunkSamples);
            Take(left);
            return left;
        }

        private bool HasTenth()
        {
            return Available() * clip.channels >= read.Length;
        }

        private int Available()
        {
            return (Microphone.GetPosition(device) - readPosition + clip.samples) % clip.samples;
        }

        private void Keep(int length)
        {
            int made = resampler.Push(read, clip.channels, length);
            if (filled + made > kept.Length)
                Array.Resize(ref kept, filled + made);
            Array.Copy(resampler.Output, 0, kept, filled, made);
            filled += made;
        }

        private void Take(int count)
        {
            Array.Copy(kept, chunk, count);
            filled -= count;
            Array.Copy(kept, count, kept, 0, filled);
        }

        private static int ChooseRate(string device)
        {
            Microphone.GetDeviceCaps(device, out int lowest, out int highest);
            if (highest == 0) // any
                return Contract.SampleRate;
            return Mathf.Clamp(Contract.SampleRate, lowest, highest);
        }
    }
}
