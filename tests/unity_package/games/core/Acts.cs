// What acts do to the scene and how they are reported, without a body: result and reason of each.
using Heedful;
using UnityEngine;

static class Make
{
    public static SceneEntity Thing(string name, float x, float z, Kind kind = Kind.Object, float size = 0.4f)
    {
        var made = new GameObject(name);
        made.transform.position = new Vector3(x, 0f, z);
        var entity = made.AddComponent<SceneEntity>();
        entity.SetUp(kind, name, "the " + name, new Vector3(size, size, size));
        return entity;
    }

    public static ScenePlace Place(string name, float x0, float z0, float x1, float z1)
    {
        var place = new GameObject(name).AddComponent<ScenePlace>();
        place.DisplayName = "the " + name;
        place.Floor = new[] { new Vector2(x0, z0), new Vector2(x1, z0), new Vector2(x1, z1), new Vector2(x0, z1) };
        return place;
    }

    public static HeedfulNpc Npc(string name, float x, float z, INpcLink link)
    {
        var made = new GameObject(name);
        made.SetActive(false);
        made.transform.position = new Vector3(x, 0f, z);
        made.AddComponent<SceneEntity>().SetUp(Kind.Npc, "person", name, Vector3.zero);
        var npc = made.AddComponent<HeedfulNpc>();
        npc.Link = link;
        made.SetActive(true);
        return npc;
    }
}

static class ActsCheck
{
    static HeedfulNpc ada, bo;

    static string Do(HeedfulNpc npc, Act act, SceneThing target = null, Move move = Move.Stay)
    {
        npc.Acts.Begin(new NpcAction(move, Turn.None, Look.Level, act, target));
        npc.Acts.Settle();
        return npc.Acts.Result + " " + npc.Acts.Reason;
    }

    static void Try(string name, Act act, SceneThing target = null) { Core.Say(name, Do(ada, act, target)); }

    static SceneEntity Offer(SceneEntity entity, params Act[] acts)
    {
        foreach (var act in acts)
            entity.Affordances.Add(new Affordance(act));
        return entity;
    }

    public static void Run()
    {
        var hall = Make.Place("hall", -5f, -5f, 5f, 5f);
        var yard = Make.Place("yard", 5f, -5f, 15f, 5f);
        var link = new FakeLink();
        ada = Make.Npc("Ada", 0f, 0f, link);
        bo = Make.Npc("Bo", 0.5f, -0.5f, link);
        Player.Step(5);

        var apple = Offer(Make.Thing("apple", 0f, 1f, Kind.Object, 0.1f), Act.Take);
        var far = Offer(Make.Thing("pear", 0f, 3f), Act.Take);
        var stone = Make.Thing("stone", 1f, 0f);
        var table = Make.Thing("table", 1f, 1f);
        table.Traits = EntityTraits.Surface;
        var chest = Make.Thing("chest", -1f, 1f);
        chest.Traits = EntityTraits.Container;
        var key = Offer(Make.Thing("key", -1f, 0f, Kind.Object, 0.1f), Act.Take, Act.Use);
        chest.LockKey = key;
        chest.Set(EntityStates.Locked, true);
        var lamp = Offer(Make.Thing("lamp", -0.5f, 1f), Act.Switch, Act.Use);
        var door = Make.Thing("door", 0f, 1.4f, Kind.Door, 1f);
        lamp.Powers.Add(door);

        Try("nothing named", Act.Take);
        Try("a place", Act.Touch, hall);
        Try("too far", Act.Take, far);
        Try("not offered", Act.Take, stone);
        Try("hands empty", Act.Drop);
        Try("take", Act.Take, apple);
        Core.Say("held", ada.Entity.Held.name + " " + apple.Position);
        Try("hands full", Act.Take, key);
        Try("put elsewhere", Act.Put, yard);
        Try("closed chest", Act.Put, chest);
        Try("give", Act.Give, bo.Entity);
        Core.Say("held by Bo", bo.Entity.Held.name + " " + (apple.Holder == bo.Entity));
        Core.Say("refused", Do(bo, Act.Take, apple) + ", " + Do(ada, Act.Take, apple));
        Core.Say("dropped by Bo", Do(bo, Act.Drop) + " " + hall.Contains(apple.Position));
        Try("locked", Act.Open, chest);
        Try("use without a key", Act.Use, chest);
        Try("take the key", Act.Take, key);
        Try("unlock", Act.Use, chest);
        Try("unlock again", Act.Use, chest);
        Try("open", Act.Open, chest);
        Try("open again", Act.Open, chest);
        Try("into the chest", Act.Put, chest);
        Core.Say("inside", (key.Carrier == chest) + " " + key.IsStowed);
        Try("close", Act.Close, chest);
        Core.Say("stowed", key.IsStowed);
        Try("take what is stowed", Act.Take, key);
        Try("switch on", Act.Switch, lamp);
        Core.Say("the door it powers", door.Is(EntityStates.Open));
        Try("switch off", Act.Switch, lamp);
        Core.Say("the door again", door.Is(EntityStates.Open));
        Try("use again and again", Act.Use, lamp);
        Offer(stone, Act.Push);
        Try("push", Act.Push, stone);
        Core.Say("pushed to", stone.Position);
        lamp.Rule = (entity, act, who) => act == Act.Touch ? Reason.Refused : Reason.None;
        Try("the game's own rule", Act.Touch, lamp);

        stone.Text = "To the yard";
        Try("reading 1", Act.Examine, stone);
        Core.Say("reading 2", Do(ada, Act.None));
        Core.Say("reading 3", Do(ada, Act.None));
        Try("reading anew", Act.Examine, stone);
        Core.Say("walked away", Do(ada, Act.None, null, Move.Walk));

        var crate = Offer(Make.Thing("crate", 0.5f, 0.5f), Act.Take);
        crate.Traits = EntityTraits.Heavy;
        Try("heavy alone", Act.Take, crate);
        Core.Say("heavy by two", Do(bo, Act.Take, crate) + ", " + ada.Acts.Result + " " + ada.Acts.Reason);
        Core.Say("carried", (ada.Entity.Held == crate) + " " + (bo.Entity.Held == crate));
        Core.Say("let go", Do(bo, Act.Drop) + " " + (ada.Entity.Held == null));
        for (var decision = 0; decision < 20; decision++)
            Do(ada, Act.Take, crate);
        Try("nobody came", Act.Take, crate);

        ada.Limits.ForbiddenActs.Add(Act.Push);
        Try("forbidden act", Act.Push, stone);
        ada.Limits.ForbiddenThings.Add(stone);
        Try("forbidden thing", Act.Touch, stone);
        Try("finish", Act.Finish, hall);
        Core.Say("last act", ada.Acts.LastAct);
    }

}
