using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Heedful
{
    /// <summary>
    /// One TCP connection to a server: messages behind their lengths, four bytes, little-endian. One thread
    /// sends and one receives. All that goes wrong is an IOException, or an AuthenticationException of TLS.
    /// </summary>
    internal sealed class LiveWire : IDisposable
    {
        private const int MostBytes = 1024 * 1024;
        private const int HeadBytes = 4;

        private readonly Socket socket;
        private readonly PatientStream patient;
        private readonly Stream stream;
        private byte[] buffer = new byte[128 * 1024];
        private int filled;
        private int used;

        private LiveWire(Socket socket, LiveSettings settings, int milliseconds)
        {
            this.socket = socket;
            patient = new PatientStream(socket, milliseconds);
            stream = settings.UseTls ? Encrypt(patient, settings) : patient;
        }

        /// <summary>The bytes that Receive read into.</summary>
        public byte[] Buffer { get { return buffer; } }

        /// <summary>Where the message begins that Receive found.</summary>
        public int Start { get; private set; }

        /// <summary>Connects.</summary>
        /// <param name="settings">To whom.</param>
        /// <param name="milliseconds">So long each step may take.</param>
        public static LiveWire Open(LiveSettings settings, int milliseconds)
        {
            var socket = Connect(settings, milliseconds);
            try
            {
                socket.NoDelay = true;
                return new LiveWire(socket, settings, milliseconds);
            }
            catch
            {
                socket.Close();
                throw;
            }
        }

        /// <summary>Sets after how much silence Receive gives up, and after how long Send does.</summary>
        public void SetPatience(int milliseconds)
        {
            patient.Patience = milliseconds;
        }

        /// <summary>Sends what a writer has ended.</summary>
        public void Send(ProtoWriter message)
        {
            try
            {
                stream.Write(message.Buffer, message.Start, message.Count);
            }
            catch (Exception error) when (error is ObjectDisposedException || error is InvalidOperationException)
            {
                throw new IOException(error.Message);
            }
        }

        /// <summary>Waits for the next message: so many bytes of Buffer from Start.</summary>
        public int Receive()
        {
            Need(HeadBytes);
            var count = buffer[used] | buffer[used + 1] << 8 | buffer[used + 2] << 16 | buffer[used + 3] << 24;
            if (count < 0 || count > MostBytes)
                throw new IOException("what listens there does not speak the live link");
            used += HeadBytes;
            Need(count);
            Start = used;
            used += count;
            return count;
        }

        /// <summary>Ends the connection; the other thread's call fails.</summary>
        public void Dispose()
        {
            try
            {
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception error) when (error is SocketException || error is ObjectDisposedException)
            {
                // It has ended by itself.
            }
            socket.Close();
        }

        private void Need(int count)
        {
            if (filled - used >= count)
                return;
            if (used + count > buffer.Length)
            {
                var old = buffer;
                if (count > buffer.Length)
                    buffer = new byte[count + count / 4];
                System.Buffer.BlockCopy(old, used, buffer, 0, filled - used);
                filled -= used;
                used = 0;
            }
            while (filled - used < count)
                filled += Read();
        }

        private int Read()
        {
            int count;
            try
            {
                count = stream.Read(buffer, filled, buffer.Length - filled);
            }
            catch (Exception error) when (error is ObjectDisposedException || error is InvalidOperationException)
            {
                throw new IOException(error.Message);
            }
            if (count <= 0)
                throw new IOException("the server has ended the connection");
            return count;
        }

        private static Socket Connect(LiveSettings settings, int milliseconds)
        {
            SocketException last = null;
            try
            {
                foreach (var address in Dns.GetHostAddresses(settings.Host))
                {
                    var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                    try
                    {
                        var connecting = socket.BeginConnect(new IPEndPoint(address, settings.Port), null, null);
                        if (connecting.AsyncWaitHandle.WaitOne(milliseconds))
                        {
                            socket.EndConnect(connecting);
                            return socket;
                        }
                    }
                    catch (SocketException error)
                    {
                        last = error;
                    }
                    socket.Close();
                }
            }
            catch (SocketException error)
            {
                last = error;
            }
            throw new IOException(last != null ? last.Message : "it does not answer");
        }

        private static Stream Encrypt(Stream stream, LiveSettings settings)
        {
            var trust = new LiveTrust(settings);
            var secure = new SslStream(stream, false, trust.Check);
            try
            {
                secure.AuthenticateAsClient(settings.Host);
            }
            catch (Exception error) when (trust.Refusal != null)
            {
                throw new AuthenticationException(trust.Refusal, error);
            }
            catch (Exception error) when (!(error is IOException))
            {
                throw new AuthenticationException("no encrypted connection is agreed on (" + error.Message
                    + "): give the server a current --tls-cert, or the game a current system", error);
            }
            return secure;
        }
    }
}
