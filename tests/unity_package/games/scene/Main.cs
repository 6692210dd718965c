// Reads scene files, builds them and writes what stands there, for test_scene_file.py.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Heedful;
using StubEngine;
using UnityEngine;

static class SceneGame
{
    static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = new CultureInfo("de-DE"); // numbers must be written the same anywhere
        Player.Boot();
        switch (args[0])
        {
            case "rewrite": // IN OUT: reads and writes without building
                File.WriteAllText(args[2], SceneFile.Parse(File.ReadAllText(args[1])).ToJson());
                break;
            case "build": // IN OUT: builds, runs a little, exports
                Build(args[1], args[2]);
                break;
            case "hand": // OUT: a scene made by hand, as a game's author has it
                Export(args[1]);
                break;
            case "wrong": // OUT: a scene in which much cannot be said
                Wrong();
                Export(args[1]);
                break;
            case "placeless": // OUT: things without a place
                Thing("vase", Vector3.zero);
                Export(args[1]);
                break;
            case "walls": // IN: the boxes of wall
                foreach (WallBox box in SceneWalls.Compute(SceneFile.Parse(File.ReadAllText(args[1]))))
                    Say("wall", Numbers(box.Center) + " " + Numbers(box.Size));
                break;
            case "read": // IN: the sentence about what is wrong
                try { SceneFile.Parse(File.ReadAllText(args[1])); Say("read", "fine"); }
                catch (SceneFileException error) { Say("read", error.Message); }
                break;
            case "mind": // JSON: what a MindView reads of it
                Mind(args[1]);
                break;
            case "subtitles":
                Subtitles();
                break;
            case "parts": // IN: doors, switches and carriers of a built scene
                Parts(args[1]);
                break;
            case "sounds": // OUT: every loop as float32
                using (var output = new BinaryWriter(File.Create(args[1])))
                    foreach (string name in SceneSounds.Names)
                        foreach (float sample in SceneSounds.Make(name))
                            output.Write(sample);
                Say("names", string.Join(" ", SceneSounds.Names));
                break;
        }
        return 0;
    }

    static void Say(string name, object value) { Console.WriteLine(name + ": " + value); }

    static string Numbers(Vector3 v)
    {
        return string.Format(CultureInfo.InvariantCulture, "{0:0.###} {1:0.###} {2:0.###}", v.x, v.y, v.z);
    }

    static void Build(string from, string to)
    {
        SceneFile scene = SceneFile.Parse(File.ReadAllText(from));
        int minds = 0;
        SceneBuilder.Build(scene, new SceneBuildOptions { NpcCount = 2, OnNpc = npc => minds++ });
        Player.Step();
        Say("minds", minds);
        Say("registered", SceneRegistry.Things.Count);
        Export(to);
    }

    static void Mind(string json)
    {
        var view = new MindView();
        Say("read", view.Read(json));
        Say("text", view.Text.Replace("\n", " / "));
        foreach (Attended each in view.Attention)
            Say("attends", each.Slot + " " + each.Weight.ToString(CultureInfo.InvariantCulture));
        foreach (Believed each in view.Belief)
            Say("believes", each.Slot + " " + each.Where + " " + each.Certainty.ToString(CultureInfo.InvariantCulture));
    }

    static void Subtitles()
    {
        var shown = new GameObject("display").AddComponent<HeedfulSubtitles>();
        SceneEntity ada = Thing("ada", Vector3.zero);
        ada.SetUp(Kind.Npc, "person", "Ada", Vector3.zero);
        HeedfulSpeech.Speak(ada, "hello");
        Say("one", shown.Text);
        HeedfulSpeech.Speak(null, "a voice");
        HeedfulSpeech.Speak(ada, "");
        Say("two", shown.Text.Replace("\n", " / "));
        HeedfulSpeech.Speak(ada, "three");
        HeedfulSpeech.Speak(ada, "four");
        Say("most", shown.Text.Replace("\n", " / "));
        Time.timeScale = 0; // subtitles go on while the game is paused
        for (int i = 0; i < 100; i++) Player.Step();
        Say("after 2 s", shown.Text.Replace("\n", " / "));
        for (int i = 0; i < 50; i++) Player.Step();
        Say("after 3 s", shown.Text);
        shown.enabled = false;
        HeedfulSpeech.Speak(ada, "unheard");
        Say("off", shown.Text);
    }

    static void Parts(string from)
    {
        SceneBuilder.Build(SceneFile.Parse(File.ReadAllText(from)), new SceneBuildOptions { NpcCount = 0, Senses = false });
        Player.Step();
        var door = (SceneEntity)SceneRegistry.Find("d");
        GameObject leaf = door.GetComponent<DoorLeaf>().Leaf;
        Say("leaf of the closed door", leaf.activeSelf);
        door.Set(EntityStates.Open, true);
        Say("leaf of the open door", leaf.activeSelf);
        Say("key", door.LockKey.Key);
        var radio = (SceneEntity)SceneRegistry.Find("radio_1");
        AudioSource sound = radio.GetComponentInChildren<AudioSource>();
        Say("radio is off", sound.isPlaying);
        radio.Set(EntityStates.On, true);
        Say("radio is on", sound.isPlaying + " " + sound.clip.name);
        radio.Set(EntityStates.On, false);
        Say("radio is off again", sound.isPlaying);
        var key = (SceneEntity)SceneRegistry.Find("key_1");
        Say("key lies on", key.Carrier.Key + " at " + Numbers(key.Position));
        Say("powers", ((SceneEntity)SceneRegistry.Find("button_1")).Powers[0].Key);
        var hall = (ScenePlace)SceneRegistry.Find("a");
        Doorway doorway = hall.Doorways[0];
        Say("doorway", doorway.leadsTo.Key + " " + doorway.door.Key + " " + Numbers(hall.transform.TransformPoint(doorway.position)));
        Say("note", ((SceneEntity)SceneRegistry.Find("note_1")).Text);
    }

    static void Export(string to)
    {
        if (SceneRegistry.Things.Count == 0)
            ByHand();
        IReadOnlyList<string> problems;
        SceneFile scene = SceneExporter.ExportLoaded("exported", out problems);
        foreach (string problem in problems)
            Say("problem", problem);
        File.WriteAllText(to, scene.ToJson());
    }

    /// Two rooms with a wall of 0.2 m between, a door in it, and things that a scene file cannot say.
    static void ByHand()
    {
        ScenePlace hall = Place("hall", new Vector3(0, 0, 0), 4, 4);
        ScenePlace shed = Place("Shed 1", new Vector3(4.2f, 0, 0), 4, 4);
        SceneEntity door = Thing("Door (1)", new Vector3(2.1f, 0, 0.5f));
        door.SetUp(Kind.Door, "door", "the door", new Vector3(1, 2, 0.2f));
        hall.SetDoorways(new[] { new Doorway { position = new Vector3(2.1f, 0, 0.5f), width = 1, leadsTo = shed, door = door } });
        shed.SetDoorways(new[] { new Doorway { position = new Vector3(-2.1f, 0, 0.5f), width = 1, leadsTo = hall, door = door } });
        SceneEntity sword = Thing("sword", new Vector3(1, 0, 1.5f));
        sword.SetUp(Kind.Object, "sword", "the sword", new Vector3(0.2f, 1, 0.2f));
        sword.Affordances.Add(new Affordance(Act.Take));
        sword.transform.rotation = Quaternion.Euler(0, 30, 0);
        SceneEntity vase = Thing("vase", new Vector3(-1, 0, 1.5f));
        vase.SetUp(Kind.Object, "vase", "the vase", new Vector3(0.3f, 0.6f, 0.3f));
        vase.Affordances.Add(new Affordance(Act.Take));
        vase.Text = "Ming";
        SceneEntity lost = Thing("lost", new Vector3(40, 0, 0));
        lost.SetUp(Kind.Object, "vase", "the vase", Vector3.one);
        SceneEntity guard = Thing("npc_7", new Vector3(0, 0, -1));
        guard.SetUp(Kind.Npc, "person", "Guard", Vector3.zero);
        guard.transform.rotation = Quaternion.Euler(0, 45, 0);
        guard.gameObject.AddComponent<HeedfulNpc>();
        SceneEntity other = Thing("npc_8", new Vector3(4, 0, -1));
        other.SetUp(Kind.Npc, "person", "guard", Vector3.zero);
    }

    static void Wrong()
    {
        ScenePlace hall = Place("hall", Vector3.zero, 4, 4);
        hall.Floor = new[] { new Vector2(-2, -2), new Vector2(2, -2), new Vector2(2, 2) };
        ScenePlace attic = Place("attic", new Vector3(10, 3, 0), 4, 4);
        ScenePlace nook = Place("nook", new Vector3(0, 0, 3), 0.6f, 2);
        hall.SetDoorways(new[]
        {
            new Doorway { position = new Vector3(2, 0, 0), leadsTo = attic }, // they do not touch
            new Doorway { position = new Vector3(0, 0, 2), leadsTo = nook } // the wall is too short
        });
        SceneEntity lone = Thing("lone", new Vector3(-1, 0, 0));
        lone.SetUp(Kind.Door, "door", "the door", Vector3.one);
        SceneEntity lamp = Thing("lamp", new Vector3(1, 1.2f, 1));
        lamp.SetUp(Kind.Object, "lamp", "the lamp", new Vector3(0.3f, 0.3f, 0.3f));
        lamp.gameObject.AddComponent<AudioSource>().clip = AudioClip.Create("roar", 16, 1, 16000, false);
        ScenePlace yard = Place("yard", new Vector3(-4, 0, 0), 4, 4);
        SceneEntity gate = Thing("gate", new Vector3(-2, 0, 0));
        gate.SetUp(Kind.Door, "door", "the gate", new Vector3(1, 2, 0.1f));
        gate.Traits = EntityTraits.Gate;
        yard.SetDoorways(new[] { new Doorway { position = new Vector3(2, 0, 0), leadsTo = hall, door = gate } });
    }

    static ScenePlace Place(string key, Vector3 position, float width, float depth)
    {
        var place = new GameObject(key).AddComponent<ScenePlace>();
        place.transform.position = position;
        place.Key = key;
        place.Floor = new[]
        {
            new Vector2(-width / 2, -depth / 2), new Vector2(width / 2, -depth / 2),
            new Vector2(width / 2, depth / 2), new Vector2(-width / 2, depth / 2)
        };
        return place;
    }

    static SceneEntity Thing(string key, Vector3 position)
    {
        var thing = new GameObject(key).AddComponent<SceneEntity>();
        thing.transform.position = position;
        return thing;
    }
}
