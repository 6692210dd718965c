using System.IO;
using System.Text;

namespace Heedful
{
    /// <summary>Reads protobuf member by member; what is no protobuf throws InvalidDataException.</summary>
    internal struct ProtoReader
    {
        private readonly byte[] buffer;
        private readonly int end;
        private int position;
        private int kind;

        public ProtoReader(byte[] buffer, int start, int count)
        {
            this.buffer = buffer;
            position = start;
            end = start + count;
            kind = 0;
            Start = start;
            Count = 0;
        }

        /// <summary>Where the bytes that Data gave begin.</summary>
        public int Start { get; private set; }

        /// <summary>How many bytes Data gave.</summary>
        public int Count { get; private set; }

        /// <summary>The number of the next member, 0 at the end; read it by Number, Data or Skip.</summary>
        public int Next()
        {
            if (position == end)
                return 0;
            var tag = Varint();
            kind = (int)(tag & 7);
            var field = (int)((tag >> 3) & 0x1FFFFFFF);
            if (field == 0)
                throw new InvalidDataException();
            return field;
        }

        public ulong Number()
        {
            if (kind != 0)
                throw new InvalidDataException();
            return Varint();
        }

        /// <summary>Finds the bytes of a member: Start and Count.</summary>
        public void Data()
        {
            if (kind != 2)
                throw new InvalidDataException();
            var count = Varint();
            if (count > (ulong)(end - position))
                throw new InvalidDataException();
            Start = position;
            Count = (int)count;
            position += Count;
        }

        /// <summary>A reader of the bytes that Data gave.</summary>
        public ProtoReader Inner()
        {
            Data();
            return new ProtoReader(buffer, Start, Count);
        }

        public string Text()
        {
            Data();
            return Encoding.UTF8.GetString(buffer, Start, Count);
        }

        /// <summary>Reads numbers that come one by one or packed; those over the array's length are left out.</summary>
        /// <param name="values">Where they go.</param>
        /// <param name="count">How many there are already.</param>
        /// <returns>How many there are now.</returns>
        public int Numbers(int[] values, int count)
        {
            if (kind == 0)
                return Keep(values, count, Varint());
            Data();
            var packed = new ProtoReader(buffer, Start, Count);
            while (packed.position < packed.end)
                count = Keep(values, count, packed.Varint());
            return count;
        }

        /// <summary>Leaves a member out that is not known.</summary>
        public void Skip()
        {
            switch (kind)
            {
                case 0:
                    Varint();
                    return;
                case 1:
                    Leave(8);
                    return;
                case 2:
                    Data();
                    return;
                case 5:
                    Leave(4);
                    return;
                default:
                    throw new InvalidDataException();
            }
        }

        private static int Keep(int[] values, int count, ulong value)
        {
            if (count < values.Length)
                values[count] = value <= int.MaxValue ? (int)value : -1;
            return count + 1;
        }

        private void Leave(int count)
        {
            if (count > end - position)
                throw new InvalidDataException();
            position += count;
        }

        private ulong Varint()
        {
            ulong value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                if (position == end)
                    throw new InvalidDataException();
                var part = buffer[position++];
                value |= (ulong)(part & 127) << shift;
                if (part < 128)
                    return value;
            }
            throw new InvalidDataException();
        }
    }
}
