using System;
using UnityEngine;

namespace Heedful
{
    /// <summary>A doorway on the edge of a place.</summary>
    [Serializable]
    public sealed class Doorway
    {
        [Tooltip("Centre on the floor, in the place's own space.")]
        public Vector3 position;

        [Tooltip("Clear width, metres.")]
        public float width = 1f;

        [Tooltip("The place behind it; none: the outside.")]
        public ScenePlace leadsTo;

        [Tooltip("The door in it; none: an opening.")]
        public SceneEntity door;
    }
}
