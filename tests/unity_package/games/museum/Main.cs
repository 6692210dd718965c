// The sample scene against a server: a scene file built of primitives, an NPC with a goal in words, people
// who know facts, subtitles. Arguments:
//   --mlagents-port PORT   read by the SDK's Academy, as in a Unity player
//   --scene FILE           JSON of `heedful scene export`
//   --goal TEXT            what the first NPC is asked
//   --seconds N            stop after so much time of the game, or when the goal is closed
// Prints "name: value" lines. Exit: 0, or 3 when no server answered.
using System;
using System.Globalization;
using System.IO;
using Heedful;
using StubEngine;
using Unity.MLAgents;
using UnityEngine;

static class Museum
{
    static string Argument(string[] args, string name)
    {
        int index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : "";
    }

    static void Say(string name, object value) { Console.WriteLine(name + ": " + value); }

    static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Player.Boot(typeof(HeedfulNpc).Assembly, typeof(Academy).Assembly);
        HeedfulNpc walker = null;
        SceneFile scene = SceneFile.Parse(File.ReadAllText(Argument(args, "--scene")));
        int minds = 0;
        SceneBuilder.Build(scene, new SceneBuildOptions
        {
            PeopleHaveMinds = true,
            OnNpc = npc =>
            {
                minds++;
                if (npc.Facts.Length > 0)
                {
                    Say("fact", string.Join("; ", npc.Facts));
                    return;
                }
                walker = npc;
                npc.gameObject.AddComponent<GoalOnStart>().Goal = Argument(args, "--goal");
            }
        });
        SceneBuilder.AddOverview(scene);
        Say("minds", minds);
        var subtitles = new GameObject("display").AddComponent<HeedfulSubtitles>();
        var view = new MindView();
        int attended = 0, believed = 0;
        walker.MindShown += (npc, json) =>
        {
            view.Read(json);
            foreach (Attended each in view.Attention) if (npc.Slots[each.Slot] != null) attended++;
            foreach (Believed each in view.Belief) if (npc.Slots[each.Slot] != null && npc.Slots[each.Where] is ScenePlace) believed++;
        };
        if (!Academy.Instance.IsCommunicatorOn) return 3;
        string strategy = "", shown = "";
        ScenePlace place = null;
        int frames = (int)(double.Parse(Argument(args, "--seconds")) * 50);
        NpcGoal goal = null;
        for (int frame = 0; frame < frames && !Player.QuitRequested && Player.Errors < 20; frame++)
        {
            Player.Step();
            goal = goal ?? walker.Goals.Present;
            if (walker.Place != place && walker.Place != null)
            {
                place = walker.Place;
                Say("event", Time.time.ToString("F1") + " in " + place.DisplayName);
            }
            if (view.Strategy != strategy)
                Say("event", Time.time.ToString("F1") + " strategy " + (strategy = view.Strategy));
            if (subtitles.Text != shown && (shown = subtitles.Text).Length > 0)
                Say("event", Time.time.ToString("F1") + " says " + shown.Replace("\n", " / "));
            if (goal != null && !goal.IsOpen) break;
        }
        Say("goal", goal != null ? goal.Text + " " + goal.State + " " + goal.Reason : "none");
        Say("competence", view.Competence);
        Say("attended", attended);
        Say("believed", believed);
        Say("place", walker.Place != null ? walker.Place.Key : "none");
        Say("position", walker.transform.position);
        Say("decisions", walker.Observation.Decision);
        Say("seconds", Time.time);
        Say("warnings", Player.Warnings);
        Player.Shutdown();
        Say("violations", MainThread.Violations);
        Say("errors", Player.Errors);
        return 0;
    }
}
