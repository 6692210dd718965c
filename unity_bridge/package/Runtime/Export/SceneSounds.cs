using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// The sounds of scene files as loops, made as envs/world/sound_bank.py makes them: 2 s without a
    /// seam, 16 kHz. The eight of the museum are here; a game gives its own clips for others.
    /// </summary>
    public static class SceneSounds
    {
        /// <summary>Names of the sounds that Make knows.</summary>
        public static readonly string[] Names =
        {
            "ring", "beep", "hum", "tick", "music", "buzz", "chime", "whistle"
        };

        private const int Seconds = 2;
        private const int Samples = Seconds * Contract.SampleRate;
        private const double Loudness = 0.12;
        private const double Peak = 0.5;

        private static readonly int[] Notes = { 0, 4, 7, 12, 7, 9, 5, 9, 12, 9, 2, 7, 11, 7, 2, 0, 4, 7, 4, 0 };

        /// <summary>The loop of a sound.</summary>
        /// <param name="name">One of Names.</param>
        /// <returns>Samples from -1 to 1, or null when there is no sound of that name.</returns>
        public static float[] Make(string name)
        {
            Func<double, double> wave = Find(name);
            if (wave == null)
            {
                return null;
            }

            var loop = new double[Samples];
            double power = 0;
            double highest = 0;
            for (int i = 0; i < Samples; i++)
            {
                loop[i] = wave((double)i / Contract.SampleRate);
                power += loop[i] * loop[i];
                highest = Math.Max(highest, Math.Abs(loop[i]));
            }

            double gain = Math.Min(Loudness / Math.Sqrt(power / Samples), Peak / highest);
            var samples = new float[Samples];
            for (int i = 0; i < Samples; i++)
            {
                samples[i] = (float)(loop[i] * gain);
            }

            return samples;
        }

        /// <summary>The clip of a sound, or null when there is no sound of that name.</summary>
        public static AudioClip MakeClip(string name)
        {
            float[] samples = Make(name);
            if (samples == null)
            {
                return null;
            }

            AudioClip clip = AudioClip.Create(name, Samples, 1, Contract.SampleRate, false);
            clip.SetData(samples, 0);
            return clip;
        }

        private static Func<double, double> Find(string name)
        {
            switch (name)
            {
                case "ring":
                    return t => (Tone(t, 1150) + Tone(t, 1480) + 0.5 * Tone(t, 2890) + 0.3 * Tone(t, 3710))
                        * Decay(t, 20, 0.03);
                case "beep":
                    return t => Tone(t, 880) * Clip(Math.Min(t % 0.1, 0.06 - t % 0.1) / 0.004);
                case "hum":
                    return t => (Tone(t, 100) + 0.8 * Tone(t, 200, 0.7) + 0.35 * Tone(t, 300, 1.9) + 0.1 * Tone(t, 400))
                        * (1 + 0.15 * Tone(t, 1.5));
                case "tick":
                    return Tick();
                case "music":
                    return Music;
                case "buzz":
                    return Buzz;
                case "chime":
                    return Chime;
                case "whistle":
                    return Whistle();
                default:
                    return null;
            }
        }

        private static double Tone(double t, double frequency, double phase = 0)
        {
            return Math.Sin(2 * Math.PI * Math.Round(frequency * Seconds) * t / Seconds + phase);
        }

        private static double Clip(double value)
        {
            return Math.Max(0, Math.Min(1, value));
        }

        /// <summary>1 at every strike, falling by e every so many seconds.</summary>
        private static double Decay(double t, double strikes, double seconds)
        {
            double since = t % (1 / strikes);
            return Math.Min(since / 0.001, 1) * Math.Exp(-since / seconds);
        }

        private static Func<double, double> Tick()
        {
            Func<double, double> high = Noise(1, 3500, 6500);
            Func<double, double> low = Noise(2, 1800, 3500);
            return t => Math.Tanh(0.8 * (high(t) * Decay(t, 20, 0.01) + 0.8 * low(t) * Decay(t, 10, 0.01)));
        }

        private static double Music(double t)
        {
            double seconds = (double)Seconds / Notes.Length;
            double since = t % seconds;
            double envelope = Math.Min(since / 0.005, 1) * Math.Min((seconds - since) / 0.005, 1);
            int note = Notes[(int)(t / seconds) % Notes.Length];
            double phase = 2 * Math.PI * 392 * Math.Pow(2, note / 12.0) * since;
            double tune = Math.Sin(phase) + 0.5 * Math.Sin(2 * phase) + 0.25 * Math.Sin(3 * phase);
            double chord = Tone(t, 196) + Tone(t, 246.9) + Tone(t, 293.7);
            return tune * envelope * Math.Exp(-since / 0.15) + 0.3 * chord;
        }

        private static double Buzz(double t)
        {
            double saw = 0;
            for (int k = 1; k < 40; k++)
            {
                saw += Tone(t, 150 * k) / Math.Pow(k, 0.6);
            }

            return saw * (1 + 0.4 * Tone(t, 30));
        }

        private static double Chime(double t)
        {
            double struck = t * 5 % 1 / 5;
            double pitch = (int)(t * 5) % 2 == 0 ? 587 : 784;
            double partials = Tone(t, pitch) + 0.7 * Tone(t, pitch * 2.76) + 0.5 * Tone(t, pitch * 5.4);
            return partials * Math.Min(struck / 0.002, 1) * Math.Exp(-struck / 0.12);
        }

        private static Func<double, double> Whistle()
        {
            Func<double, double> breath = Noise(3, 1500, 4000);
            return t => Math.Sin(2 * Math.PI * 2200 * t + 75 * (1 - Math.Cos(2 * Math.PI * 4 * t))) + 0.15 * breath(t);
        }

        /// <summary>Noise between two frequencies as 60 tones of random phase, of unit power.</summary>
        private static Func<double, double> Noise(int seed, double low, double high)
        {
            const int tones = 60;
            var random = new System.Random(seed);
            var found = new List<Vector2>(tones);
            for (int i = 0; i < tones; i++)
            {
                double frequency = low + (high - low) * random.NextDouble();
                found.Add(new Vector2((float)frequency, (float)(2 * Math.PI * random.NextDouble())));
            }

            double level = Math.Sqrt(2.0 / tones);
            return t =>
            {
                double sum = 0;
                foreach (Vector2 tone in found)
                {
                    sum += Tone(t, tone.x, tone.y);
                }

                return sum * level;
            };
        }
    }
}
