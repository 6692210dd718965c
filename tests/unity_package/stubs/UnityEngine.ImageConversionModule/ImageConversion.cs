// Stand-in for UnityEngine.ImageConversionModule.dll with a working PNG encoder.
using System;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace UnityEngine
{
    public static class ImageConversion
    {
        public static byte[] EncodeToPNG(this Texture2D tex)
        {
            StubEngine.MainThread.Check("EncodeToPNG");
            long before = GC.GetAllocatedBytesForCurrentThread();
            var png = Encode(tex.GetRawTextureData<byte>().ToArray(), tex.width, tex.height, tex.format == TextureFormat.RGB24 ? 3 : 4);
            StubEngine.Player.EngineBytes += GC.GetAllocatedBytesForCurrentThread() - before;
            return png;
        }

        /// May be used on every thread, as in Unity.
        public static byte[] EncodeArrayToPNG(Array array, UnityEngine.Experimental.Rendering.GraphicsFormat format, uint width, uint height, uint rowBytes = 0)
        {
            bool rgb = format == UnityEngine.Experimental.Rendering.GraphicsFormat.R8G8B8_UNorm || format == UnityEngine.Experimental.Rendering.GraphicsFormat.R8G8B8_SRGB;
            return Encode((byte[])array, (int)width, (int)height, rgb ? 3 : 4);
        }

        static byte[] Encode(byte[] raw, int w, int h, int channels)
        {
            int row = w * channels;
            var rows = new byte[h * (1 + row)];
            for (int y = 0; y < h; y++) // Unity's row 0 is the bottom, PNG's the top
                Buffer.BlockCopy(raw, (h - 1 - y) * row, rows, y * (1 + row) + 1, row);
            var png = new MemoryStream();
            png.Write(new byte[] { 137, 80, 78, 71, 13, 10, 26, 10 }, 0, 8);
            var header = new MemoryStream();
            header.Write(BigEndian((uint)w), 0, 4);
            header.Write(BigEndian((uint)h), 0, 4);
            header.Write(new byte[] { 8, (byte)(channels == 3 ? 2 : 6), 0, 0, 0 }, 0, 5);
            Chunk(png, "IHDR", header.ToArray());
            Chunk(png, "IDAT", Zlib(rows));
            Chunk(png, "IEND", new byte[0]);
            return png.ToArray();
        }

        static byte[] Zlib(byte[] data)
        {
            var result = new MemoryStream();
            result.WriteByte(0x78); result.WriteByte(0x9c);
            using (var deflate = new DeflateStream(result, CompressionMode.Compress, true))
                deflate.Write(data, 0, data.Length);
            uint a = 1, b = 0;
            foreach (var d in data) { a = (a + d) % 65521; b = (b + a) % 65521; }
            result.Write(BigEndian(b << 16 | a), 0, 4);
            return result.ToArray();
        }

        static void Chunk(Stream png, string type, byte[] data)
        {
            var body = new byte[4 + data.Length];
            Encoding.ASCII.GetBytes(type).CopyTo(body, 0);
            data.CopyTo(body, 4);
            uint crc = 0xffffffff;
            foreach (var d in body)
            {
                crc ^= d;
                for (int k = 0; k < 8; k++) crc = (crc & 1) != 0 ? 0xedb88320 ^ crc >> 1 : crc >> 1;
            }
            png.Write(BigEndian((uint)data.Length), 0, 4);
            png.Write(body, 0, body.Length);
            png.Write(BigEndian(~crc), 0, 4);
        }

        static byte[] BigEndian(uint v) { return new[] { (byte)(v >> 24), (byte)(v >> 16), (byte)(v >> 8), (byte)v }; }
    }
}
