using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// Lines of sight and walls between, by physics. Objects and people hide nothing, as in the headless
    /// world; walls, furniture without an entity and doors do.
    /// </summary>
    public static class SightLine
    {
        private const int MostHits = 64;
        private const int MostCached = 4096;
        private static readonly RaycastHit[] hits = new RaycastHit[MostHits];
        private static readonly Collider[] counted = new Collider[WorldRules.MaxWalls];
        private static readonly Dictionary<Collider, SceneEntity> owners = new Dictionary<Collider, SceneEntity>();
        private static bool isListening;

        /// <summary>Layers whose colliders hide and muffle.</summary>
        public static LayerMask Layers { get; set; } = Physics.DefaultRaycastLayers;

        /// <summary>Whether nothing hides a target from an eye.</summary>
        /// <param name="eye">World space.</param>
        /// <param name="point">A point of the target.</param>
        /// <param name="me">Whose colliders do not count.</param>
        /// <param name="target">Whose colliders do not count either; null for a mere point.</param>
        public static bool IsClear(Vector3 eye, Vector3 point, SceneEntity me, SceneEntity target)
        {
            return WallsBetween(eye, point, me, target, 1) == 0;
        }

        /// <summary>Whether an entity can be seen from an eye: its middle or its top.</summary>
        public static bool CanSee(Vector3 eye, SceneEntity me, SceneEntity target)
        {
            var height = target.Size.y;
            var foot = target.Position;
            return IsClear(eye, foot + new Vector3(0f, 0.5f * height, 0f), me, target)
                || IsClear(eye, foot + new Vector3(0f, 0.9f * height, 0f), me, target);
        }

        /// <summary>Number of walls and closed doors on a segment, counted up to a limit (at most MaxWalls).</summary>
        public static int WallsBetween(Vector3 from, Vector3 to, SceneEntity me, SceneEntity target, int limit)
        {
            var line = to - from;
            var length = line.magnitude;
            if (length < 1e-4f)
                return 0;
            ListenOnce();
            var found = Physics.RaycastNonAlloc(from, line / length, hits, length, Layers,
                QueryTriggerInteraction.Ignore);
            var walls = 0;
            for (var index = 0; index < found && walls < limit; index++)
            {
                var collider = hits[index].collider;
                var owner = FindOwner(collider);
                if (owner != null && (owner.Kind != Kind.Door || ReferenceEquals(owner, target)
                        || ReferenceEquals(owner, me)))
                    continue;
                if (Array.IndexOf(counted, collider, 0, walls) < 0)
                    counted[walls++] = collider;
            }
            return walls;
        }

        /// <summary>The entity that a collider belongs to; null for a part of the scenery.</summary>
        public static SceneEntity FindOwner(Collider collider)
        {
            if (!owners.TryGetValue(collider, out var owner))
            {
                if (owners.Count >= MostCached)
                    owners.Clear();
                owner = collider.GetComponentInParent<SceneEntity>();
                owners[collider] = owner;
            }
            return owner;
        }

        private static void ListenOnce()
        {
            if (isListening)
                return;
            isListening = true;
            SceneRegistry.Added += Forget;
            SceneRegistry.Removed += Forget;
        }

        private static void Forget(SceneThing thing)
        {
            owners.Clear();
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void ResetStatics()
        {
            owners.Clear();
            isListening = false;
            Layers = Physics.DefaultRaycastLayers;
        }
    }
}
