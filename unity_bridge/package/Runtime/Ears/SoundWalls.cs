using UnityEngine;

namespace Heedful
{
    /// <summary>Counts the walls and closed doors that muffle a sound.</summary>
    public static class SoundWalls
    {
        /// <summary>Height over the floor at which walls are looked for: lower things and lintels muffle nothing.</summary>
        public const float Height = 0.85f;

        private const float SameFloor = 2.5f;
        private static readonly RaycastHit[] hits = new RaycastHit[32];

        /// <summary>Walls and closed doors on the way from one place to another.</summary>
        /// <remarks>A wall is a collider, no trigger, that belongs to no entity but a closed door, and that nothing
        /// moves: objects and people muffle nothing, as in the headless world.</remarks>
        /// <param name="feet">The floor under the listener.</param>
        /// <param name="source">Where the sound is.</param>
        /// <param name="layers">Layers that walls are on.</param>
        /// <returns>0 to <see cref="WorldRules.MaxWalls"/>.</returns>
        public static int Between(Vector3 feet, Vector3 source, LayerMask layers)
        {
            Vector3 from = feet + Height * Vector3.up;
            if (Mathf.Abs(source.y - feet.y) < SameFloor)
                source.y = from.y;
            Vector3 way = source - from;
            float distance = way.magnitude;
            if (distance < 1e-3f)
                return 0;
            int count = Physics.RaycastNonAlloc(
                from, way / distance, hits, distance, layers, QueryTriggerInteraction.Ignore);
            int walls = 0;
            for (int hit = 0; hit < count && walls < WorldRules.MaxWalls; hit++)
            {
                if (Muffles(hits[hit].collider))
                    walls++;
            }
            return walls;
        }

        private static bool Muffles(Collider collider)
        {
            Rigidbody body = collider.attachedRigidbody;
            if (collider is CharacterController || (body != null && !body.isKinematic))
                return false;
            SceneEntity entity = collider.GetComponentInParent<SceneEntity>();
            if (entity == null)
                return true;
            return entity.Kind == Kind.Door && (entity.States & EntityStates.Open) == 0;
        }
    }
}
