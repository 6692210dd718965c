using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>A source of sound that NPCs can hear. Put it beside an <see cref="AudioSource"/>, or call
    /// <see cref="Play(string)"/>.</summary>
    /// <remarks>
    /// <para>Unity has one AudioListener and every NPC two ears, so NPCs hear the source itself, through the
    /// contract's own model. Of a clip that is decompressed on load the samples are read and follow the
    /// source's place in the clip (its volume too, its pitch not); on lock-step from where it began, by the
    /// game's clock, so that the time scale changes nothing. Anything else, such as a stream or a synthesiser, is
    /// tapped on the audio thread.</para>
    /// <para>What a tap takes has been panned and faded for the player when the source is spatial, since Unity
    /// filters after that: set Spatial Blend to 0 there.</para>
    /// </remarks>
    [AddComponentMenu("Heedful/Heedful Sound")]
    [DisallowMultipleComponent]
    public sealed class HeedfulSound : MonoBehaviour
    {
        /// <summary>A clip by the name it is played by.</summary>
        [Serializable]
        public struct NamedClip
        {
            [Tooltip("What Play is called with, such as ring.")]
            public string Name;

            [Tooltip("Load type Decompress On Load, so that its samples can be read.")]
            public AudioClip Clip;

            [Tooltip("Begin anew at the end, until Stop.")]
            public bool Loops;
        }

        private static readonly List<HeedfulSound> sounds = new List<HeedfulSound>();
        private static bool playsByClock;

        [SerializeField]
        [Tooltip("Factor on how loud NPCs hear it; 1 is as loud as the sounds NPCs were trained with.")]
        private float loudness = 1f;

        [SerializeField]
        [Tooltip("Sounds that a script plays by name.")]
        private NamedClip[] clips = Array.Empty<NamedClip>();

        private readonly StreamWaveform stream = new StreamWaveform();
        private readonly Dictionary<string, ClipWaveform> waves = new Dictionary<string, ClipWaveform>();
        private AudioSource source;
        private SceneEntity entity;
        private AudioClip followed;
        private bool followedLoops;
        private ClipWaveform following;
        private ClipWaveform played;
        private Resampler resampler;
        private volatile bool taps;
        private bool warned;

        /// <summary>All sounds that are enabled; an entry is null where one has left, and its number is free.</summary>
        public static IReadOnlyList<HeedfulSound> All => sounds;

        /// <summary>Whether a script plays sounds by the game's clock, so that NPCs hear without a device.</summary>
        public static bool PlaysByClock => playsByClock;

        /// <summary>Where the sound is.</summary>
        public Vector3 Position => transform.position;

        /// <summary>What makes the sound, which does not muffle it itself; null for a mere place.</summary>
        public SceneEntity Entity => entity;

        /// <summary>Factor on how loud NPCs hear it.</summary>
        public float Loudness
        {
            get => loudness;
            set => loudness = Mathf.Max(value, 0f);
        }

        /// <summary>What it sounds like now; null while it is silent.</summary>
        public IWaveform Waveform
        {
            get
            {
                long now = GameClock.Samples;
                if (played != null && played.HasEnded(now))
                    played = null;
                if (played != null)
                {
                    played.Gain = loudness;
                    return played;
                }
                return Follow(now) ?? Tap();
            }
        }

        /// <summary>Plays one of its clips for NPCs by the game's clock, with or without an audio device; and through
        /// the AudioSource for the player, when there is one.</summary>
        /// <param name="name">The clip's name in the inspector, or as given to <see cref="AddWave"/>.</param>
        /// <exception cref="ArgumentException">There is no clip of that name, or it cannot be read.</exception>
        public void Play(string name)
        {
            if (!waves.TryGetValue(name, out ClipWaveform wave))
                wave = Load(name);
            playsByClock = true;
            played = wave.Again();
            played.Start(GameClock.Samples);
            if (source == null)
                return;
            foreach (NamedClip choice in clips)
            {
                if (choice.Name == name && choice.Clip != null)
                {
                    source.clip = choice.Clip;
                    source.loop = choice.Loops;
                    source.Play();
                }
            }
        }

        /// <summary>Gives a sound as samples, for <see cref="Play(string)"/>; they are set to the contract's
        /// loudness.</summary>
        /// <param name="name">What to play it by.</param>
        /// <param name="samples">Mono; kept and changed when they are at 16 kHz already.</param>
        /// <param name="rate">Samples a second.</param>
        /// <param name="loops">Whether it begins anew at its end, until <see cref="Stop"/>.</param>
        public void AddWave(string name, float[] samples, int rate = Contract.SampleRate, bool loops = true)
        {
            if (rate != Contract.SampleRate)
                samples = Resampler.Convert(samples, 1, rate);
            waves[name] = new ClipWaveform(SoundClips.Level(samples), loops);
        }

        /// <summary>Stops what <see cref="Play(string)"/> began, and the AudioSource.</summary>
        public void Stop()
        {
            played = null;
            if (source != null)
                source.Stop();
        }

        /// <summary>Lets NPCs hear samples as they come in, such as a voice from a microphone; from one thread,
        /// and not while the AudioSource is tapped.</summary>
        /// <param name="samples">Mono, 16 kHz.</param>
        /// <param name="count">How many of them.</param>
        public void Feed(float[] samples, int count)
        {
            stream.Write(samples, count);
        }

        private ClipWaveform Load(string name)
        {
            foreach (NamedClip choice in clips)
            {
                if (choice.Name != name || choice.Clip == null)
                    continue;
                if (!SoundClips.TryGet(choice.Clip, out float[] samples))
                {
                    throw new ArgumentException(
                        "The clip of sound '" + name + "' of " + this.name + " cannot be read: set its load type to "
                        + "Decompress On Load, and wait until it is loaded.");
                }
                return waves[name] = new ClipWaveform(samples, choice.Loops);
            }
            throw new ArgumentException(
                "There is no sound '" + name + "' in the HeedfulSound of " + this.name
                + ": add it to its clips, or call AddWave.");
        }

        /// <summary>The waveform of the source's clip, in step with the source; null when it is not played so.</summary>
        private IWaveform Follow(long now)
        {
            if (source == null || !source.isPlaying || source.clip == null)
            {
                followed = null;
                return null;
            }
            if (source.clip != followed || source.loop != followedLoops)
            {
                if (!SoundClips.TryGet(source.clip, out float[] samples))
                    return null;
                followed = source.clip;
                followedLoops = source.loop;
                following = new ClipWaveform(samples, source.loop);
                following.Start(now - PlaceInClip());
            }
            if (GameClock.IsLive)
                following.Follow(now, PlaceInClip());
            following.Gain = source.mute ? 0f : loudness * source.volume;
            return following;
        }

        private long PlaceInClip()
        {
            return (long)source.timeSamples * Contract.SampleRate / followed.frequency;
        }

        /// <summary>What comes in; begins the tap where nothing else tells what the source plays.</summary>
        private IWaveform Tap()
        {
            bool plays = source != null && source.isPlaying;
            if (plays && !taps)
            {
                resampler = new Resampler(AudioSettings.outputSampleRate);
                taps = true;
                WarnOfSpatial();
            }
            else if (!plays && taps)
                taps = false;
            stream.Gain = loudness;
            return stream.IsRunning ? stream : null;
        }

        private void WarnOfSpatial()
        {
            if (warned || source.spatialBlend == 0f)
                return;
            warned = true;
            Debug.LogWarning(
                "NPCs hear " + name + " as loud and from where the player does, because its AudioSource is spatial and "
                + "its samples cannot be read: set the clip's load type to Decompress On Load, or Spatial Blend to 0.",
                this);
        }

        private void Awake()
        {
            source = GetComponent<AudioSource>();
            entity = GetComponentInParent<SceneEntity>();
        }

        private void OnEnable()
        {
            AudioSettings.OnAudioConfigurationChanged += OnDeviceChanged;
            int free = sounds.IndexOf(null);
            if (free < 0)
                sounds.Add(this);
            else
                sounds[free] = this;
        }

        private void OnDisable()
        {
            AudioSettings.OnAudioConfigurationChanged -= OnDeviceChanged;
            taps = false;
            played = null;
            int mine = sounds.IndexOf(this);
            if (mine >= 0)
                sounds[mine] = null;
        }

        private void OnDeviceChanged(bool deviceWasChanged)
        {
            taps = false; // begins anew with the rate that there is now
        }

        /// <summary>On the audio thread.</summary>
        private void OnAudioFilterRead(float[] data, int channels)
        {
            if (!taps)
                return;
            Resampler mono = resampler;
            int made = mono.Push(data, channels, data.Length);
            stream.Write(mono.Output, made);
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Reset()
        {
            sounds.Clear();
            playsByClock = false;
        }
    }
}
