// Slots: shuffled by seed, stable, taken from what was perceived longest ago, resting after a loss.
using System.Collections.Generic;
using System.Linq;
using Heedful;
using UnityEngine;

static class SlotsCheck
{
    static SceneThing Make(string name, Kind kind)
    {
        var made = new GameObject(name);
        if (kind == Kind.Place)
            return made.AddComponent<ScenePlace>();
        var entity = made.AddComponent<SceneEntity>();
        entity.SetUp(kind, name, "the " + name, Vector3.one);
        return entity;
    }

    public static void Run()
    {
        var things = Enumerable.Range(0, 70).Select(index => Make("thing" + index, Kind.Object)).ToList();
        var first = new SlotTable(7);
        var same = new SlotTable(7);
        var other = new SlotTable(8);
        var numbers = things.Take(10).Select(thing => first.Give(thing, 0f)).ToList();
        Core.Say("same seed", numbers.SequenceEqual(things.Take(10).Select(thing => same.Give(thing, 0f))));
        Core.Say("other seed", numbers.SequenceEqual(things.Take(10).Select(thing => other.Give(thing, 0f))));
        Core.Say("stable", numbers.SequenceEqual(things.Take(10).Select(thing => first.Give(thing, 1f))));

        var table = new SlotTable(1);
        var log = new List<string>();
        var place = Make("place", Kind.Place);
        var door = Make("door", Kind.Door);
        table.Give(place, 0f);
        table.Give(door, 0f);
        for (var index = 0; index < 61; index++)
            table.Give(things[index], 1f + index);
        table.Given += (slot, thing) => log.Add("+" + thing.name);
        table.Taken += (slot, thing) => log.Add("-" + thing.name);
        table.IsKept = thing => thing == things[0];
        var freed = table.Find(things[1]);
        Core.Say("taken from the oldest that may go", table.Give(things[61], 100f) == freed);
        Core.Say("log", string.Join(" ", log));
        Core.Say("evicted has none", table.Find(things[1]));
        Core.Say("room", table.CountRoom(100f));

        var lost = table.Find(things[5]);
        table.Remove(things[5], 200f);
        log.Clear();
        var next = table.Give(things[62], 259f);
        Core.Say("a lost slot rests", next != lost && next > 0);
        Core.Say("and is given after a minute", table.Give(things[63], 260.5f) == lost);

        var full = new SlotTable(2);
        var places = Enumerable.Range(0, 64).Select(index => Make("place" + index, Kind.Place)).ToList();
        Core.Say("places keep theirs", places.Count(each => full.Give(each, 0f) > 0));
        Core.Say("no room", full.Give(things[0], 9f) + " " + full.CountRoom(9f));
    }
}
