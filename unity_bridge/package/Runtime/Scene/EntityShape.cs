using UnityEngine;

namespace Heedful
{
    /// <summary>Measures an entity that was given no size: its colliders, else its renderers.</summary>
    internal static class EntityShape
    {
        /// <summary>Measures along the entity's own right, up, forward.</summary>
        /// <param name="entity">What is measured.</param>
        /// <param name="size">Full extent, metres.</param>
        /// <param name="middle">Middle of the base in the entity's unscaled space, metres.</param>
        public static void Measure(SceneEntity entity, out Vector3 size, out Vector3 middle)
        {
            var frame = Matrix4x4.TRS(entity.transform.position, entity.transform.rotation, Vector3.one).inverse;
            var found = false;
            Vector3 low = Vector3.zero, high = Vector3.zero;
            foreach (var collider in entity.GetComponentsInChildren<Collider>())
            {
                if (collider.isTrigger)
                    continue;
                if (collider is BoxCollider box)
                    Include(frame * box.transform.localToWorldMatrix, box.center, 0.5f * box.size,
                        ref found, ref low, ref high);
                else
                    Include(frame, collider.bounds.center, collider.bounds.extents, ref found, ref low, ref high);
            }
            if (!found)
                foreach (var renderer in entity.GetComponentsInChildren<Renderer>())
                    Include(frame, renderer.bounds.center, renderer.bounds.extents, ref found, ref low, ref high);
            if (!found)
                high = low = Vector3.zero;
            size = high - low;
            middle = new Vector3(0.5f * (low.x + high.x), low.y, 0.5f * (low.z + high.z));
        }

        private static void Include(Matrix4x4 toEntity, Vector3 centre, Vector3 half, ref bool found,
            ref Vector3 low, ref Vector3 high)
        {
            for (var corner = 0; corner < 8; corner++)
            {
                var sign = new Vector3(
                    (corner & 1) == 0 ? -1f : 1f, (corner & 2) == 0 ? -1f : 1f, (corner & 4) == 0 ? -1f : 1f);
                var point = toEntity.MultiplyPoint3x4(centre + Vector3.Scale(sign, half));
                low = found ? Vector3.Min(low, point) : point;
                high = found ? Vector3.Max(high, point) : point;
                found = true;
            }
        }
    }
}
