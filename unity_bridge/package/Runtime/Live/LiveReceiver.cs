using System;
using System.Diagnostics;
using System.IO;

namespace Heedful
{
    /// <summary>Reads what a server sends, in the background, and lays it where the main thread finds it.</summary>
    internal sealed class LiveReceiver
    {
        private readonly int[] indices = new int[Contract.Branches];
        private readonly LiveMailbag news;
        private volatile LiveNpc[] npcs = new LiveNpc[0];
        private volatile float roundTrip;

        public LiveReceiver(LiveMailbag news)
        {
            this.news = news;
        }

        /// <summary>Who may get something; the array is never changed, only replaced.</summary>
        public LiveNpc[] Npcs
        {
            get { return npcs; }
            set { npcs = value; }
        }

        /// <summary>Seconds from the last observation that was answered to its action; 0 while unknown.</summary>
        public float RoundTrip { get { return roundTrip; } }

        /// <summary>Waits for one message and takes it in; what is no message of a server is an error.</summary>
        /// <param name="wire">Where it comes from.</param>
        /// <param name="refusal">The server's sentence when it refuses, else null.</param>
        /// <returns>What it was, a LiveKind; 0 for one of a later protocol.</returns>
        public int Receive(LiveWire wire, out string refusal)
        {
            refusal = null;
            var count = wire.Receive();
            try
            {
                var message = new ProtoReader(wire.Buffer, wire.Start, count);
                var kind = message.Next();
                switch (kind)
                {
                    case LiveKind.Action:
                        ReadAction(message.Inner(), wire.Buffer);
                        return kind;
                    case LiveKind.Mind:
                        ReadMind(message.Inner(), wire.Buffer);
                        return kind;
                    case LiveKind.News:
                        ReadNews(message.Inner(), wire.Buffer);
                        return kind;
                    case LiveKind.Refusal:
                        refusal = ReadRefusal(message.Inner());
                        return kind;
                    case LiveKind.Welcome:
                    case LiveKind.Pong:
                    case LiveKind.Goodbye:
                        return kind;
                    default:
                        return 0;
                }
            }
            catch (InvalidDataException)
            {
                throw new IOException("what listens there does not speak the live link");
            }
        }

        private void ReadAction(ProtoReader action, byte[] buffer)
        {
            LiveNpc npc = null;
            ulong sequence = 0;
            int count = 0;
            string mind = null;
            for (var field = action.Next(); field != 0; field = action.Next())
            {
                if (field == 1)
                    npc = Find(ref action, buffer);
                else if (field == 2)
                    sequence = action.Number();
                else if (field == 3)
                    count = action.Numbers(indices, count);
                else if (field == 4)
                    mind = action.Text();
                else
                    action.Skip();
            }
            if (npc == null)
                return; // it has left since
            if (!string.IsNullOrEmpty(mind))
                news.Add(new LiveNews(npc, ChannelId.Mind, mind));
            if (count != indices.Length || !npc.IsNewer(sequence, out var submittedAt))
                return;
            roundTrip = (float)((Stopwatch.GetTimestamp() - submittedAt) / (double)Stopwatch.Frequency);
            var answer = npc.Answers.Begin(out _);
            Array.Copy(indices, answer.Indices, count);
            answer.SubmittedAt = submittedAt;
            npc.Answers.Publish(answer);
        }

        private void ReadMind(ProtoReader mind, byte[] buffer)
        {
            LiveNpc npc = null;
            ulong sequence = 0;
            int start = 0, count = 0;
            for (var field = mind.Next(); field != 0; field = mind.Next())
            {
                if (field == 1)
                    npc = Find(ref mind, buffer);
                else if (field == 2)
                    sequence = mind.Number();
                else if (field == 3)
                {
                    mind.Data();
                    start = mind.Start;
                    count = mind.Count;
                }
                else
                    mind.Skip();
            }
            // One of later observations is that of an NPC which had the key before and is on its way out.
            if (npc != null && sequence <= npc.Submitted)
                npc.Mind.Keep(buffer, start, count, sequence);
        }

        private void ReadNews(ProtoReader message, byte[] buffer)
        {
            LiveNpc npc = null;
            string channel = "", json = "";
            for (var field = message.Next(); field != 0; field = message.Next())
            {
                if (field == 1)
                    npc = Find(ref message, buffer);
                else if (field == 2)
                    channel = message.Text();
                else if (field == 3)
                    json = message.Text();
                else
                    message.Skip();
            }
            if (npc != null)
                news.Add(new LiveNews(npc, channel, json));
        }

        private static string ReadRefusal(ProtoReader refusal)
        {
            var reason = "";
            for (var field = refusal.Next(); field != 0; field = refusal.Next())
            {
                if (field == 1)
                    reason = refusal.Text();
                else
                    refusal.Skip();
            }
            return reason;
        }

        private LiveNpc Find(ref ProtoReader message, byte[] buffer)
        {
            message.Data();
            var all = npcs;
            for (var index = 0; index < all.Length; index++)
                if (all[index].Is(buffer, message.Start, message.Count))
                    return all[index];
            return null;
        }
    }
}
