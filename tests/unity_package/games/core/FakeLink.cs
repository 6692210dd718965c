// A link without a server: keeps what NPCs say and hands out what a test decides.
using System;
using System.Collections.Generic;
using Heedful;

sealed class FakeLink : INpcLink
{
    public readonly List<string> Sent = new List<string>();
    public Func<NpcObservation, int[]> Mind = observation => null;
    public byte[] Saved, Restored;
    public int Submitted;
    int[] answer;

    public bool IsConnected { get; set; } = true;
    public bool IsLockStep { get; set; } = true;
    public void Register(HeedfulNpc npc) { Sent.Add("register " + npc.Key); }
    public void Unregister(HeedfulNpc npc) { Sent.Add("unregister " + npc.Key); }
    public void SaveMind(HeedfulNpc npc, Action<byte[]> saved) { saved(Saved); }
    public void RestoreMind(HeedfulNpc npc, byte[] mind) { Restored = mind; }
    public void Send(HeedfulNpc npc, string channel, string entry) { Sent.Add(npc.Key + " " + channel + " " + entry); }

    public void Submit(HeedfulNpc npc, NpcObservation observation)
    {
        Submitted++;
        answer = Mind(observation);
    }

    public bool TryTakeAction(HeedfulNpc npc, int[] action)
    {
        if (answer == null)
            return false;
        answer.CopyTo(action, 0);
        answer = null;
        return true;
    }

    /// What was sent on a channel since the last call, which is then forgotten.
    public List<string> Take(string channel)
    {
        var found = Sent.FindAll(line => line.Contains(" " + channel + " "));
        Sent.RemoveAll(line => line.Contains(" " + channel + " "));
        return found.ConvertAll(line => line.Substring(line.IndexOf('{')));
    }
}

sealed class FakeBody : INpcBody
{
    readonly UnityEngine.Transform transform;
    public NpcAction Action = NpcAction.Idle;
    public FakeBody(UnityEngine.Transform transform) { this.transform = transform; }
    public BodyState State { get; set; } = BodyState.Done;
    public Reason Failure { get; set; }
    public UnityEngine.Vector3 Feet { get { return transform.position; } }
    public float Yaw { get; set; }
    public float Pitch { get { return 0f; } }
    public UnityEngine.Transform Eyes { get { return null; } }
    public UnityEngine.Transform Hand { get { return null; } }
    public bool IsGrounded { get { return true; } }
    public bool WasBumped { get { return false; } }
    public bool CanGo { get { return true; } }
    public bool CanJump { get { return false; } }
    public void Begin(in NpcAction action) { Action = action; }
    public void Stop() { Action = NpcAction.Idle; }

    public void Tick(float seconds)
    {
        if (Action.Move == Move.Walk || Action.Move == Move.Go)
            transform.position += new UnityEngine.Vector3(0f, 0f, WorldRules.WalkSpeed * seconds);
    }
}

static class Player
{
    public static int Errors { get { return StubEngine.Player.Errors; } }
    public static void Boot(params System.Reflection.Assembly[] assemblies) { StubEngine.Player.Boot(assemblies); }

    /// Frames of 0.02 s.
    public static void Step(int frames)
    {
        for (var frame = 0; frame < frames; frame++)
            StubEngine.Player.Step();
    }
}
