// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
using System;
using System.Collections;
using System.Collections.Generic;
using StubEngine;

namespace UnityEngine
{
    public enum FindObjectsSortMode { None, InstanceID }
    public enum FindObjectsInactive { Exclude, Include }
    public enum SendMessageOptions { RequireReceiver, DontRequireReceiver }

    public class Object
    {
        static int s_NextId = 1;
        readonly int m_Id;
        internal bool m_Destroyed;
        string m_Name = "";
        protected internal Object() { MainThread.Check("Creating a Unity object"); m_Id = s_NextId++; }
        public virtual string name { get { MainThread.Check("get_name"); return NameOwner.m_Name; } set { MainThread.Check("set_name"); NameOwner.m_Name = value; } }
        internal virtual Object NameOwner { get { return this; } }
        public HideFlags hideFlags { get; set; }
        public int GetInstanceID() { MainThread.Check("GetInstanceID"); return m_Id; }
        internal void Need(string what)
        {
            MainThread.Check(what);
            if (m_Destroyed) throw new MissingReferenceException("The object of type '" + GetType().Name + "' has been destroyed but you are still trying to access it.");
        }
        public static void Destroy(Object obj) { MainThread.Check("Destroy"); if ((object)obj != null) Player.QueueDestroy(obj); }
        public static void Destroy(Object obj, float seconds) { Destroy(obj); }
        public static void DestroyImmediate(Object obj) { MainThread.Check("DestroyImmediate"); if ((object)obj != null) Player.DestroyNow(obj); }
        public static void DontDestroyOnLoad(Object target) { }
        public static T Instantiate<T>(T original) where T : Object { throw new NotImplementedException("stub: Instantiate"); }
        public static T Instantiate<T>(T original, Transform parent) where T : Object { throw new NotImplementedException("stub: Instantiate"); }
        public static T Instantiate<T>(T original, Vector3 position, Quaternion rotation) where T : Object { throw new NotImplementedException("stub: Instantiate"); }
        static void Find<T>(List<T> found, bool inactive)
        {
            MainThread.Check("FindObjectsByType");
            foreach (object o in Player.AllObjects)
            {
                if (!(o is T)) continue;
                var component = o as Component;
                var go = (object)component != null ? component.gameObject : o as GameObject;
                if (inactive || (object)go == null || go.activeInHierarchy) found.Add((T)o);
            }
        }
        public static T[] FindObjectsByType<T>(FindObjectsSortMode sortMode) where T : Object { var found = new List<T>(); Find(found, false); return found.ToArray(); }
        public static T[] FindObjectsByType<T>(FindObjectsInactive inactive, FindObjectsSortMode sortMode) where T : Object { var found = new List<T>(); Find(found, inactive == FindObjectsInactive.Include); return found.ToArray(); }
        public static T[] FindObjectsOfType<T>() where T : Object { return FindObjectsByType<T>(FindObjectsSortMode.InstanceID); }
        public static T[] FindObjectsOfType<T>(bool includeInactive) where T : Object { var found = new List<T>(); Find(found, includeInactive); return found.ToArray(); }
        public static T FindFirstObjectByType<T>() where T : Object { var found = FindObjectsByType<T>(FindObjectsSortMode.InstanceID); return found.Length > 0 ? found[0] : null; }
        public static T FindAnyObjectByType<T>() where T : Object { return FindFirstObjectByType<T>(); }
        public static T FindObjectOfType<T>() where T : Object { return FindFirstObjectByType<T>(); }
        // Comparing is allowed on every thread, as it is in Unity.
        static bool Same(Object a, Object b)
        {
            bool aNull = (object)a == null || a.m_Destroyed, bNull = (object)b == null || b.m_Destroyed;
            return aNull || bNull ? aNull && bNull : ReferenceEquals(a, b);
        }
        public static bool operator ==(Object x, Object y) { return Same(x, y); }
        public static bool operator !=(Object x, Object y) { return !Same(x, y); }
        public static implicit operator bool(Object exists) { return !Same(exists, null); }
        public override bool Equals(object other) { return other == null ? Same(this, null) : other is Object && Same(this, (Object)other); }
        public override int GetHashCode() { return m_Id; }
        public override string ToString() { return name + " (" + GetType().Name + ")"; }
    }
    public class ScriptableObject : Object
    {
        public static T CreateInstance<T>() where T : ScriptableObject { return (T)Activator.CreateInstance(typeof(T), true); }
    }
    public class TextAsset : Object
    {
        public TextAsset(string text) { this.text = text; }
        public string text { get; private set; }
        public byte[] bytes { get { return System.Text.Encoding.UTF8.GetBytes(text); } }
    }
    public class Component : Object
    {
        internal GameObject m_GameObject;
        internal override Object NameOwner { get { return (object)m_GameObject != null ? (Object)m_GameObject : this; } }
        public GameObject gameObject { get { Need("get_gameObject"); return m_GameObject; } }
        public Transform transform { get { Need("get_transform"); return m_GameObject.transform; } }
        public string tag { get { return gameObject.tag; } set { gameObject.tag = value; } }
        public T GetComponent<T>() { return gameObject.GetComponent<T>(); }
        public Component GetComponent(Type type) { return gameObject.GetComponent(type); }
        public bool TryGetComponent<T>(out T component) { return gameObject.TryGetComponent(out component); }
        public T[] GetComponents<T>() { return gameObject.GetComponents<T>(); }
        public void GetComponents<T>(List<T> results) { gameObject.GetComponents(results); }
        public T GetComponentInChildren<T>() { return gameObject.GetComponentInChildren<T>(); }
        public T GetComponentInChildren<T>(bool includeInactive) { return gameObject.GetComponentInChildren<T>(includeInactive); }
        public T[] GetComponentsInChildren<T>() { return gameObject.GetComponentsInChildren<T>(); }
        public T[] GetComponentsInChildren<T>(bool includeInactive) { return gameObject.GetComponentsInChildren<T>(includeInactive); }
        public void GetComponentsInChildren<T>(List<T> results) { gameObject.GetComponentsInChildren(false, results); }
        public void GetComponentsInChildren<T>(bool includeInactive, List<T> results) { gameObject.GetComponentsInChildren(includeInactive, results); }
        public T GetComponentInParent<T>() { return gameObject.GetComponentInParent<T>(); }
        public T GetComponentInParent<T>(bool includeInactive) { return gameObject.GetComponentInParent<T>(); }
        public bool CompareTag(string other) { return gameObject.CompareTag(other); }
        public void SendMessage(string method, SendMessageOptions options) { Player.SendByName(gameObject, method); }
    }
    public class Behaviour : Component
    {
        bool m_Enabled = true;
        public bool enabled { get { MainThread.Check("get_enabled"); return m_Enabled; } set { MainThread.Check("set_enabled"); if (m_Enabled != value) { m_Enabled = value; Player.Refresh(this); } } }
        public bool isActiveAndEnabled { get { MainThread.Check("get_isActiveAndEnabled"); return m_Enabled && !m_Destroyed && (object)m_GameObject != null && m_GameObject.activeInHierarchy; } }
    }
    public class MonoBehaviour : Behaviour
    {
        internal bool m_Awoken, m_On, m_Started;
        internal readonly List<Coroutine> m_Coroutines = new List<Coroutine>();
        public bool useGUILayout { get; set; }
        public Coroutine StartCoroutine(IEnumerator routine)
        {
            MainThread.Check("StartCoroutine");
            var coroutine = new Coroutine { m_Routine = routine };
            m_Coroutines.Add(coroutine);
            Player.Advance(coroutine);
            return coroutine;
        }
        public void StopCoroutine(Coroutine coroutine) { coroutine.m_Done = true; }
        public void StopCoroutine(IEnumerator routine) { foreach (var c in m_Coroutines) if (c.m_Routine == routine) c.m_Done = true; }
        public void StopAllCoroutines() { foreach (var c in m_Coroutines) c.m_Done = true; }
        public static void print(object message) { Debug.Log(message); }
    }
    public sealed class GameObject : Object
    {
        readonly List<Component> m_Components = new List<Component>();
        readonly Transform m_Transform;
        bool m_Active = true;
        public string tag { get; set; } = "Untagged";
        public int layer { get; set; }
        public bool isStatic { get; set; }
        public SceneManagement.Scene scene { get { return new SceneManagement.Scene(); } }
        public GameObject() : this("New Game Object") { }
        public GameObject(string name, params Type[] components) : this(name) { foreach (var type in components) AddComponent(type); }
        public GameObject(string name)
        {
            this.name = name;
            m_Transform = new Transform { m_GameObject = this };
            m_Components.Add(m_Transform);
            Player.Register(this);
        }
        internal List<Component> All { get { return m_Components; } }
        internal void Drop(Component c) { m_Components.Remove(c); }
        public GameObject gameObject { get { return this; } }
        public Transform transform { get { Need("get_transform"); return m_Transform; } }
        public bool activeSelf { get { MainThread.Check("get_activeSelf"); return m_Active; } }
        public bool activeInHierarchy { get { MainThread.Check("get_activeInHierarchy"); return m_Active && ((object)m_Transform.m_Parent == null || m_Transform.m_Parent.m_GameObject.activeInHierarchy); } }
        public void SetActive(bool value)
        {
            Need("SetActive");
            if (m_Active == value) return;
            m_Active = value;
            foreach (var behaviour in GetComponentsInChildren<Behaviour>(true)) Player.Refresh(behaviour);
        }
        public bool CompareTag(string other) { MainThread.Check("CompareTag"); return tag == other; }
        public T GetComponent<T>()
        {
            Need("GetComponent");
            for (int i = 0; i < m_Components.Count; i++) if ((object)m_Components[i] is T) return (T)(object)m_Components[i];
            return default(T);
        }
        public Component GetComponent(Type type) { Need("GetComponent"); return m_Components.Find(type.IsInstanceOfType); }
        public bool TryGetComponent<T>(out T component) { component = GetComponent<T>(); return component != null; }
        public T[] GetComponents<T>() { var found = new List<T>(); GetComponents(found); return found.ToArray(); }
        public void GetComponents<T>(List<T> results)
        {
            Need("GetComponents");
            results.Clear();
            for (int i = 0; i < m_Components.Count; i++) if ((object)m_Components[i] is T) results.Add((T)(object)m_Components[i]);
        }
        public T GetComponentInChildren<T>() { return GetComponentInChildren<T>(false); }
        public T GetComponentInChildren<T>(bool includeInactive) { var found = GetComponentsInChildren<T>(includeInactive); return found.Length > 0 ? found[0] : default(T); }
        public T[] GetComponentsInChildren<T>() { return GetComponentsInChildren<T>(false); }
        public T[] GetComponentsInChildren<T>(bool includeInactive) { var found = new List<T>(); GetComponentsInChildren(includeInactive, found); return found.ToArray(); }
        public void GetComponentsInChildren<T>(bool includeInactive, List<T> results)
        {
            Need("GetComponentsInChildren");
            results.Clear();
            Gather(includeInactive, results);
        }
        void Gather<T>(bool includeInactive, List<T> results)
        {
            if (!includeInactive && !activeInHierarchy) return;
            for (int i = 0; i < m_Components.Count; i++) if ((object)m_Components[i] is T) results.Add((T)(object)m_Components[i]);
            for (int i = 0; i < m_Transform.m_Children.Count; i++) m_Transform.m_Children[i].m_GameObject.Gather(includeInactive, results);
        }
        public T GetComponentInParent<T>()
        {
            var found = GetComponent<T>();
            return found != null || (object)m_Transform.m_Parent == null ? found : m_Transform.m_Parent.m_GameObject.GetComponentInParent<T>();
        }
        public T AddComponent<T>() where T : Component { return (T)AddComponent(typeof(T)); }
        public Component AddComponent(Type type)
        {
            Need("AddComponent");
            foreach (RequireComponent need in type.GetCustomAttributes(typeof(RequireComponent), true))
                foreach (var t in new[] { need.m_Type0, need.m_Type1, need.m_Type2 })
                    if (t != null && !m_Components.Exists(t.IsInstanceOfType))
                        AddComponent(t);
            if (type.IsAbstract) { Debug.LogError("AddComponent: " + type.Name + " is abstract"); return null; }
            if (type.IsDefined(typeof(DisallowMultipleComponent), true) && m_Components.Exists(type.IsInstanceOfType)) { Debug.LogError("AddComponent: there is a " + type.Name + " already"); return null; }
            var component = (Component)Activator.CreateInstance(type, true);
            component.m_GameObject = this;
            m_Components.Add(component);
            Player.Register(component);
            return component;
        }
        public static GameObject Find(string name)
        {
            foreach (var o in Player.AllObjects) { var go = o as GameObject; if ((object)go != null && go.name == name && go.activeInHierarchy) return go; }
            return null;
        }
        public static GameObject FindWithTag(string tag)
        {
            foreach (var o in Player.AllObjects) { var go = o as GameObject; if ((object)go != null && go.tag == tag && go.activeInHierarchy) return go; }
            return null;
        }
        /// Set by the physics module: gives a new primitive its collider and size.
        internal static Action<GameObject, PrimitiveType> s_Primitive;
        public static GameObject CreatePrimitive(PrimitiveType type)
        {
            var go = new GameObject(type.ToString());
            go.AddComponent<MeshFilter>();
            go.AddComponent<MeshRenderer>();
            Player.LoadModules();
            if (s_Primitive != null) s_Primitive(go, type);
            return go;
        }
    }
    public enum PrimitiveType { Sphere, Capsule, Cylinder, Cube, Plane, Quad }
}
