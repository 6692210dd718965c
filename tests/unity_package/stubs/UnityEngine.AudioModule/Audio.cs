// Stand-in for UnityEngine.AudioModule.dll: sources play in game time, filters run on a thread of
// their own, as Unity's do. Nothing here is Unity code.
using System;
using System.Collections.Generic;
using System.Reflection;
using System.Threading;
using StubEngine;

namespace UnityEngine
{
    public enum AudioRolloffMode { Logarithmic, Linear, Custom }
    public enum AudioClipLoadType { DecompressOnLoad, CompressedInMemory, Streaming }
    public enum AudioDataLoadState { Unloaded, Loading, Loaded, Failed }
    public enum AudioSpeakerMode { Mono = 1, Stereo = 2 }
    public sealed class AudioClip : Object
    {
        public delegate void PCMReaderCallback(float[] data);
        public delegate void PCMSetPositionCallback(int position);
        internal float[] m_Data;
        public int samples { get; private set; }
        public int channels { get; private set; }
        public int frequency { get; private set; }
        public float length { get { return (float)samples / frequency; } }
        public AudioClipLoadType loadType { get; set; }
        public AudioDataLoadState loadState { get { return AudioDataLoadState.Loaded; } }
        public bool preloadAudioData { get { return true; } }
        public bool LoadAudioData() { return true; }
        public static AudioClip Create(string name, int lengthSamples, int channels, int frequency, bool stream)
        {
            return new AudioClip { name = name, samples = lengthSamples, channels = channels, frequency = frequency, m_Data = new float[lengthSamples * channels] };
        }
        public bool SetData(float[] data, int offsetSamples) { MainThread.Check("SetData"); Array.Copy(data, 0, m_Data, offsetSamples * channels, Math.Min(data.Length, m_Data.Length - offsetSamples * channels)); return true; }
        public bool GetData(float[] data, int offsetSamples)
        {
            MainThread.Check("GetData");
            for (int i = 0; i < data.Length; i++) data[i] = m_Data[(offsetSamples * channels + i) % m_Data.Length];
            return loadType != AudioClipLoadType.Streaming;
        }
    }
    public sealed class AudioSource : Behaviour
    {
        internal static readonly List<AudioSource> s_All = new List<AudioSource>();
        internal double m_Position;
        bool m_Playing, m_Paused;
        public AudioSource() { s_All.Add(this); }
        public AudioClip clip { get; set; }
        public float volume { get; set; } = 1;
        public float pitch { get; set; } = 1;
        public bool loop { get; set; }
        public bool mute { get; set; }
        public bool playOnAwake { get; set; } = true;
        public bool bypassEffects { get; set; }
        public float spatialBlend { get; set; }
        public float minDistance { get; set; } = 1;
        public float maxDistance { get; set; } = 500;
        public float dopplerLevel { get; set; } = 1;
        public int priority { get; set; }
        public AudioRolloffMode rolloffMode { get; set; }
        public bool isPlaying { get { MainThread.Check("get_isPlaying"); return m_Playing && !m_Paused && isActiveAndEnabled; } }
        public float time { get { return (float)m_Position; } set { m_Position = value; } }
        public int timeSamples { get { MainThread.Check("get_timeSamples"); return (object)clip == null ? 0 : (int)(m_Position * clip.frequency); } set { m_Position = (double)value / clip.frequency; } }
        public void Play() { Need("Play"); m_Playing = true; m_Paused = false; m_Position = 0; }
        public void PlayDelayed(float delay) { Play(); }
        public void PlayOneShot(AudioClip oneShot) { PlayOneShot(oneShot, 1); }
        public void PlayOneShot(AudioClip oneShot, float volumeScale) { Need("PlayOneShot"); }
        public void Stop() { m_Playing = false; m_Position = 0; }
        public void Pause() { m_Paused = true; }
        public void UnPause() { m_Paused = false; }
        internal void Advance(float seconds)
        {
            if (!isPlaying || (object)clip == null) return;
            m_Position = Math.Round(m_Position + seconds * pitch, 6);
            if (m_Position < clip.length) return;
            if (loop) m_Position %= clip.length; else Stop();
        }
        /// What the source gives out now, before its place in the world: `count` frames of `channels`.
        internal void Mix(float[] data, int channels, int rate)
        {
            Array.Clear(data, 0, data.Length);
            if ((object)clip == null || clip.m_Data.Length == 0 || mute || !m_Playing || m_Paused) return;
            for (int i = 0; i < data.Length / channels; i++)
            {
                int at = (int)Math.Floor((m_Position + (double)i / rate * pitch) * clip.frequency + 1e-6);
                if (!loop && at >= clip.samples) return;
                for (int c = 0; c < channels; c++) data[i * channels + c] = volume * clip.m_Data[at % clip.samples * clip.channels + Math.Min(c, clip.channels - 1)];
            }
        }
        public void GetOutputData(float[] samples, int channel) { MainThread.Check("GetOutputData"); Mix(samples, 1, AudioSettings.outputSampleRate); }
    }
    public sealed class AudioListener : Behaviour { public static float volume { get; set; } = 1; public static bool pause { get; set; } public static void GetOutputData(float[] samples, int channel) { Array.Clear(samples, 0, samples.Length); } }
    public struct AudioConfiguration { public int sampleRate, dspBufferSize; public AudioSpeakerMode speakerMode; }
    public sealed class AudioSettings
    {
        public delegate void AudioConfigurationChangeHandler(bool deviceWasChanged);
        public static event AudioConfigurationChangeHandler OnAudioConfigurationChanged { add { } remove { } }
        /// Set by the host; 0 for a machine without an audio device.
        public static int StubRate = 48000;
        public static int outputSampleRate { get { return StubRate; } set { StubRate = value; } }
        public static double dspTime { get { return StubEngine.StubModule.s_Played; } }
        public static AudioSpeakerMode speakerMode { get { return AudioSpeakerMode.Stereo; } }
        public static AudioConfiguration GetConfiguration() { return new AudioConfiguration { sampleRate = StubRate, dspBufferSize = 1024, speakerMode = AudioSpeakerMode.Stereo }; }
        public static void GetDSPBufferSize(out int bufferLength, out int numBuffers) { bufferLength = 1024; numBuffers = 4; }
    }
    /// Hears what the host says: StubVoice gives the sample at a time.
    public sealed class Microphone
    {
        public static string[] StubDevices = { "Stub microphone" };
        public static Func<double, float> StubVoice = seconds => 0;
        static AudioClip s_Clip;
        static double s_Since;
        static long s_Written;
        static bool s_Loop;
        public static string[] devices { get { return StubDevices; } }
        public static AudioClip Start(string deviceName, bool loop, int lengthSec, int frequency)
        {
            MainThread.Check("Microphone.Start");
            if (StubDevices.Length == 0) return null;
            s_Loop = loop; s_Since = Time.unscaledTimeAsDouble; s_Written = 0;
            return s_Clip = AudioClip.Create("Microphone", lengthSec * frequency, 1, frequency, false);
        }
        public static void End(string deviceName) { MainThread.Check("Microphone.End"); s_Clip = null; }
        public static bool IsRecording(string deviceName) { return (object)s_Clip != null; }
        public static int GetPosition(string deviceName) { return (object)s_Clip == null ? 0 : (int)(s_Written % s_Clip.samples); }
        public static void GetDeviceCaps(string deviceName, out int minFreq, out int maxFreq) { minFreq = 0; maxFreq = 0; }
        internal static void Record()
        {
            if ((object)s_Clip == null) return;
            for (long end = (long)((Time.unscaledTimeAsDouble - s_Since) * s_Clip.frequency + 0.5); s_Written < end && (s_Loop || s_Written < s_Clip.samples); s_Written++)
                s_Clip.m_Data[s_Written % s_Clip.samples] = StubVoice((double)s_Written / s_Clip.frequency);
        }
    }
}
namespace StubEngine
{
    using UnityEngine;

    /// Runs OnAudioFilterRead of every playing source on the audio thread, and waits for it.
    public static class StubModule
    {
        static readonly Type[] s_Filter = { typeof(float[]), typeof(int) };
        static readonly List<KeyValuePair<MonoBehaviour, Action<float[], int>>> s_Filters = new List<KeyValuePair<MonoBehaviour, Action<float[], int>>>();
        static readonly List<MonoBehaviour> s_Found = new List<MonoBehaviour>();
        static readonly AutoResetEvent s_Go = new AutoResetEvent(false), s_Done = new AutoResetEvent(false);
        static readonly Dictionary<object, Action<float[], int>> s_Bound = new Dictionary<object, Action<float[], int>>();
        static readonly List<float[]> s_Buffers = new List<float[]>();
        static Thread s_Thread;
        internal static double s_Played;

        public static void Load() { Player.Stepped += Step; }

        static void Step()
        {
            Microphone.Record();
            float seconds = Time.unscaledDeltaTime;
            int frames = (int)(seconds * AudioSettings.StubRate + 0.5);
            s_Filters.Clear();
            if (frames > 0 && !AudioListener.pause)
                foreach (var source in AudioSource.s_All)
                {
                    if (source.m_Destroyed || !source.isPlaying) continue;
                    source.GetComponents(s_Found);
                    foreach (var mono in s_Found)
                    {
                        Action<float[], int> call;
                        if (!s_Bound.TryGetValue(mono, out call))
                        {
                            var method = Player.FindMessage(mono.GetType(), "OnAudioFilterRead", s_Filter);
                            s_Bound[mono] = call = method == null ? null : (Action<float[], int>)Delegate.CreateDelegate(typeof(Action<float[], int>), mono, method);
                        }
                        if (call == null || !mono.isActiveAndEnabled) continue;
                        if (s_Buffers.Count <= s_Filters.Count) s_Buffers.Add(null);
                        if (s_Buffers[s_Filters.Count] == null || s_Buffers[s_Filters.Count].Length != frames * 2) s_Buffers[s_Filters.Count] = new float[frames * 2];
                        source.Mix(s_Buffers[s_Filters.Count], 2, AudioSettings.StubRate);
                        s_Filters.Add(new KeyValuePair<MonoBehaviour, Action<float[], int>>(mono, call));
                    }
                }
            if (s_Filters.Count > 0)
            {
                if (s_Thread == null) { s_Thread = new Thread(Run) { IsBackground = true, Name = "audio" }; s_Thread.Start(); }
                s_Go.Set();
                s_Done.WaitOne();
            }
            if (AudioSettings.StubRate > 0) s_Played += seconds; // the clock of a device
            foreach (var source in AudioSource.s_All) if (!source.m_Destroyed) source.Advance(seconds);
        }

        static void Run()
        {
            for (;;)
            {
                s_Go.WaitOne();
                for (int i = 0; i < s_Filters.Count; i++)
                    try { s_Filters[i].Value(s_Buffers[i], 2); }
                    catch (Exception e) { Debug.LogError(s_Filters[i].Key.GetType().Name + ".OnAudioFilterRead: " + e); }
                s_Done.Set();
            }
        }
    }
}
