using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>Primitives in colours; one material for each colour.</summary>
    internal sealed class SceneShapes
    {
        private static readonly HashSet<string> round = new HashSet<string> { "globe", "helmet", "gear" };

        private static readonly HashSet<string> upright = new HashSet<string>
        {
            "vase", "drum", "lantern", "pipe", "cup", "plant", "lamp", "fountain", "hydrant", "streetlight", "tree"
        };

        private readonly Dictionary<Color32, Material> materials = new Dictionary<Color32, Material>();

        /// <summary>The shape that things of a class have.</summary>
        public static PrimitiveType ShapeOf(string className)
        {
            return round.Contains(className) ? PrimitiveType.Sphere
                : upright.Contains(className) ? PrimitiveType.Cylinder
                : PrimitiveType.Cube;
        }

        /// <summary>A primitive that fills a box.</summary>
        /// <param name="type">Which.</param>
        /// <param name="name">The object's name.</param>
        /// <param name="parent">What it belongs to.</param>
        /// <param name="center">Middle of the box, in the space of the parent.</param>
        /// <param name="size">Full extent of the box, metres.</param>
        /// <param name="color">What it is painted with.</param>
        public GameObject Add(PrimitiveType type, string name, Transform parent, Vector3 center, Vector3 size,
            Color32 color)
        {
            var shape = GameObject.CreatePrimitive(type);
            shape.name = name;
            shape.transform.SetParent(parent, false);
            shape.transform.localPosition = center;
            bool isTall = type == PrimitiveType.Cylinder || type == PrimitiveType.Capsule;
            shape.transform.localScale = isTall ? new Vector3(size.x, size.y / 2f, size.z) : size;
            Paint(shape, color);
            return shape;
        }

        /// <summary>A ceiling: seen from below only, and no body or light is stopped by it.</summary>
        public GameObject AddCeiling(string name, Transform parent, Vector3 center, Vector2 size, Color32 color)
        {
            var ceiling = GameObject.CreatePrimitive(PrimitiveType.Quad);
            ceiling.name = name;
            ceiling.transform.SetParent(parent, false);
            ceiling.transform.localPosition = center;
            ceiling.transform.localRotation = Quaternion.Euler(-90f, 0f, 0f);
            ceiling.transform.localScale = new Vector3(size.x, size.y, 1f);
            Paint(ceiling, color);
            ceiling.GetComponent<Renderer>().shadowCastingMode = UnityEngine.Rendering.ShadowCastingMode.Off;
            Remove(ceiling.GetComponent<Collider>());
            return ceiling;
        }

        /// <summary>Destroys a component now, in play mode and in the editor.</summary>
        public static void Remove(Component component)
        {
            if (component != null)
            {
                Object.DestroyImmediate(component);
            }
        }

        private void Paint(GameObject shape, Color32 color)
        {
            var renderer = shape.GetComponent<Renderer>();
            if (!materials.TryGetValue(color, out Material material))
            {
                // a copy of the default material is right in every render pipeline
                material = new Material(renderer.sharedMaterial) { color = color };
                materials[color] = material;
            }

            renderer.sharedMaterial = material;
        }
    }
}
