// Plays the rooms against a server. Arguments:
//   --mlagents-port PORT   read by the SDK's Academy, as in a Unity player
//   --decisions N          stop after so many decisions (10 a second)
//   --script NAME          what the game itself does; see Scripts.cs
//   --plays N              plays so often in this process, as an editor that reloads no domain
//   --live-port PORT       plays over the live link in real time instead; see LiveGame.cs
// Prints "name: value" lines. Exit: 0, or 3 when no server answered.
using System;
using System.Collections.Generic;
using System.Globalization;
using Heedful;
using StubEngine;
using Unity.MLAgents;
using UnityEngine;

static class Game
{
    static string Argument(string[] args, string name, string otherwise)
    {
        int index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : otherwise;
    }

    public static void Say(string name, object value) { Console.WriteLine(name + ": " + value); }

    static int Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Camera.StubRenderer = PaintCorners;
        if (Array.IndexOf(args, "--live-port") >= 0)
            return new LiveGame(name => Argument(args, name, "")).Play();
        int decisions = int.Parse(Argument(args, "--decisions", "50"));
        int plays = int.Parse(Argument(args, "--plays", "1"));
        Dictionary<string, string> fresh = null;
        for (int number = 1; number <= plays; number++)
        {
            Player.Boot(typeof(HeedfulNpc).Assembly, typeof(Academy).Assembly);
            var statics = Statics.Read(typeof(HeedfulNpc).Assembly);
            Say("left over " + number, Statics.Compare(fresh = fresh ?? statics, statics));
            if (!Play(decisions, Scripts.Find(Argument(args, "--script", "watch"))))
                return 3;
        }
        Say("failures", Grpc.Core.Http2.Failures);
        Say("violations", MainThread.Violations);
        Say("errors", Player.Errors);
        return 0;
    }

    /// False when no server answers.
    static bool Play(int decisions, Script script)
    {
        actions = masked = 0;
        var rooms = new Rooms();
        rooms.Build();
        CountMasked(rooms.Ada);
        CountMasked(rooms.Bo);
        script.Begin(rooms);
        if (!Academy.Instance.IsCommunicatorOn) return false;
        for (int frame = 0; frame < decisions * 5 && !Player.QuitRequested && Player.Errors < 20; frame++)
        {
            Player.Step();
            script.AfterFrame(frame);
        }
        script.End();
        Say("Ada", rooms.Ada.transform.position);
        Say("Bo", rooms.Bo.transform.position);
        Say("decisions", rooms.Ada.Observation.Decision);
        Say("actions", actions);
        Say("masked", masked);
        Say("warnings", Player.Warnings);
        Player.Shutdown();
        return true;
    }

    static int actions, masked;

    /// Counts the actions of a mind, and those of them that its NPC's mask forbids.
    static void CountMasked(HeedfulNpc npc)
    {
        npc.Acted += (who, action) =>
        {
            if (who.IsOverridden || who.IsWaiting) return;
            actions++;
            if (Forbids(who, Branch.Move, (int)action.Move) || Forbids(who, Branch.Turn, (int)action.Turn)
                || Forbids(who, Branch.Look, (int)action.Look) || Forbids(who, Branch.Act, (int)action.Act)
                || Forbids(who, Branch.Say, (int)action.Say)
                || Forbids(who, Branch.Target, who.Slots.Find(action.Target))
                || Forbids(who, Branch.About, who.Slots.Find(action.About))
                || Forbids(who, Branch.Where, who.Slots.Find(action.Where)))
                masked++;
        };
    }

    static bool Forbids(HeedfulNpc npc, Branch branch, int value)
    {
        return npc.Observation.ActionMask[Contract.BranchStarts[(int)branch] + value];
    }

    /// Red above left, green above right, blue below left, white below right; row 0 is the lowest.
    static void PaintCorners(Camera camera, RenderTexture target)
    {
        for (int y = 0; y < target.height; y++)
            for (int x = 0; x < target.width; x++)
            {
                bool above = y >= target.height / 2, left = x < target.width / 2;
                target.Pixels[y * target.width + x] = above
                    ? left ? new Color32(255, 0, 0, 255) : new Color32(0, 255, 0, 255)
                    : left ? new Color32(0, 0, 255, 255) : new Color32(255, 255, 255, 255);
            }
    }
}
