// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
using System.Collections;
using System.Collections.Generic;

namespace UnityEngine
{
    public enum Space { World, Self }

    public class Transform : Component, IEnumerable
    {
        internal Transform m_Parent;
        internal readonly List<Transform> m_Children = new List<Transform>();
        Vector3 m_Position, m_Scale = Vector3.one;
        Quaternion m_Rotation = Quaternion.identity;
        protected internal Transform() { }
        public bool hasChanged { get; set; } = true;
        public Vector3 localPosition { get { Need("get_localPosition"); return m_Position; } set { Need("set_localPosition"); m_Position = value; hasChanged = true; } }
        public Quaternion localRotation { get { Need("get_localRotation"); return m_Rotation; } set { Need("set_localRotation"); m_Rotation = value.normalized; hasChanged = true; } }
        public Vector3 localScale { get { Need("get_localScale"); return m_Scale; } set { Need("set_localScale"); m_Scale = value; hasChanged = true; } }
        public Vector3 lossyScale { get { return (object)m_Parent == null ? localScale : Vector3.Scale(m_Parent.lossyScale, localScale); } }
        public Transform parent { get { Need("get_parent"); return m_Parent; } set { SetParent(value); } }
        public Transform root { get { return (object)m_Parent == null ? this : m_Parent.root; } }
        public void SetParent(Transform p) { SetParent(p, true); }
        public void SetParent(Transform p, bool worldPositionStays)
        {
            Need("SetParent");
            var where = position;
            var how = rotation;
            if ((object)m_Parent != null) m_Parent.m_Children.Remove(this);
            m_Parent = p == null ? null : p;
            if ((object)m_Parent != null) m_Parent.m_Children.Add(this);
            if (worldPositionStays) { rotation = how; position = where; }
            foreach (var behaviour in m_GameObject.GetComponentsInChildren<Behaviour>(true)) StubEngine.Player.Refresh(behaviour);
        }
        public Quaternion rotation
        {
            get { return (object)m_Parent == null ? localRotation : m_Parent.rotation * localRotation; }
            set { localRotation = (object)m_Parent == null ? value : Quaternion.Inverse(m_Parent.rotation) * value; }
        }
        public Vector3 position
        {
            get { return (object)m_Parent == null ? localPosition : m_Parent.TransformPoint(localPosition); }
            set { localPosition = (object)m_Parent == null ? value : m_Parent.InverseTransformPoint(value); }
        }
        public Vector3 eulerAngles { get { return rotation.eulerAngles; } set { rotation = Quaternion.Euler(value); } }
        public Vector3 localEulerAngles { get { return localRotation.eulerAngles; } set { localRotation = Quaternion.Euler(value); } }
        public Vector3 forward { get { return rotation * Vector3.forward; } set { rotation = Quaternion.LookRotation(value); } }
        public Vector3 right { get { return rotation * Vector3.right; } }
        public Vector3 up { get { return rotation * Vector3.up; } }
        public Matrix4x4 localToWorldMatrix { get { return Matrix4x4.TRS(position, rotation, lossyScale); } }
        public Matrix4x4 worldToLocalMatrix { get { return localToWorldMatrix.inverse; } }
        public void SetPositionAndRotation(Vector3 p, Quaternion r) { position = p; rotation = r; }
        public void SetLocalPositionAndRotation(Vector3 p, Quaternion r) { localPosition = p; localRotation = r; }
        public Vector3 TransformPoint(Vector3 p) { return position + rotation * Vector3.Scale(lossyScale, p); }
        public Vector3 TransformPoint(float x, float y, float z) { return TransformPoint(new Vector3(x, y, z)); }
        public Vector3 TransformDirection(Vector3 d) { return rotation * d; }
        public Vector3 TransformVector(Vector3 v) { return rotation * Vector3.Scale(lossyScale, v); }
        public Vector3 InverseTransformPoint(Vector3 p)
        {
            var v = Quaternion.Inverse(rotation) * (p - position);
            var s = lossyScale;
            return new Vector3(v.x / s.x, v.y / s.y, v.z / s.z);
        }
        public Vector3 InverseTransformDirection(Vector3 d) { return Quaternion.Inverse(rotation) * d; }
        public void Translate(Vector3 by) { position += rotation * by; }
        public void Translate(Vector3 by, Space space) { position += space == Space.World ? by : rotation * by; }
        public void Rotate(Vector3 angles) { localRotation = localRotation * Quaternion.Euler(angles); }
        public void Rotate(float x, float y, float z) { Rotate(new Vector3(x, y, z)); }
        public void Rotate(float x, float y, float z, Space space) { if (space == Space.Self) Rotate(x, y, z); else rotation = Quaternion.Euler(x, y, z) * rotation; }
        public void Rotate(Vector3 axis, float angle) { localRotation = localRotation * Quaternion.AngleAxis(angle, axis); }
        public void LookAt(Vector3 point) { rotation = Quaternion.LookRotation(point - position); }
        public void LookAt(Transform target) { LookAt(target.position); }
        public int childCount { get { return m_Children.Count; } }
        public Transform GetChild(int index) { return m_Children[index]; }
        public int GetSiblingIndex() { return (object)m_Parent == null ? 0 : m_Parent.m_Children.IndexOf(this); }
        public Transform Find(string path)
        {
            var at = this;
            foreach (var part in path.Split('/')) { at = at.m_Children.Find(c => c.name == part); if ((object)at == null) return null; }
            return at;
        }
        public bool IsChildOf(Transform other)
        {
            for (var at = this; (object)at != null; at = at.m_Parent) if (ReferenceEquals(at, other)) return true;
            return false;
        }
        public IEnumerator GetEnumerator() { return m_Children.GetEnumerator(); }
    }
    public sealed class RectTransform : Transform
    {
        public Vector2 anchorMin { get; set; }
        public Vector2 anchorMax { get; set; }
        public Vector2 pivot { get; set; }
        public Vector2 anchoredPosition { get; set; }
        public Vector2 sizeDelta { get; set; }
    }
}
