using System.Collections.Generic;
using System.Text;

namespace Heedful
{
    /// <summary>
    /// Messages of side channels that one thread adds and another takes, in order, without locks. It is bounded:
    /// when nobody takes them, the oldest go.
    /// </summary>
    internal sealed class LiveMailbag
    {
        private const int Most = 1000;
        private const int MostBytes = 32 * 1024; // of entries in one message

        private sealed class Batch : List<LiveNews>
        {
            public Batch() : base(64) // more than usually comes, so that it does not grow in some frame
            {
            }
        }

        private static readonly Batch nothing = new Batch();
        private readonly Mailbox<Batch> box = new Mailbox<Batch>();
        private Batch taken;

        /// <summary>Adds one; for the adding thread.</summary>
        public void Add(LiveNews news)
        {
            var all = box.Begin(out _); // what was added before and nobody took yet
            if (all.Count >= Most)
                all.RemoveRange(0, Most / 4);
            all.Add(news);
            box.Publish(all);
        }

        /// <summary>Takes all; the list is good until the next call. For the taking thread.</summary>
        public List<LiveNews> TakeAll()
        {
            if (taken != null)
            {
                taken.Clear();
                box.Return(taken);
            }
            taken = box.Take();
            return taken ?? nothing;
        }

        /// <summary>
        /// Writes the entry at an index and those after it of the same NPC and channel as one News.
        /// </summary>
        /// <returns>The index of the first entry that is not in it.</returns>
        public static int Write(List<LiveNews> all, int index, ProtoWriter writer)
        {
            var first = all[index];
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
