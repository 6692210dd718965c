// One hall and a corridor behind a doorway; nothing in it is symmetric. Metres, x to the right, z forward.
//
//     z 4 +-----------------+
//         |   vase          |
//       3 |                 +-----------------------+
//     2.5 |             lamp|
//     1.5 |                 :opening   Bo           |  (corridor z 1..3)
//       1 | Ada             +-----------box---------+
//       0 +-----------------+
//         0                 6                       14 x
//
// Walls are 0.12 m thick and stand centred on these lines.
using Heedful;
using UnityEngine;

public sealed class Rooms
{
    public ScenePlace Hall, Corridor;
    public SceneEntity Vase, Lamp, Box, Opening;
    public HeedfulNpc Ada, Bo;

    /// How NPCs reach their minds; null: as the package says.
    public INpcLink Link;

    public void Build()
    {
        Block("Floor", 7f, -0.5f, 2f, 14f, 1f, 4f);
        Wall(0f, 0f, 0f, 4f);
        Wall(0f, 0f, 6f, 0f);
        Wall(0f, 4f, 6f, 4f);
        Wall(6f, 0f, 6f, 1.5f);
        Wall(6f, 2.5f, 6f, 4f);
        Wall(6f, 1f, 14f, 1f);
        Wall(6f, 3f, 14f, 3f);
        Wall(14f, 1f, 14f, 3f);

        Vase = Thing("vase", Kind.Object, new Vector3(2f, 0f, 3f), 90f, new Vector3(0.4f, 0.6f, 0.2f));
        Offer(Vase, Act.Take);
        Offer(Vase, Act.Drop);
        Offer(Vase, Act.Push);
        Offer(Vase, Act.Give);
        Lamp = Thing("lamp", Kind.Object, new Vector3(5f, 0f, 2f), 0f, new Vector3(0.3f, 1.4f, 0.3f));
        Lamp.Traits = EntityTraits.Glows;
        Offer(Lamp, Act.Switch);
        Box = Thing("box", Kind.Object, new Vector3(9f, 0f, 1.3f), 180f, new Vector3(0.5f, 0.4f, 0.3f));
        Box.Traits = EntityTraits.Container;
        Opening = Thing("opening", Kind.Door, new Vector3(6f, 0f, 2f), 90f, new Vector3(1f, 2.1f, 0.06f));
        Opening.Traits = EntityTraits.Opening;

        Hall = Place("hall", "the amber hall", 0f, 0f, 6f, 4f);
        Corridor = Place("corridor", "the corridor", 6f, 1f, 14f, 3f);
        var doorway = new Vector3(6f, 0f, 2f);
        Hall.SetDoorways(new[] { new Doorway { position = doorway, width = 1f, leadsTo = Corridor, door = Opening } });
        Corridor.SetDoorways(new[] { new Doorway { position = doorway, width = 1f, leadsTo = Hall, door = Opening } });

        Ada = Npc("Ada", new Vector3(1f, 0f, 1f), 60f);
        Bo = Npc("Bo", new Vector3(8f, 0f, 2f), 270f);
    }

    private static void Block(string name, float x, float y, float z, float wide, float tall, float deep)
    {
        var block = GameObject.CreatePrimitive(PrimitiveType.Cube);
        block.name = name;
        block.transform.position = new Vector3(x, y, z);
        block.transform.localScale = new Vector3(wide, tall, deep);
    }

    private static void Wall(float x0, float z0, float x1, float z1)
    {
        Block("Wall", (x0 + x1) / 2f, 1.3f, (z0 + z1) / 2f, Mathf.Max(x1 - x0, 0.12f), 2.6f, Mathf.Max(z1 - z0, 0.12f));
    }

    private static SceneEntity Thing(string name, Kind kind, Vector3 position, float yaw, Vector3 size)
    {
        var made = new GameObject(name);
        made.transform.position = position;
        made.transform.rotation = Quaternion.Euler(0f, yaw, 0f);
        var entity = made.AddComponent<SceneEntity>();
        entity.SetUp(kind, name, "the " + name, size);
        if (kind == Kind.Object)
        {
            var box = made.AddComponent<BoxCollider>();
            box.size = size;
            box.center = new Vector3(0f, size.y / 2f, 0f);
        }
        return entity;
    }

    private static void Offer(SceneEntity entity, Act act)
    {
        entity.Affordances.Add(new Affordance { act = act });
    }

    private static ScenePlace Place(string key, string name, float x0, float z0, float x1, float z1)
    {
        var place = new GameObject(key).AddComponent<ScenePlace>();
        place.DisplayName = name;
        place.Floor = new[] { new Vector2(x0, z0), new Vector2(x1, z0), new Vector2(x1, z1), new Vector2(x0, z1) };
        return place;
    }

    /// An NPC with a body, eyes and ears.
    public HeedfulNpc Npc(string name, Vector3 position, float yaw)
    {
        var made = new GameObject(name);
        made.SetActive(false);
        made.transform.position = position;
        made.transform.rotation = Quaternion.Euler(0f, yaw, 0f);
        var entity = made.AddComponent<SceneEntity>();
        entity.SetUp(Kind.Npc, "person", name, Vector3.zero);
        var controller = made.AddComponent<CharacterController>();
        controller.radius = Contract.BodyRadius;
        controller.height = Contract.BodyHeight;
        controller.center = new Vector3(0f, Contract.BodyHeight / 2f, 0f);
        var npc = made.AddComponent<HeedfulNpc>();
        npc.Link = Link;
        made.AddComponent<CharacterControllerBody>();
        made.AddComponent<NpcCamera>();
        made.AddComponent<HeedfulEars>();
        made.SetActive(true);
        return npc;
    }
}
