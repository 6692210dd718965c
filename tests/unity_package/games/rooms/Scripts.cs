// What the game itself does in each of the tests.
using System;
using System.Collections.Generic;
using Heedful;
using UnityEngine;

public abstract class Script
{
    protected Rooms Rooms;

    public void Begin(Rooms rooms)
    {
        Rooms = rooms;
        Begin();
    }

    protected virtual void Begin() { }

    /// Five frames are a decision; frame 0 is the first.
    public virtual void AfterFrame(int frame) { }

    public virtual void End() { }
}

public static class Scripts
{
    public static Script Find(string name)
    {
        switch (name)
        {
            case "watch": return new Watch();
            case "goals": return new Goals();
            case "cut": return new CutScene();
            case "allocate": return new Allocation();
            default: throw new ArgumentException("no script " + name);
        }
    }

    sealed class Watch : Script { }

    /// Goals by text and by verb, one that is refused, one whose time is short, one that is taken back.
    sealed class Goals : Script
    {
        NpcGoal stroll;

        protected override void Begin()
        {
            foreach (var npc in new[] { Rooms.Ada, Rooms.Bo })
            {
                var name = npc.Key;
                npc.Goals.Accepted += goal => Tell(name, goal, "accepted");
                npc.Goals.Progress += (goal, what) => Tell(name, goal, "progress " + what);
                npc.Goals.Succeeded += goal => Tell(name, goal, "succeeded");
                npc.Goals.Failed += goal => Tell(name, goal, "failed: " + goal.Reason);
                npc.Goals.Refused += goal => Tell(name, goal, "refused: " + goal.Reason);
            }
            Rooms.Ada.SetGoal("find the lamp");
            Rooms.Ada.SetGoal("wait for the rain", 0.5f, 3f);
            Rooms.Bo.SetGoal("switch_on", Rooms.Lamp, null, 2f, 60f);
            stroll = Rooms.Bo.SetGoal("go", Rooms.Corridor, null, 0.5f);
            Rooms.Bo.SetGoal("juggle", Rooms.Lamp);
        }

        public override void AfterFrame(int frame)
        {
            if (frame == 200)
                Rooms.Bo.CancelGoal(stroll);
        }

        static void Tell(string npc, NpcGoal goal, string what)
        {
            Game.Say("event", npc + " " + goal.Id + " " + what);
        }
    }

    /// The mind always walks; the game takes the body over, gives it back, pauses and resumes it.
    sealed class CutScene : Script
    {
        public override void AfterFrame(int frame)
        {
            if (frame % 25 == 0)
                Game.Say("at " + frame, Rooms.Bo.transform.position.x.ToString("F3"));
            if (frame == 50)
                Rooms.Bo.Override(new NpcAction(Move.Back, Turn.None, Look.Down));
            if (frame == 75)
                Rooms.Bo.Override(NpcAction.Idle);
            if (frame == 100)
                Rooms.Bo.EndOverride();
            if (frame == 125)
                Rooms.Bo.Pause();
            if (frame == 150)
                Rooms.Bo.Resume();
        }
    }

    /// Bytes that messages to our behaviours and to the SDK's allocate once everything is warm.
    sealed class Allocation : Script
    {
        const int Warm = 150;
        readonly Dictionary<Type, long> bytes = new Dictionary<Type, long>();
        readonly Dictionary<Type, long> calls = new Dictionary<Type, long>();
        bool counting;

        protected override void Begin()
        {
            StubEngine.Player.Allocated = (type, message, count) =>
            {
                if (!counting || message == "OnGUI")
                    return;
                bytes.TryGetValue(type, out var sum);
                bytes[type] = sum + count;
                calls.TryGetValue(type, out var times);
                calls[type] = times + 1;
            };
        }

        public override void AfterFrame(int frame) { counting = frame >= Warm; }

        public override void End()
        {
            StubEngine.Player.Allocated = null;
            foreach (var pair in bytes)
                Game.Say("allocated " + pair.Key.Name, pair.Value + " " + calls[pair.Key]);
        }
    }
}
