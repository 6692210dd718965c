using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>The samples of audio clips as the ears take them; every clip is converted once.</summary>
    public static class SoundClips
    {
        private static readonly Dictionary<AudioClip, float[]> known = new Dictionary<AudioClip, float[]>();

        /// <summary>A clip's samples: mono, 16 kHz, of the contract's loudness.</summary>
        /// <param name="clip">The clip.</param>
        /// <param name="samples">Shared; null when they cannot be had.</param>
        /// <returns>False when the clip streams or is compressed in memory, or is not loaded yet.</returns>
        public static bool TryGet(AudioClip clip, out float[] samples)
        {
            if (known.TryGetValue(clip, out samples))
                return samples != null;
            if (clip.loadState != AudioDataLoadState.Loaded && clip.loadType == AudioClipLoadType.DecompressOnLoad)
                return false; // perhaps later
            samples = clip.loadType == AudioClipLoadType.DecompressOnLoad ? Read(clip) : null;
            known.Add(clip, samples);
            return samples != null;
        }

        /// <summary>Sets samples to the contract's loudness, in place.</summary>
        public static float[] Level(float[] samples)
        {
            float level = Acoustics.LevelOf(samples);
            for (int index = 0; index < samples.Length; index++)
                samples[index] *= level;
            return samples;
        }

        private static float[] Read(AudioClip clip)
        {
            var data = new float[clip.samples * clip.channels];
            if (data.Length == 0 || !clip.GetData(data, 0))
                return null;
            float[] samples = Resampler.Convert(data, clip.channels, clip.frequency);
            return samples.Length == 0 ? null : Level(samples);
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Reset()
        {
            known.Clear();
        }
    }
}
