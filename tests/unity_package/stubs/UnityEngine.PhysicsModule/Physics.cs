// Part of the stand-in for UnityEngine.PhysicsModule.dll; see README.md beside it. Nothing here is Unity code.
using System;
using System.Collections.Generic;
using StubEngine;
using Unity.Collections;
using Unity.Jobs;

namespace UnityEngine
{
    public enum QueryTriggerInteraction { UseGlobal, Ignore, Collide }
    public struct RaycastHit
    {
        internal Collider m_Collider;
        public Collider collider { get { return m_Collider; } }
        public Transform transform { get { return (object)m_Collider == null ? null : m_Collider.transform; } }
        public Rigidbody rigidbody { get { return (object)m_Collider == null ? null : m_Collider.attachedRigidbody; } }
        public float distance { get; set; }
        public Vector3 point { get; set; }
        public Vector3 normal { get; set; }
    }
    /// Rays and overlaps against the colliders that are there, one by one.
    public class Physics
    {
        public const int DefaultRaycastLayers = ~4;
        public const int AllLayers = ~0;
        public const int IgnoreRaycastLayer = 4;
        public static bool queriesHitTriggers { get; set; } = true;
        public static bool queriesHitBackfaces { get; set; }
        public static Vector3 gravity { get; set; } = new Vector3(0, -9.81f, 0);
        public static void SyncTransforms() { }

        static bool Counts(Collider c, int layerMask, QueryTriggerInteraction triggers)
        {
            return c.Counts && (layerMask >> c.m_GameObject.layer & 1) != 0
                && (!c.isTrigger || (triggers == QueryTriggerInteraction.UseGlobal ? queriesHitTriggers : triggers == QueryTriggerInteraction.Collide));
        }
        static bool Cast(Vector3 origin, Vector3 direction, float radius, out RaycastHit nearest, float length, int layerMask, QueryTriggerInteraction triggers)
        {
            MainThread.Check("Raycast");
            nearest = new RaycastHit { distance = float.PositiveInfinity };
            for (int i = 0; i < Collider.s_All.Count; i++)
            {
                RaycastHit hit;
                var c = Collider.s_All[i];
                if (Counts(c, layerMask, triggers) && c.Hit(origin, direction, length, radius, out hit) && hit.distance < nearest.distance) nearest = hit;
            }
            if ((object)nearest.m_Collider != null) return true;
            nearest = new RaycastHit();
            return false;
        }
        public static bool Raycast(Vector3 origin, Vector3 direction, out RaycastHit hitInfo, float maxDistance, int layerMask, QueryTriggerInteraction triggers) { return Cast(origin, direction, 0, out hitInfo, maxDistance, layerMask, triggers); }
        public static bool Raycast(Vector3 origin, Vector3 direction, out RaycastHit hitInfo, float maxDistance, int layerMask) { return Cast(origin, direction, 0, out hitInfo, maxDistance, layerMask, QueryTriggerInteraction.UseGlobal); }
        public static bool Raycast(Vector3 origin, Vector3 direction, out RaycastHit hitInfo, float maxDistance) { return Raycast(origin, direction, out hitInfo, maxDistance, DefaultRaycastLayers); }
        public static bool Raycast(Vector3 origin, Vector3 direction, out RaycastHit hitInfo) { return Raycast(origin, direction, out hitInfo, float.PositiveInfinity); }
        public static bool Raycast(Vector3 origin, Vector3 direction, float maxDistance, int layerMask, QueryTriggerInteraction triggers) { RaycastHit hit; return Raycast(origin, direction, out hit, maxDistance, layerMask, triggers); }
        public static bool Raycast(Vector3 origin, Vector3 direction, float maxDistance, int layerMask) { RaycastHit hit; return Raycast(origin, direction, out hit, maxDistance, layerMask); }
        public static bool Raycast(Vector3 origin, Vector3 direction, float maxDistance) { return Raycast(origin, direction, maxDistance, DefaultRaycastLayers); }
        public static bool Raycast(Ray ray, out RaycastHit hitInfo, float maxDistance, int layerMask) { return Raycast(ray.origin, ray.direction, out hitInfo, maxDistance, layerMask); }
        public static bool Raycast(Ray ray, out RaycastHit hitInfo, float maxDistance) { return Raycast(ray.origin, ray.direction, out hitInfo, maxDistance); }
        public static bool Linecast(Vector3 start, Vector3 end, out RaycastHit hitInfo, int layerMask, QueryTriggerInteraction triggers) { return Raycast(start, end - start, out hitInfo, (end - start).magnitude, layerMask, triggers); }
        public static bool Linecast(Vector3 start, Vector3 end, out RaycastHit hitInfo, int layerMask) { return Linecast(start, end, out hitInfo, layerMask, QueryTriggerInteraction.UseGlobal); }
        public static bool Linecast(Vector3 start, Vector3 end, out RaycastHit hitInfo) { return Linecast(start, end, out hitInfo, DefaultRaycastLayers); }
        public static bool Linecast(Vector3 start, Vector3 end, int layerMask, QueryTriggerInteraction triggers) { RaycastHit hit; return Linecast(start, end, out hit, layerMask, triggers); }
        public static bool Linecast(Vector3 start, Vector3 end, int layerMask) { RaycastHit hit; return Linecast(start, end, out hit, layerMask); }
        public static bool Linecast(Vector3 start, Vector3 end) { return Linecast(start, end, DefaultRaycastLayers); }
        public static bool SphereCast(Vector3 origin, float radius, Vector3 direction, out RaycastHit hitInfo, float maxDistance, int layerMask, QueryTriggerInteraction triggers) { return Cast(origin, direction, radius, out hitInfo, maxDistance, layerMask, triggers); }
        public static bool SphereCast(Vector3 origin, float radius, Vector3 direction, out RaycastHit hitInfo, float maxDistance, int layerMask) { return Cast(origin, direction, radius, out hitInfo, maxDistance, layerMask, QueryTriggerInteraction.UseGlobal); }
        public static int RaycastNonAlloc(Vector3 origin, Vector3 direction, RaycastHit[] results, float maxDistance, int layerMask, QueryTriggerInteraction triggers)
        {
            MainThread.Check("RaycastNonAlloc");
            int count = 0;
            for (int i = 0; i < Collider.s_All.Count && count < results.Length; i++)
            {
                RaycastHit hit;
                var c = Collider.s_All[i];
                if (Counts(c, layerMask, triggers) && c.Hit(origin, direction, maxDistance, 0, out hit)) results[count++] = hit;
            }
            return count;
        }
        public static int RaycastNonAlloc(Vector3 origin, Vector3 direction, RaycastHit[] results, float maxDistance, int layerMask) { return RaycastNonAlloc(origin, direction, results, maxDistance, layerMask, QueryTriggerInteraction.UseGlobal); }
        public static int RaycastNonAlloc(Vector3 origin, Vector3 direction, RaycastHit[] results, float maxDistance) { return RaycastNonAlloc(origin, direction, results, maxDistance, DefaultRaycastLayers); }
        public static RaycastHit[] RaycastAll(Vector3 origin, Vector3 direction, float maxDistance, int layerMask, QueryTriggerInteraction triggers)
        {
            var hits = new RaycastHit[Collider.s_All.Count];
            Array.Resize(ref hits, RaycastNonAlloc(origin, direction, hits, maxDistance, layerMask, triggers));
            return hits;
        }
        public static RaycastHit[] RaycastAll(Vector3 origin, Vector3 direction, float maxDistance, int layerMask) { return RaycastAll(origin, direction, maxDistance, layerMask, QueryTriggerInteraction.UseGlobal); }
        public static RaycastHit[] RaycastAll(Vector3 origin, Vector3 direction, float maxDistance) { return RaycastAll(origin, direction, maxDistance, DefaultRaycastLayers); }
        public static int OverlapSphereNonAlloc(Vector3 position, float radius, Collider[] results, int layerMask, QueryTriggerInteraction triggers)
        {
            MainThread.Check("OverlapSphereNonAlloc");
            int count = 0;
            for (int i = 0; i < Collider.s_All.Count && count < results.Length; i++)
            {
                var c = Collider.s_All[i];
                if (Counts(c, layerMask, triggers) && (c.ClosestPoint(position) - position).magnitude <= radius) results[count++] = c;
            }
            return count;
        }
        public static int OverlapSphereNonAlloc(Vector3 position, float radius, Collider[] results, int layerMask) { return OverlapSphereNonAlloc(position, radius, results, layerMask, QueryTriggerInteraction.UseGlobal); }
        public static int OverlapSphereNonAlloc(Vector3 position, float radius, Collider[] results) { return OverlapSphereNonAlloc(position, radius, results, AllLayers); }
        public static bool CheckSphere(Vector3 position, float radius, int layerMask, QueryTriggerInteraction triggers) { return OverlapSphereNonAlloc(position, radius, s_One, layerMask, triggers) > 0; }
        public static bool CheckSphere(Vector3 position, float radius, int layerMask) { return CheckSphere(position, radius, layerMask, QueryTriggerInteraction.UseGlobal); }
        static readonly Collider[] s_One = new Collider[1];
        public static int OverlapBoxNonAlloc(Vector3 center, Vector3 halfExtents, Collider[] results, Quaternion orientation, int mask) { return OverlapBoxNonAlloc(center, halfExtents, results, orientation, mask, QueryTriggerInteraction.UseGlobal); }
        public static int OverlapBoxNonAlloc(Vector3 center, Vector3 halfExtents, Collider[] results, Quaternion orientation, int mask, QueryTriggerInteraction triggers)
        {
            MainThread.Check("OverlapBoxNonAlloc");
            var box = new Bounds(center, halfExtents * 2);
            int count = 0;
            for (int i = 0; i < Collider.s_All.Count && count < results.Length; i++)
                if (Counts(Collider.s_All[i], mask, triggers) && Collider.s_All[i].bounds.Intersects(box)) results[count++] = Collider.s_All[i];
            return count;
        }
        public static bool CheckBox(Vector3 center, Vector3 halfExtents, Quaternion orientation, int mask) { return OverlapBoxNonAlloc(center, halfExtents, s_One, orientation, mask) > 0; }
        public static bool CheckCapsule(Vector3 start, Vector3 end, float radius, int layerMask, QueryTriggerInteraction triggers) { return CheckBox((start + end) * 0.5f, new Vector3(radius, Math.Abs(end.y - start.y) / 2 + radius, radius), Quaternion.identity, layerMask); }
        public static bool CheckCapsule(Vector3 start, Vector3 end, float radius, int layerMask) { return CheckCapsule(start, end, radius, layerMask, QueryTriggerInteraction.UseGlobal); }
        public static void IgnoreCollision(Collider a, Collider b) { }
        public static void IgnoreCollision(Collider a, Collider b, bool ignore) { }
    }
    public struct QueryParameters { public int layerMask; public static QueryParameters Default { get { return new QueryParameters { layerMask = ~0 }; } } }
    public struct RaycastCommand
    {
        public Vector3 from, direction;
        public float distance { get; set; }
        public RaycastCommand(Vector3 from, Vector3 direction, QueryParameters queryParameters, float distance = float.MaxValue) : this() { this.from = from; this.direction = direction; this.distance = distance; }
        public static JobHandle ScheduleBatch(NativeArray<RaycastCommand> commands, NativeArray<RaycastHit> results, int minCommandsPerJob, int maxHits, JobHandle dependsOn = default(JobHandle)) { return new JobHandle(); }
    }
    public struct SpherecastCommand
    {
        public float distance { get; set; }
        public SpherecastCommand(Vector3 origin, float radius, Vector3 direction, QueryParameters queryParameters, float distance = float.MaxValue) : this() { this.distance = distance; }
        public static JobHandle ScheduleBatch(NativeArray<SpherecastCommand> commands, NativeArray<RaycastHit> results, int minCommandsPerJob, int maxHits, JobHandle dependsOn = default(JobHandle)) { return new JobHandle(); }
    }
    public class Joint : Component
    {
        public Rigidbody connectedBody { get; set; }
        public Vector3 currentForce { get { return Vector3.zero; } }
        public Vector3 currentTorque { get { return Vector3.zero; } }
    }
    public enum ArticulationJointType { FixedJoint, PrismaticJoint, RevoluteJoint, SphericalJoint }
    public enum ArticulationDofLock { LockedMotion, LimitedMotion, FreeMotion }
    public struct ArticulationDrive { public float lowerLimit, upperLimit; }
    public struct ArticulationReducedSpace { public float this[int i] { get { return 0; } set { } } }
    public class ArticulationBody : Behaviour
    {
        public bool isRoot { get; set; }
        public int dofCount { get; set; }
        public ArticulationJointType jointType { get; set; }
        public ArticulationDofLock linearLockX { get; set; }
        public ArticulationDofLock linearLockY { get; set; }
        public ArticulationDofLock linearLockZ { get; set; }
        public ArticulationDrive xDrive { get; set; }
        public ArticulationDrive yDrive { get; set; }
        public ArticulationDrive zDrive { get; set; }
        public ArticulationReducedSpace jointForce { get; set; }
        public ArticulationReducedSpace jointPosition { get; set; }
        public Vector3 linearVelocity { get; set; }
    }
}
