// Stand-in for UnityEngine.AnimationModule.dll: parameters are kept, nothing moves. Nothing here is Unity code.
using System.Collections.Generic;

namespace UnityEngine
{
    public enum AnimatorControllerParameterType { Float = 1, Int = 3, Bool = 4, Trigger = 9 }
    public class AnimatorControllerParameter
    {
        public string name { get; set; }
        public AnimatorControllerParameterType type { get; set; }
        public int nameHash { get { return Animator.StringToHash(name); } }
    }
    public class RuntimeAnimatorController : Object { }
    public class Animator : Behaviour
    {
        /// Set by the host: the parameters that the controller has.
        public AnimatorControllerParameter[] StubParameters = new AnimatorControllerParameter[0];
        public readonly Dictionary<int, float> StubValues = new Dictionary<int, float>();
        public RuntimeAnimatorController runtimeAnimatorController { get; set; } = new RuntimeAnimatorController();
        public AnimatorControllerParameter[] parameters { get { Need("get_parameters"); return StubParameters; } }
        public int parameterCount { get { return StubParameters.Length; } }
        public AnimatorControllerParameter GetParameter(int index) { return StubParameters[index]; }
        public bool isInitialized { get { return true; } }
        public bool applyRootMotion { get; set; }
        public static int StringToHash(string name) { unchecked { int hash = 17; foreach (char c in name) hash = hash * 31 + c; return hash; } }
        public void SetFloat(int id, float value) { Need("SetFloat"); StubValues[id] = value; }
        public void SetFloat(int id, float value, float dampTime, float deltaTime) { SetFloat(id, value); }
        public void SetFloat(string name, float value) { SetFloat(StringToHash(name), value); }
        public void SetBool(int id, bool value) { SetFloat(id, value ? 1 : 0); }
        public void SetBool(string name, bool value) { SetBool(StringToHash(name), value); }
        public void SetInteger(int id, int value) { SetFloat(id, value); }
        public void SetInteger(string name, int value) { SetInteger(StringToHash(name), value); }
        public void SetTrigger(int id) { float n; StubValues.TryGetValue(id, out n); SetFloat(id, n + 1); }
        public void SetTrigger(string name) { SetTrigger(StringToHash(name)); }
        public void ResetTrigger(int id) { }
        public void ResetTrigger(string name) { }
        public float GetFloat(int id) { float n; StubValues.TryGetValue(id, out n); return n; }
        public float GetFloat(string name) { return GetFloat(StringToHash(name)); }
    }
}
