using System;
using System.Collections.Generic;
using System.Diagnostics;
using Unity.MLAgents;
using Unity.MLAgents.Actuators;
using Unity.MLAgents.Policies;
using Unity.MLAgents.SideChannels;
using UnityEngine;
using Debug = UnityEngine.Debug;

namespace Heedful
{
    /// <summary>
    /// The link that waits for the server's answer in every decision, by ML-Agents' own call: for training,
    /// the editor and tests. Shipped games use the live link.
    /// </summary>
    public sealed class LockStepLink : INpcLink
    {
        /// <summary>Every so many answers the server is told how long they take.</summary>
        private const int MeasureEvery = 20;

        /// <summary>What our hello says who we are.</summary>
        public const string Package = "com.heedful.npc 0.1.0";

        private sealed class Seat
        {
            public HeedfulNpc Npc;
            public HeedfulAgent Agent;
            public int WireId;
            public bool IsIntroduced;
            public readonly Outbox Outbox = new Outbox();
        }

        private static LockStepLink shared;
        private readonly List<Seat> seats = new List<Seat>();
        private readonly Dictionary<string, HeedfulChannel> channels = new Dictionary<string, HeedfulChannel>();
        private readonly Dictionary<int, Action<byte[]>> saves = new Dictionary<int, Action<byte[]>>();
        private readonly List<KeyValuePair<string, string>> parts = new List<KeyValuePair<string, string>>();
        private readonly JsonWriter json = new JsonWriter();
        private Academy academy;
        private int lastRequest;
        private long askedAt;
        private int answers;
        private double roundTrip;

        private LockStepLink()
        {
        }

        /// <summary>The link of this player; there is one Academy, so there is one link.</summary>
        public static LockStepLink Shared { get { return shared ?? (shared = new LockStepLink()); } }

        /// <inheritdoc />
        public bool IsConnected { get; private set; }

        /// <inheritdoc />
        public bool IsLockStep { get { return true; } }

        /// <inheritdoc />
        public void Register(HeedfulNpc npc)
        {
            Open();
            var agent = npc.GetComponent<HeedfulAgent>();
            if (agent == null)
                agent = AddAgent(npc.gameObject);
            var seat = new Seat { Npc = npc, Agent = agent, WireId = agent.WireId };
            if (seat.WireId < 0)
                Debug.LogWarning("Heedful: this version of ML-Agents does not tell agents' numbers, so minds are "
                    + "not known by their NPCs' keys: use com.unity.ml-agents 3.0 or 4.0.", npc);
            seats.Add(seat);
        }

        /// <inheritdoc />
        public void Unregister(HeedfulNpc npc)
        {
            var index = IndexOf(npc);
            if (index >= 0)
                seats.RemoveAt(index);
        }

        /// <inheritdoc />
        public void Submit(HeedfulNpc npc, NpcObservation observation)
        {
            var index = IndexOf(npc);
            if (index >= 0)
                seats[index].Agent.RequestDecision();
        }

        /// <inheritdoc />
        public bool TryTakeAction(HeedfulNpc npc, int[] action)
        {
            var index = IndexOf(npc);
            return index >= 0 && seats[index].Agent.TryTakeAction(action);
        }

        /// <inheritdoc />
        public void Send(HeedfulNpc npc, string channel, string entry)
        {
            // Before the host's hello nothing is kept: NPCs say everything again when it comes.
            var index = IsConnected ? IndexOf(npc) : -1;
            if (index >= 0)
                seats[index].Outbox.Add(channel, entry);
        }

        /// <inheritdoc />
        public void SaveMind(HeedfulNpc npc, Action<byte[]> saved)
        {
            if (!IsConnected || IndexOf(npc) < 0)
            {
                saved(null);
                return;
            }
            saves[++lastRequest] = saved;
            Send(npc, ChannelId.Mind, json.Clear().BeginObject().Name("op").Text("save")
                .Name("request").Number(lastRequest).EndObject().ToString());
        }

        /// <inheritdoc />
        public void RestoreMind(HeedfulNpc npc, byte[] mind)
        {
            Send(npc, ChannelId.Mind, json.Clear().BeginObject().Name("op").Text("restore")
                .Name("mind").Text(Convert.ToBase64String(mind)).EndObject().ToString());
        }

        /// <summary>Takes the time when the first answer of a step comes.</summary>
        internal void NoteAnswer()
        {
            if (askedAt == 0)
                return;
            roundTrip = 1000.0 * (Stopwatch.GetTimestamp() - askedAt) / Stopwatch.Frequency;
            askedAt = 0;
            answers++;
        }

        private static HeedfulAgent AddAgent(GameObject owner)
        {
            // An agent makes its policy and sensors the moment it is added, so these come before it.
            var behavior = owner.GetComponent<BehaviorParameters>();
            if (behavior == null)
                behavior = owner.AddComponent<BehaviorParameters>();
            behavior.BehaviorName = Contract.BehaviorName;
            behavior.BrainParameters.VectorObservationSize = 0;
            behavior.BrainParameters.NumStackedVectorObservations = 1;
            behavior.BrainParameters.ActionSpec = ActionSpec.MakeDiscrete((int[])Contract.BranchSizes.Clone());
            behavior.UseChildSensors = false;
            behavior.UseChildActuators = false;
            if (owner.GetComponent<HeedfulSensors>() == null)
                owner.AddComponent<HeedfulSensors>();
            return owner.AddComponent<HeedfulAgent>();
        }

        private void Open()
        {
            if (academy != null)
                return;
            AddChannel(ChannelId.Hello, ChannelId.HelloGuid);
            AddChannel(ChannelId.Catalogue, ChannelId.CatalogueGuid);
            AddChannel(ChannelId.Goal, ChannelId.GoalGuid);
            AddChannel(ChannelId.Dialogue, ChannelId.DialogueGuid);
            AddChannel(ChannelId.Mind, ChannelId.MindGuid);
            AddChannel(ChannelId.Episode, ChannelId.EpisodeGuid);
            academy = Academy.Instance;
            academy.AgentPreStep += Flush;
            if (!academy.IsCommunicatorOn)
                Debug.LogWarning("Heedful: no server answers, so NPCs stand still: start `heedful serve`, then "
                    + "press Play again.");
        }

        private void AddChannel(string name, string id)
        {
            var channel = new HeedfulChannel(name, id, Read);
            channels[name] = channel;
            SideChannelManager.RegisterSideChannel(channel);
        }

        private int IndexOf(HeedfulNpc npc)
        {
            for (var index = 0; index < seats.Count; index++)
                if (ReferenceEquals(seats[index].Npc, npc))
                    return index;
            return -1;
        }

        // ----------------------------------------------------------------------------------- sending

        /// <summary>Sends what has gathered, together with the observations of this step.</summary>
        private void Flush(int step)
        {
            if (!IsConnected)
                return;
            Introduce();
            Flush(ChannelId.Episode);
            Flush(ChannelId.Goal);
            Flush(ChannelId.Catalogue);
            Flush(ChannelId.Dialogue);
            Flush(ChannelId.Mind);
            if (answers >= MeasureEvery)
            {
                answers = 0;
                channels[ChannelId.Hello].Send(json.Clear().BeginObject().Name("round_trip_ms")
                    .Number((float)roundTrip).EndObject().ToString());
            }
            askedAt = Stopwatch.GetTimestamp();
        }

        private void Introduce()
        {
            var isNew = false;
            for (var index = 0; index < seats.Count; index++)
                isNew |= !seats[index].IsIntroduced;
            if (!isNew)
                return;
            json.Clear().BeginObject().Name("contract").Number(Contract.Version).Name("hash").Text(Contract.Hash)
                .Name("package").Text(Package).Name("npcs").BeginObject();
            foreach (var seat in seats)
            {
                if (!seat.IsIntroduced && seat.WireId >= 0)
                    json.Name(Outbox.NameOf(seat.WireId)).Text(seat.Npc.Key);
                seat.IsIntroduced = true;
            }
            channels[ChannelId.Hello].Send(json.EndObject().EndObject().ToString());
        }

        private void Flush(string channel)
        {
            var isEmpty = true;
            for (var index = 0; index < seats.Count; index++)
                isEmpty &= seats[index].Outbox.IsEmpty(channel);
            if (isEmpty)
                return;
            json.Clear().BeginObject().Name("npcs").BeginObject();
            foreach (var seat in seats)
                if (!seat.Outbox.IsEmpty(channel))
                    seat.Outbox.Write(channel, json.Name(Outbox.NameOf(seat.WireId)));
            channels[channel].Send(json.EndObject().EndObject().ToString());
        }

        // ----------------------------------------------------------------------------------- reading

        private void Read(string channel, string message)
        {
            if (channel == ChannelId.Hello)
            {
                ReadHello(message);
                return;
            }
            var whole = parts;
            if (!JsonReader.TrySplit(message, whole))
                return;
            for (var index = 0; index < whole.Count; index++)
                if (whole[index].Key == "npcs")
                {
                    ReadParts(channel, whole[index].Value);
                    return;
                }
        }

        private void ReadParts(string channel, string npcs)
        {
            if (!JsonReader.TrySplit(npcs, parts))
                return;
            for (var index = 0; index < parts.Count; index++)
                for (var seat = 0; seat < seats.Count; seat++)
                    if (Outbox.NameOf(seats[seat].WireId) == parts[index].Key
                        && !(channel == ChannelId.Mind && ReadSaved(parts[index].Value)))
                        seats[seat].Npc.Receive(channel, parts[index].Value);
        }

        private void ReadHello(string message)
        {
            var hello = JsonReader.ReadObject(message);
            var hash = hello != null && hello.TryGetValue("hash", out var value) ? value as string : null;
            if (hash != Contract.Hash)
            {
                IsConnected = false;
                Debug.LogError("Heedful: the server's contract is " + (hash ?? "unknown") + " and this package's is "
                    + Contract.Hash + ": update the older of the two.");
                return;
            }
            IsConnected = true;
            for (var index = 0; index < seats.Count; index++)
            {
                seats[index].IsIntroduced = false;
                seats[index].Npc.SayAgain();
            }
        }

        /// <summary>Takes a mind that was asked for; false when the message is something else.</summary>
        private bool ReadSaved(string part)
        {
            if (part.IndexOf("\"saved\"", StringComparison.Ordinal) < 0)
                return false;
            var message = JsonReader.ReadObject(part);
            if (message == null || !message.TryGetValue("op", out var op) || op as string != "saved")
                return false;
            if (!message.TryGetValue("request", out var request) || !(request is double number)
                || !saves.TryGetValue((int)number, out var saved))
                return true;
            saves.Remove((int)number);
            saved(message.TryGetValue("mind", out var mind) ? ReadBytes(mind as string) : null);
            return true;
        }

        private static byte[] ReadBytes(string base64)
        {
            try
            {
                return string.IsNullOrEmpty(base64) ? null : Convert.FromBase64String(base64);
            }
            catch (FormatException)
            {
                return null;
            }
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void ResetStatics()
        {
            shared = null;
        }
    }
}
