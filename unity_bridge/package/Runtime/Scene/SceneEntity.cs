using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>States of an entity that NPCs are told when they see it.</summary>
    [Flags]
    public enum EntityStates
    {
        /// <summary>None of the others.</summary>
        None = 0,

        /// <summary>It is open (a door, a container).</summary>
        Open = 1,

        /// <summary>It is locked; NPCs find out when they try.</summary>
        Locked = 2,

        /// <summary>It is on.</summary>
        On = 4
    }

    /// <summary>What an entity is besides its class, which decides what acts do to it.</summary>
    [Flags]
    public enum EntityTraits
    {
        /// <summary>None of the others.</summary>
        None = 0,

        /// <summary>Things can be put into it while it is open (4 of them), and it can be locked.</summary>
        Container = 1,

        /// <summary>Things can be put on it (3 of them).</summary>
        Surface = 2,

        /// <summary>It takes two to carry it.</summary>
        Heavy = 4,

        /// <summary>That it is on can be seen (a lamp), so entities do not tell it.</summary>
        Glows = 8
    }

    /// <summary>An object, a door or somebody: what NPCs can see, handle and talk to.</summary>
    [AddComponentMenu("Heedful/Scene Entity")]
    [DisallowMultipleComponent]
    public sealed class SceneEntity : SceneThing
    {
        [SerializeField, Tooltip("Object, door or npc (a person, also the player).")]
        private Kind kind = Kind.Object;

        [SerializeField, Tooltip("Full extent along its own right, up, forward, metres; zero: its colliders' and renderers'.")]
        private Vector3 size;

        [SerializeField, Tooltip("Height of its base above this object's position, metres.")]
        private float baseOffset;

        [SerializeField, Tooltip("What can be done with it; examine and touch always can.")]
        private List<Affordance> affordances = new List<Affordance>();

        [SerializeField, Tooltip("What it is besides its class.")]
        private EntityTraits traits;

        [SerializeField, Tooltip("How it is now.")]
        private EntityStates states;

        [SerializeField, Tooltip("What opens it when it is locked; none: nothing.")]
        private SceneEntity lockKey;

        [SerializeField, Tooltip("What is written on it; whoever examines it can read it.")]
        private string text = "";

        [SerializeField, Tooltip("What goes on and off with it; doors open.")]
        private List<SceneEntity> powers = new List<SceneEntity>();

        /// <inheritdoc />
        public override Kind Kind { get { return kind; } }

        /// <inheritdoc />
        public override Vector3 Position
        {
            get { return transform.position + new Vector3(0f, baseOffset, 0f); }
        }

        /// <summary>Full extent along its own right, up, forward; metres.</summary>
        public Vector3 Size
        {
            get { return size; }
            set { size = value; }
        }

        /// <summary>Heading, radians clockwise from +z seen from above.</summary>
        public float Yaw { get { return transform.eulerAngles.y * Mathf.Deg2Rad; } }

        /// <summary>What can be done with it.</summary>
        public List<Affordance> Affordances { get { return affordances; } }

        /// <summary>What it is besides its class.</summary>
        public EntityTraits Traits
        {
            get { return traits; }
            set { traits = value; }
        }

        /// <summary>How it is now.</summary>
        public EntityStates States { get { return states; } }

        /// <summary>What opens it when it is locked; null for nothing.</summary>
        public SceneEntity LockKey
        {
            get { return lockKey; }
            set { lockKey = value; }
        }

        /// <summary>What is written on it.</summary>
        public string Text
        {
            get { return text; }
            set { text = value; }
        }

        /// <summary>What goes on and off with it.</summary>
        public List<SceneEntity> Powers { get { return powers; } }

        /// <summary>Who holds it; null for nobody.</summary>
        public SceneEntity Holder { get; internal set; }

        /// <summary>What it holds in its hand (a person); null for nothing.</summary>
        public SceneEntity Held { get; internal set; }

        /// <summary>Whether it moves now.</summary>
        public bool IsMoving { get; internal set; }

        /// <summary>Called when its states have changed: the entity and the states before.</summary>
        public event Action<SceneEntity, EntityStates> StatesChanged;

        /// <summary>Called when somebody has done something with it: the entity, the act and who.</summary>
        public event Action<SceneEntity, Act, SceneEntity> ActDone;

        /// <summary>Sets what a builder or a script knows of it.</summary>
        public void SetUp(Kind kind, string className, string displayName, Vector3 size)
        {
            this.kind = kind;
            this.size = size;
            ClassName = className;
            DisplayName = displayName;
        }

        /// <summary>Whether all these states are so.</summary>
        public bool Is(EntityStates asked)
        {
            return (states & asked) == asked;
        }

        /// <summary>Changes states and tells whoever listens.</summary>
        public void Set(EntityStates changed, bool value)
        {
            var before = states;
            states = value ? states | changed : states & ~changed;
            if (states != before)
                StatesChanged?.Invoke(this, before);
        }

        internal void NotifyDone(Act act, SceneEntity who)
        {
            ActDone?.Invoke(this, act, who);
        }
    }
}
