// Bytes that an NPC allocates while nothing new happens: fifty decisions among things and walls.
using Heedful;
using UnityEngine;

static class AllocationCheck
{
    public static void Run()
    {
        Make.Place("hall", -20f, -20f, 20f, 20f);
        for (var index = 0; index < 40; index++)
        {
            var thing = Make.Thing("thing" + index, index % 8 - 4f, 2f + index / 8);
            thing.Affordances.Add(new Affordance(Act.Take));
            thing.gameObject.AddComponent<BoxCollider>();
        }
        var wall = GameObject.CreatePrimitive(PrimitiveType.Cube);
        wall.transform.position = new Vector3(3f, 1f, 1f);
        wall.transform.localScale = new Vector3(2f, 2f, 0.1f);
        var link = new FakeLink();
        var ada = Make.Npc("Ada", 0f, 0f, link);
        ada.Body = new FakeBody(ada.transform);
        ada.SetGoal("find the lamp", 1f, 600f);
        var nothing = (int[])Contract.NoOp.Clone();
        link.Mind = observation => nothing;
        Player.Step(50);
        long bytes = 0;
        StubEngine.Player.Allocated = (type, message, count) => bytes += type == typeof(HeedfulNpc) ? count : 0;
        Player.Step(250);
        StubEngine.Player.Allocated = null;
        Core.Say("seen", ada.Entities.Count);
        Core.Say("decisions", link.Submitted);
        Core.Say("bytes", bytes);
    }
}
