// The lock-step link with a server: a mind saved and restored, an episode, an NPC that leaves and returns.
using System.Text;
using Heedful;
using Unity.MLAgents;
using UnityEngine;

static class LinkCheck
{
    public static void Run()
    {
        Make.Place("hall", -5f, -5f, 5f, 5f);
        var apple = Make.Thing("apple", 0.5f, 2f, Kind.Object, 0.1f);
        var ada = Make.Npc("Ada", 0f, 0f, null);
        ada.Body = new FakeBody(ada.transform);
        ada.Persona = "A guide.";
        ada.Goals.Accepted += goal => Core.Say("accepted", goal.Text);
        ada.SetGoal("find the lamp");
        ada.MindShown += (npc, json) => { };
        Player.Step(10);
        Core.Say("connected", Academy.Instance.IsCommunicatorOn + " " + LockStepLink.Shared.IsConnected);
        Core.Say("mind", ada.MindJson);

        var slot = ada.Slots.Find(apple);
        ada.Save(bytes =>
        {
            Core.Say("saved", Encoding.UTF8.GetString(bytes).Contains("\"apple\":" + slot));
            ada.Load(bytes);
        });
        Player.Step(15);
        Core.Say("slot", ada.Slots.Find(apple) == slot);

        ada.BeginEpisode("hall/find", 7, "none");
        Player.Step(10);
        ada.AddReward(0.5f);
        ada.EndEpisode(true);
        ada.BeginEpisode("hall/find", 8, "none");
        Player.Step(10);
        Core.Say("clock", ada.Clock.ToString("F2"));

        ada.gameObject.SetActive(false);
        Player.Step(10);
        ada.gameObject.SetActive(true);
        Player.Step(10);
        Core.Say("warnings", StubEngine.Player.Warnings);
        StubEngine.Player.Shutdown();
        Core.Say("failures", Grpc.Core.Http2.Failures);
    }
}
