using System;
using UnityEngine;

namespace Heedful
{
    /// <summary>What SceneBuilder makes beside the scene's own things.</summary>
    public sealed class SceneBuildOptions
    {
        /// <summary>How many NPCs begin at the scene's starts, where the scene has none of its own.</summary>
        public int NpcCount = 1;

        /// <summary>
        /// Whether people who know facts have minds too, so that they answer; else they only stand there.
        /// </summary>
        public bool PeopleHaveMinds;

        /// <summary>Whether NPCs have eyes, ears and a body on a CharacterController.</summary>
        public bool Senses = true;

        /// <summary>Whether there is a sun, so that cameras see something.</summary>
        public bool Light = true;

        /// <summary>Whether rooms have ceilings; these are seen from below only.</summary>
        public bool Ceilings = true;

        /// <summary>
        /// Gives the clip of a sound's name; where it is or gives null, SceneSounds makes it if it can.
        /// </summary>
        public Func<string, AudioClip> FindClip;

        /// <summary>Called with every NPC once it stands: set goals, add components of your own here.</summary>
        public Action<HeedfulNpc> OnNpc;
    }
}
