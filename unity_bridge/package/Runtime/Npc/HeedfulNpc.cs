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
    public sealed class HeedfulNpc : MonoBehaviour
    {
        /// <summary>Seconds without an answer for which the last action goes on; then the NPC stands.</summary>
        public const float PatienceSeconds = 0.5f;

        [SerializeField, Tooltip("Stable key of this NPC's mind; empty: the entity's key.")]
        private string key = "";

        [SerializeField, TextArea, Tooltip("Who this is, in a few sentences.")]
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
        private NpcMemory memory;
        private NpcAction overriding;
        private float sinceAnswer;
        private float sinceDecision;
        private float spokeAt = float.NegativeInfinity;
        private bool isRegistered;

        /// <summary>All enabled NPCs.</summary>
        public static IReadOnlyList<HeedfulNpc> All { get { return all; } }

        /// <summary>Stable key of this NPC's mind; set it before the NPC is enabled.</summary>
        public string Key
        {
            get { return string.IsNullOrEmpty(key) ? Entity.Key : key; }
            set { key = value; }
        }

        /// <summary>Who this is, in a few sentences.</summary>
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
        public INpcBody Body { get; set; }

        /// <summary>Its eyes; null: it sees no pictures.</summary>
        public ISight Sight { get; set; }

        /// <summary>Its ears; null: it hears no sound.</summary>
        public IHearing Hearing { get; set; }

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

        /// <summary>Called when it has begun an action: the NPC and the action.</summary>
        public event Action<HeedfulNpc, NpcAction> Acted;

        private NpcMemory Memory { get { return memory ?? (memory = new NpcMemory(this)); } }

        // ------------------------------------------------------------------------------- for the game

        /// <summary>Asks for something in plain words.</summary>
        /// <param name="text">Such as "bring the red vase to the amber hall".</param>
        /// <param name="priority">The highest goal is pursued first.</param>
        /// <param name="seconds">Time for it; 0: no hurry.</param>
        public NpcGoal SetGoal(string text, float priority = 1f, float seconds = 0f)
        {
            return Goals.Set(text, priority, seconds);
        }

        /// <summary>Asks for something by a verb of the contract, or by one of the target's affordances.</summary>
        /// <param name="verb">go, take, put, give, open, close, switch_on, ... or a verb of the game.</param>
        /// <param name="target">What it is about.</param>
        /// <param name="place">Where, or to whom; null for nowhere.</param>
        /// <param name="priority">The highest goal is pursued first.</param>
        /// <param name="seconds">Time for it; 0: no hurry.</param>
        public NpcGoal SetGoal(string verb, SceneThing target, SceneThing place = null, float priority = 1f,
            float seconds = 0f)
        {
            return Goals.Set(verb, target, place, priority, seconds);
        }

        /// <summary>Takes a goal back; without one, the present goal.</summary>
        public void CancelGoal(NpcGoal goal = null)
        {
            Goals.Cancel(goal ?? Goals.Present);
        }

        /// <summary>Tells it something that it takes as known, such as "the key is in the drawer".</summary>
        public void Tell(string fact)
        {
            Speech.Tell(fact);
        }

        /// <summary>Says something in its voice.</summary>
        public Utterance Say(string text, SceneEntity addressee = null)
        {
            spokeAt = Clock;
            return HeedfulSpeech.Speak(Entity, text, addressee);
        }

        /// <summary>Holds its mind: it stands still, decides nothing, and its clock stops.</summary>
        public void Pause()
        {
            IsPaused = true;
            Acts.Stop();
        }

        /// <summary>Lets its mind go on.</summary>
        public void Resume()
        {
            IsPaused = false;
            sinceAnswer = 0f;
        }

        /// <summary>
        /// Acts in its place, at once, until EndOverride: what the mind wants is not done. Movement and gaze go
        /// on; turn, act and words are done once. The mind still perceives.
        /// </summary>
        public void Override(in NpcAction action)
        {
            IsOverridden = true;
            overriding = new NpcAction(action.Move, Turn.None, action.Look, Act.None, action.Target);
            Do(action);
        }

        /// <summary>Gives the body back to its mind.</summary>
        public void EndOverride()
        {
            if (!IsOverridden)
                return;
            IsOverridden = false;
            Do(NpcAction.Idle);
        }

        /// <summary>Saves its mind and what its slots mean, for the game's own save file.</summary>
        /// <param name="saved">Called once, perhaps later; null when the server has no mind of it.</param>
        public void Save(Action<byte[]> saved)
        {
            EnsureLink();
            Link.SaveMind(this, mind => saved(mind != null ? SavedNpc.Write(this, Memory.Catalogue, mind) : null));
        }

        /// <summary>Goes on with what Save gave; the scene's things must be there.</summary>
        /// <exception cref="ArgumentException">The bytes are not what Save gave.</exception>
        public void Load(byte[] saved)
        {
            var mind = SavedNpc.Read(this, Memory.Catalogue, saved);
            Memory.Catalogue.Repeat();
            Goals.Repeat();
            EnsureLink();
            Link.RestoreMind(this, mind);
        }

        // ------------------------------------------------------------------ for training and evaluation

        /// <summary>
        /// Begins an episode: the mind starts anew and knows nothing yet; goals are taken back. Games that are
        /// played have no episodes.
        /// </summary>
        /// <param name="task">Name of the task, for reports.</param>
        /// <param name="seed">What the episode was made from.</param>
        /// <param name="map">"known" when places are common knowledge, else "none".</param>
        public void BeginEpisode(string task, int seed, string map = "none")
        {
            Acts.Stop();
            Clock = 0f;
            spokeAt = float.NegativeInfinity;
            sinceAnswer = 0f;
            sinceDecision = float.PositiveInfinity;
            observation.Decision = 0;
            Memory.Forget();
            EnsureLink();
            Memory.SayEpisode(new JsonWriter().BeginObject().Name("op").Text("start").Name("task").Text(task)
                .Name("seed").Number(seed).Name("map").Text(map).EndObject().ToString());
        }

        /// <summary>Ends the episode; BeginEpisode begins the next one.</summary>
        /// <param name="success">Whether the goal was reached.</param>
        /// <param name="interrupted">Whether time ended it.</param>
        public void EndEpisode(bool success, bool interrupted = false)
        {
            EnsureLink();
            Memory.SayEpisode(new JsonWriter().BeginObject().Name("op").Text("end").Name("success").Flag(success)
                .Name("interrupted").Flag(interrupted).Name("decisions").Number(observation.Decision)
                .EndObject().ToString());
            var agent = GetComponent<HeedfulAgent>();
            if (agent == null)
                return;
            if (interrupted)
                agent.EpisodeInterrupted();
            else
                agent.EndEpisode();
        }

        /// <summary>Adds to the reward of the present decision; it counts on lock-step only.</summary>
        public void AddReward(float reward)
        {
            EnsureLink();
            var agent = GetComponent<HeedfulAgent>();
            if (agent != null)
                agent.AddReward(reward);
        }

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
            Goals.NoteAnswered();
            if (!IsOverridden)
                Do(Acts.LookUp(answer));
        }

        // --------------------------------------------------------------------------------- its life

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

        private void OnEnable()
        {
            Body = Body ?? GetComponent<INpcBody>();
            Sight = Sight ?? GetComponent<ISight>();
            Hearing = Hearing ?? GetComponent<IHearing>();
            limits.Home = transform.position;
            sinceDecision = float.PositiveInfinity; // the first decision is due at once
            sinceAnswer = 0f;
            for (var index = 0; index < all.Count; index++)
                if (all[index].Key == Key)
                    Debug.LogError("Heedful: two NPCs have the key '" + Key + "', and a mind is kept by key: give "
                        + "each its own.", this);
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
            EnsureLink();
            if (Link.IsLockStep)
                Live(Time.fixedDeltaTime, Time.fixedDeltaTime);
        }

        private void Update()
        {
            EnsureLink();
            if (!Link.IsLockStep)
                Live(Time.unscaledDeltaTime, Time.deltaTime);
        }

        private void EnsureLink()
        {
            if (isRegistered)
                return;
            Link = Link ?? NpcLinks.Current ?? LockStepLink.Shared;
            isRegistered = true;
            Link.Register(this);
            Memory.SayAgain(); // it may have been away, and the server may have let its mind go
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
