using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;

namespace Heedful
{
    /// <summary>
    /// A socket as a stream whose calls give up after a time by a clock of their own. A socket's own time-outs
    /// begin anew with every signal, and under Mono each garbage collection sends some: a frozen server would
    /// never be noticed. One thread reads and one writes.
    /// </summary>
    internal sealed class PatientStream : Stream
    {
        private const int StepMicroseconds = 100 * 1000;

        private readonly Socket socket;
        private volatile int patience;

        /// <summary>Takes a connected socket over.</summary>
        /// <param name="socket">It does not block from now on.</param>
        /// <param name="milliseconds">After so long without any progress a call gives up.</param>
        public PatientStream(Socket socket, int milliseconds)
        {
            this.socket = socket;
            socket.Blocking = false;
            patience = milliseconds;
        }

        /// <summary>Milliseconds without any progress after which a call gives up.</summary>
        public int Patience { set { patience = value; } }

        /// <inheritdoc />
        public override bool CanRead { get { return true; } }

        /// <inheritdoc />
        public override bool CanWrite { get { return true; } }

        /// <inheritdoc />
        public override bool CanSeek { get { return false; } }

        /// <inheritdoc />
        public override long Length { get { throw new NotSupportedException(); } }

        /// <inheritdoc />
        public override long Position
        {
            get { throw new NotSupportedException(); }
            set { throw new NotSupportedException(); }
        }

        /// <inheritdoc />
        public override int Read(byte[] buffer, int offset, int count)
        {
            while (true)
            {
                Await(SelectMode.SelectRead, "the server is silent");
                var read = socket.Receive(buffer, offset, count, SocketFlags.None, out var error);
                if (error == SocketError.Success)
                    return read;
                Check(error);
            }
        }

        /// <inheritdoc />
        public override void Write(byte[] buffer, int offset, int count)
        {
            while (count > 0)
            {
                Await(SelectMode.SelectWrite, "the server does not read");
                var sent = socket.Send(buffer, offset, count, SocketFlags.None, out var error);
                Check(error);
                if (error != SocketError.Success)
                    continue;
                offset += sent;
                count -= sent;
            }
        }

        /// <inheritdoc />
        public override void Flush()
        {
        }

        /// <inheritdoc />
        public override long Seek(long offset, SeekOrigin origin)
        {
            throw new NotSupportedException();
        }

        /// <inheritdoc />
        public override void SetLength(long value)
        {
            throw new NotSupportedException();
        }

        private void Await(SelectMode mode, string complaint)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                while (!socket.Poll(StepMicroseconds, mode))
                    if (Stopwatch.GetTimestamp() - began > patience * (Stopwatch.Frequency / 1000))
                        throw new IOException(complaint);
            }
            catch (SocketException error)
            {
                throw new IOException(error.Message);
            }
        }

        private static void Check(SocketError error)
        {
            if (error != SocketError.Success && error != SocketError.WouldBlock)
                throw new IOException(new SocketException((int)error).Message);
        }
    }
}
