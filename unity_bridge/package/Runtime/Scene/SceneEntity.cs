using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>An object, a door or somebody: what NPCs can see, handle and talk to.</summary>
    [AddComponentMenu("Heedful/Scene Entity")]
    [DisallowMultipleComponent]
    public sealed class SceneEntity : SceneThing
    {
        /// <summary>Most things that lie in one container.</summary>
        public const int InsideRoom = 4;

        /// <summary>Most things that lie on one surface.</summary>
        public const int UponRoom = 3;

        [SerializeField, Tooltip("Object, door or npc (a person, also the player). A door's entity sits on the frame, not on the leaf that turns.")]
        private Kind kind = Kind.Object;

        [SerializeField, Tooltip("Full extent along its own right, up, forward, metres; zero: its colliders' or renderers'.")]
        private Vector3 size;

        [SerializeField, Tooltip("Middle of its base in its own space, metres (used with a size).")]
        private Vector3 middle;

        [SerializeField, Tooltip("What can be done with it, besides what its kind and traits offer.")]
        private List<Affordance> affordances = new List<Affordance>();

        [SerializeField, Tooltip("What it is besides its class.")]
        private EntityTraits traits;

        [SerializeField, Tooltip("How it is now.")]
        private EntityStates states;

        [SerializeField, Tooltip("What opens it when it is locked; none: nothing.")]
        private SceneEntity lockKey;

        [SerializeField, Tooltip("What is written on it; whoever examines it can read it.")]
        private string text = "";

        [SerializeField, Tooltip("What goes on and off with it; doors open and close.")]
        private List<SceneEntity> powers = new List<SceneEntity>();

        [SerializeField, Tooltip("Where a held thing hangs (somebody); none: in front of the body.")]
        private Transform hand;

        private Vector3 measuredSize;
        private Vector3 measuredMiddle;
        private bool isMeasured;

        /// <inheritdoc />
        public override Kind Kind { get { return kind; } }

        /// <summary>Full extent along its own right, up, forward; metres.</summary>
        public Vector3 Size
        {
            get { Measure(); return measuredSize; }
            set { size = value; isMeasured = false; }
        }

        /// <summary>Middle of its base in its own space, metres; it counts together with a size.</summary>
        public Vector3 Middle
        {
            get { Measure(); return measuredMiddle; }
            set { middle = value; isMeasured = false; }
        }

        /// <inheritdoc />
        public override Vector3 Position
        {
            get { Measure(); return transform.position + transform.rotation * measuredMiddle; }
        }

        /// <summary>Heading, radians clockwise from +z seen from above.</summary>
        public float Yaw { get { return transform.eulerAngles.y * Mathf.Deg2Rad; } }

        /// <summary>What can be done with it, besides what its kind and traits offer.</summary>
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

        /// <summary>Where a held thing hangs; null: in front of the body.</summary>
        public Transform Hand
        {
            get { return hand; }
            set { hand = value; }
        }

        /// <summary>Who holds it; null for nobody.</summary>
        public SceneEntity Holder { get; internal set; }

        /// <summary>Who holds a heavy thing together with Holder; null for nobody.</summary>
        public SceneEntity SecondHolder { get; internal set; }

        /// <summary>What somebody holds; null for nothing.</summary>
        public SceneEntity Held { get; internal set; }

        /// <summary>The container or surface that it lies in or on; null for none.</summary>
        public SceneEntity Carrier { get; internal set; }

        /// <summary>Whether its rigid body was kinematic before it was taken.</summary>
        internal bool WasKinematic { get; set; }

        /// <summary>Which spot of Carrier it takes.</summary>
        public int Spot { get; internal set; }

        /// <summary>Whether it moves now; a game's script may say so, bodies say it of themselves.</summary>
        public bool IsMoving { get; set; }

        /// <summary>
        /// The game's own rule, asked before an act begins: the entity, the act and who. None lets it
        /// happen, another reason refuses it.
        /// </summary>
        public Func<SceneEntity, Act, SceneEntity, Reason> Rule { get; set; }

        /// <summary>Called when its states have changed: the entity and the states before.</summary>
        public event Action<SceneEntity, EntityStates> StatesChanged;

        /// <summary>Called when somebody has done something with it: the entity, the act and who.</summary>
        public event Action<SceneEntity, Act, SceneEntity> ActDone;

        /// <summary>Whether it is inside a closed container: not seen and not to be reached.</summary>
        public bool IsStowed
        {
            get { return Carrier != null && Carrier.Has(EntityTraits.Container) && !Carrier.Is(EntityStates.Open); }
        }

        /// <summary>Whether it is a door with a leaf that is open or closed.</summary>
        public bool HasLeaf { get { return kind == Kind.Door && !Has(EntityTraits.Opening); } }

        /// <summary>Sets what a builder or a script knows of it.</summary>
        public void SetUp(Kind kind, string className, string displayName, Vector3 size)
        {
            this.kind = kind;
            Size = size;
            ClassName = className;
            DisplayName = displayName;
        }

        internal void Become(Kind kind)
        {
            this.kind = kind;
        }

        /// <summary>Whether it has all these traits.</summary>
        public bool Has(EntityTraits asked)
        {
            return (traits & asked) == asked;
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

        /// <summary>The affordance by which an act is done; null when only kind and traits offer it.</summary>
        public Affordance Find(Act act)
        {
            for (var index = 0; index < affordances.Count; index++)
                if (affordances[index].act == act && affordances[index].enabled)
                    return affordances[index];
            return null;
        }

        /// <summary>The affordance with one of the game's own verbs; null when there is none.</summary>
        public Affordance Find(string verb)
        {
            for (var index = 0; index < affordances.Count; index++)
                if (affordances[index].enabled
                    && string.Equals(affordances[index].verb, verb, StringComparison.OrdinalIgnoreCase))
                    return affordances[index];
            return null;
        }

        /// <summary>Whether it offers an act, as its affordance bits tell.</summary>
        public bool Offers(Act act)
        {
            switch (act)
            {
                case Act.None:
                    return false;
                case Act.Examine:
                case Act.Touch:
                case Act.Finish:
                    return true;
                case Act.Open:
                case Act.Close:
                    if (HasLeaf && !Has(EntityTraits.Gate) || Has(EntityTraits.Container))
                        return true;
                    break;
                case Act.Put:
                    if (kind == Kind.Object && (Has(EntityTraits.Container) || Has(EntityTraits.Surface)))
                        return true;
                    break;
                case Act.Give:
                    if (kind == Kind.Npc)
                        return true;
                    break;
            }
            return Find(act) != null;
        }

        /// <summary>The first free spot in or on it, -1 when it is full.</summary>
        public int FreeSpot()
        {
            var taken = 0;
            var everything = SceneRegistry.Entities;
            for (var index = 0; index < everything.Count; index++)
                if (ReferenceEquals(everything[index].Carrier, this))
                    taken |= 1 << everything[index].Spot;
            var room = Has(EntityTraits.Container) ? InsideRoom : UponRoom;
            for (var spot = 0; spot < room; spot++)
                if ((taken >> spot & 1) == 0)
                    return spot;
            return -1;
        }

        /// <summary>Horizontal distance in metres from a point to its nearest point.</summary>
        public float DistanceFrom(Vector3 point)
        {
            var position = Position;
            float x = point.x - position.x, z = point.z - position.z;
            if (kind == Kind.Npc)
                return Mathf.Max(0f, Mathf.Sqrt(x * x + z * z) - 0.5f * Size.x);
            float sine = Mathf.Sin(Yaw), cosine = Mathf.Cos(Yaw);
            var depth = kind == Kind.Door ? 0f : 0.5f * Size.z;
            var right = Mathf.Max(Mathf.Abs(x * cosine - z * sine) - 0.5f * Size.x, 0f);
            var forward = Mathf.Max(Mathf.Abs(x * sine + z * cosine) - depth, 0f);
            return Mathf.Sqrt(right * right + forward * forward);
        }

        /// <summary>Measures it again after its colliders or renderers have changed.</summary>
        public void Remeasure()
        {
            isMeasured = false;
        }

        /// <summary>Leaves the registry and the hands: what is gone holds nothing and is held by nobody.</summary>
        protected override void OnDisable()
        {
            base.OnDisable();
            if (!ReferenceEquals(Held, null))
            {
                if (ReferenceEquals(Held.Holder, this))
                    Held.Holder = Held.SecondHolder;
                Held.SecondHolder = null;
                Held = null;
            }
            if (!ReferenceEquals(Holder, null))
                Holder.Held = null;
            if (!ReferenceEquals(SecondHolder, null))
                SecondHolder.Held = null;
            Holder = null;
            SecondHolder = null;
        }

        internal void NotifyDone(Act act, SceneEntity who)
        {
            Find(act)?.done.Invoke(who);
            ActDone?.Invoke(this, act, who);
        }

        private void Measure()
        {
            if (isMeasured)
                return;
            isMeasured = true;
            measuredSize = size;
            measuredMiddle = middle;
            if (size != Vector3.zero)
                return;
            if (kind == Kind.Npc)
                measuredSize = new Vector3(2f * Contract.BodyRadius, Contract.BodyHeight, 2f * Contract.BodyRadius);
            else
                EntityShape.Measure(this, out measuredSize, out measuredMiddle);
        }
    }
}
