// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using UnityEngine;

namespace StubEngine
{
    /// Creates, updates and destroys objects in the order Unity documents.
    public static class Player
    {
        public static bool QuitRequested;
        public static int QuitCode, Warnings, Errors;
        /// What other modules do in each frame: before Update (agents, players of sounds).
        public static event Action Stepped;
        /// What the engine itself allocated inside of calls to it, so that callers can be measured without it.
        public static long EngineBytes;
        /// Told after each message: type of the behaviour, message, bytes that it allocated without the engine.
        public static Action<Type, string, long> Allocated;
        /// Told after each message: type of the behaviour, and the ticks of Stopwatch that it took.
        public static Action<Type, long> Took;
        static readonly List<UnityEngine.Object> s_All = new List<UnityEngine.Object>();
        static readonly List<UnityEngine.Object> s_Doomed = new List<UnityEngine.Object>();
        static readonly List<MonoBehaviour> s_Live = new List<MonoBehaviour>();
        static readonly Dictionary<KeyValuePair<Type, string>, MethodInfo> s_Methods = new Dictionary<KeyValuePair<Type, string>, MethodInfo>();
        static readonly Dictionary<MonoBehaviour, Dictionary<string, Action>> s_Calls = new Dictionary<MonoBehaviour, Dictionary<string, Action>>();
        static bool s_Loaded;
        public static IEnumerable<UnityEngine.Object> AllObjects { get { return s_All; } }

        internal static void Register(UnityEngine.Object obj)
        {
            s_All.Add(obj);
            var behaviour = obj as Behaviour;
            if ((object)behaviour != null) Refresh(behaviour);
        }

        /// Awake, OnEnable or OnDisable, as the behaviour's state asks.
        internal static void Refresh(Behaviour behaviour)
        {
            var mono = behaviour as MonoBehaviour;
            if ((object)mono == null || mono.m_Destroyed) return;
            if (!mono.m_Awoken && mono.m_GameObject.activeInHierarchy) { mono.m_Awoken = true; Send(mono, "Awake"); }
            if (mono.isActiveAndEnabled && !mono.m_On) { mono.m_On = true; Send(mono, "OnEnable"); }
            else if (!mono.isActiveAndEnabled && mono.m_On) { mono.m_On = false; Send(mono, "OnDisable"); }
        }

        /// Runs the modules' own set-up once (a static constructor named after StubModule).
        internal static void LoadModules()
        {
            if (s_Loaded) return;
            s_Loaded = true;
            foreach (var name in new[] { "UnityEngine.PhysicsModule", "UnityEngine.AIModule", "UnityEngine.AudioModule", "UnityEngine.AnimationModule" })
            {
                Assembly assembly;
                try { assembly = Assembly.Load(name); } catch (System.IO.FileNotFoundException) { continue; }
                var start = assembly.GetType("StubEngine.StubModule");
                if (start != null) start.GetMethod("Load").Invoke(null, null);
            }
        }

        /// Claims the main thread and runs [RuntimeInitializeOnLoadMethod] methods of the given assemblies.
        public static void Boot(params Assembly[] assemblies)
        {
            QuitRequested = false;
            const BindingFlags any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
            MainThread.Claim();
            LoadModules();
            var order = new[] { RuntimeInitializeLoadType.SubsystemRegistration, RuntimeInitializeLoadType.AfterAssembliesLoaded, RuntimeInitializeLoadType.BeforeSplashScreen, RuntimeInitializeLoadType.BeforeSceneLoad, RuntimeInitializeLoadType.AfterSceneLoad };
            var methods = from a in assemblies
                          from t in a.GetTypes()
                          from m in t.GetMethods(any)
                          from RuntimeInitializeOnLoadMethodAttribute r in m.GetCustomAttributes(typeof(RuntimeInitializeOnLoadMethodAttribute), false)
                          orderby Array.IndexOf(order, r.loadType)
                          select m;
            foreach (var method in methods.ToList())
                method.Invoke(null, null);
        }

        /// One frame with one physics step; with a time scale of 0 the frame has no physics step and game time stands still.
        public static void Step()
        {
            LoadModules();
            Time.s_Frame++;
            bool paused = Time.timeScale <= 0;
            if (!paused) Time.s_Time = Math.Round(Time.s_Time + Time.fixedDeltaTime, 6);
            Time.s_Unscaled = Math.Round(Time.s_Unscaled + Time.fixedDeltaTime, 6);
            s_Live.Clear();
            s_Live.AddRange(s_All.OfType<MonoBehaviour>().OrderBy(Order));
            foreach (var mono in s_Live)
                if (!mono.m_Destroyed && mono.m_On && !mono.m_Started) { mono.m_Started = true; Send(mono, "Start"); }
            if (!paused) { Time.s_Fixed = true; SendAll("FixedUpdate"); Time.s_Fixed = false; }
            if (Stepped != null) Stepped();
            UnityEngine.Rendering.AsyncGPUReadback.Answer(Time.s_Frame);
            SendAll("Update");
            foreach (var mono in s_Live)
                if (!mono.m_Destroyed) foreach (var coroutine in mono.m_Coroutines.ToArray()) if (!Advance(coroutine)) mono.m_Coroutines.Remove(coroutine);
            SendAll("LateUpdate");
            SendAll("OnGUI");
            foreach (var doomed in s_Doomed.ToList()) DestroyNow(doomed);
            s_Doomed.Clear();
        }

        static void SendAll(string message)
        {
            for (int i = 0; i < s_Live.Count; i++)
                if (!s_Live[i].m_Destroyed && s_Live[i].m_On) Send(s_Live[i], message);
        }

        /// Goes on with a coroutine when its time has come; false at its end.
        internal static bool Advance(Coroutine coroutine)
        {
            if (coroutine.m_Done) return false;
            if (Time.s_Time < coroutine.m_Wake) return true;
            var inner = coroutine.m_Routine.Current as CustomYieldInstruction;
            if (inner != null && inner.keepWaiting) return true;
            var other = coroutine.m_Routine.Current as Coroutine;
            if (other != null && !other.m_Done) return true;
            if (!coroutine.m_Routine.MoveNext()) { coroutine.m_Done = true; return false; }
            var wait = coroutine.m_Routine.Current as WaitForSeconds;
            coroutine.m_Wake = wait == null ? 0 : Time.s_Time + wait.m_Seconds;
            return true;
        }

        /// Leaving: application messages, then everything is destroyed.
        public static void Shutdown()
        {
            s_Live.Clear();
            s_Live.AddRange(s_All.OfType<MonoBehaviour>());
            SendAll("OnApplicationQuit");
            Application.RaiseQuitting();
            foreach (var obj in s_All.OfType<GameObject>().ToList()) DestroyNow(obj);
        }

        internal static void QueueDestroy(UnityEngine.Object obj) { s_Doomed.Add(obj); }

        internal static void DestroyNow(UnityEngine.Object obj)
        {
            if (obj.m_Destroyed) return;
            var go = obj as GameObject;
            var mono = obj as MonoBehaviour;
            var component = obj as Component;
            if ((object)go != null)
            {
                foreach (var child in go.transform.m_Children.ToList()) DestroyNow(child.gameObject);
                foreach (var c in go.All.ToList()) if (!(c is Transform)) DestroyNow(c);
                if ((object)go.transform.m_Parent != null) go.transform.m_Parent.m_Children.Remove(go.transform);
                go.transform.m_Destroyed = true;
            }
            if ((object)mono != null)
            {
                if (mono.m_On) { mono.m_On = false; Send(mono, "OnDisable"); }
                if (mono.m_Awoken) Send(mono, "OnDestroy");
            }
            if ((object)component != null) component.m_GameObject.Drop(component);
            if ((object)mono != null) s_Calls.Remove(mono);
            obj.m_Destroyed = true;
            s_All.Remove(obj);
        }

        static int Order(MonoBehaviour mono)
        {
            var attribute = (DefaultExecutionOrder)Attribute.GetCustomAttribute(mono.GetType(), typeof(DefaultExecutionOrder));
            return attribute == null ? 0 : attribute.order;
        }

        internal static void SendByName(GameObject go, string message)
        {
            foreach (var mono in go.GetComponents<MonoBehaviour>()) Send(mono, message);
        }

        static void Send(MonoBehaviour mono, string message)
        {
            Dictionary<string, Action> calls;
            if (!s_Calls.TryGetValue(mono, out calls)) s_Calls[mono] = calls = new Dictionary<string, Action>();
            Action call;
            if (!calls.TryGetValue(message, out call))
            {
                var method = FindMessage(mono.GetType(), message, Type.EmptyTypes);
                if (method != null && method.ReturnType != typeof(void)) call = () => method.Invoke(mono, null); // a coroutine's
                else if (method != null) call = (Action)Delegate.CreateDelegate(typeof(Action), mono, method);
                calls[message] = call;
            }
            if (call == null) return;
            long before = GC.GetAllocatedBytesForCurrentThread() - EngineBytes;
            long began = System.Diagnostics.Stopwatch.GetTimestamp();
            try { call(); }
            catch (Exception e) { Debug.LogError(mono.GetType().Name + "." + message + ": " + e); }
            if (Took != null) Took(mono.GetType(), System.Diagnostics.Stopwatch.GetTimestamp() - began);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - EngineBytes - before;
            if (Allocated != null) Allocated(mono.GetType(), message, bytes);
        }

        /// The method of a behaviour that Unity calls by this name, or null.
        internal static MethodInfo FindMessage(Type type, string message, Type[] parameters)
        {
            var key = new KeyValuePair<Type, string>(type, message);
            MethodInfo method;
            if (s_Methods.TryGetValue(key, out method)) return method;
            for (var t = type; t != null && t != typeof(MonoBehaviour) && method == null; t = t.BaseType)
                method = t.GetMethod(message, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly, null, parameters, null);
            return s_Methods[key] = method;
        }
    }
}
