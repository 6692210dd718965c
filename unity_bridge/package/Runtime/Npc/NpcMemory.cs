using System;
using System.Collections.Generic;

namespace Heedful
{
    /// <summary>
    /// What an NPC keeps between decisions: slots, catalogue, senses, goals, acts; and how they are put
    /// together into one observation.
    /// </summary>
    internal sealed class NpcMemory
    {
        /// <summary>Facts that were told and are kept to be told again.</summary>
        private const int MostTold = 64;

        private readonly HeedfulNpc npc;
        private readonly SelfSense self = new SelfSense();
        private readonly JsonWriter json = new JsonWriter();
        private readonly Action<string> sendCatalogue;
        private readonly Action<string> sendDialogue;
        private readonly Action<string> sendGoal;
        private readonly List<string> told = new List<string>();
        private bool isAwake;
        private bool saidPersona;

        public NpcMemory(HeedfulNpc npc)
        {
            this.npc = npc;
            Slots = new SlotTable(npc.Seed) { IsKept = IsKept };
            Catalogue = new CatalogueWriter(Slots);
            Speech = new SpeechSense(npc);
            Entities = new EntitySense();
            Goals = new GoalKeeper(npc);
            Acts = new ActionExecutor(npc);
            Acts.Ended += (act, target, result, reason) => npc.NoteEnded(act, target, result);
            // Made once, so that no decision makes a delegate.
            sendCatalogue = entry => npc.Link.Send(npc, ChannelId.Catalogue, entry);
            sendDialogue = entry => npc.Link.Send(npc, ChannelId.Dialogue, entry);
            sendGoal = entry => npc.Link.Send(npc, ChannelId.Goal, entry);
        }

        public SlotTable Slots { get; }

        public CatalogueWriter Catalogue { get; }

        public SpeechSense Speech { get; }

        public EntitySense Entities { get; }

        public GoalKeeper Goals { get; }

        public ActionExecutor Acts { get; }

        /// <summary>Begins to notice what is said and what joins, leaves or changes.</summary>
        public void Listen()
        {
            HeedfulSpeech.Spoken += Speech.Listen;
            SceneRegistry.Added += NoteAdded;
            SceneRegistry.Removed += NoteRemoved;
            SceneRegistry.Changed += Catalogue.NoteChanged;
            self.Forget();
        }

        /// <summary>Stops noticing.</summary>
        public void Deafen()
        {
            HeedfulSpeech.Spoken -= Speech.Listen;
            SceneRegistry.Added -= NoteAdded;
            SceneRegistry.Removed -= NoteRemoved;
            SceneRegistry.Changed -= Catalogue.NoteChanged;
        }

        /// <summary>Fills the observation of a decision and says what has changed.</summary>
        public void Perceive(in BodyPose pose, float seconds)
        {
            var now = npc.Clock;
            var observation = npc.Observation;
            WakeUp(now);
            Goals.Judge();
            if (npc.Place != null)
            {
                Catalogue.Learn(npc.Place, now);
                Slots.Give(npc.Place, now);
            }
            if (npc.Entity.Held != null)
                Slots.Give(npc.Entity.Held, now);
            Goals.Write(sendGoal);
            Speech.Write(pose, now, sendDialogue);
            Entities.Select(npc.Entity, pose, Slots, now);
            Entities.Write(npc.Entity, pose, observation);
            if (npc.Sight != null)
                observation.CameraPngLength = npc.Sight.Capture(npc, ref observation.CameraPng);
            if (npc.Hearing != null && npc.Hearing.IsValid)
                npc.Hearing.Render(npc, observation.Audio);
            else
                Array.Clear(observation.Audio, 0, observation.Audio.Length);
            self.Write(npc, pose, seconds);
            MaskWriter.Write(npc);
            SayPersona();
            Catalogue.Flush(sendCatalogue);
        }

        /// <summary>Takes in something to be known, and keeps the newest for a mind that begins anew.</summary>
        public void Tell(string fact)
        {
            told.Remove(fact);
            if (told.Count == MostTold)
                told.RemoveAt(0);
            told.Add(fact);
            Speech.Tell(fact);
        }

        /// <summary>Says everything again that the server keeps.</summary>
        public void SayAgain()
        {
            if (!isAwake)
                return;
            saidPersona = false;
            Repeat();
            TellFacts();
            for (var index = 0; index < told.Count; index++)
                Speech.Tell(told[index]);
        }

        /// <summary>Says the present goal and the catalogue again.</summary>
        public void Repeat()
        {
            if (!isAwake)
                return;
            Goals.Repeat();
            Catalogue.Repeat();
        }

        /// <summary>Knows nothing any more, as at the start of an episode.</summary>
        public void Forget()
        {
            Goals.Forget();
            told.Clear();
            Speech.Clear();
            Catalogue.ForgetPlaces();
            Slots.Clear();
            Catalogue.Repeat();
            self.Forget();
            saidPersona = false;
            isAwake = false;
        }

        /// <summary>Says that an episode begins or ends.</summary>
        public void SayEpisode(string entry)
        {
            npc.Link.Send(npc, ChannelId.Episode, entry);
        }

        /// <summary>Says who the NPC is, where that is known and has changed.</summary>
        public void SayPersona()
        {
            if (!isAwake || saidPersona)
                return;
            saidPersona = true;
            if (!string.IsNullOrEmpty(npc.Persona))
                npc.Link.Send(npc, ChannelId.Mind, json.Clear().BeginObject().Name("op").Text("persona")
                    .Name("text").Text(npc.Persona).EndObject().ToString());
        }

        /// <summary>Forgets that the persona was said.</summary>
        public void NotePersonaChanged()
        {
            saidPersona = false;
        }

        /// <summary>Takes in a list of messages about goals, or of free text to be said.</summary>
        public void Receive(string channel, string message)
        {
            if (!JsonReader.TryRead(message, out var value))
                return;
            var entries = value as List<object> ?? new List<object> { value };
            foreach (var entry in entries)
            {
                if (!(entry is Dictionary<string, object> members))
                    continue;
                if (channel == ChannelId.Goal)
                    Goals.Receive(members);
                else if (members.TryGetValue("text", out var text) && text is string words && words.Length > 0)
                    npc.Say(words, AddresseeOf(members));
            }
        }

        private SceneEntity AddresseeOf(Dictionary<string, object> members)
        {
            if (!members.TryGetValue("addressee", out var slot) || !(slot is double number))
                return null;
            return Slots[(int)number] as SceneEntity;
        }

        private void WakeUp(float now)
        {
            if (isAwake)
                return;
            isAwake = true;
            for (var index = 0; index < SceneRegistry.Things.Count; index++)
                LearnCommon(SceneRegistry.Things[index], now);
            TellFacts();
        }

        private void TellFacts()
        {
            foreach (var fact in npc.Facts)
                Speech.Tell(fact);
        }

        private void LearnCommon(SceneThing thing, float now)
        {
            if (!thing.CommonKnowledge || ReferenceEquals(thing, npc.Entity))
                return;
            if (thing is ScenePlace place)
                Catalogue.Learn(place, now);
            else
                Slots.Give(thing, now);
        }

        private bool IsKept(SceneThing thing)
        {
            return ReferenceEquals(npc.Entity.Held, thing) || Goals.Names(thing);
        }

        private void NoteAdded(SceneThing thing)
        {
            if (isAwake)
                LearnCommon(thing, npc.Clock);
        }

        private void NoteRemoved(SceneThing thing)
        {
            Slots.Remove(thing, npc.Clock);
        }
    }
}
