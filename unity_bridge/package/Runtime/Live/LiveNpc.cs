using System.Diagnostics;
using System.Text;
using System.Threading;

namespace Heedful
{
    /// <summary>One NPC at the live link: what is on its way to the server and back.</summary>
    internal sealed class LiveNpc
    {
        private const int Remembered = 32;

        private readonly byte[] keyBytes;
        private readonly long[] submittedAt = new long[Remembered];
        private long submitted;
        private long answered;
        private volatile bool hasLeft;

        public LiveNpc(string key)
        {
            Key = key;
            keyBytes = Encoding.UTF8.GetBytes(key);
        }

        public string Key { get; }

        /// <summary>Its newest observation, on its way to the server.</summary>
        public Mailbox<LiveObservation> Observations { get; } = new Mailbox<LiveObservation>();

        /// <summary>Its newest action, on its way from the server.</summary>
        public Mailbox<LiveAnswer> Answers { get; } = new Mailbox<LiveAnswer>();

        /// <summary>Its mind, kept for a server that begins anew.</summary>
        public KeptMind Mind { get; } = new KeptMind();

        /// <summary>Whether it is gone for good: nothing more of it is sent.</summary>
        public bool HasLeft
        {
            get { return hasLeft; }
            set { hasLeft = value; }
        }

        /// <summary>Number of its last observation.</summary>
        public ulong Submitted { get { return (ulong)Interlocked.Read(ref submitted); } }

        /// <summary>Whether UTF-8 bytes are its key.</summary>
        public bool Is(byte[] bytes, int start, int count)
        {
            if (count != keyBytes.Length)
                return false;
            for (var index = 0; index < count; index++)
                if (bytes[start + index] != keyBytes[index])
                    return false;
            return true;
        }

        /// <summary>Takes an observation; on the main thread.</summary>
        public void Submit(NpcObservation observation, double now)
        {
            var number = submitted + 1;
            var copy = Observations.Begin(out var wasFresh);
            copy.Fill(observation, (ulong)number, now, wasFresh);
            Interlocked.Exchange(ref submittedAt[number % Remembered], Stopwatch.GetTimestamp());
            Interlocked.Exchange(ref submitted, number);
            Observations.Publish(copy);
        }

        /// <summary>Whether an answer is to a later observation than the last; then when that was submitted.</summary>
        public bool IsNewer(ulong sequence, out long at)
        {
            at = 0;
            var last = Interlocked.Read(ref submitted);
            if (sequence > (ulong)last || (long)sequence <= answered || last - (long)sequence >= Remembered)
                return false;
            answered = (long)sequence;
            at = Interlocked.Read(ref submittedAt[answered % Remembered]);
            return true;
        }
    }
}
