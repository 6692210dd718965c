using System;
using System.Collections.Generic;

namespace Heedful
{
    /// <summary>Sends a voice to the minds of all NPCs that were in earshot when it began, as entries of the dialogue
    /// channel: {"voice": "start", "utterance", "speaker", "to_me", "language", "rate"}, {"voice": "chunk", "utterance",
    /// "pcm"} and {"voice": "stop", "utterance"}; pcm is mono, 16 bits, little-endian, in base 64.</summary>
    internal sealed class VoiceSender
    {
        private readonly List<HeedfulNpc> listeners = new List<HeedfulNpc>();
        private readonly JsonWriter json = new JsonWriter();
        private readonly byte[] pcm = new byte[2 * VoiceCapture.ChunkSamples];
        private int id;

        /// <summary>Begins a voice.</summary>
        public void Start(SceneEntity speaker, SceneEntity addressee, string language)
        {
            Utterance voice = HeedfulSpeech.BeginVoice(speaker, addressee, language);
            id = voice.Id;
            listeners.Clear();
            for (int index = 0; index < HeedfulNpc.All.Count; index++)
            {
                HeedfulNpc npc = HeedfulNpc.All[index];
                if (npc.Entity == speaker || npc.Speech.LoudnessHere(voice) <= 0f)
                    continue;
                listeners.Add(npc);
                Open("start", id)
                    .Name("speaker").Number(npc.Slots.Give(speaker, npc.Clock))
                    .Name("to_me").Flag(addressee == null || addressee == npc.Entity)
                    .Name("language").Text(language)
                    .Name("rate").Number(Contract.SampleRate);
                Send(npc);
            }
        }

        /// <summary>Sends a piece of it.</summary>
        public void Send(float[] samples, int count)
        {
            if (listeners.Count == 0)
                return;
            for (int index = 0; index < count; index++)
            {
                var value = (short)Math.Round(32767f * Math.Min(Math.Max(samples[index], -1f), 1f));
                pcm[2 * index] = (byte)value;
                pcm[2 * index + 1] = (byte)(value >> 8);
            }
            Open("chunk", id).Name("pcm").Text(Convert.ToBase64String(pcm, 0, 2 * count));
            SendToAll();
        }

        /// <summary>Ends it.</summary>
        public void Stop()
        {
            Open("stop", id);
            SendToAll();
            listeners.Clear();
        }

        private JsonWriter Open(string kind, int utterance)
        {
            return json.Clear().BeginObject().Name("voice").Text(kind).Name("utterance").Number(utterance);
        }

        private void SendToAll()
        {
            string entry = json.EndObject().ToString();
            for (int index = 0; index < listeners.Count; index++)
            {
                if (listeners[index] != null)
                    listeners[index].Link?.Send(listeners[index], ChannelId.Dialogue, entry);
            }
        }

        private void Send(HeedfulNpc npc)
        {
            npc.Link?.Send(npc, ChannelId.Dialogue, json.EndObject().ToString());
        }
    }
}
