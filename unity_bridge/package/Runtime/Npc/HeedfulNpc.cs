using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// An NPC with a mind of its own that runs in `heedful serve`. Ten times a second it perceives, asks its
    /// mind and acts. Eyes (ISight), ears (IHearing) and a body (INpcBody) are components beside it; it works
    /// with those it has.
    /// </summary>
    [AddComponentMenu("Heedful/Heedful NPC")]
    [DefaultExecutionOrder(-50)]
    [DisallowMultipleComponent]
    [RequireComponent(typeof(SceneEntity))]
    public sealed partial class HeedfulNpc : MonoBehaviour
    {
        /// <summary>Seconds without an answer for which the last action goes on; then the NPC stands.</summary>
        public const float PatienceSeconds = 0.5f;

        [SerializeField, Tooltip("Stable key of this NPC's mind; empty: the entity's key.")]
        private string key = "";

        [SerializeField, TextArea, Tooltip("Who this is; what begins with its name is meant for it.")]
        private string persona = "";

        [SerializeField, TextArea, Tooltip("What it knows from the start, a sentence each.")]
        private string[] facts = new string[0];

        [SerializeField, Tooltip("Team number; 0 for none.")]
        private int team;

        [SerializeField, Tooltip("Shuffles its slot numbers; 0: made from the key.")]
        private int seed;

        [SerializeField, Tooltip("What the game does not let it do.")]
        private NpcLimits limits = new NpcLimits();

        private static readonly List<HeedfulNpc> all = new List<HeedfulNpc>();
        private readonly NpcObservation observation = new NpcObservation();
        private readonly int[] answer = new int[Contract.Branches];
        private SceneEntity entity;
        private INpcBody body;
        private ISight sight;
        private IHearing hearing;
        private NpcMemory memory;
        private NpcAction overriding;
        private float sinceAnswer;
        private float sinceDecision;
        private float spokeAt = float.NegativeInfinity;
        private bool isRegistered;

        /// <summary>All enabled NPCs.</summary>
        public static IReadOnlyList<HeedfulNpc> All { get { return all; } }

        /// <summary>
        /// Stable key of this NPC's mind; set it before its first frame: right after Instantiate is in time.
        /// </summary>
        public string Key
        {
            get { return string.IsNullOrEmpty(key) ? Entity.Key : key; }
            set { key = value; }
        }

        /// <summary>
        /// Who this is, in a few sentences such as "You are Ada, who tends the garden.": what begins with the
        /// name is meant for it.
        /// </summary>
        public string Persona
        {
            get { return persona; }
            set { persona = value; memory?.NotePersonaChanged(); }
        }

        /// <summary>What it knows from the start, a sentence each; later facts are told by Tell.</summary>
        public string[] Facts
        {
            get { return facts; }
            set { facts = value; }
        }

        /// <summary>Team number; 0 for none.</summary>
        public int Team
        {
            get { return team; }
            set { team = value; }
        }

        /// <summary>What shuffles its slot numbers; 0: made from the key.</summary>
        public int Seed
        {
            get { return seed != 0 ? seed : Words.WordId(Key); }
            set { seed = value; }
        }

        /// <summary>What the game does not let it do: leash, forbidden acts and things.</summary>
        public NpcLimits Limits { get { return limits; } }

        /// <summary>The NPC as others see it.</summary>
        public SceneEntity Entity { get { return entity != null ? entity : entity = GetComponent<SceneEntity>(); } }

        /// <summary>What carries its actions out; null: it only perceives and speaks.</summary>
        public INpcBody Body
        {
            get { return IsGone(body) ? null : body; }
            set { body = value; }
        }

        /// <summary>Its eyes; null: it sees no pictures.</summary>
        public ISight Sight
        {
            get { return IsGone(sight) ? null : sight; }
            set { sight = value; }
        }

        /// <summary>Its ears; null: it hears no sound.</summary>
        public IHearing Hearing
        {
            get { return IsGone(hearing) ? null : hearing; }
            set { hearing = value; }
        }

        /// <summary>How it reaches its mind; null: NpcLinks.Current, else lock-step. Set it before it is enabled.</summary>
        public INpcLink Link { get; set; }

        /// <summary>What it perceived in the last decision.</summary>
        public NpcObservation Observation { get { return observation; } }

        /// <summary>The numbers with which it points at things.</summary>
        public SlotTable Slots { get { return Memory.Slots; } }

        /// <summary>What it is told, and what is told it.</summary>
        public SpeechSense Speech { get { return Memory.Speech; } }

        /// <summary>What it perceives of entities.</summary>
        public EntitySense Entities { get { return Memory.Entities; } }

        /// <summary>Its goals, and events about them.</summary>
        public GoalKeeper Goals { get { return Memory.Goals; } }

        /// <summary>What it does.</summary>
        public ActionExecutor Acts { get { return Memory.Acts; } }

        /// <summary>Where its body is now.</summary>
        public BodyPose Pose { get { return BodyPose.Of(Entity, Body); } }

        /// <summary>The place that it is in; null for none.</summary>
        public ScenePlace Place { get; private set; }

        /// <summary>Seconds since its first decision, or since its episode began, while it was not paused.</summary>
        public float Clock { get; private set; }

        /// <summary>Whether its last words are still being said.</summary>
        public bool IsSpeaking { get { return Clock - spokeAt < WorldRules.SpeakingSeconds; } }

        /// <summary>Whether its mind is held: it stands still and decides nothing.</summary>
        public bool IsPaused { get; private set; }

        /// <summary>Whether the game acts in its place.</summary>
        public bool IsOverridden { get; private set; }

        /// <summary>Whether its mind has not answered for half a second, so that it stands.</summary>
        public bool IsWaiting { get { return sinceAnswer > PatienceSeconds; } }

        /// <summary>Decisions between an observation and the action that it causes, 0 to 3; the link says it.</summary>
        public int ActionDelay { get; set; }

        /// <summary>What the server last showed of its mind: JSON of the mind channel; empty before.</summary>
        public string MindJson { get; private set; } = "";

        /// <summary>Called when the server showed its mind: attention, belief, strategy, reason.</summary>
        public event Action<HeedfulNpc, string> MindShown;

        /// <summary>Called when it has done `finish`: the NPC and its answer.</summary>
        public event Action<HeedfulNpc, SceneThing> Finished;

        /// <summary>
        /// Called when the trainer or EndEpisode asks for a new episode: the game sets the scene and calls
        /// BeginEpisode.
        /// </summary>
        public event Action<HeedfulNpc> EpisodeWanted;

        /// <summary>Called when it has begun an action: the NPC and the action.</summary>
        public event Action<HeedfulNpc, NpcAction> Acted;

        private NpcMemory Memory { get { return memory ?? (memory = new NpcMemory(this)); } }

        // --------------------------------------------------------------------------------- for links

        /// <summary>Takes in a message from the server: called by links.</summary>
        /// <param name="channel">One of ChannelId.</param>
        /// <param name="message">The NPC's part of the message, JSON.</param>
        public void Receive(string channel, string message)
        {
            if (channel == ChannelId.Mind)
            {
                MindJson = message;
                MindShown?.Invoke(this, message);
            }
            else if (channel == ChannelId.Goal || channel == ChannelId.Dialogue)
            {
                Memory.Receive(channel, message);
            }
        }

        /// <summary>
        /// Says everything again that the server keeps (persona, facts, catalogue, goal): called by links when
        /// the NPC's mind begins anew there.
        /// </summary>
        public void SayAgain()
        {
            Memory.SayAgain();
        }

        /// <summary>
        /// Says again what may have been lost on the way, its goal and catalogue: called by links when the NPC's
        /// mind goes on over a new connection.
        /// </summary>
        public void SayLost()
        {
            Memory.Repeat();
        }

        /// <summary>Takes the action that came, if there is one: called by links that have it at once.</summary>
        public void TakeAnswer()
        {
            if (Link == null || IsPaused || !Link.TryTakeAction(this, answer))
                return;
            sinceAnswer = 0f;
            // Whatever comes over a wire may lie outside: such a part does nothing.
            for (var branch = 0; branch < answer.Length; branch++)
                if (answer[branch] < 0 || answer[branch] >= Contract.BranchSizes[branch])
                    answer[branch] = Contract.NoOp[branch];
            if (Link.IsLockStep) // live, an answer may have been on its way when the goal was set
                Goals.NoteAnswered();
            if (!IsOverridden)
                Do(Acts.LookUp(answer));
        }

        // --------------------------------------------------------------------------------- its life

        internal void AskForEpisode()
        {
            EpisodeWanted?.Invoke(this);
        }

        internal void SayMessage(in NpcAction action)
        {
            var about = action.About != null ? action.About.DisplayName : "";
            var where = action.Where != null ? action.Where.DisplayName : "";
            var person = action.Target as SceneEntity;
            var addressee = person != null && person.Kind == Kind.Npc ? person : null;
            spokeAt = Clock;
            HeedfulSpeech.Speak(Entity, Utterance.MakeSentence(action.Say, about, where), addressee, action.Say,
                action.About, action.Where);
        }

        internal void NoteEnded(Act act, SceneThing target, Result result)
        {
            if (result == Result.Done && act == Act.Examine && target is SceneEntity thing && thing.Text.Length > 0)
                Speech.Read(thing);
            Goals.NoteAct(act, target, result);
            if (result == Result.Done && act == Act.Finish)
                Finished?.Invoke(this, target);
        }

        /// <summary>Called by the editor when the component is added: somebody is of kind Npc.</summary>
        private void Reset()
        {
            Entity.Become(Kind.Npc);
        }

        private void OnEnable()
        {
            Body = Body ?? GetComponent<INpcBody>();
            Sight = Sight ?? GetComponent<ISight>();
            Hearing = Hearing ?? GetComponent<IHearing>();
            limits.Home = transform.position;
            sinceDecision = float.PositiveInfinity; // the first decision is due at once
            sinceAnswer = 0f;
            all.Add(this);
            Memory.Listen();
        }

        private void OnDisable()
        {
            Memory.Deafen();
            all.Remove(this);
            if (isRegistered)
                Link.Unregister(this);
            isRegistered = false;
            Acts.Stop();
        }

        private void FixedUpdate()
        {
            if (EnsureLink() && Link.IsLockStep)
                Live(Time.fixedDeltaTime, Time.fixedDeltaTime);
        }

        private void Update()
        {
            if (EnsureLink() && !Link.IsLockStep)
                Live(Time.unscaledDeltaTime, Time.deltaTime);
        }

        /// <summary>Joins its link; false while that was destroyed and the game has no other.</summary>
        private bool EnsureLink()
        {
            if (isRegistered && !IsGone(Link))
                return true;
            if (IsGone(Link))
            {
                if (isRegistered)
                    Acts.Stop();
                isRegistered = false;
                sinceAnswer = float.PositiveInfinity; // it waits
                if (NpcLinks.Current == null)
                    return false;
                Link = NpcLinks.Current;
            }
            Link = Link ?? NpcLinks.Current ?? LockStepLink.Shared;
            WarnOfTwin(); // now, since a game that makes NPCs gives them their keys after that
            isRegistered = true;
            Link.Register(this);
            Memory.SayAgain(); // it may have been away, and the server may have let its mind go
            return true;
        }

        private void WarnOfTwin()
        {
            for (var index = 0; index < all.Count; index++)
                if (all[index].isRegistered && all[index].Key == Key)
                    Debug.LogError("Heedful: two NPCs have the key '" + Key + "', and a mind is kept by key: give "
                        + "each its own.", this);
        }

        /// <summary>Whether a part is a component that was destroyed, which an interface hides.</summary>
        private static bool IsGone(object part)
        {
            return part is UnityEngine.Object component && component == null;
        }

        private void Live(float seconds, float bodySeconds)
        {
            if (IsPaused)
                return;
            if (observation.Decision > 0)
                Clock += seconds;
            sinceDecision += seconds;
            sinceAnswer += seconds;
            TakeAnswer();
            if (IsWaiting && !IsOverridden && Acts.Present.Move != Move.Stay)
                Do(NpcAction.Idle);
            // First the rest of what was decided before, then what is seen of it: on lock-step the answer
            // comes later in this same frame, so that an action is carried out for exactly one decision.
            Acts.Tick(bodySeconds);
            if (Entity.Held != null && Entity.Held.SecondHolder != null
                && ReferenceEquals(Entity.Held.Holder, Entity))
                Hands.CarryBetween(Entity.Held);
            // Some tolerance: sums of 0.02 do not make 0.1 exactly.
            if (sinceDecision >= Contract.DecisionSeconds - 0.1f * seconds)
                Decide();
        }

        private void Decide()
        {
            var seconds = sinceDecision;
            sinceDecision = seconds < 2f * Contract.DecisionSeconds ? seconds - Contract.DecisionSeconds : 0f;
            Acts.Settle();
            if (IsOverridden)
                Do(overriding);
            var pose = Pose;
            Place = SceneRegistry.PlaceAt(pose.Feet);
            Memory.Perceive(pose, seconds);
            observation.Decision++;
            Link.Submit(this, observation);
        }

        private void Do(in NpcAction action)
        {
            Acts.Begin(action);
            Acted?.Invoke(this, action);
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void ResetStatics()
        {
            all.Clear();
        }
    }
}
