using System;

namespace Heedful
{
    /// <summary>The newest mind of one NPC that the server gave, or that the game loaded. For any thread.</summary>
    internal sealed class KeptMind
    {
        /// <summary>The most that a mind has.</summary>
        public const int MostBytes = 64 * 1024;

        private readonly object gate = new object(); // held for copies in memory only; never in every frame
        private byte[] blob = new byte[0];
        private volatile int count;
        private ulong sequence;
        private bool isLoaded;
        private volatile bool isUnsent;

        /// <summary>Whether there is one.</summary>
        public bool Exists { get { return count > 0; } }

        /// <summary>Whether the game loaded one that the server was not given yet.</summary>
        public bool IsUnsent { get { return isUnsent; } }

        /// <summary>Keeps what the server gave, unless the game has loaded another mind since.</summary>
        public void Keep(byte[] data, int start, int bytes, ulong last)
        {
            lock (gate)
            {
                if (isLoaded && last <= sequence || bytes == 0 || bytes > MostBytes)
                    return;
                isLoaded = isUnsent = false;
                Copy(data, start, bytes, last);
            }
        }

        /// <summary>Keeps what the game loads, which replaces the mind on the server.</summary>
        /// <param name="data">The mind.</param>
        /// <param name="last">The last observation that was submitted before.</param>
        public void Load(byte[] data, ulong last)
        {
            lock (gate)
            {
                isLoaded = isUnsent = true;
                Copy(data, 0, data.Length, last);
            }
        }

        /// <summary>A copy for the game's save file; null when there is none.</summary>
        public byte[] Save()
        {
            lock (gate)
            {
                if (count == 0)
                    return null;
                var saved = new byte[count];
                Buffer.BlockCopy(blob, 0, saved, 0, count);
                return saved;
            }
        }

        /// <summary>Writes it as a Mind; false when there is none.</summary>
        public bool Write(ProtoWriter writer, string npc)
        {
            lock (gate)
            {
                if (count == 0)
                    return false;
                isUnsent = false;
                writer.Begin().Text(1, npc).Number(2, sequence).Data(3, blob, count)
                    .Number(4, isLoaded ? 1UL : 0UL).End(LiveKind.Mind);
                return true;
            }
        }

        private void Copy(byte[] data, int start, int bytes, ulong last)
        {
            if (blob.Length < bytes)
                blob = new byte[bytes + bytes / 4];
            Buffer.BlockCopy(data, start, blob, 0, bytes);
            count = bytes;
            sequence = last;
        }
    }
}
