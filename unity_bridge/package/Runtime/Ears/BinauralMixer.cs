using System;

namespace Heedful
{
    /// <summary>The two ears of one NPC: mixes what it hears in a tenth of a second.</summary>
    /// <remarks>
    /// <para>A source is heard with 1 / distance, a little later and softer at the ear turned away, and muffled by
    /// each wall between. Everything that changes from one frame to the next is cross-faded, so nothing clicks.</para>
    /// <para>Calls nothing of Unity and allocates nothing, except when sources beyond its capacity come up. One
    /// frame: <see cref="Begin"/>, <see cref="Add"/> for every source that sounds, <see cref="Finish"/>.</para>
    /// </remarks>
    public sealed class BinauralMixer
    {
        private struct Source
        {
            public IWaveform Waveform;
            public Heard Before;
            public bool Added;
        }

        private static readonly float[] FadeIn = MakeFade();

        private readonly float[] left = new float[Contract.EarSamples];
        private readonly float[] right = new float[Contract.EarSamples];
        private readonly float[] window = new float[Acoustics.WindowSamples];
        private readonly float[] muffled = new float[Acoustics.WindowSamples];
        private readonly float[] muffledBefore = new float[Acoustics.WindowSamples];
        private Source[] sources;
        private Listener ears;
        private long end;
        private bool silent;

        /// <summary>Makes ears that have heard nothing yet.</summary>
        /// <param name="capacity">Sources that they can hear without allocating; grows by itself.</param>
        public BinauralMixer(int capacity = 32)
        {
            sources = new Source[Math.Max(capacity, 1)];
        }

        /// <summary>Forgets what was heard, as at the start of an episode: sounds then fade in.</summary>
        public void Forget()
        {
            Array.Clear(sources, 0, sources.Length);
        }

        /// <summary>Begins a frame in silence.</summary>
        /// <param name="ears">Where the ears are now.</param>
        /// <param name="end">The game's clock in samples at the frame's end.</param>
        public void Begin(in Listener ears, long end)
        {
            this.ears = ears;
            this.end = end;
            silent = true;
            Array.Clear(left, 0, left.Length);
            Array.Clear(right, 0, right.Length);
            for (int source = 0; source < sources.Length; source++)
                sources[source].Added = false;
        }

        /// <summary>Adds a source that sounds. One whose sound has changed fades out for this frame first.</summary>
        /// <param name="source">Its number, the same in every frame; small, since numbers are places in an array.</param>
        /// <param name="waveform">What it sounds like.</param>
        /// <param name="x">Its position, metres.</param>
        /// <param name="z">Its position, metres.</param>
        /// <param name="walls">Walls and closed doors between it and the ears.</param>
        /// <exception cref="ArgumentOutOfRangeException">The number is below 0.</exception>
        /// <exception cref="ArgumentNullException">There is no waveform.</exception>
        public void Add(int source, IWaveform waveform, float x, float z, int walls)
        {
            if (source < 0)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(source), "A source of sound has a number below 0: count sources from 0.");
            }
            if (waveform == null)
            {
                throw new ArgumentNullException(
                    nameof(waveform), "A source of sound has no waveform: do not add sources that are silent.");
            }
            if (source >= sources.Length)
                Array.Resize(ref sources, Math.Max(2 * sources.Length, source + 1));
            ref Source known = ref sources[source];
            if (known.Before.IsAudible && known.Waveform != waveform)
                return; // Finish lets the other sound fade out; this one waits for that.
            known.Added = true;
            known.Waveform = waveform;
            Heard heard = Acoustics.Hear(x, z, ears);
            heard.Walls = Math.Min(Math.Max(walls, 0), WorldRules.MaxWalls);
            Mix(ref known, heard);
        }

        /// <summary>Fades out what has fallen silent and writes the frame.</summary>
        /// <param name="audio">Receives left ear then right, <see cref="Contract.EarSamples"/> each, -1 to 1; exact
        /// zeros in silence.</param>
        public void Finish(float[] audio)
        {
            for (int source = 0; source < sources.Length; source++)
            {
                ref Source known = ref sources[source];
                if (known.Added || known.Waveform == null)
                    continue;
                Heard gone = known.Before;
                gone.GainLeft = 0f;
                gone.GainRight = 0f;
                Mix(ref known, gone);
                known.Waveform = null;
            }
            if (silent)
            {
                Array.Clear(audio, 0, 2 * Contract.EarSamples);
                return;
            }
            for (int sample = 0; sample < Contract.EarSamples; sample++)
            {
                audio[sample] = Acoustics.ClipSoftly(left[sample]);
                audio[Contract.EarSamples + sample] = Acoustics.ClipSoftly(right[sample]);
            }
        }

        private void Mix(ref Source known, in Heard heard)
        {
            Heard before = known.Before;
            known.Before = heard;
            if (!before.IsAudible && !heard.IsAudible)
                return;
            silent = false;
            known.Waveform.Read(end, window);
            float[] now = Through(heard.Walls, muffled);
            float[] then = before.Walls == heard.Walls ? now : Through(before.Walls, muffledBefore);
            AddEar(now, then, before.GainLeft, heard.GainLeft, before.DelayLeft, heard.DelayLeft, left);
            AddEar(now, then, before.GainRight, heard.GainRight, before.DelayRight, heard.DelayRight, right);
        }

        private float[] Through(int walls, float[] muffled)
        {
            if (walls == 0)
                return window;
            Acoustics.Muffle(window, walls, muffled);
            return muffled;
        }

        private static void AddEar(
            float[] now, float[] then, float gainBefore, float gain, int delayBefore, int delay, float[] ear)
        {
            const int frame = Acoustics.SettleSamples + Acoustics.LeadSamples;
            if (now == then && delay == delayBefore)
            {
                AddFading(now, frame - delay, gainBefore, gain, FadeIn, ear, ear.Length);
                return;
            }
            if (gainBefore > 0f)
                AddFading(then, frame - delayBefore, gainBefore, 0f, FadeIn, ear, WorldRules.FadeSamples);
            if (gain > 0f)
                AddFading(now, frame - delay, 0f, gain, FadeIn, ear, ear.Length);
        }

        private static void AddFading(
            float[] piece, int start, float fromGain, float toGain, float[] fade, float[] ear, int samples)
        {
            float change = toGain - fromGain;
            for (int sample = 0; sample < samples; sample++)
                ear[sample] += (fromGain + change * fade[sample]) * piece[start + sample];
        }

        private static float[] MakeFade()
        {
            var fade = new float[Contract.EarSamples];
            for (int sample = 0; sample < fade.Length; sample++)
                fade[sample] = (float)Math.Min((sample + 1) / (double)WorldRules.FadeSamples, 1.0);
            return fade;
        }
    }
}
