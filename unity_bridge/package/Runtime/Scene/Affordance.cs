using System;
using UnityEngine;
using UnityEngine.Events;

namespace Heedful
{
    /// <summary>An event that names the NPC or player who did something.</summary>
    [Serializable]
    public sealed class EntityEvent : UnityEvent<SceneEntity>
    {
    }

    /// <summary>One thing that can be done with an entity.</summary>
    [Serializable]
    public sealed class Affordance
    {
        [Tooltip("The act of the contract by which NPCs do it.")]
        public Act act = Act.Use;

        [Tooltip("What the game calls it, such as \"milk\"; empty: the act's name. SetGoal understands it.")]
        public string verb = "";

        [Tooltip("How long it takes, seconds; 0: one decision.")]
        public float seconds;

        [Tooltip("Whether it can be done now.")]
        public bool enabled = true;

        [Tooltip("Called when somebody has done it.")]
        public EntityEvent done = new EntityEvent();

        /// <summary>Makes an empty affordance, for Unity's inspector.</summary>
        public Affordance()
        {
        }

        /// <summary>Makes an affordance.</summary>
        public Affordance(Act act, string verb = "", float seconds = 0f)
        {
            this.act = act;
            this.verb = verb;
            this.seconds = seconds;
        }
    }
}
