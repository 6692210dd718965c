// What the server is told of goals that end while they wait, and what a save file keeps of them.
using System.Linq;
using Heedful;
using UnityEngine;

static class GoalsCheck
{
    static FakeLink link;

    static string Told() { return string.Join(" ", link.Take("goal").Select(line => line.Replace("\"", "").Split(new[] { ",text" }, 0)[0])); }

    static string Open(HeedfulNpc npc)
    {
        return string.Join(", ", npc.Goals.Open.Select(goal => goal.Id + " " + goal.Text + " " + goal.State));
    }

    public static void Run()
    {
        link = new FakeLink();
        var apple = Make.Thing("apple", 0.5f, 2f);
        var box = Make.Thing("box", 0.5f, 3f);
        box.Traits = EntityTraits.Surface;
        var ada = Make.Npc("Ada", 0f, 0f, link);
        ada.Goals.Succeeded += goal => Core.Say("event", goal.Id + " succeeded");
        ada.Goals.Failed += goal => Core.Say("event", goal.Id + " failed: " + goal.Reason);
        ada.Goals.Refused += goal => Core.Say("event", goal.Id + " refused: " + goal.Reason);

        var waits = ada.SetGoal("look for the pear");
        Player.Step(5);
        ada.SetGoal("look for the plum", 2f);
        Player.Step(5);
        Core.Say("two goals", Told());
        ada.CancelGoal(waits);
        Player.Step(5);
        Core.Say("one that waits is cancelled", Told());
        link.IsConnected = false;
        ada.CancelGoal();
        Player.Step(5);
        Core.Say("nobody is there", Told());
        link.IsConnected = true;
        ada.SayLost();
        Player.Step(5);
        Core.Say("somebody is there again", Told());

        ada.SayLost();
        Player.Step(5);
        Core.Say("its mind is that of a second ago", Told());

        ada.SetGoal(null);
        ada.SetGoal((string)null, apple);
        var put = ada.SetGoal("put", apple, box);
        Player.Step(5);
        Object.DestroyImmediate(box.gameObject);
        Player.Step(5);
        Core.Say("put", put.State);
        Saving(ada, apple);
    }

    static void Saving(HeedfulNpc ada, SceneEntity apple)
    {
        var look = ada.SetGoal("look for the pear", 1f, 60f);
        Player.Step(5);
        var take = ada.SetGoal("take", apple, null, 2f);
        ada.Receive("goal", "{\"op\":\"accepted\",\"goal\":" + take.Id + "}");
        byte[] saved = null;
        link.Saved = new byte[] { 1 };
        ada.Save(bytes => saved = bytes);
        var later = ada.SetGoal("look for the plum");
        ada.CancelGoal(take);
        Player.Step(50);
        link.Take("goal");
        ada.Load(saved);
        Core.Say("loaded", Open(ada));
        Core.Say("the same", ReferenceEquals(ada.Goals.Open[0], look) + " " + later.State);
        Core.Say("left", Mathf.Round(look.Deadline - ada.Clock));
        Player.Step(5);
        Core.Say("said", Told());

        // another session: the scene gave it a goal of the same number, which the save knows nothing of
        ada.gameObject.SetActive(false);
        var again = Make.Npc("Ada", 0f, 0f, link);
        again.Goals.Succeeded += goal => Core.Say("event", goal.Id + " succeeded");
        var other = again.SetGoal("wait for the rain");
        again.Load(saved);
        Core.Say("in another session", Open(again) + " " + other.State);
        Core.Say("left then", Mathf.Round(again.Goals.Open[0].Deadline - again.Clock));
        Hands.Take(again.Entity, apple);
        Player.Step(5);
        Core.Say("next number", again.SetGoal("look for the plum").Id);
        Core.Say("an old save", Load(again, "{\"heedful\":1,\"slots\":{},\"places\":[],\"mind\":\"AQ==\"}"));
    }

    static string Load(HeedfulNpc npc, string save)
    {
        npc.Load(System.Text.Encoding.UTF8.GetBytes(save));
        return npc.Goals.Open.Count.ToString();
    }
}
