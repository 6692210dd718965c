// NPCs that a game makes: their keys, parts that are destroyed, and cut scenes beyond what is allowed to minds.
using Heedful;
using UnityEngine;

sealed class OwnBody : NpcBody
{
    public override bool IsGrounded { get { return true; } }
    public override bool CanGo { get { return false; } }
    public override bool CanJump { get { return false; } }
    protected override void Step(Vector3 step, float seconds) { transform.position += step; }
}

static class PartsCheck
{
    static int[] Answer(Move move)
    {
        var answer = (int[])Contract.NoOp.Clone();
        answer[0] = (int)move;
        return answer;
    }

    public static void Run()
    {
        // as Instantiate does: enabled at once, both called the same, and told apart right after
        var guards = new[] { Guard(), Guard() };
        for (var number = 0; number < guards.Length; number++)
            guards[number].Key = "guard-" + number;
        Player.Step(5);
        Core.Say("two of a prefab", guards[0].Key + " " + guards[1].Key + " " + Player.Errors);
        Guard();
        Guard();
        Player.Step(5);
        Core.Say("twins", Player.Errors);

        var ada = Make.Npc("Ada", 0f, 0f, new FakeLink { Mind = observation => Answer(Move.Walk) });
        var first = ada.gameObject.AddComponent<OwnBody>();
        ada.Body = first;
        Player.Step(25);
        Core.Say("walks", ada.transform.position.z > 0.3f);
        Object.DestroyImmediate(first);
        Player.Step(25);
        Core.Say("without a body", (ada.Body == null) + " " + Player.Errors);
        ada.gameObject.AddComponent<OwnBody>();
        ada.enabled = false;
        ada.enabled = true;
        var z = ada.transform.position.z;
        Player.Step(25);
        Core.Say("with another", ada.transform.position.z > z + 0.3f);

        ada.Limits.Home = ada.transform.position;
        ada.Limits.Leash = 0.1f;
        ada.Limits.ForbiddenActs.Add(Act.Finish);
        Player.Step(50);
        z = ada.transform.position.z;
        Core.Say("held back", ada.Acts.WasHeldBack);
        ada.Override(new NpcAction(Move.Walk, Turn.None, Look.Level));
        Player.Step(50);
        Core.Say("a cut scene leads on", ada.transform.position.z > z + 1f);
        ada.Override(new NpcAction(Move.Stay, Turn.None, Look.Level, Act.Finish, Make.Thing("apple", 0f, 9f)));
        Player.Step(10);
        Core.Say("and does what minds may not", ada.Acts.LastAct + " " + ada.Acts.Reason);
        ada.EndOverride();
        z = ada.transform.position.z;
        Player.Step(25);
        Core.Say("then the leash holds", ada.transform.position.z <= z);
    }

    static HeedfulNpc Guard()
    {
        var npc = Make.Npc("Guard(Clone)", 9f, 0f, new FakeLink());
        npc.enabled = true;
        return npc;
    }
}
