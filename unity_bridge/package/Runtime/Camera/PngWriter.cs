using System;

namespace Heedful
{
    /// <summary>Writes PNG pictures into an array that is used again, which Unity's own encoder cannot.</summary>
    /// <remarks>The picture is stored, not compressed: a frame of 64 x 64 takes 12.4 KB.
    /// Calls nothing of Unity.</remarks>
    public static class PngWriter
    {
        private const int Channels = 3;
        private const int LongestBlock = 65535;
        private static readonly byte[] Signature = { 137, 80, 78, 71, 13, 10, 26, 10 };
        private static readonly uint[] CrcTable = MakeCrcTable();

        /// <summary>Writes a picture.</summary>
        /// <param name="pixels">4 bytes a pixel (red, green, blue, anything), rows from the bottom up, as Unity's
        /// textures have them.</param>
        /// <param name="width">Pixels, 1 to 21,844.</param>
        /// <param name="height">Pixels.</param>
        /// <param name="png">Where it goes; replaced by a longer array when it is too short.</param>
        /// <returns>Bytes written.</returns>
        public static int Write(byte[] pixels, int width, int height, ref byte[] png)
        {
            int row = 1 + Channels * width;
            int rowsPerBlock = LongestBlock / row;
            int blocks = (height + rowsPerBlock - 1) / rowsPerBlock;
            int deflated = 2 + 5 * blocks + row * height + 4;
            int length = Signature.Length + (12 + 13) + (12 + deflated) + 12;
            if (png == null || png.Length < length)
                png = new byte[length];
            Array.Copy(Signature, png, Signature.Length);
            int at = WriteHeader(png, Signature.Length, width, height);
            at = WritePixels(png, at, pixels, width, height, deflated);
            int end = BeginChunk(png, at, 0, 'I', 'E', 'N', 'D');
            return EndChunk(png, at, end);
        }

        private static int WriteHeader(byte[] png, int start, int width, int height)
        {
            int at = BeginChunk(png, start, 13, 'I', 'H', 'D', 'R');
            at = WriteNumber(png, at, (uint)width);
            at = WriteNumber(png, at, (uint)height);
            png[at++] = 8; // bits per channel
            png[at++] = 2; // red, green, blue
            png[at++] = 0;
            png[at++] = 0;
            png[at++] = 0;
            return EndChunk(png, start, at);
        }

        private static int WritePixels(byte[] png, int start, byte[] pixels, int width, int height, int deflated)
        {
            int at = BeginChunk(png, start, deflated, 'I', 'D', 'A', 'T');
            png[at++] = 0x78;
            png[at++] = 0x01;
            int row = 1 + Channels * width;
            int rowsPerBlock = LongestBlock / row;
            uint sum = 1;
            for (int line = height - 1; line >= 0; line--)
            {
                int done = height - 1 - line;
                if (done % rowsPerBlock == 0)
                {
                    int rows = Math.Min(rowsPerBlock, height - done);
                    at = BeginBlock(png, at, rows * row, rows == height - done);
                }
                png[at++] = 0; // no filter
                for (int pixel = 4 * width * line, end = pixel + 4 * width; pixel < end; pixel += 4)
                {
                    png[at] = pixels[pixel];
                    png[at + 1] = pixels[pixel + 1];
                    png[at + 2] = pixels[pixel + 2];
                    at += Channels;
                }
                sum = AddToSum(sum, png, at - row, at);
            }
            at = WriteNumber(png, at, sum);
            return EndChunk(png, start, at);
        }

        /// <summary>Goes on with an Adler-32 check sum.</summary>
        private static uint AddToSum(uint sum, byte[] data, int start, int end)
        {
            const uint modulus = 65521;
            const int room = 5552; // so many bytes cannot make it overflow
            uint low = sum & 65535, high = sum >> 16;
            while (start < end)
            {
                for (int stop = Math.Min(start + room, end); start < stop; start++)
                {
                    low += data[start];
                    high += low;
                }
                low %= modulus;
                high %= modulus;
            }
            return (high << 16) | low;
        }

        private static int BeginBlock(byte[] png, int at, int length, bool isLast)
        {
            png[at++] = isLast ? (byte)1 : (byte)0;
            png[at++] = (byte)length;
            png[at++] = (byte)(length >> 8);
            png[at++] = (byte)~length;
            png[at++] = (byte)(~length >> 8);
            return at;
        }

        private static int BeginChunk(byte[] png, int at, int length, char a, char b, char c, char d)
        {
            at = WriteNumber(png, at, (uint)length);
            png[at++] = (byte)a;
            png[at++] = (byte)b;
            png[at++] = (byte)c;
            png[at++] = (byte)d;
            return at;
        }

        /// <summary>Adds the check sum of a chunk that began at <paramref name="start"/>.</summary>
        private static int EndChunk(byte[] png, int start, int end)
        {
            uint crc = uint.MaxValue;
            for (int at = start + 4; at < end; at++)
                crc = CrcTable[(crc ^ png[at]) & 255] ^ (crc >> 8);
            return WriteNumber(png, end, ~crc);
        }

        private static int WriteNumber(byte[] png, int at, uint number)
        {
            png[at++] = (byte)(number >> 24);
            png[at++] = (byte)(number >> 16);
            png[at++] = (byte)(number >> 8);
            png[at++] = (byte)number;
            return at;
        }

        private static uint[] MakeCrcTable()
        {
            var table = new uint[256];
            for (uint index = 0; index < 256; index++)
            {
                uint value = index;
                for (int bit = 0; bit < 8; bit++)
                    value = (value & 1) != 0 ? 0xEDB88320u ^ (value >> 1) : value >> 1;
                table[index] = value;
            }
            return table;
        }
    }
}
