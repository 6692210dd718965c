// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
using System;
using System.Collections.Generic;
using System.Threading;
using StubEngine;

namespace UnityEngine
{
    public enum LogType { Error, Assert, Warning, Log, Exception }
    public enum RuntimePlatform { OSXPlayer = 1, WindowsPlayer = 2, WindowsEditor = 7, LinuxPlayer = 13, LinuxEditor = 16 }
    public enum SystemLanguage { English = 10, Unknown = 42 }

    /// May be used on every thread, as in Unity.
    public class Debug
    {
        static void Write(string level, object message) { Console.Error.WriteLine("[Unity:" + level + "] " + message); }
        public static bool isDebugBuild { get { return true; } }
        public static void Log(object message) { Write("log", message); }
        public static void Log(object message, Object context) { Log(message); }
        public static void LogFormat(string format, params object[] args) { Log(string.Format(format, args)); }
        public static void LogWarning(object message) { Interlocked.Increment(ref Player.Warnings); Write("warning", message); }
        public static void LogWarning(object message, Object context) { LogWarning(message); }
        public static void LogWarningFormat(string format, params object[] args) { LogWarning(string.Format(format, args)); }
        public static void LogError(object message) { Interlocked.Increment(ref Player.Errors); Write("error", message); }
        public static void LogError(object message, Object context) { LogError(message); }
        public static void LogErrorFormat(string format, params object[] args) { LogError(string.Format(format, args)); }
        public static void LogException(Exception e) { LogError(e); }
        public static void LogException(Exception e, Object context) { LogError(e); }
        public static void Assert(bool condition) { Assert(condition, "assertion failed"); }
        public static void Assert(bool condition, string message) { if (!condition) LogError("Assertion: " + message); }
        public static void AssertFormat(bool condition, string format, params object[] args) { if (!condition) LogError("Assertion: " + string.Format(format, args)); }
        public static void DrawLine(Vector3 start, Vector3 end) { }
        public static void DrawLine(Vector3 start, Vector3 end, Color color) { }
        public static void DrawLine(Vector3 start, Vector3 end, Color color, float duration) { }
        public static void DrawRay(Vector3 start, Vector3 direction, Color color) { }
    }
    public class Application
    {
        public static event Action quitting;
        public static event Action<bool> focusChanged { add { } remove { } }
        public static bool isEditor { get { return false; } }
        public static bool isBatchMode { get { return true; } }
        public static bool isFocused { get { return true; } }
        public static bool isPlaying { get { MainThread.Check("get_isPlaying"); return true; } }
        public static bool runInBackground { get; set; } = true;
        public static RuntimePlatform platform { get { return RuntimePlatform.LinuxPlayer; } }
        public static SystemLanguage systemLanguage { get { return SystemLanguage.English; } }
        public static string unityVersion { get { return "stub"; } }
        public static string version { get { return "1.0"; } }
        public static string productName { get { return "Stub"; } }
        public static string dataPath { get { return AppDomain.CurrentDomain.BaseDirectory; } }
        public static string persistentDataPath { get { MainThread.Check("get_persistentDataPath"); return System.IO.Path.GetTempPath(); } }
        public static string streamingAssetsPath { get { return System.IO.Path.Combine(dataPath, "StreamingAssets"); } }
        public static int targetFrameRate { get; set; }
        public static void Quit() { Quit(0); }
        public static void Quit(int exitCode) { Player.QuitRequested = true; Player.QuitCode = exitCode; }
        internal static void RaiseQuitting() { var handler = quitting; if (handler != null) handler(); }
    }
    /// One frame is one fixed step of game time. Unscaled time goes on while timeScale is 0.
    public class Time
    {
        static float s_Scale = 1;
        internal static double s_Time, s_Unscaled;
        internal static int s_Frame;
        internal static bool s_Fixed;
        public static int frameCount { get { MainThread.Check("get_frameCount"); return s_Frame; } }
        public static float timeScale { get { MainThread.Check("get_timeScale"); return s_Scale; } set { MainThread.Check("set_timeScale"); s_Scale = value; } }
        public static int captureFramerate { get; set; }
        public static float captureDeltaTime { get; set; }
        public static float maximumDeltaTime { get; set; } = 0.3333333f;
        public static float fixedDeltaTime { get; set; } = 0.02f;
        public static bool inFixedTimeStep { get { return s_Fixed; } }
        public static float time { get { MainThread.Check("get_time"); return (float)s_Time; } }
        public static double timeAsDouble { get { MainThread.Check("get_timeAsDouble"); return s_Time; } }
        public static float fixedTime { get { return time; } }
        public static double fixedTimeAsDouble { get { return timeAsDouble; } }
        public static float timeSinceLevelLoad { get { return time; } }
        public static float deltaTime { get { MainThread.Check("get_deltaTime"); return s_Scale > 0 ? fixedDeltaTime : 0; } }
        public static float smoothDeltaTime { get { return deltaTime; } }
        public static float unscaledTime { get { MainThread.Check("get_unscaledTime"); return (float)s_Unscaled; } }
        public static double unscaledTimeAsDouble { get { MainThread.Check("get_unscaledTimeAsDouble"); return s_Unscaled; } }
        public static float unscaledDeltaTime { get { MainThread.Check("get_unscaledDeltaTime"); return fixedDeltaTime; } }
        public static float fixedUnscaledDeltaTime { get { return unscaledDeltaTime; } }
        public static float realtimeSinceStartup { get { return unscaledTime; } }
        public static double realtimeSinceStartupAsDouble { get { return unscaledTimeAsDouble; } }
    }
    public static class Screen
    {
        public static int width { get; private set; } = 640;
        public static int height { get; private set; } = 480;
        public static float dpi { get { return 96; } }
        public static void SetResolution(int w, int h, bool fullscreen) { width = w; height = h; }
    }
    public class QualitySettings
    {
        public static int Level { get; private set; }
        public static int vSyncCount { get; set; }
        public static void SetQualityLevel(int index, bool applyExpensiveChanges) { Level = index; }
    }
    public class SystemInfo
    {
        /// What the host says that there is: Null for a player without graphics.
        public static Rendering.GraphicsDeviceType StubGraphics = Rendering.GraphicsDeviceType.OpenGLCore;
        public static bool StubReadback = true;
        public static Rendering.GraphicsDeviceType graphicsDeviceType { get { MainThread.Check("get_graphicsDeviceType"); return StubGraphics; } }
        public static bool supportsAsyncGPUReadback { get { MainThread.Check("get_supportsAsyncGPUReadback"); return StubReadback && StubGraphics != Rendering.GraphicsDeviceType.Null; } }
        public static bool supportsAudio { get { return true; } }
        public static bool graphicsUVStartsAtTop { get { return false; } }
        public static string operatingSystem { get { return "stub"; } }
        public static string deviceName { get { return "stub"; } }
    }
    public class Gizmos
    {
        public static Color color { get; set; }
        public static Matrix4x4 matrix { get; set; }
        public static void DrawCube(Vector3 center, Vector3 size) { }
        public static void DrawWireCube(Vector3 center, Vector3 size) { }
        public static void DrawRay(Vector3 from, Vector3 direction) { }
        public static void DrawLine(Vector3 from, Vector3 to) { }
        public static void DrawSphere(Vector3 center, float radius) { }
        public static void DrawWireSphere(Vector3 center, float radius) { }
    }
    public class Resources
    {
        public static T[] FindObjectsOfTypeAll<T>()
        {
            var found = new List<T>();
            foreach (object o in Player.AllObjects) if (o is T) found.Add((T)o);
            return found.ToArray();
        }
        public static T Load<T>(string path) where T : Object { return null; }
        public static T GetBuiltinResource<T>(string path) where T : Object { return null; }
    }
    public class YieldInstruction { }
    public sealed class WaitForSeconds : YieldInstruction { internal readonly float m_Seconds; public WaitForSeconds(float seconds) { m_Seconds = seconds; } }
    public sealed class WaitForEndOfFrame : YieldInstruction { }
    public sealed class WaitForFixedUpdate : YieldInstruction { }
    public abstract class CustomYieldInstruction : System.Collections.IEnumerator
    {
        public abstract bool keepWaiting { get; }
        public object Current { get { return null; } }
        public bool MoveNext() { return keepWaiting; }
        public virtual void Reset() { }
    }
    public sealed class WaitForSecondsRealtime : CustomYieldInstruction
    {
        readonly double m_Until;
        public WaitForSecondsRealtime(float seconds) { m_Until = Time.s_Unscaled + seconds; }
        public override bool keepWaiting { get { return Time.s_Unscaled < m_Until; } }
    }
    public sealed class WaitUntil : CustomYieldInstruction
    {
        readonly Func<bool> m_Predicate;
        public WaitUntil(Func<bool> predicate) { m_Predicate = predicate; }
        public override bool keepWaiting { get { return !m_Predicate(); } }
    }
    public sealed class Coroutine : YieldInstruction { internal System.Collections.IEnumerator m_Routine; internal double m_Wake; internal bool m_Done; }
}
namespace UnityEngine.Assertions
{
    public static class Assert // the SDK's tensor shapes use it
    {
        public class Failure : Exception { public Failure(string message) : base(message) { } }
        static void Check(bool ok, string message) { if (!ok) throw new Failure(message ?? "assertion failed"); }
        public static void IsTrue(bool condition) { Check(condition, null); }
        public static void IsTrue(bool condition, string message) { Check(condition, message); }
        public static void IsFalse(bool condition) { Check(!condition, null); }
        public static void IsFalse(bool condition, string message) { Check(!condition, message); }
        public static void IsNotNull<T>(T value) where T : class { Check(value != null, null); }
        public static void AreEqual(int expected, int actual) { Check(expected == actual, null); }
        public static void AreEqual<T>(T expected, T actual, string message) { Check(Equals(expected, actual), message); }
        public static void AreNotEqual(int expected, int actual, string message) { Check(expected != actual, message); }
    }
}
namespace UnityEngine.SceneManagement
{
    public enum LoadSceneMode { Single, Additive }
    public struct Scene
    {
        public string name { get { return "StubScene"; } }
        public string path { get { return "Assets/StubScene.unity"; } }
        public int buildIndex { get { return 0; } }
        public bool IsValid() { return true; }
        public bool isLoaded { get { return true; } }
        public GameObject[] GetRootGameObjects()
        {
            var found = new List<GameObject>();
            foreach (var o in Player.AllObjects) { var go = o as GameObject; if ((object)go != null && (object)go.transform.parent == null) found.Add(go); }
            return found.ToArray();
        }
    }
    public class SceneManager
    {
        public static event Events.UnityAction<Scene, LoadSceneMode> sceneLoaded { add { } remove { } }
        public static event Events.UnityAction<Scene> sceneUnloaded { add { } remove { } }
        public static int sceneCount { get { return 1; } }
        public static Scene GetActiveScene() { return new Scene(); }
        public static Scene GetSceneAt(int index) { return new Scene(); }
    }
}
namespace UnityEngine.Profiling
{
    public sealed class CustomSampler
    {
        public static CustomSampler Create(string name, bool collectGpuData = false) { return new CustomSampler(); }
        public void Begin() { }
        public void End() { }
    }
    public sealed class Profiler
    {
        public static void BeginSample(string name) { }
        public static void EndSample() { }
    }
}
