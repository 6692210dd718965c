// Part of the stand-in for UnityEngine.PhysicsModule.dll; see README.md beside it. Nothing here is Unity code.
using System;
using System.Collections.Generic;
using StubEngine;

namespace UnityEngine
{
    public enum RigidbodyConstraints { None = 0, FreezeRotation = 112, FreezeAll = 126 }
    public class PhysicMaterial : Object { }
    public class PhysicsMaterial : Object { }
    public abstract class Collider : Component
    {
        internal static readonly List<Collider> s_All = new List<Collider>();
        protected Collider() { s_All.Add(this); }
        public bool enabled { get; set; } = true;
        public bool isTrigger { get; set; }
        public Rigidbody attachedRigidbody { get { return GetComponentInParent<Rigidbody>(); } }
        internal bool Counts { get { return !m_Destroyed && enabled && (object)m_GameObject != null && m_GameObject.activeInHierarchy; } }
        /// Centre and half sizes in the object's own frame (before scale) of the box that stands for this shape.
        internal abstract void Shape(out Vector3 center, out Vector3 half);
        internal virtual void Oriented(out Vector3 center, out Quaternion rotation, out Vector3 half)
        {
            Shape(out center, out half);
            var scale = transform.lossyScale;
            center = transform.TransformPoint(center);
            rotation = transform.rotation;
            half = new Vector3(Math.Abs(scale.x) * half.x, Math.Abs(scale.y) * half.y, Math.Abs(scale.z) * half.z);
        }
        public Bounds bounds
        {
            get
            {
                Need("get_bounds");
                Vector3 center, half; Quaternion rotation;
                Oriented(out center, out rotation, out half);
                Vector3 x = rotation * Vector3.right * half.x, y = rotation * Vector3.up * half.y, z = rotation * Vector3.forward * half.z;
                return new Bounds(center, 2 * new Vector3(Math.Abs(x.x) + Math.Abs(y.x) + Math.Abs(z.x), Math.Abs(x.y) + Math.Abs(y.y) + Math.Abs(z.y), Math.Abs(x.z) + Math.Abs(y.z) + Math.Abs(z.z)));
            }
        }
        public virtual Vector3 ClosestPoint(Vector3 point)
        {
            Need("ClosestPoint");
            Vector3 center, half; Quaternion rotation;
            Oriented(out center, out rotation, out half);
            var p = Quaternion.Inverse(rotation) * (point - center);
            return center + rotation * Vector3.Max(-half, Vector3.Min(half, p));
        }
        public Vector3 ClosestPointOnBounds(Vector3 point) { return bounds.ClosestPoint(point); }
        public bool Raycast(Ray ray, out RaycastHit hit, float maxDistance) { return Hit(ray.origin, ray.direction, maxDistance, 0, out hit); }

        /// The slab test against the oriented box, grown by radius.
        internal virtual bool Hit(Vector3 origin, Vector3 direction, float length, float radius, out RaycastHit hit)
        {
            hit = new RaycastHit();
            Vector3 center, half; Quaternion rotation;
            Oriented(out center, out rotation, out half);
            half += Vector3.one * radius;
            var back = Quaternion.Inverse(rotation);
            Vector3 o = back * (origin - center), d = back * direction.normalized;
            float near = float.NegativeInfinity, far = length;
            int axis = -1;
            for (int i = 0; i < 3; i++)
            {
                if (Math.Abs(d[i]) < 1e-9f) { if (Math.Abs(o[i]) > half[i]) return false; continue; }
                float a = (-half[i] - o[i]) / d[i], b = (half[i] - o[i]) / d[i];
                if (a > b) { var swap = a; a = b; b = swap; }
                if (a > near) { near = a; axis = i; }
                far = Math.Min(far, b);
            }
            if (near > far || near < 0 || axis < 0) return false; // a ray does not hit what it begins in
            var normal = Vector3.zero;
            normal[axis] = d[axis] > 0 ? -1 : 1;
            hit = new RaycastHit { m_Collider = this, distance = near, normal = rotation * normal, point = origin + direction.normalized * near };
            return true;
        }
    }
    public class BoxCollider : Collider
    {
        public Vector3 center { get; set; }
        public Vector3 size { get; set; } = Vector3.one;
        internal override void Shape(out Vector3 c, out Vector3 half) { c = center; half = size * 0.5f; }
    }
    /// Rays meet the box round a mesh.
    public class MeshCollider : Collider
    {
        public Mesh sharedMesh { get; set; }
        public bool convex { get; set; }
        internal override void Shape(out Vector3 c, out Vector3 half) { c = Vector3.zero; half = (object)sharedMesh == null ? Vector3.one * 0.5f : sharedMesh.bounds.extents; }
    }
    public class SphereCollider : Collider
    {
        public Vector3 center { get; set; }
        public float radius { get; set; } = 0.5f;
        internal override void Shape(out Vector3 c, out Vector3 half) { c = center; half = Vector3.one * radius; }
        internal override bool Hit(Vector3 origin, Vector3 direction, float length, float extra, out RaycastHit hit)
        {
            hit = new RaycastHit();
            var middle = transform.TransformPoint(center);
            var scale = transform.lossyScale;
            float r = radius * Math.Max(scale.x, Math.Max(scale.y, scale.z)) + extra;
            Vector3 d = direction.normalized, o = origin - middle;
            float b = Vector3.Dot(o, d), c = o.sqrMagnitude - r * r, root = b * b - c;
            if (c < 0 || root < 0) return false;
            float near = -b - (float)Math.Sqrt(root);
            if (near < 0 || near > length) return false;
            var point = origin + d * near;
            hit = new RaycastHit { m_Collider = this, distance = near, point = point, normal = (point - middle).normalized };
            return true;
        }
        public override Vector3 ClosestPoint(Vector3 point)
        {
            var middle = transform.TransformPoint(center);
            return (point - middle).magnitude <= radius ? point : middle + (point - middle).normalized * radius;
        }
    }
    /// Rays meet the upright box round a capsule.
    public class CapsuleCollider : Collider
    {
        public Vector3 center { get; set; }
        public float radius { get; set; } = 0.5f;
        public float height { get; set; } = 1;
        public int direction { get; set; } = 1;
        internal override void Shape(out Vector3 c, out Vector3 half) { c = center; half = new Vector3(radius, Math.Max(height / 2, radius), radius); }
    }
    public class Rigidbody : Component
    {
        public Vector3 position { get { return transform.position; } set { transform.position = value; } }
        public Quaternion rotation { get { return transform.rotation; } set { transform.rotation = value; } }
        public Vector3 velocity { get; set; }
        public Vector3 linearVelocity { get { return velocity; } set { velocity = value; } }
        public Vector3 angularVelocity { get; set; }
        public float mass { get; set; } = 1;
        public bool isKinematic { get; set; }
        public bool useGravity { get; set; } = true;
        public RigidbodyConstraints constraints { get; set; }
        public void MovePosition(Vector3 p) { position = p; }
        public void MoveRotation(Quaternion r) { rotation = r; }
        public void AddForce(Vector3 force) { }
        public void AddForce(Vector3 force, ForceMode mode) { }
    }
    public enum ForceMode { Force, Impulse, VelocityChange = 2, Acceleration = 5 }
    [Flags] public enum CollisionFlags { None = 0, Sides = 1, Above = 2, Below = 4 }
    public class ControllerColliderHit
    {
        public Collider collider { get; internal set; }
        public Vector3 normal { get; internal set; }
        public Vector3 point { get; internal set; }
        public GameObject gameObject { get { return collider.gameObject; } }
    }
    /// An upright cylinder that slides along boxes and stands on what is under its feet.
    public class CharacterController : Collider
    {
        public Vector3 center { get; set; }
        public float radius { get; set; } = 0.5f;
        public float height { get; set; } = 2;
        public float skinWidth { get; set; } = 0.08f;
        public float stepOffset { get; set; } = 0.3f;
        public float slopeLimit { get; set; } = 45;
        public float minMoveDistance { get; set; }
        public bool detectCollisions { get; set; } = true;
        public bool enableOverlapRecovery { get; set; }
        public bool isGrounded { get; private set; }
        public Vector3 velocity { get; private set; }
        public CollisionFlags collisionFlags { get; private set; }
        internal override void Shape(out Vector3 c, out Vector3 half) { c = center; half = new Vector3(radius, height / 2, radius); }
        public bool SimpleMove(Vector3 speed) { Move(new Vector3(speed.x, -9.81f * Time.deltaTime, speed.z) * Time.deltaTime); return isGrounded; }
        public CollisionFlags Move(Vector3 motion)
        {
            Need("Move");
            var from = transform.position;
            var to = from + new Vector3(motion.x, 0, motion.z);
            var flags = CollisionFlags.None;
            for (int i = 0; i < s_All.Count; i++)
            {
                var other = s_All[i];
                if (ReferenceEquals(other, this) || !other.Counts || other.isTrigger || other.transform.IsChildOf(transform)) continue;
                var box = other.bounds;
                float low = to.y + center.y - height / 2;
                if (box.max.y <= low + stepOffset || box.min.y >= low + height) continue;
                var closest = other.ClosestPoint(new Vector3(to.x, Mathf.Clamp(low + height / 2, box.min.y, box.max.y), to.z));
                float dx = to.x - closest.x, dz = to.z - closest.z, gap = Mathf.Sqrt(dx * dx + dz * dz);
                if (gap >= radius) continue;
                flags |= CollisionFlags.Sides;
                if (gap < 1e-6f) { to.x = from.x; to.z = from.z; }
                else { to.x = closest.x + dx / gap * radius; to.z = closest.z + dz / gap * radius; }
            }
            float floor = float.NegativeInfinity;
            for (int i = 0; i < s_All.Count; i++)
            {
                var other = s_All[i];
                if (ReferenceEquals(other, this) || !other.Counts || other.isTrigger || other.transform.IsChildOf(transform)) continue;
                var box = other.bounds;
                if (to.x < box.min.x || to.x > box.max.x || to.z < box.min.z || to.z > box.max.z) continue;
                float feet = from.y + center.y - height / 2;
                if (box.max.y <= feet + stepOffset + 1e-4f) floor = Math.Max(floor, box.max.y);
            }
            float wanted = from.y + motion.y, stand = floor - center.y + height / 2;
            isGrounded = wanted <= stand;
            if (isGrounded) { wanted = stand; flags |= CollisionFlags.Below; }
            to.y = wanted;
            transform.position = to;
            if (Time.deltaTime > 0) velocity = (to - from) / Time.deltaTime;
            return collisionFlags = flags;
        }
    }
}
namespace StubEngine
{
    using UnityEngine;

    public static class StubModule
    {
        /// Primitives get their colliders.
        public static void Load()
        {
            GameObject.s_Primitive = (go, type) =>
            {
                if (type == PrimitiveType.Sphere) go.AddComponent<SphereCollider>();
                else if (type == PrimitiveType.Capsule || type == PrimitiveType.Cylinder) { var c = go.AddComponent<CapsuleCollider>(); c.height = 2; }
                else if (type == PrimitiveType.Cube) go.AddComponent<BoxCollider>();
                else { var m = go.AddComponent<BoxCollider>(); m.size = type == PrimitiveType.Plane ? new Vector3(10, 0.001f, 10) : new Vector3(1, 1, 0.001f); }
            };
        }
    }
}
