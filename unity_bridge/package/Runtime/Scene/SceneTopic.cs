using UnityEngine;

namespace Heedful
{
    /// <summary>A named thing without a body that one can talk about: a concert, a meeting.</summary>
    [AddComponentMenu("Heedful/Scene Topic")]
    public sealed class SceneTopic : SceneThing
    {
        /// <inheritdoc />
        public override Kind Kind { get { return Kind.Topic; } }

        /// <inheritdoc />
        public override Vector3 Position { get { return transform.position; } }
    }
}
