// The rooms over the live link, in real time at 60 frames a second, as a shipped game is. Arguments:
//   --live-port PORT  --token TOKEN  --fingerprint SHA256 (with TLS)  --host NAME (localhost with TLS)
//   --npcs N          so many more NPCs than Ada and Bo
//   --measure yes     what our calls take of each frame; see FrameMeter.cs
// Commands come line by line; see Obey. Prints "name: value" lines.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Heedful;
using StubEngine;
using UnityEngine;

public sealed class LiveGame
{
    const float FrameSeconds = 1f / 60f;

    static readonly ConcurrentQueue<string> commands = new ConcurrentQueue<string>();
    readonly Func<string, string> argument;
    readonly Dictionary<string, int> answers = new Dictionary<string, int>();
    readonly Dictionary<string, int> shown = new Dictionary<string, int>();
    readonly List<HeedfulNpc> more = new List<HeedfulNpc>();
    readonly FrameMeter meter;
    Rooms rooms;
    LiveLink link;
    byte[] saved;
    bool wasConnected, isOver;

    public LiveGame(Func<string, string> argument)
    {
        this.argument = argument;
        if (argument("--measure") != "")
            meter = new FrameMeter();
    }

    public int Play()
    {
        new Thread(ReadCommands) { IsBackground = true }.Start();
        while (!isOver)
            PlayOnce();
        Game.Say("violations", MainThread.Violations);
        Game.Say("errors", Player.Errors);
        return 0;
    }

    /// From entering play mode to leaving it.
    void PlayOnce()
    {
        Time.fixedDeltaTime = FrameSeconds;
        Time.timeScale = 1f;
        Player.Boot(typeof(HeedfulNpc).Assembly);
        answers.Clear();
        shown.Clear();
        more.Clear();
        wasConnected = false;
        link = AddLink("Link");
        rooms = new Rooms { Link = meter?.Wrap(link) };
        rooms.Build();
        Watch(rooms.Ada);
        Watch(rooms.Bo);
        for (int index = 0; index < int.Parse("0" + argument("--npcs")); index++)
        {
            more.Add(rooms.Npc("Guest" + index, new Vector3(7f + 0.8f * index, 0f, 2.4f), 270f));
            Watch(more[index]);
        }
        HeedfulSpeech.Spoken += Hear;
        Game.Say("playing", "yes");
        var clock = Stopwatch.StartNew();
        for (int frame = 1; !Player.QuitRequested; frame++)
        {
            if (meter != null) meter.Measure(Player.Step); else Player.Step();
            if (wasConnected != link.IsConnected)
                Game.Say("connected", wasConnected = link.IsConnected);
            if (commands.TryDequeue(out var command)) // one a frame: at its end what was destroyed is gone
                Obey(command.Split(new[] { ' ' }, 3));
            var rest = frame * 1000.0 * FrameSeconds - clock.Elapsed.TotalMilliseconds;
            if (rest > 0.0)
                Thread.Sleep((int)rest);
        }
        meter?.Tell();
        var quitting = Stopwatch.StartNew();
        Player.Shutdown();
        Game.Say("quit ms", quitting.ElapsedMilliseconds);
        Game.Say("threads", CountThreads());
    }

    LiveLink AddLink(string name)
    {
        var made = new GameObject(name);
        made.SetActive(false);
        var added = made.AddComponent<LiveLink>();
        added.Port = int.Parse(argument("--live-port"));
        added.Token = argument("--token");
        added.Fingerprint = argument("--fingerprint");
        added.UseTls = Array.IndexOf(Environment.GetCommandLineArgs(), "--fingerprint") >= 0;
        added.Host = argument("--host") != "" ? argument("--host") : added.UseTls ? "localhost" : "127.0.0.1";
        added.Refused += sentence => Game.Say("refused", sentence);
        made.SetActive(true);
        return added;
    }

    void Obey(string[] words)
    {
        var npc = words.Length > 1 ? Find(words[1]) : null;
        switch (words[0])
        {
            case "go": npc.SetGoal("go", SceneRegistry.Find(words[2])); break;
            case "ask": npc.SetGoal(words[2]); break;
            case "do": Do(npc, words[2].Split(' ')); break;
            case "say": HeedfulSpeech.Speak(null, words[1] + " " + words[2]); break;
            case "scale": Time.timeScale = float.Parse(words[1]); break;
            case "pause": npc.Pause(); break;
            case "resume": npc.Resume(); break;
            case "back": npc.Override(new NpcAction(Move.Back, Turn.None, Look.Level)); break;
            case "hold": npc.Override(NpcAction.Idle); break;
            case "release": npc.EndOverride(); break;
            case "save": npc.Save(bytes => { saved = bytes; Game.Say("saved", bytes == null ? 0 : bytes.Length); }); break;
            case "load": npc.Load(saved); break;
            case "destroy": UnityEngine.Object.Destroy(npc.gameObject); break;
            case "destroy-twin": UnityEngine.Object.Destroy(FindLast(words[1]).gameObject); break;
            case "hide": npc.gameObject.SetActive(false); break;
            case "show": Hidden(words[1]).gameObject.SetActive(true); break;
            case "create": Create(words[1]); break;
            case "create-loaded": Recreate(words[1]); break;
            case "link": link.enabled = words[1] == "on"; break;
            case "destroy-link": UnityEngine.Object.Destroy(link.gameObject); break;
            case "new-link": link = AddLink("New"); break;
            case "second-link": AddLink("Second"); break;
            case "measure": meter.IsMeasuring = words[1] == "on"; break;
            case "tell": Tell(npc); return;
            case "again": Player.QuitRequested = true; break;
            case "quit": Player.QuitRequested = isOver = true; break;
            default: throw new ArgumentException("no command " + words[0]);
        }
        Game.Say("done", string.Join(" ", words));
    }

    /// A goal by a verb: VERB TARGET [PLACE].
    static void Do(HeedfulNpc npc, string[] words)
    {
        npc.SetGoal(words[0], SceneRegistry.Find(words[1]), words.Length > 2 ? SceneRegistry.Find(words[2]) : null);
    }

    /// In one frame an NPC goes and another one comes with its key and its saved mind.
    void Recreate(string key)
    {
        UnityEngine.Object.DestroyImmediate(Find(key).gameObject);
        Create(key).Load(saved);
    }

    /// Where Ada was at the beginning; it stands there until it is released.
    HeedfulNpc Create(string key)
    {
        var npc = rooms.Npc(key, new Vector3(1f, 0f, 1f), 60f);
        npc.Override(NpcAction.Idle);
        Watch(npc);
        return npc;
    }

    void Tell(HeedfulNpc npc)
    {
        answers.TryGetValue(npc.Key, out var acted);
        shown.TryGetValue(npc.Key, out var minds);
        var at = npc.transform.position;
        Game.Say("state", string.Format("{{\"x\": {0:F3}, \"z\": {1:F3}, \"clock\": {2:F3}, \"decisions\": {3}, "
            + "\"answers\": {4}, \"shown\": {5}, \"waiting\": {6}, \"paused\": {7}, \"place\": \"{8}\", "
            + "\"round_trip\": {9:F4}, \"delay\": {10}, \"slots\": {{{11}}}, \"mind\": {12}}}",
            at.x, at.z, npc.Clock, npc.Observation.Decision, acted, minds, npc.IsWaiting ? "true" : "false",
            npc.IsPaused ? "true" : "false", npc.Place != null ? npc.Place.Key : "", link.RoundTrip, npc.ActionDelay,
            string.Join(", ", Slots(npc)), npc.MindJson == "" ? "null" : npc.MindJson));
    }

    static IEnumerable<string> Slots(HeedfulNpc npc)
    {
        foreach (var thing in SceneRegistry.Things)
            if (npc.Slots.Find(thing) > 0)
                yield return "\"" + thing.Key + "\": " + npc.Slots.Find(thing);
    }

    void Watch(HeedfulNpc npc)
    {
        var name = npc.Key;
        npc.Acted += (who, action) => answers[name] = answers.TryGetValue(name, out var count) ? count + 1 : 1;
        npc.MindShown += (who, json) => shown[name] = shown.TryGetValue(name, out var count) ? count + 1 : 1;
        npc.Goals.Accepted += goal => Game.Say("goal", name + " accepted");
        npc.Goals.Progress += (goal, what) => Game.Say("step", name + " " + goal.Step + "/" + goal.Steps + " " + what);
        npc.Goals.Succeeded += goal => Game.Say("goal", name + " succeeded");
        npc.Goals.Failed += goal => Game.Say("goal", name + " failed " + goal.Reason);
        npc.Goals.Refused += goal => Game.Say("goal", name + " refused " + goal.Reason);
    }

    void Hear(Utterance utterance)
    {
        if (utterance.Speaker != null)
            Game.Say("spoken", utterance.Speaker.DisplayName + ": " + utterance.Text);
    }

    static HeedfulNpc Find(string key)
    {
        foreach (var npc in HeedfulNpc.All)
            if (npc.Key == key)
                return npc;
        return null;
    }

    static HeedfulNpc FindLast(string key)
    {
        HeedfulNpc last = null;
        foreach (var npc in HeedfulNpc.All)
            if (npc.Key == key)
                last = npc;
        return last;
    }

    static HeedfulNpc Hidden(string key)
    {
        foreach (var npc in UnityEngine.Object.FindObjectsByType<HeedfulNpc>(FindObjectsInactive.Include, FindObjectsSortMode.None))
            if (npc.Key == key)
                return npc;
        return null;
    }

    /// Threads of this process that have the live link's name, as the system knows them.
    static int CountThreads()
    {
        var count = 0;
        foreach (var task in System.IO.Directory.GetDirectories("/proc/self/task"))
            try
            {
                if (System.IO.File.ReadAllText(task + "/comm").StartsWith("Heedful"))
                    count++;
            }
            catch (System.IO.IOException)
            {
                // It has ended meanwhile.
            }
        return count;
    }

    static void ReadCommands()
    {
        for (var line = Console.ReadLine(); line != null; line = Console.ReadLine())
            commands.Enqueue(line);
        commands.Enqueue("quit");
    }
}
