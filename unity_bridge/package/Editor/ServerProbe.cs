using System;
using System.Net.Sockets;

namespace Heedful.Editor
{
    /// <summary>Whether something listens where `heedful serve` should.</summary>
    public static class ServerProbe
    {
        /// <summary>The port of ML-Agents' lock-step link in the editor.</summary>
        public const int LockStepPort = 5004;

        private const int Milliseconds = 300;

        /// <summary>Whether a port of a host takes connections.</summary>
        public static bool Listens(string host, int port)
        {
            using (var client = new TcpClient())
            {
                try
                {
                    return client.ConnectAsync(host, port).Wait(Milliseconds) && client.Connected;
                }
                catch (AggregateException)
                {
                    return false; // refused, or no such host
                }
            }
        }

        /// <summary>A warning when nothing listens there; null when all is well.</summary>
        /// <param name="host">Name or address of the machine.</param>
        /// <param name="port">Port of the link.</param>
        /// <param name="option">The option by which `heedful serve` is told that port.</param>
        public static SceneFinding? Check(string host, int port, string option)
        {
            if (Listens(host, port))
            {
                return null;
            }

            return new SceneFinding(false, "Nothing listens on " + host + ":" + port
                + ", so NPCs will stand still: run `heedful serve " + option + " " + port + "` before you press Play, and "
                + "`heedful doctor` if that does not help.", null);
        }
    }
}
