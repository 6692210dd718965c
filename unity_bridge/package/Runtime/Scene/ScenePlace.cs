using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>A place that one can be in: its floor as a polygon, and the doorways on its edge.</summary>
    [AddComponentMenu("Heedful/Scene Place")]
    public sealed class ScenePlace : SceneThing
    {
        [SerializeField, Tooltip("Corners of the floor (x, z), in this object's own space, metres.")]
        private Vector2[] floor =
        {
            new Vector2(-2f, -2f), new Vector2(2f, -2f), new Vector2(2f, 2f), new Vector2(-2f, 2f)
        };

        [SerializeField, Tooltip("Doorways on the edge.")]
        private List<Doorway> doorways = new List<Doorway>();

        [SerializeField, Tooltip("Height that counts as being in it, above this object's position.")]
        private float height = 3f;

        /// <inheritdoc />
        public override Kind Kind { get { return Kind.Place; } }

        /// <inheritdoc />
        public override Vector3 Position { get { return transform.position; } }

        /// <summary>Corners of the floor (x, z), in this object's own space, metres.</summary>
        public Vector2[] Floor
        {
            get { return floor; }
            set { floor = value; SceneRegistry.NotifyChanged(this); }
        }

        /// <summary>Doorways on the edge; SetDoorways replaces them.</summary>
        public IReadOnlyList<Doorway> Doorways { get { return doorways; } }

        /// <summary>Replaces the doorways.</summary>
        public void SetDoorways(IEnumerable<Doorway> replacement)
        {
            doorways = new List<Doorway>(replacement);
            SceneRegistry.NotifyChanged(this);
        }

        /// <summary>A corner of the floor in world space.</summary>
        public Vector3 Corner(int index)
        {
            var corner = floor[index];
            return transform.TransformPoint(new Vector3(corner.x, 0f, corner.y));
        }

        /// <summary>Whether a point is on this floor or at most `height` above it.</summary>
        public bool Contains(Vector3 point)
        {
            var local = transform.InverseTransformPoint(point);
            if (local.y < -0.5f || local.y > height)
                return false;
            var inside = false;
            for (int index = 0, before = floor.Length - 1; index < floor.Length; before = index++)
            {
                var a = floor[index];
                var b = floor[before];
                if (a.y > local.z != b.y > local.z
                    && local.x < (b.x - a.x) * (local.z - a.y) / (b.y - a.y) + a.x)
                    inside = !inside;
            }
            return inside;
        }
    }
}
