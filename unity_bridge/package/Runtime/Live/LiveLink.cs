using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// The link of shipped games: decisions come from `heedful serve` over TCP while the game goes on; no frame
    /// waits for it. While there is no server, NPCs stand; their minds go on when it is back. One of it in the
    /// first scene is enough; keep it over scene changes by DontDestroyOnLoad.
    /// </summary>
    [AddComponentMenu("Heedful/Live Link")]
    [DefaultExecutionOrder(-100)]
    [DisallowMultipleComponent]
    public sealed class LiveLink : MonoBehaviour, INpcLink, ILiveListener
    {
        private const int QuitMilliseconds = 200; // for the goodbye, when the game quits

        [SerializeField, Tooltip("Name or address of the machine on which `heedful serve` runs.")]
        private string host = "127.0.0.1";

        [SerializeField, Tooltip("The server's --live-port.")]
        private int port = 5005;

        [SerializeField, Tooltip("Encrypts the connection; servers on other machines ask for it (--tls-cert).")]
        private bool useTls;

        [SerializeField, Tooltip("SHA-256 fingerprint of the server's certificate, for one that players' machines do "
            + "not trust by themselves; empty: only a trusted certificate is taken.")]
        private string fingerprint = "";

        [SerializeField, Tooltip("What the server asks for (--token-file). Players can find it in a build: use it to "
            + "keep strangers away, not as a secret, or set Token by code after a log-in.")]
        private string token = "";

        private sealed class Seat
        {
            public HeedfulNpc Npc;
            public LiveNpc Live;
        }

        private readonly List<Seat> seats = new List<Seat>();
        private readonly List<Seat> away = new List<Seat>(); // of NPCs that were disabled and may come back
        private readonly List<HeedfulNpc> twins = new List<HeedfulNpc>(); // whose keys others have: they stand
        private LiveConnection connection;

        /// <summary>Called when the server refuses this game, with its sentence; it is asked again later.</summary>
        public event Action<string> Refused;

        /// <summary>Name or address of the server's machine; set it before the first frame.</summary>
        public string Host { get { return host; } set { host = value; } }

        /// <summary>The server's --live-port; set it before the first frame.</summary>
        public int Port { get { return port; } set { port = value; } }

        /// <summary>Whether the connection is encrypted; set it before the first frame.</summary>
        public bool UseTls { get { return useTls; } set { useTls = value; } }

        /// <summary>SHA-256 fingerprint of the server's certificate, or empty; set it before the first frame.</summary>
        public string Fingerprint { get { return fingerprint; } set { fingerprint = value; } }

        /// <summary>What the server asks for; set it before the first frame.</summary>
        public string Token { get { return token; } set { token = value; } }

        /// <summary>Seconds from the last observation that was answered to its action; 0 while unknown.</summary>
        public float RoundTrip { get { return connection != null ? connection.RoundTrip : 0f; } }

        /// <inheritdoc />
        public bool IsConnected { get { return connection != null && connection.IsConnected; } }

        /// <inheritdoc />
        public bool IsLockStep { get { return false; } }

        /// <inheritdoc />
        public void Register(HeedfulNpc npc)
        {
            if (this == null) // Unity's null: destroyed
                return;
            Connect();
            if (seats.Exists(each => each.Live.Key == npc.Key))
            {
                twins.Add(npc);
                return;
            }
            var seat = new Seat { Npc = npc, Live = connection.Join(npc.Key) };
            seats.Add(seat);
            away.RemoveAll(each => each.Npc == null); // destroyed
            var before = away.Find(each => ReferenceEquals(each.Npc, npc));
            if (before == null)
                return;
            away.Remove(before);
            var mind = before.Live.Key == npc.Key ? connection.SaveMind(before.Live) : null;
            if (mind != null)
                connection.RestoreMind(seat.Live, mind);
        }

        /// <summary>
        /// An NPC leaves; its mind on the server is released. One that was only disabled gets its mind back when
        /// it is enabled again. Another NPC that stood because it has the same key begins.
        /// </summary>
        public void Unregister(HeedfulNpc npc)
        {
            twins.Remove(npc);
            var index = IndexOf(npc);
            if (index < 0)
                return;
            var left = seats[index];
            connection.Leave(left.Live);
            away.Add(left);
            seats.RemoveAt(index);
            var next = twins.Find(each => each.Key == left.Live.Key);
            if (next == null)
                return;
            twins.Remove(next);
            Register(next);
            next.SayAgain();
        }

        /// <inheritdoc />
        public void Submit(HeedfulNpc npc, NpcObservation observation)
        {
            var index = IndexOf(npc);
            if (index >= 0)
                connection.Submit(seats[index].Live, observation, Time.unscaledTimeAsDouble);
        }

        /// <inheritdoc />
        public bool TryTakeAction(HeedfulNpc npc, int[] action)
        {
            var index = IndexOf(npc);
            return index >= 0 && connection.TryTakeAction(seats[index].Live, action);
        }

        /// <inheritdoc />
        public void Send(HeedfulNpc npc, string channel, string entry)
        {
            var index = IndexOf(npc);
            if (index >= 0)
                connection.Send(seats[index].Live, channel, entry);
        }

        /// <summary>Gives the mind that the server gave last, at most about a second old, at once.</summary>
        /// <param name="npc">Whose mind.</param>
        /// <param name="saved">Called once, before this returns; null when the server has given none.</param>
        public void SaveMind(HeedfulNpc npc, Action<byte[]> saved)
        {
            var index = IndexOf(npc);
            saved(index >= 0 ? connection.SaveMind(seats[index].Live) : null);
        }

        /// <inheritdoc />
        public void RestoreMind(HeedfulNpc npc, byte[] mind)
        {
            var index = IndexOf(npc);
            if (index >= 0)
                connection.RestoreMind(seats[index].Live, mind);
        }

        void ILiveListener.NoteWelcome()
        {
            for (var index = 0; index < seats.Count; index++)
            {
                if (seats[index].Live.Mind.Exists)
                    seats[index].Npc.SayLost();
                else
                    seats[index].Npc.SayAgain();
            }
        }

        void ILiveListener.NoteRefusal(string sentence)
        {
            Debug.LogError("Heedful: the server refuses this game: " + sentence, this);
            Refused?.Invoke(sentence);
        }

        void ILiveListener.NoteAbsence(string sentence)
        {
            Debug.LogWarning("Heedful: " + sentence, this);
        }

        void ILiveListener.NoteNews(LiveNpc npc, string channel, string json)
        {
            for (var index = 0; index < seats.Count; index++)
            {
                if (!ReferenceEquals(seats[index].Live, npc))
                    continue;
                if (channel == ChannelId.Mind && IsError(json))
                    seats[index].Npc.SayAgain(); // the server could not go on with the mind that it was given
                else
                    seats[index].Npc.Receive(channel, json);
                return;
            }
        }

        private bool IsError(string json)
        {
            if (!json.StartsWith("{\"error\"", StringComparison.Ordinal))
                return false;
            var message = JsonReader.ReadObject(json);
            Debug.LogWarning("Heedful: a mind begins anew: " + (message != null ? message["error"] : json), this);
            return true;
        }

        private void OnEnable()
        {
            if (NpcLinks.Current is LiveLink other && other != null && other.isActiveAndEnabled
                && !ReferenceEquals(other, this))
            {
                Debug.LogWarning("Heedful: there is a Live Link already, which goes on, and this one does nothing: "
                    + "keep one over scene changes.", this);
                enabled = false;
                return;
            }
            NpcLinks.Current = this;
            connection?.Open();
        }

        private void OnDisable()
        {
            connection?.Close(); // it stays the link of the game: who comes meanwhile waits for it
        }

        private void OnApplicationQuit()
        {
            connection?.Dispose();
            connection?.Wait(QuitMilliseconds);
        }

        private void OnDestroy()
        {
            if (ReferenceEquals(NpcLinks.Current, this))
                NpcLinks.Current = null;
            connection?.Dispose();
        }

        private void Update()
        {
            Connect();
            connection.Pump(this);
            var delay = Mathf.RoundToInt(connection.RoundTrip / Contract.DecisionSeconds);
            for (var index = 0; index < seats.Count; index++)
                seats[index].Npc.ActionDelay = Mathf.Clamp(delay, 0, Contract.MaxActionDelay);
        }

        private void Connect()
        {
            if (connection != null)
                return;
            connection = new LiveConnection(new LiveSettings
            {
                Host = host,
                Port = port,
                UseTls = useTls,
                Fingerprint = fingerprint,
                Token = token,
                World = Application.productName,
                Package = LockStepLink.Package
            });
            if (isActiveAndEnabled)
                connection.Open();
        }

        private int IndexOf(HeedfulNpc npc)
        {
            for (var index = 0; index < seats.Count; index++)
                if (ReferenceEquals(seats[index].Npc, npc))
                    return index;
            return -1;
        }
    }
}
