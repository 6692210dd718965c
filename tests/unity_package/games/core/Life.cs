// An NPC's life with a fake mind: catalogue, goals, talk, cut scenes, leash, patience, saving.
using System;
using System.Linq;
using System.Text;
using Heedful;
using UnityEngine;

static class LifeCheck
{
    static int[] Action(Move move = Move.Stay, Act act = Act.None, int target = 0, Say say = Say.None, int about = 0,
        int where = 0)
    {
        return new[] { (int)move, 2, 1, (int)act, target, (int)say, about, where };
    }

    static bool Allowed(HeedfulNpc npc, Branch branch, int value)
    {
        return !npc.Observation.ActionMask[Contract.BranchStarts[(int)branch] + value];
    }

    public static void Run()
    {
        var hall = Make.Place("hall", -5f, -5f, 5f, 5f);
        var yard = Make.Place("yard", -5f, 5f, 5f, 15f);
        var concert = new GameObject("concert").AddComponent<SceneTopic>();
        concert.DisplayName = "the concert";
        var gate = Make.Thing("gate", 0f, 5f, Kind.Door, 1f);
        hall.SetDoorways(new[] { new Doorway { position = new Vector3(0f, 0f, 5f), leadsTo = yard, door = gate } });
        yard.SetDoorways(new[] { new Doorway { position = new Vector3(0f, 0f, 5f), leadsTo = hall, door = gate } });
        var apple = Make.Thing("apple", 0.5f, 2f, Kind.Object, 0.1f);
        apple.Affordances.Add(new Affordance(Act.Take));
        var behind = Make.Thing("pear", 0f, -2f);
        var link = new FakeLink();
        var ada = Make.Npc("Ada", 0f, 0f, link);
        var body = new FakeBody(ada.transform);
        ada.Body = body;
        ada.Facts = new[] { "The concert is in the yard." };
        ada.Persona = "A guide.";
        Player.Step(1);

        // the first decision: what is in sight, where it is, what it has been told
        foreach (var line in link.Take("catalogue"))
            Core.Say("catalogue", Anonymous(line, ada, hall, yard, concert, gate, apple));
        Core.Say("dialogue", string.Join(" ", link.Take("dialogue")
            .Select(line => Anonymous(line, ada, hall, yard, concert, gate, apple))));
        Core.Say("persona", string.Join(" ", link.Take("mind")));
        Core.Say("behind has no slot", ada.Slots.Find(behind));
        Core.Say("seen", string.Join(" ", ada.Entities.Seen.Take(ada.Entities.Count).Select(each => each.name).OrderBy(each => each)));
        var self = ada.Observation.Self;
        Core.Say("place", self[SelfColumn.Place] == ada.Slots.Find(hall));
        Core.Say("masks", Allowed(ada, Branch.Act, (int)Act.Take) + " " + Allowed(ada, Branch.Act, (int)Act.Finish) + " "
            + Allowed(ada, Branch.Move, (int)Move.Jump) + " " + Allowed(ada, Branch.Move, (int)Move.Go) + " "
            + Allowed(ada, Branch.Target, ada.Slots.Find(apple)));
        Core.Say("ten a second", link.Submitted);
        Player.Step(49);
        Core.Say("after a second", link.Submitted);

        // goals
        ada.Goals.Accepted += goal => Core.Say("goal", goal.Id + " accepted");
        ada.Goals.Progress += (goal, what) => Core.Say("goal", goal.Id + " progress " + what);
        ada.Goals.Succeeded += goal => Core.Say("goal", goal.Id + " succeeded");
        ada.Goals.Failed += goal => Core.Say("goal", goal.Id + " failed: " + goal.Reason);
        ada.Goals.Refused += goal => Core.Say("goal", goal.Id + " refused: " + goal.Reason);
        var take = ada.SetGoal("take", apple);
        ada.SetGoal("juggle", apple);
        ada.SetGoal("wait for the rain", 0.5f, 2f);
        var goalRow = ada.Observation.Goal;
        link.Mind = observation => Action();
        Player.Step(5);
        Core.Say("goal says", take.Text + " " + string.Join(" ", link.Take("goal").Select(line => Anonymous(line, ada, apple))));
        Core.Say("goal row", goalRow[GoalColumn.Present] + " " + goalRow[GoalColumn.Goal] + " " + goalRow[GoalColumn.Verb] + " "
            + (goalRow[GoalColumn.Target] == ada.Slots.Find(apple)) + " " + goalRow[GoalColumn.SecondsLeft] + " "
            + goalRow[GoalColumn.WordCount] + " " + (goalRow[GoalColumn.Words] == Words.WordId("take")));
        link.Mind = observation => Action(Move.Walk);
        Player.Step(45);
        Core.Say("walked", ada.transform.position.z.ToString("F2"));
        link.Mind = observation => Action(Move.Stay, Act.Take, ada.Slots.Find(apple));
        Player.Step(10);
        Core.Say("next goal", goalRow[GoalColumn.Goal] + " " + goalRow[GoalColumn.SecondsLeft].ToString("F1"));
        Core.Say("holds", self[SelfColumn.Held] == ada.Slots.Find(apple));
        link.Mind = observation => Action();
        Player.Step(60);
        Core.Say("no goal", goalRow.All(number => number == 0f) + " " + string.Join(" ", link.Take("goal").Skip(1)));

        // what the server says about goals
        var find = ada.SetGoal("find the pear");
        ada.Receive("goal", "[{\"op\":\"accepted\",\"goal\":4},{\"op\":\"accepted\",\"goal\":99}]");
        ada.Receive("goal", "{\"op\":\"progress\",\"goal\":4,\"step\":2,\"steps\":3,\"reason\":\"go to the yard\"}");
        Core.Say("step", find.Step + " of " + find.Steps);
        var paint = ada.SetGoal("paint the pear");
        Player.Step(10);
        Core.Say("before its word", paint.State);
        link.Mind = observation => Action(Move.Stay, Act.Finish);
        Player.Step(10);
        link.Mind = observation => Action();
        Player.Step(5);
        Core.Say("what was finished before", paint.State);
        ada.Receive("goal", "{\"op\":\"refused\",\"goal\":5,\"reason\":\"It does not know how to 'paint'.\"}");
        ada.Receive("goal", "{\"op\":\"failed\",\"goal\":4,\"reason\":\"the time is over\"}");
        Core.Say("open", ada.Goals.Open.Count);
        ada.Goals.Repeat();
        var silent = ada.SetGoal("find the gate");
        Player.Step(10);
        Core.Say("an older server", silent.State);
        ada.CancelGoal();
        var never = ada.SetGoal("find the shed");
        never.Condition = (npc, goal) => false;
        ada.Receive("goal", "{\"op\":\"succeeded\",\"goal\":7}");
        Core.Say("finished and not so", never.State);
        Player.Step(5);
        link.Take("goal");

        // talk
        var bo = Make.Thing("Bo", 0f, ada.transform.position.z + 2f, Kind.Npc);
        HeedfulSpeech.Spoken += utterance => Core.Say("said", utterance.Speaker.name + ": " + utterance.Text);
        HeedfulSpeech.Speak(bo, "The pear is in the yard", ada.Entity);
        Player.Step(5);
        var row = ada.Observation.Dialogue;
        Core.Say("heard", ada.Observation.UtteranceCount + " " + (row[DialogueColumn.Speaker] == ada.Slots.Find(bo)) + " "
            + row[DialogueColumn.ToMe] + " " + row[DialogueColumn.Loudness] + " " + row[DialogueColumn.CosDirection] + " "
            + row[DialogueColumn.WordCount]);
        Core.Say("told of the pear", ada.Slots.Find(behind) > 0);
        HeedfulSpeech.Speak(Make.Thing("Cy", 0f, ada.transform.position.z + 9f, Kind.Npc), "too far");
        Player.Step(5);
        Core.Say("not heard", ada.Observation.UtteranceCount);
        var once = 0;
        link.Mind = observation => once++ > 0 ? Action()
            : Action(Move.Stay, Act.None, ada.Slots.Find(bo), Say.Tell, ada.Slots.Find(concert), ada.Slots.Find(yard));
        Player.Step(10);
        Core.Say("speaking", ada.IsSpeaking);
        ada.Receive(ChannelId.Dialogue, "[{\"text\":\"Hello there.\",\"addressee\":" + ada.Slots.Find(bo) + "}]");
        ada.Receive(ChannelId.Dialogue, "nonsense");

        // cut scenes, pause, leash, patience
        link.Mind = observation => Action(Move.Walk);
        var z = ada.transform.position.z;
        ada.Override(NpcAction.Idle);
        Player.Step(25);
        Core.Say("overridden", (ada.transform.position.z - z).ToString("F2"));
        ada.EndOverride();
        ada.Pause();
        var asked = link.Submitted;
        Player.Step(25);
        Core.Say("paused", (ada.transform.position.z - z).ToString("F2") + " " + (link.Submitted - asked));
        ada.Resume();
        ada.Limits.Home = ada.transform.position;
        ada.Limits.Leash = 0.5f;
        Player.Step(50);
        Core.Say("leash", (ada.transform.position.z - z).ToString("F1") + " " + ada.Observation.Self[SelfColumn.Bumped]);
        ada.Limits.Leash = 0f;
        var feet = ada.transform.position;
        ScenePlace vault = Make.Place("vault", feet.x - 2f, feet.z + 1f, feet.x + 2f, feet.z + 9f);
        ada.Limits.ForbiddenThings.Add(vault);
        Player.Step(100);
        Core.Say("vault", (ada.transform.position.z - feet.z).ToString("F1") + " " + ada.Acts.WasHeldBack);
        ada.transform.position = feet;
        SceneEntity treasure = Make.Thing("treasure", feet.x, feet.z + 12f);
        ada.Slots.Give(treasure, ada.Clock);
        link.Mind = observation => Action(Move.Go, Act.None, ada.Slots.Find(treasure));
        Player.Step(400); // it is asked again and again
        Core.Say("vault by go", (ada.transform.position.z - feet.z).ToString("F1") + " " + ada.Acts.WasHeldBack);
        ada.transform.position = feet - new Vector3(0f, 0f, 2f); // the game puts it elsewhere
        Player.Step(50);
        Core.Say("from elsewhere by go", (ada.transform.position.z - feet.z).ToString("F1"));
        Player.Step(100);
        Core.Say("vault by go again", (ada.transform.position.z - feet.z).ToString("F1") + " " + ada.Acts.WasHeldBack);
        ada.Limits.ForbiddenThings.Clear();
        Player.Step(25); // the same is said as before, and nothing forbids it
        Core.Say("allowed by go", (ada.transform.position.z - feet.z).ToString("F1") + " " + ada.Acts.WasHeldBack);
        ada.Limits.ForbiddenThings.Add(vault);
        link.Mind = observation => Action(Move.Walk);
        ada.transform.position = feet + new Vector3(0f, 0f, 3f); // the game has put it there
        Player.Step(25);
        Core.Say("leaves the vault", ada.transform.position.z > feet.z + 3.3f);
        ada.Limits.ForbiddenThings.Clear();
        UnityEngine.Object.DestroyImmediate(vault.gameObject);
        ada.transform.position = feet;
        Player.Step(25);
        link.Mind = observation => null;
        Player.Step(20);
        Core.Say("goes on", body.Action.Move);
        Player.Step(15);
        Core.Say("stands", body.Action.Move + " " + ada.IsWaiting);
        link.Mind = observation => Action(Move.Walk);
        asked = link.Submitted;
        while (link.Submitted == asked)
            Player.Step(1); // now there is an answer that it has not taken
        link.Mind = observation => null;
        ada.Pause();
        Player.Step(3);
        ada.Resume();
        Player.Step(3);
        Core.Say("answered before the pause", body.Action.Move);

        Saving(link, ada, apple);
    }

    static void Saving(FakeLink link, HeedfulNpc ada, SceneEntity apple)
    {
        byte[] saved = null;
        ada.Save(bytes => saved = bytes);
        Core.Say("nothing to save", saved == null);
        link.Saved = new byte[] { 1, 2, 255 };
        ada.Save(bytes => saved = bytes);
        var slot = ada.Slots.Find(apple);
        ada.Slots.Clear();
        ada.Load(saved);
        Core.Say("slots are back", ada.Slots.Find(apple) == slot);
        Core.Say("mind is back", string.Join(",", link.Restored));
        foreach (var wrong in new[] { null, new byte[0], Encoding.UTF8.GetBytes("{\"heedful\":1}"), new byte[] { 255, 0 } })
            try
            {
                ada.Load(wrong);
                Core.Say("loaded", "nonsense");
            }
            catch (ArgumentException error)
            {
                Core.Say("wrong save", error.Message.Split('\n')[0]);
            }
        ada.Tell("The key is under the mat.");
        ada.Tell("The key is under the mat.");
        Player.Step(10);
        Core.Say("told", link.Take("dialogue").Count(line => line.Contains("under the mat")));
        link.Take("catalogue");
        ada.SayAgain();
        Player.Step(10);
        Core.Say("told again", link.Take("dialogue").Count(line => line.Contains("under the mat")));
        Core.Say("said again", link.Take("catalogue").Count(line => line.Contains("\"add\"")) == Known(ada));
        ada.gameObject.SetActive(false);
        Core.Say("left", link.Sent.Last());
    }

    static int Known(HeedfulNpc npc)
    {
        return Enumerable.Range(1, 63).Count(slot => npc.Slots[slot] != null);
    }

    /// Slot numbers are shuffled, so the names stand in for them.
    static string Anonymous(string line, HeedfulNpc npc, params SceneThing[] things)
    {
        foreach (var thing in things)
        {
            var slot = npc.Slots.Find(thing);
            if (slot == 0)
                continue;
            foreach (var name in new[] { "slot", "door", "target", "place", "speaker" })
                line = line.Replace("\"" + name + "\":" + slot + ",", "\"" + name + "\":#" + thing.name + ",")
                    .Replace("\"" + name + "\":" + slot + "}", "\"" + name + "\":#" + thing.name + "}");
            line = line.Replace("\"places\":[" + slot + ",", "\"places\":[#" + thing.name + ",");
        }
        return line;
    }
}
