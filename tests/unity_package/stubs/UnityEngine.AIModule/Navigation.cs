// Stand-in for UnityEngine.AIModule.dll: agents walk in a straight line. Nothing here is Unity code.
using System;
using System.Collections.Generic;
using StubEngine;

namespace UnityEngine.AI
{
    public enum NavMeshPathStatus { PathComplete, PathPartial, PathInvalid }
    public enum ObstacleAvoidanceType { NoObstacleAvoidance, HighQualityObstacleAvoidance = 4 }
    public class NavMeshPath
    {
        internal Vector3[] m_Corners = new Vector3[0];
        public Vector3[] corners { get { return m_Corners; } }
        public NavMeshPathStatus status { get { return m_Corners.Length > 0 ? NavMeshPathStatus.PathComplete : NavMeshPathStatus.PathInvalid; } }
        public int GetCornersNonAlloc(Vector3[] results) { int n = Math.Min(results.Length, m_Corners.Length); Array.Copy(m_Corners, results, n); return n; }
        public void ClearCorners() { m_Corners = new Vector3[0]; }
    }
    public struct NavMeshHit { public Vector3 position { get; set; } public Vector3 normal { get; set; } public float distance { get; set; } public bool hit { get; set; } public int mask { get; set; } }
    public static class NavMesh
    {
        public const int AllAreas = -1;
        /// Set by the host: where one may walk; null for everywhere.
        public static Func<Vector3, bool> StubWalkable;
        internal static bool Walkable(Vector3 p) { return StubWalkable == null || StubWalkable(p); }
        public static bool SamplePosition(Vector3 sourcePosition, out NavMeshHit hit, float maxDistance, int areaMask)
        {
            MainThread.Check("SamplePosition");
            hit = new NavMeshHit { position = sourcePosition, hit = Walkable(sourcePosition), mask = 1 };
            return hit.hit;
        }
        public static bool CalculatePath(Vector3 from, Vector3 to, int areaMask, NavMeshPath path)
        {
            MainThread.Check("CalculatePath");
            path.m_Corners = Walkable(to) ? new[] { from, to } : new Vector3[0];
            return path.m_Corners.Length > 0;
        }
        public static bool Raycast(Vector3 from, Vector3 to, out NavMeshHit hit, int areaMask) { hit = new NavMeshHit { position = to }; return !Walkable(to); }
    }
    public sealed class NavMeshAgent : Behaviour
    {
        static readonly List<NavMeshAgent> s_All = new List<NavMeshAgent>();
        bool m_HasPath;
        Vector3 m_Destination;
        public NavMeshAgent() { s_All.Add(this); }
        public float speed { get; set; } = 3.5f;
        public float angularSpeed { get; set; } = 120;
        public float acceleration { get; set; } = 8;
        public float stoppingDistance { get; set; }
        public float radius { get; set; } = 0.5f;
        public float height { get; set; } = 2;
        public float baseOffset { get; set; }
        public bool autoBraking { get; set; } = true;
        public bool autoRepath { get; set; } = true;
        public bool updatePosition { get; set; } = true;
        public bool updateRotation { get; set; } = true;
        public bool isStopped { get; set; }
        public int areaMask { get; set; } = NavMesh.AllAreas;
        public ObstacleAvoidanceType obstacleAvoidanceType { get; set; }
        public Vector3 velocity { get; set; }
        public Vector3 desiredVelocity { get { return m_HasPath && !isStopped ? (m_Destination - transform.position).normalized * speed : Vector3.zero; } }
        public Vector3 nextPosition { get { return transform.position; } set { if (updatePosition) transform.position = value; } }
        public Vector3 steeringTarget { get { return m_HasPath ? m_Destination : transform.position; } }
        public Vector3 destination { get { return m_Destination; } set { SetDestination(value); } }
        public bool isOnNavMesh { get { return NavMesh.Walkable(transform.position); } }
        public bool pathPending { get { return false; } }
        public bool hasPath { get { return m_HasPath; } }
        public NavMeshPathStatus pathStatus { get { return m_HasPath ? NavMeshPathStatus.PathComplete : NavMeshPathStatus.PathInvalid; } }
        public float remainingDistance { get { return m_HasPath ? (m_Destination - transform.position).magnitude : 0; } }
        public bool SetDestination(Vector3 target)
        {
            Need("SetDestination");
            m_HasPath = NavMesh.Walkable(target);
            m_Destination = target;
            return m_HasPath;
        }
        public bool CalculatePath(Vector3 target, NavMeshPath path) { return NavMesh.CalculatePath(transform.position, target, areaMask, path); }
        public bool SetPath(NavMeshPath path) { return path.corners.Length > 0 && SetDestination(path.corners[path.corners.Length - 1]); }
        public void ResetPath() { Need("ResetPath"); m_HasPath = false; velocity = Vector3.zero; }
        public bool Warp(Vector3 position) { transform.position = position; return true; }
        public void Move(Vector3 offset) { transform.position += offset; }
        internal static void StepAll()
        {
            float seconds = Time.deltaTime;
            foreach (var agent in s_All)
            {
                if (agent.m_Destroyed || !agent.isActiveAndEnabled || seconds <= 0) continue;
                if (!agent.m_HasPath || agent.isStopped) { agent.velocity = Vector3.zero; continue; }
                var from = agent.transform.position;
                if ((agent.m_Destination - from).magnitude <= agent.stoppingDistance) { agent.m_HasPath = false; agent.velocity = Vector3.zero; continue; }
                var to = Vector3.MoveTowards(from, agent.m_Destination, agent.speed * seconds);
                agent.velocity = (to - from) / seconds;
                if (agent.updatePosition) agent.transform.position = to;
                var flat = new Vector3(to.x - from.x, 0, to.z - from.z);
                if (agent.updateRotation && flat.sqrMagnitude > 1e-10f) agent.transform.rotation = Quaternion.RotateTowards(agent.transform.rotation, Quaternion.LookRotation(flat), agent.angularSpeed * seconds);
                if (to == agent.m_Destination) agent.m_HasPath = false;
            }
        }
    }
    public class NavMeshObstacle : Behaviour { public bool carving { get; set; } public Vector3 size { get; set; } public Vector3 center { get; set; } }
}
namespace StubEngine
{
    public static class StubModule { public static void Load() { Player.Stepped += UnityEngine.AI.NavMeshAgent.StepAll; } }
}
