// What our calls take of each frame, and what the machine does by itself.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Heedful;

/// Measures three things in every frame: the live link's calls on the main thread (its Update and what NPCs call),
/// everything of the package's components (with what the stub engine does for them), and a control: work as long as
/// the link's in the last undisturbed frame, on memory of its own, which waits for nobody. A frame is disturbed when a garbage
/// collection ran in it or the system took the processor away.
public sealed class FrameMeter
{
    const int Involuntary = 17, Voluntary = 16, Faults = 8; // in struct rusage, as longs

    readonly List<float> link = new List<float>(1 << 17), all = new List<float>(1 << 17), control = new List<float>(1 << 17);
    readonly List<bool> linkDisturbed = new List<bool>(1 << 17), controlDisturbed = new List<bool>(1 << 17);
    readonly long[] usage = new long[18];
    readonly byte[] memory = new byte[1 << 20];
    long linkTicks, allTicks, wanted;
    long faults, waits, collections, preemptions;

    /// Frames count while this is true.
    public bool IsMeasuring;

    [DllImport("libc")]
    static extern int getrusage(int who, long[] usage);

    public FrameMeter()
    {
        var package = typeof(HeedfulNpc).Assembly;
        StubEngine.Player.Took = (type, ticks) =>
        {
            if (type == typeof(LiveLink)) linkTicks += ticks;
            if (type.Assembly == package) allTicks += ticks;
        };
    }

    /// The link as NPCs see it, with every call measured.
    public INpcLink Wrap(LiveLink real) { return new Timed { Meter = this, Real = real }; }

    public void Measure(Action frame)
    {
        linkTicks = allTicks = 0;
        getrusage(1, usage);
        long preempted = usage[Involuntary], waited = usage[Voluntary], faulted = usage[Faults];
        int collected = GC.CollectionCount(0);
        frame();
        getrusage(1, usage);
        var isDisturbed = usage[Involuntary] != preempted || GC.CollectionCount(0) != collected;
        waited = usage[Voluntary] - waited;
        faulted = usage[Faults] - faulted;
        if (!isDisturbed)
            wanted = linkTicks;
        var took = Control(out var controlIsDisturbed);
        if (!IsMeasuring)
            return;
        link.Add(Milliseconds(linkTicks));
        all.Add(Milliseconds(allTicks));
        control.Add(Milliseconds(took));
        linkDisturbed.Add(isDisturbed);
        controlDisturbed.Add(controlIsDisturbed);
        waits += waited;
        faults += faulted;
        collections += GC.CollectionCount(0) - collected;
        preemptions += usage[Involuntary] - preempted;
    }

    long Control(out bool isDisturbed)
    {
        getrusage(1, usage);
        long preempted = usage[Involuntary];
        int collected = GC.CollectionCount(0);
        var began = Stopwatch.GetTimestamp();
        for (var round = 0; Stopwatch.GetTimestamp() - began < wanted; round++)
            Buffer.BlockCopy(memory, 0, memory, 1 << 19, 4096);
        var took = Stopwatch.GetTimestamp() - began;
        getrusage(1, usage);
        isDisturbed = usage[Involuntary] != preempted || GC.CollectionCount(0) != collected;
        return took;
    }

    public void Tell()
    {
        Game.Say("frames", link.Count);
        Game.Say("disturbed", linkDisturbed.FindAll(each => each).Count);
        Game.Say("collections", collections);
        Game.Say("preemptions", preemptions);
        Game.Say("waits", waits);
        Game.Say("faults", faults);
        Tell("link", link, linkDisturbed);
        Tell("components", all, linkDisturbed);
        Tell("control", control, controlDisturbed);
    }

    static void Tell(string name, List<float> times, List<bool> isDisturbed)
    {
        var quiet = new List<float>();
        for (var index = 0; index < times.Count; index++)
            if (!isDisturbed[index])
                quiet.Add(times[index]);
        Game.Say(name + " raw", Describe(times));
        Game.Say(name + " quiet", Describe(quiet));
    }

    static string Describe(List<float> times)
    {
        var sorted = new List<float>(times);
        sorted.Sort();
        Func<double, string> at = share => sorted.Count == 0 ? "null"
            : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))].ToString("F4");
        return "{\"p50\": " + at(0.5) + ", \"p99\": " + at(0.99) + ", \"p999\": " + at(0.999) + ", \"max\": " + at(1.0)
            + ", \"over_2\": " + times.FindAll(each => each > 2f).Count + "}";
    }

    static float Milliseconds(long ticks) { return (float)(ticks * 1000.0 / Stopwatch.Frequency); }

    sealed class Timed : INpcLink
    {
        public FrameMeter Meter;
        public LiveLink Real;

        public bool IsConnected { get { return Real.IsConnected; } }
        public bool IsLockStep { get { return Real.IsLockStep; } }
        public void Register(HeedfulNpc npc) { Real.Register(npc); }
        public void Unregister(HeedfulNpc npc) { Real.Unregister(npc); }
        public void SaveMind(HeedfulNpc npc, Action<byte[]> saved) { Real.SaveMind(npc, saved); }
        public void RestoreMind(HeedfulNpc npc, byte[] mind) { Real.RestoreMind(npc, mind); }

        public void Submit(HeedfulNpc npc, NpcObservation observation)
        {
            var began = Stopwatch.GetTimestamp();
            Real.Submit(npc, observation);
            Meter.linkTicks += Stopwatch.GetTimestamp() - began;
        }

        public bool TryTakeAction(HeedfulNpc npc, int[] action)
        {
            var began = Stopwatch.GetTimestamp();
            var came = Real.TryTakeAction(npc, action);
            Meter.linkTicks += Stopwatch.GetTimestamp() - began;
            return came;
        }

        public void Send(HeedfulNpc npc, string channel, string entry)
        {
            var began = Stopwatch.GetTimestamp();
            Real.Send(npc, channel, entry);
            Meter.linkTicks += Stopwatch.GetTimestamp() - began;
        }
    }
}
