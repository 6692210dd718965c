using System;

namespace Heedful
{
    /// <summary>The contract's model of hearing: how a source of sound arrives at two ears. The same formulas as
    /// the headless world's (envs/world/sound.py and sound_bank.py).</summary>
    public static class Acoustics
    {
        /// <summary>What one wall lets through of low sounds.</summary>
        public const double WallGain = 0.6;

        /// <summary>Hertz, of the one-pole low-pass that a wall is.</summary>
        public const double WallCutoff = 2000.0;

        /// <summary>Root mean square that a waveform is set to, as far as <see cref="Peak"/> allows.</summary>
        public const float Loudness = 0.12f;

        /// <summary>Highest peak that a waveform is set to.</summary>
        public const float Peak = 0.5f;

        /// <summary>Samples before a frame, for an ear that hears later than the other.</summary>
        public const int LeadSamples = 32;

        /// <summary>Samples before those, in which the walls' filters settle; what they still remember from
        /// before is less than a float can show.</summary>
        public const int SettleSamples = 96;

        /// <summary>Samples of a source that a frame is made of: settle, lead, then the frame itself.</summary>
        public const int WindowSamples = SettleSamples + LeadSamples + Contract.EarSamples;

        private static readonly double WallKeep = Math.Exp(-2 * Math.PI * WallCutoff / Contract.SampleRate);

        /// <summary>How loud and how late a source is heard, walls apart.</summary>
        /// <param name="x">The source's position, metres.</param>
        /// <param name="z">The source's position, metres.</param>
        /// <param name="ears">Where the listener is and looks.</param>
        public static Heard Hear(float x, float z, in Listener ears)
        {
            float awayX = x - ears.X;
            float awayZ = z - ears.Z;
            float distance = (float)Math.Sqrt(awayX * awayX + awayZ * awayZ);
            float near = Math.Max(distance, WorldRules.SoundNearest);
            float toRight = awayX * (float)Math.Cos(ears.Yaw) - awayZ * (float)Math.Sin(ears.Yaw);
            float side = toRight / near;
            const float fade = WorldRules.SoundRange - WorldRules.SoundFadeFrom;
            float part = Math.Min(Math.Max((WorldRules.SoundRange - distance) / fade, 0f), 1f);
            float gain = part * part * (3f - part - part) / near;
            float delay = (float)Math.Round(side * WorldRules.EarDelaySamples);
            Heard heard;
            heard.GainLeft = gain * (WorldRules.EarLevel - WorldRules.EarLevelDifference * side);
            heard.GainRight = gain * (WorldRules.EarLevel + WorldRules.EarLevelDifference * side);
            heard.DelayLeft = (int)Math.Max(delay, 0f);
            heard.DelayRight = (int)Math.Max(-delay, 0f);
            heard.Walls = 0;
            return heard;
        }

        /// <summary>Muffles a window as <paramref name="walls"/> walls do.</summary>
        /// <param name="window">The samples as they are at the source; not changed.</param>
        /// <param name="walls">0 to <see cref="WorldRules.MaxWalls"/>.</param>
        /// <param name="muffled">Receives as many samples; its first <see cref="SettleSamples"/> are not settled
        /// yet.</param>
        public static void Muffle(float[] window, int walls, float[] muffled)
        {
            double pass = WallGain * (1 - WallKeep);
            double first = 0, second = 0, third = 0;
            for (int sample = 0; sample < window.Length; sample++)
            {
                first = WallKeep * first + pass * window[sample];
                second = WallKeep * second + pass * first;
                third = WallKeep * third + pass * second;
                muffled[sample] = (float)(walls == 1 ? first : walls == 2 ? second : third);
            }
        }

        /// <summary>Bends a sample beyond <see cref="WorldRules.SoundClipFrom"/> so that none passes 1.</summary>
        public static float ClipSoftly(float sample)
        {
            const float room = 1f - WorldRules.SoundClipFrom;
            float size = Math.Abs(sample);
            float excess = Math.Max(size - WorldRules.SoundClipFrom, 0f) / room;
            float bent = Math.Min(size, WorldRules.SoundClipFrom) + room * excess / (1f + excess);
            return sample > 0f ? bent : -bent;
        }

        /// <summary>The factor that sets samples to <see cref="Loudness"/>; 0 for silence.</summary>
        public static float LevelOf(float[] samples)
        {
            double energy = 0;
            float peak = 0f;
            foreach (float sample in samples)
            {
                energy += (double)sample * sample;
                peak = Math.Max(peak, Math.Abs(sample));
            }
            if (peak == 0f)
                return 0f;
            return (float)Math.Min(Loudness / Math.Sqrt(energy / samples.Length), Peak / peak);
        }
    }

    /// <summary>Where a pair of ears is: metres, and yaw in radians clockwise from +z seen from above.</summary>
    public struct Listener
    {
        /// <summary>East, metres.</summary>
        public float X;

        /// <summary>North, metres.</summary>
        public float Z;

        /// <summary>Radians.</summary>
        public float Yaw;
    }

    /// <summary>How a source is heard: gains, delays in samples, walls between.</summary>
    public struct Heard
    {
        /// <summary>Gain of the left ear, 0 when it hears nothing.</summary>
        public float GainLeft;

        /// <summary>Gain of the right ear.</summary>
        public float GainRight;

        /// <summary>Samples that the left ear hears later.</summary>
        public int DelayLeft;

        /// <summary>Samples that the right ear hears later.</summary>
        public int DelayRight;

        /// <summary>Walls and closed doors between, 0 to <see cref="WorldRules.MaxWalls"/>.</summary>
        public int Walls;

        /// <summary>Whether anything of it reaches an ear.</summary>
        public bool IsAudible => Math.Max(GainLeft, GainRight) > 0f;
    }
}
