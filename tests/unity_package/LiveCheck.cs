// Plays a game of 60 frames a second over the package's live link, without Unity, for test_live_link.py.
// LiveCheck.exe PORT SECONDS NPCS [TOKEN [FINGERPRINT]]; commands come line by line: save, restore, leave, quit.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading;
using Heedful;

class LiveCheck : ILiveListener
{
    const double WarmSeconds = 2.0;

    static readonly Stopwatch clock = Stopwatch.StartNew();
    readonly long[] usage = new long[18];
    readonly NpcObservation observation = new NpcObservation();
    readonly int[] action = new int[Contract.Branches];
    readonly List<LiveNpc> npcs = new List<LiveNpc>();
    readonly ConcurrentQueue<string> commands = new ConcurrentQueue<string>();
    LiveConnection connection;
    double slowest, slowestAtAll;
    long bytes, waits, answers, measured;
    bool tellsNext, isWelcome;
    string refused, absent;
    byte[] saved;

    [DllImport("libc")]
    static extern int getrusage(int who, long[] usage);

    static void Main(string[] arguments)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var settings = new LiveSettings { Port = int.Parse(arguments[0]), World = "check" };
        settings.Token = arguments.Length > 3 ? arguments[3] : "";
        settings.UseTls = arguments.Length > 4;
        settings.Fingerprint = settings.UseTls ? arguments[4] : "";
        settings.Host = settings.UseTls ? "localhost" : "127.0.0.1";
        new LiveCheck().Play(settings, double.Parse(arguments[1]), int.Parse(arguments[2]));
    }

    static void Say(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }

    void Play(LiveSettings settings, double seconds, int count)
    {
        new Thread(ReadCommands) { IsBackground = true }.Start();
        Fill();
        connection = new LiveConnection(settings);
        connection.Open();
        for (var index = 0; index < count; index++)
            npcs.Add(connection.Join("npc" + index));
        for (var frame = 0L; clock.Elapsed.TotalSeconds < seconds; frame++)
        {
            Frame(frame);
            if (commands.TryDequeue(out var command) && !Obey(command))
                break;
            var rest = (frame + 1) * 1000.0 / 60.0 - clock.Elapsed.TotalMilliseconds;
            if (rest > 0.0)
                Thread.Sleep((int)rest);
        }
        connection.Dispose();
        Say("ended: " + connection.Wait(500));
        Say("answers: " + answers);
        Say("frames: " + measured);
        Say("bytes: " + bytes);
        Say("waits: " + waits);
        Say("slowest ms: " + slowest.ToString("F3"));
        Say("slowest with the machine's own ms: " + slowestAtAll.ToString("F3"));
    }

    void ReadCommands()
    {
        for (var line = Console.ReadLine(); line != null; line = Console.ReadLine())
            commands.Enqueue(line);
    }

    bool Obey(string command)
    {
        if (command == "save")
            Say("saved: " + ((saved = connection.SaveMind(npcs[0])) == null ? "nothing" : saved.Length + " bytes"));
        else if (command == "restore")
            connection.RestoreMind(npcs[0], saved);
        else if (command == "tell")
            tellsNext = true;
        else if (command == "leave")
        {
            connection.Leave(npcs[0]);
            npcs.RemoveAt(0);
        }
        return command != "quit";
    }

    /// One frame of the game, measured: what our calls take and allocate, and whether they wait for anything.
    void Frame(long frame)
    {
        var isWarm = clock.Elapsed.TotalSeconds > WarmSeconds;
        getrusage(1, usage);
        long waited = usage[16], preempted = usage[17], collected = GC.CollectionCount(0);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        connection.Pump(this);
        var told = -1;
        for (var index = 0; index < npcs.Count; index++)
        {
            if (connection.TryTakeAction(npcs[index], action))
            {
                answers++;
                if (index == 0)
                    told = action[(int)Branch.Target] + 64 * action[(int)Branch.About];
            }
            if ((frame + index) % 6 != 0)
                continue;
            connection.Send(npcs[index], ChannelId.Goal, "{\"op\":\"none\"}");
            connection.Send(npcs[index], ChannelId.Goal, "{\"op\":\"nichts\u00e4\"}");
            connection.Submit(npcs[index], observation, clock.Elapsed.TotalSeconds);
        }
        var took = (Stopwatch.GetTimestamp() - began) * 1000.0 / Stopwatch.Frequency;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        getrusage(1, usage);
        SayWhatHappened();
        if (told >= 0 && tellsNext)
        {
            tellsNext = false;
            Say("count: " + told);
        }
        if (!isWarm)
            return;
        measured++;
        bytes += allocated;
        waits += usage[16] - waited;
        slowestAtAll = Math.Max(slowestAtAll, took);
        if (usage[17] == preempted && GC.CollectionCount(0) == collected)
            slowest = Math.Max(slowest, took);
    }

    void Fill()
    {
        for (var index = 0; index < observation.Audio.Length; index++)
            observation.Audio[index] = index / 4096f;
        for (var index = 0; index < 3 * Contract.EntitySize; index++)
            observation.Entities[index] = 1f + index;
        for (var index = 0; index < Contract.DialogueSize; index++)
            observation.Dialogue[index] = -1f - index;
        for (var index = 0; index < Contract.GoalSize; index++)
            observation.Goal[index] = 0.5f * index;
        for (var index = 0; index < Contract.SelfSize; index++)
            observation.Self[index] = 0.25f * index;
        observation.EntityCount = 3;
        observation.UtteranceCount = 1;
        observation.ActionMask[3] = observation.ActionMask[9] = observation.ActionMask[228] = true;
        observation.CameraPng = Convert.FromBase64String(Contract.BlankPng);
        observation.CameraPngLength = observation.CameraPng.Length;
    }

    // What is told is said after the frame was measured.
    void ILiveListener.NoteWelcome() { isWelcome = tellsNext = true; }
    void ILiveListener.NoteRefusal(string sentence) { refused = sentence; }
    void ILiveListener.NoteAbsence(string sentence) { absent = sentence; }

    void SayWhatHappened()
    {
        if (isWelcome)
            Say("welcome: " + npcs[0].Mind.Exists);
        if (refused != null)
            Say("refused: " + refused);
        if (absent != null)
            Say("absent: " + absent);
        isWelcome = false;
        refused = absent = null;
    }

    void ILiveListener.NoteNews(LiveNpc npc, string channel, string json) { Say("news: " + npc.Key + " " + channel + " " + json); }
}
