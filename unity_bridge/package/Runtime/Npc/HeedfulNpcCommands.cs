using System;

namespace Heedful
{
    // What games, cut scenes, saves and trainers ask of an NPC.
    public sealed partial class HeedfulNpc
    {
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
            Memory.Tell(fact);
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

        /// <summary>Lets its mind go on; what it answered before or meanwhile is not done any more.</summary>
        public void Resume()
        {
            if (IsPaused && isRegistered)
                Link.TryTakeAction(this, answer);
            IsPaused = false;
            sinceAnswer = 0f;
        }

        /// <summary>
        /// Acts in its place, at once, until EndOverride: what the mind wants is not done. Movement and gaze go
        /// on; turn, act and words are done once. The mind still perceives. Limits do not hold: they are for the
        /// mind.
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

        /// <summary>Saves its mind, what its slots mean and its open goals, for the game's own save file.</summary>
        /// <param name="saved">Called once, perhaps later; null when the server has no mind of it.</param>
        public void Save(Action<byte[]> saved)
        {
            EnsureLink();
            Link.SaveMind(this, mind => saved(mind != null ? SavedNpc.Write(this, Memory.Catalogue, mind) : null));
        }

        /// <summary>
        /// Goes on with what Save gave; the scene's things must be there. Goals.Open are those of the save then:
        /// goals that were set since are taken back, and conditions that the game gave are to be given again.
        /// </summary>
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
    }
}
