using System;
using System.Text;

namespace Heedful
{
    /// <summary>
    /// Writes one live.proto Message behind its length into one buffer that is used again. Members that have
    /// their default value are left out, as protobuf does.
    /// </summary>
    internal sealed class ProtoWriter
    {
        /// <summary>Room for what is only known at the end: length, field and length of the body.</summary>
        private const int Head = 16;
        private const int Varint = 0;
        private const int Fixed64 = 1;
        private const int Bytes = 2;
        private const int Fixed32 = 5;

        private byte[] buffer = new byte[64 * 1024];
        private readonly double[] wide = new double[1];
        private readonly float[] narrow = new float[1];
        private int position = Head;

        /// <summary>What is to be sent: Count bytes from Start.</summary>
        public byte[] Buffer { get { return buffer; } }

        /// <summary>Where the message begins, after End.</summary>
        public int Start { get; private set; }

        /// <summary>Bytes of the message, after End.</summary>
        public int Count { get { return position - Start; } }

        /// <summary>Bytes written since Begin.</summary>
        public int BodyCount { get { return position - Head; } }

        /// <summary>Begins a message.</summary>
        public ProtoWriter Begin()
        {
            position = Head;
            return this;
        }

        /// <summary>Ends the message: what was written is the body of this kind.</summary>
        /// <param name="kind">Field number of the body, less than 16.</param>
        public void End(int kind)
        {
            var body = BodyCount;
            Start = Head - SizeOf((ulong)body) - 1 - 4;
            var whole = position - Start - 4;
            for (var index = 0; index < 4; index++)
                buffer[Start + index] = (byte)(whole >> (8 * index));
            buffer[Start + 4] = (byte)(kind << 3 | Bytes);
            var end = position;
            position = Start + 5;
            Number((ulong)body);
            position = end;
        }

        public ProtoWriter Number(int field, ulong value)
        {
            if (value == 0)
                return this;
            Tag(field, Varint);
            Number(value);
            return this;
        }

        public ProtoWriter Double(int field, double value)
        {
            wide[0] = value;
            Tag(field, Fixed64);
            System.Buffer.BlockCopy(wide, 0, buffer, position, 8);
            position += 8;
            return this;
        }

        public ProtoWriter Float(int field, float value)
        {
            narrow[0] = value;
            Tag(field, Fixed32);
            System.Buffer.BlockCopy(narrow, 0, buffer, position, 4);
            position += 4;
            return this;
        }

        /// <summary>Writes the first numbers of an array as little-endian float32.</summary>
        public ProtoWriter Floats(int field, float[] values, int count)
        {
            return Copy(field, values, 4 * count);
        }

        public ProtoWriter Data(int field, byte[] data, int count)
        {
            return Copy(field, data, count);
        }

        public ProtoWriter Text(int field, string text)
        {
            if (text.Length == 0)
                return this;
            BeginData(field, Encoding.UTF8.GetByteCount(text));
            AddText(text);
            return this;
        }

        /// <summary>Begins a member of so many bytes, which AddText and AddByte then write.</summary>
        public void BeginData(int field, int count)
        {
            Tag(field, Bytes);
            Number((ulong)count);
            Reserve(count);
        }

        public void AddText(string text)
        {
            position += Encoding.UTF8.GetBytes(text, 0, text.Length, buffer, position);
        }

        public void AddByte(byte value)
        {
            buffer[position++] = value;
        }

        private ProtoWriter Copy(int field, Array data, int bytes)
        {
            if (bytes == 0)
                return this;
            BeginData(field, bytes);
            System.Buffer.BlockCopy(data, 0, buffer, position, bytes);
            position += bytes;
            return this;
        }

        private void Tag(int field, int kind)
        {
            Reserve(32);
            Number((ulong)(field << 3 | kind));
        }

        private void Number(ulong value)
        {
            while (value > 127)
            {
                buffer[position++] = (byte)(value | 128);
                value >>= 7;
            }
            buffer[position++] = (byte)value;
        }

        private static int SizeOf(ulong value)
        {
            var size = 1;
            for (; value > 127; value >>= 7)
                size++;
            return size;
        }

        /// <summary>Makes room for more; seldom, since the buffer stays as large as it once was.</summary>
        private void Reserve(int count)
        {
            if (position + count > buffer.Length)
                Array.Resize(ref buffer, Math.Max(2 * buffer.Length, position + count + 32));
        }
    }
}
