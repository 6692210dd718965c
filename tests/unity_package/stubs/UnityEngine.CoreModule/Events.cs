// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
namespace UnityEngine.Events
{
    public delegate void UnityAction();
    public delegate void UnityAction<T0>(T0 a);
    public delegate void UnityAction<T0, T1>(T0 a, T1 b);
    public delegate void UnityAction<T0, T1, T2>(T0 a, T1 b, T2 c);
    public abstract class UnityEventBase
    {
        public abstract void RemoveAllListeners();
        public int GetPersistentEventCount() { return 0; }
    }
    public class UnityEvent : UnityEventBase
    {
        event UnityAction Calls;
        public void AddListener(UnityAction call) { Calls += call; }
        public void RemoveListener(UnityAction call) { Calls -= call; }
        public override void RemoveAllListeners() { Calls = null; }
        public void Invoke() { var calls = Calls; if (calls != null) calls(); }
    }
    public class UnityEvent<T0> : UnityEventBase
    {
        event UnityAction<T0> Calls;
        public void AddListener(UnityAction<T0> call) { Calls += call; }
        public void RemoveListener(UnityAction<T0> call) { Calls -= call; }
        public override void RemoveAllListeners() { Calls = null; }
        public void Invoke(T0 a) { var calls = Calls; if (calls != null) calls(a); }
    }
    public class UnityEvent<T0, T1> : UnityEventBase
    {
        event UnityAction<T0, T1> Calls;
        public void AddListener(UnityAction<T0, T1> call) { Calls += call; }
        public void RemoveListener(UnityAction<T0, T1> call) { Calls -= call; }
        public override void RemoveAllListeners() { Calls = null; }
        public void Invoke(T0 a, T1 b) { var calls = Calls; if (calls != null) calls(a, b); }
    }
    public class UnityEvent<T0, T1, T2> : UnityEventBase
    {
        event UnityAction<T0, T1, T2> Calls;
        public void AddListener(UnityAction<T0, T1, T2> call) { Calls += call; }
        public void RemoveListener(UnityAction<T0, T1, T2> call) { Calls -= call; }
        public override void RemoveAllListeners() { Calls = null; }
        public void Invoke(T0 a, T1 b, T2 c) { var calls = Calls; if (calls != null) calls(a, b, c); }
    }
}
