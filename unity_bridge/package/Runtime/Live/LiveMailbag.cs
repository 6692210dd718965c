using System;
using System.Collections.Generic;
using System.Text;

namespace Heedful
{
    /// <summary>
    /// Messages of side channels that one thread adds and another takes, in order. It is bounded: when nobody
    /// takes them, the oldest go.
    /// </summary>
    internal sealed class LiveMailbag
    {
        private const int Most = 1000;
        private const int MostBytes = 32 * 1024; // of entries in one message

        private readonly object gate = new object(); // held for a moment only, never while anything is sent
        private List<LiveNews> coming = new List<LiveNews>(64);
        private List<LiveNews> taken = new List<LiveNews>(64);

        public void Add(LiveNews news)
        {
            lock (gate)
            {
                if (coming.Count >= Most)
                    coming.RemoveRange(0, Most / 4);
                coming.Add(news);
            }
        }

        /// <summary>Takes all; the list is good until the next call.</summary>
        public List<LiveNews> TakeAll()
        {
            taken.Clear();
            lock (gate)
            {
                var all = coming;
                coming = taken;
                taken = all;
            }
            return taken;
        }

        /// <summary>
        /// Writes the entry at an index and those after it of the same NPC and channel as one News, or as a
        /// Leave.
        /// </summary>
        /// <returns>The index of the first entry that is not in it.</returns>
        public static int Write(List<LiveNews> all, int index, ProtoWriter writer)
        {
            var first = all[index];
            if (first.Channel == null)
            {
                writer.Begin().Text(1, first.Npc.Key).End(LiveKind.Leave);
                return index + 1;
            }
            var end = index;
            var bytes = 1;
            while (end < all.Count && ReferenceEquals(all[end].Npc, first.Npc) && all[end].Channel == first.Channel)
            {
                var more = Encoding.UTF8.GetByteCount(all[end].Json) + 1;
                if (end > index && bytes + more > MostBytes)
                    break;
                bytes += more;
                end++;
            }
            writer.Begin().Text(1, first.Npc.Key).Text(2, first.Channel).BeginData(3, bytes);
            for (var entry = index; entry < end; entry++)
            {
                writer.AddByte((byte)(entry == index ? '[' : ','));
                writer.AddText(all[entry].Json);
            }
            writer.AddByte((byte)']');
            writer.End(LiveKind.News);
            return end;
        }
    }
}
