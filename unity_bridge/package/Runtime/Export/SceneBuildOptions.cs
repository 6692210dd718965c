using System;
using UnityEngine;

namespace Heedful
{
    /// <summary>What SceneBuilder makes beside the scene's own things.</summary>
    public sealed class SceneBuildOptions
    {
        /// <summary>How many NPCs begin at the scene's starts, where the scene has none of its own.</summary>
        public int NpcCount = 1;

        /// <summary>Whether there is a sun, so that cameras see something.</summary>
        public bool Light = true;

        /// <summary>Whether rooms have ceilings; these are seen from below only.</summary>
        public bool Ceilings = true;

        /// <summary>
        /// Gives the clip of a sound's name, or null; null for SceneSounds, which knows eight of them.
        /// </summary>
        public Func<string, AudioClip> FindClip;

        /// <summary>Called with every NPC once it stands: add bodies, eyes and ears of your own here.</summary>
        public Action<HeedfulNpc> OnNpc;
    }
}
