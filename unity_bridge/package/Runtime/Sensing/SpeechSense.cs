using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>What an NPC is told: the rows of dialogue and their texts.</summary>
    public sealed class SpeechSense
    {
        private struct Heard
        {
            public Utterance Utterance;
            public float Loudness;
            public bool ToMe;
            public float Clock;
        }

        private readonly HeedfulNpc npc;
        private readonly Queue<Heard> waiting = new Queue<Heard>();
        private readonly JsonWriter json = new JsonWriter();
        private int briefings;
        private int texts;

        /// <summary>Makes the hearing of an NPC.</summary>
        public SpeechSense(HeedfulNpc npc)
        {
            this.npc = npc;
        }

        /// <summary>Called for everything that the NPC understands, when it enters an observation.</summary>
        public event Action<Utterance> Understood;

        /// <summary>Takes in what was said aloud, if it is heard here.</summary>
        public void Listen(Utterance utterance)
        {
            if (ReferenceEquals(utterance.Speaker, npc.Entity))
                return;
            var loudness = LoudnessHere(utterance);
            if (loudness <= 0f)
                return;
            var addressee = utterance.Addressee;
            var toMe = ReferenceEquals(addressee, null) || ReferenceEquals(addressee, npc.Entity);
            waiting.Enqueue(new Heard { Utterance = utterance, Loudness = loudness, ToMe = toMe, Clock = npc.Clock });
        }

        /// <summary>Tells the NPC alone something that it has always known, as a briefing.</summary>
        public void Tell(string text)
        {
            var id = WorldRules.BriefingId + briefings++ % (WorldRules.TextId - WorldRules.BriefingId);
            Enqueue(id, null, text);
        }

        /// <summary>The NPC reads what is written on a thing.</summary>
        public void Read(SceneEntity thing)
        {
            Enqueue(WorldRules.TextId + texts++ % (WorldRules.TextId / 4), thing, thing.Text);
        }

        /// <summary>Forgets what waits to be heard.</summary>
        public void Clear()
        {
            waiting.Clear();
        }

        /// <summary>Writes the rows of what was heard since the last decision; what is named gets slots.</summary>
        /// <param name="pose">Where the body is.</param>
        /// <param name="now">The NPC's clock, seconds.</param>
        /// <param name="send">Takes the text of each row, a JSON object.</param>
        public void Write(in BodyPose pose, float now, Action<string> send)
        {
            var observation = npc.Observation;
            Array.Clear(observation.Dialogue, 0, observation.Dialogue.Length);
            var row = 0;
            while (waiting.Count > 0 && row < Contract.MaxUtterances)
                WriteRow(waiting.Dequeue(), observation.Dialogue, row++ * Contract.DialogueSize, pose, now, send);
            observation.UtteranceCount = row;
        }

        private void Enqueue(int id, SceneEntity thing, string text)
        {
            var utterance = new Utterance
            {
                Id = id,
                Speaker = thing,
                Text = text,
                Time = Time.unscaledTime,
                Mentions = Mentions.Find(text)
            };
            waiting.Enqueue(new Heard { Utterance = utterance, Loudness = 1f, ToMe = true, Clock = npc.Clock });
        }

        /// <summary>How loud something that is said is heard here, 0 when it is not understood.</summary>
        internal float LoudnessHere(Utterance utterance)
        {
            if (ReferenceEquals(utterance.Speaker, null))
                return utterance.Loudness;
            var pose = npc.Pose;
            var mouth = utterance.Position + new Vector3(0f, Contract.EyeHeight, 0f);
            float x = mouth.x - pose.Eye.x, z = mouth.z - pose.Eye.z;
            var distance = Mathf.Sqrt(x * x + z * z);
            if (distance > WorldRules.Earshot)
                return 0f;
            var walls = SightLine.WallsBetween(pose.Eye, mouth, npc.Entity, utterance.Speaker, WorldRules.MaxWalls);
            var loudness = utterance.Loudness / Mathf.Max(1f, distance);
            for (; walls > 0; walls--)
                loudness *= WorldRules.SpeechMuffle;
            return loudness >= WorldRules.SpeechAudible ? loudness : 0f;
        }

        private void WriteRow(Heard heard, float[] rows, int start, in BodyPose pose, float now,
            Action<string> send)
        {
            var utterance = heard.Utterance;
            var speaker = Give(utterance.Speaker, now);
            Give(utterance.About, now);
            Give(utterance.Where, now);
            for (var index = 0; index < utterance.Mentions.Count; index++)
                Give(utterance.Mentions[index], now);
            rows[start + DialogueColumn.Utterance] = utterance.Id;
            rows[start + DialogueColumn.Speaker] = speaker;
            rows[start + DialogueColumn.ToMe] = heard.ToMe ? 1f : 0f;
            rows[start + DialogueColumn.Age] = Mathf.Max(0f, now - heard.Clock);
            var isSpoken = utterance.Id < WorldRules.BriefingId && !ReferenceEquals(utterance.Speaker, null);
            float right = 0f, forward = 1f;
            if (isSpoken)
                pose.ToLocal(utterance.Position, out right, out forward);
            var distance = Mathf.Max(1e-3f, Mathf.Sqrt(right * right + forward * forward));
            rows[start + DialogueColumn.SinDirection] = right / distance;
            rows[start + DialogueColumn.CosDirection] = forward / distance;
            rows[start + DialogueColumn.Loudness] = heard.Loudness;
            utterance.WriteWords(rows, start);
            send(json.Clear().BeginObject()
                .Name("utterance").Number(utterance.Id)
                .Name("speaker").Number(speaker)
                .Name("to_me").Flag(heard.ToMe)
                .Name("text").Text(utterance.Text)
                .Name("language").Text(utterance.Language)
                .Name("loudness").Number(heard.Loudness)
                .EndObject().ToString());
            Understood?.Invoke(utterance);
        }

        private int Give(SceneThing thing, float now)
        {
            // What has been destroyed since it was named is known no more.
            return thing == null || ReferenceEquals(thing, npc.Entity) ? 0 : npc.Slots.Give(thing, now);
        }
    }
}
