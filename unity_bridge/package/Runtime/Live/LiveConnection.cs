using System;
using System.Diagnostics;
using System.IO;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Threading;

namespace Heedful
{
    /// <summary>
    /// The live link without Unity: finds a server in the background, finds it again when it is lost, and gives
    /// it the minds that it gave before. No call waits for the network or makes anything. Calls are for the main
    /// thread and take no lock in any frame. In the background one thread connects and sends; while there is a
    /// connection, a second one reads.
    /// </summary>
    internal sealed class LiveConnection : IDisposable
    {
        /// <summary>Seconds after which an answer is too old to be acted on.</summary>
        public const double StaleSeconds = 0.5;

        private const int AnswerMilliseconds = 1000; // for each step of connecting
        private const int SilenceMilliseconds = 2000;
        private const int PingMilliseconds = 1000;
        private const int LookMilliseconds = 4; // how often to look for what is to be sent: waking a thread may wait for it
        private const int RefusedMilliseconds = 5000;
        private const int FirstPause = 50;
        private const int LongestPause = 400; // between attempts; doubled each time up to this

        private readonly LiveSettings settings;
        private readonly byte[] session = new byte[16];
        private readonly LiveMailbag outgoing = new LiveMailbag();
        private readonly LiveMailbag leaving = new LiveMailbag();
        private readonly LiveMailbag incoming = new LiveMailbag();
        private readonly LiveReceiver receiver;
        private readonly ProtoWriter writer = new ProtoWriter();
        private readonly AutoResetEvent stir = new AutoResetEvent(false);
        private readonly Thread thread;
        private volatile bool isWanted;
        private volatile bool isEnded;
        private volatile bool isUp;
        private volatile bool isRefused;
        private volatile int welcomes;
        private volatile int opened;
        private volatile string refusal;
        private volatile string absence;
        private volatile float staleness;
        private volatile LiveWire current;
        private ulong connections;
        private ulong pings;
        private string lastRefusal;
        private string lastAbsence;

        public LiveConnection(LiveSettings settings)
        {
            this.settings = settings;
            receiver = new LiveReceiver(incoming);
            using (var random = RandomNumberGenerator.Create())
                random.GetBytes(session);
            thread = new Thread(Run) { IsBackground = true, Name = "Heedful live link" };
            thread.Start();
        }

        /// <summary>Whether a server has taken this game and everything was said to it.</summary>
        public bool IsConnected { get { return isUp && opened == welcomes; } }

        /// <summary>Seconds from an observation to its action, the last one; 0 while unknown.</summary>
        public float RoundTrip { get { return receiver.RoundTrip; } }

        /// <summary>Begins to look for a server.</summary>
        public void Open()
        {
            isWanted = true;
            stir.Set();
        }

        /// <summary>Says goodbye, in the background.</summary>
        public void Close()
        {
            isWanted = false;
            stir.Set();
        }

        /// <summary>Says goodbye and ends for good.</summary>
        public void Dispose()
        {
            isEnded = true;
            Close();
        }

        /// <summary>
        /// Waits until the background has ended, after Dispose, and if that takes longer once more after the
        /// connection was cut; false when it still goes on.
        /// </summary>
        public bool Wait(int milliseconds)
        {
            if (thread.Join(milliseconds))
                return true;
            current?.Dispose();
            return thread.Join(milliseconds);
        }

        /// <summary>An NPC joins.</summary>
        public LiveNpc Join(string key)
        {
            var npc = new LiveNpc(key);
            var all = receiver.Npcs;
            var more = new LiveNpc[all.Length + 1];
            Array.Copy(all, more, all.Length);
            more[all.Length] = npc;
            receiver.Npcs = more;
            return npc;
        }

        /// <summary>An NPC is gone for good.</summary>
        public void Leave(LiveNpc npc)
        {
            receiver.Npcs = Array.FindAll(receiver.Npcs, each => !ReferenceEquals(each, npc));
            npc.HasLeft = true;
            leaving.Add(new LiveNews(npc, null, null));
        }

        /// <summary>Hands over an observation; without a connection the newest one waits for it.</summary>
        /// <param name="npc">Whose.</param>
        /// <param name="observation">What it perceives; it is copied.</param>
        /// <param name="now">The game's unscaled clock, seconds.</param>
        public void Submit(LiveNpc npc, NpcObservation observation, double now)
        {
            npc.Submit(observation, now);
        }

        /// <summary>Takes the newest action that came since the last call, unless it is too old.</summary>
        public bool TryTakeAction(LiveNpc npc, int[] action)
        {
            var answer = npc.Answers.Take();
            if (answer == null)
                return false;
            var age = Stopwatch.GetTimestamp() - answer.SubmittedAt;
            var isFresh = age <= StaleSeconds * Stopwatch.Frequency;
            if (isFresh)
            {
                Array.Copy(answer.Indices, action, action.Length);
                staleness = (float)(age / (double)Stopwatch.Frequency);
            }
            npc.Answers.Return(answer);
            return isFresh;
        }

        /// <summary>
        /// Sends a message of a side channel. Without a connection, what NPCs say again after a welcome is not
        /// kept.
        /// </summary>
        public void Send(LiveNpc npc, string channel, string json)
        {
            if (IsConnected || channel == ChannelId.Dialogue || channel == ChannelId.Episode)
                outgoing.Add(new LiveNews(npc, channel, json));
        }

        /// <summary>The newest mind of an NPC; null while there is none.</summary>
        public byte[] SaveMind(LiveNpc npc)
        {
            return npc.Mind.Save();
        }

        /// <summary>Lets an NPC go on with a mind, also over the next connections.</summary>
        /// <exception cref="ArgumentException">It has no bytes or more than 64 KiB.</exception>
        public void RestoreMind(LiveNpc npc, byte[] mind)
        {
            if (mind.Length == 0 || mind.Length > KeptMind.MostBytes)
                throw new ArgumentException("A saved mind has 1 to 65536 bytes, and this one has " + mind.Length
                    + ": load what Save gave.");
            npc.Mind.Load(mind, npc.Submitted);
        }

        /// <summary>Tells what has happened since the last call.</summary>
        public void Pump(ILiveListener listener)
        {
            var said = refusal;
            if (said != null && said != lastRefusal)
                listener.NoteRefusal(lastRefusal = said);
            said = absence;
            if (said != null && said != lastAbsence)
                listener.NoteAbsence(lastAbsence = said);
            var welcome = welcomes;
            if (opened != welcome)
            {
                lastRefusal = lastAbsence = null;
                listener.NoteWelcome();
                opened = welcome;
            }
            var news = incoming.TakeAll();
            for (var index = 0; index < news.Count; index++)
                listener.NoteNews(news[index].Npc, news[index].Channel, news[index].Json);
        }

        // ----------------------------------------------------------------------------- in the background

        private bool IsWanted { get { return isWanted && !isEnded; } }

        private void Run()
        {
            var pause = FirstPause;
            while (!isEnded)
            {
                stir.Reset(); // what it told so far is looked at now
                if (!IsWanted)
                {
                    if (!isEnded)
                        stir.WaitOne();
                    continue;
                }
                var before = welcomes;
                isRefused = false;
                Talk();
                if (welcomes != before)
                    pause = FirstPause;
                stir.WaitOne(isRefused ? RefusedMilliseconds : pause);
                pause = Math.Min(2 * pause, LongestPause);
            }
        }

        /// <summary>One connection, from its beginning to its end.</summary>
        private void Talk()
        {
            try
            {
                using (var wire = LiveWire.Open(settings, AnswerMilliseconds))
                {
                    current = wire;
                    if (Greet(wire))
                        Serve(wire);
                }
            }
            catch (AuthenticationException error)
            {
                Refuse(error.Message);
            }
            catch (Exception error)
            {
                // Nothing that goes wrong with a connection may end the thread; the next one is tried.
                absence = absence ?? "no server answers at " + settings.Host + ":" + settings.Port + " ("
                    + error.Message + "): start `heedful serve`; it is looked for again and again";
            }
            finally
            {
                current = null;
                isUp = false;
            }
        }

        /// <summary>Says hello; false when the server refuses.</summary>
        private bool Greet(LiveWire wire)
        {
            writer.Begin().Number(1, Contract.Version).Text(2, Contract.Hash).Text(3, settings.Package)
                .Text(4, settings.Token).Text(5, settings.World).Data(6, session, session.Length)
                .Number(7, ++connections).End(LiveKind.Hello);
            wire.Send(writer);
            var answer = receiver.Receive(wire, out var reason);
            if (answer == LiveKind.Welcome)
                return true;
            if (answer != LiveKind.Refusal)
                throw new IOException("it does not welcome games");
            Refuse(reason);
            return false;
        }

        private void Refuse(string sentence)
        {
            isRefused = true;
            refusal = sentence;
        }

        private void Serve(LiveWire wire)
        {
            wire.SetPatience(SilenceMilliseconds);
            SendLeaves(wire);
            var npcs = receiver.Npcs;
            for (var index = 0; index < npcs.Length; index++)
                if (npcs[index].Mind.Write(writer, npcs[index].Key))
                    wire.Send(writer);
            absence = refusal = null;
            isUp = true;
            welcomes++;
            var reading = new Thread(() => Read(wire)) { IsBackground = true, Name = "Heedful live link, reading" };
            reading.Start();
            try
            {
                SendAll(wire);
            }
            finally
            {
                wire.Dispose();
                reading.Join();
            }
        }

        private void Read(LiveWire wire)
        {
            try
            {
                while (true)
                {
                    var kind = receiver.Receive(wire, out var reason);
                    if (kind == LiveKind.Refusal)
                        Refuse(reason);
                    if (kind == LiveKind.Refusal || kind == LiveKind.Goodbye)
                        break;
                }
            }
            catch (Exception error)
            {
                if (IsWanted)
                    absence = "the connection to the server is lost (" + error.Message + "); it is looked for again";
            }
            isUp = false;
        }

        private void SendAll(LiveWire wire)
        {
            var clock = Stopwatch.StartNew();
            long due = 0;
            while (isUp && IsWanted)
            {
                if (clock.ElapsedMilliseconds >= due)
                {
                    due = clock.ElapsedMilliseconds + PingMilliseconds;
                    writer.Begin().Number(1, ++pings).Float(2, receiver.RoundTrip).Float(3, staleness).End(LiveKind.Ping);
                    wire.Send(writer);
                }
                if (opened == welcomes)
                    SendWaiting(wire);
                Thread.Sleep(LookMilliseconds);
            }
            if (isUp)
            {
                writer.Begin().End(LiveKind.Goodbye);
                wire.Send(writer);
            }
        }

        private void SendWaiting(LiveWire wire)
        {
            SendLeaves(wire); // before it is read who is here, so that nothing is sent of those who left
            var npcs = receiver.Npcs;
            for (var index = 0; index < npcs.Length; index++)
                if (npcs[index].Mind.IsUnsent && npcs[index].Mind.Write(writer, npcs[index].Key))
                    wire.Send(writer);
            // An observation is taken before the messages that belong to it, and sent after them.
            for (var index = 0; index < npcs.Length; index++)
            {
                var observation = npcs[index].Observations.Take();
                if (observation == null)
                    continue;
                SendNews(wire);
                observation.Write(writer, npcs[index].Key);
                npcs[index].Observations.Return(observation);
                wire.Send(writer);
            }
            SendNews(wire);
        }

        /// <summary>
        /// Says who has left, before anything else: another NPC may have come with the same key.
        /// </summary>
        private void SendLeaves(LiveWire wire)
        {
            var gone = leaving.TakeAll();
            for (var index = 0; index < gone.Count; index++)
            {
                writer.Begin().Text(1, gone[index].Npc.Key).End(LiveKind.Leave);
                wire.Send(writer);
            }
        }

        private void SendNews(LiveWire wire)
        {
            var news = outgoing.TakeAll();
            for (var index = 0; index < news.Count;)
            {
                if (news[index].Npc.HasLeft)
                {
                    index++;
                    continue;
                }
                index = LiveMailbag.Write(news, index, writer);
                wire.Send(writer);
            }
        }
    }
}
