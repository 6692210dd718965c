// Generated from envs/classes.py, envs/palette.py and envs/scene.py by
// `python -m unity_bridge.package_classes`: do not edit.
using UnityEngine;

namespace Heedful
{
    public static partial class SceneClasses
    {
        /// <summary>Every class of object of the headless world.</summary>
        public static readonly SceneClass[] All =
        {
            new SceneClass("vase", new Vector3(0.34f, 0.6f, 0.34f), "examine touch take put drop give finish", EntityTraits.None, false, false),
            new SceneClass("globe", new Vector3(0.4f, 0.6f, 0.4f), "examine touch take put drop give finish", EntityTraits.None, false, false),
            new SceneClass("helmet", new Vector3(0.36f, 0.46f, 0.36f), "examine touch take put drop give finish", EntityTraits.None, false, false),
            new SceneClass("drum", new Vector3(0.44f, 0.44f, 0.44f), "examine touch take put drop give finish", EntityTraits.None, false, false),
            new SceneClass("lantern", new Vector3(0.3f, 0.56f, 0.3f), "examine touch take put drop switch give finish", EntityTraits.None, false, false),
            new SceneClass("radio", new Vector3(0.46f, 0.42f, 0.3f), "examine touch take put drop switch give finish", EntityTraits.None, false, false),
            new SceneClass("telephone", new Vector3(0.38f, 0.9f, 0.38f), "examine touch switch use finish", EntityTraits.None, false, false),
            new SceneClass("clock", new Vector3(0.42f, 1.4f, 0.36f), "examine touch switch finish", EntityTraits.None, false, false),
            new SceneClass("statue", new Vector3(0.52f, 1.4f, 0.52f), "examine touch finish", EntityTraits.None, false, false),
            new SceneClass("painting", new Vector3(0.6f, 1.3f, 0.3f), "examine touch finish", EntityTraits.None, false, false),
            new SceneClass("harp", new Vector3(0.44f, 1.2f, 0.44f), "examine touch use finish", EntityTraits.None, false, false),
            new SceneClass("bench", new Vector3(0.6f, 0.46f, 0.4f), "examine touch put use finish", EntityTraits.Surface, false, false),
            new SceneClass("chest", new Vector3(0.6f, 0.52f, 0.44f), "examine touch put finish", EntityTraits.Surface, false, false),
            new SceneClass("cabinet", new Vector3(0.56f, 1.1f, 0.42f), "examine touch put finish", EntityTraits.Surface, false, false),
            new SceneClass("key", new Vector3(0.24f, 0.3f, 0.16f), "examine touch take put drop use give finish", EntityTraits.None, false, false),
            new SceneClass("note", new Vector3(0.3f, 0.4f, 0.2f), "examine touch take put drop give finish", EntityTraits.None, false, true),
            new SceneClass("box", new Vector3(0.36f, 0.34f, 0.36f), "examine touch take put drop open close give finish", EntityTraits.Container, false, false),
            new SceneClass("lamp", new Vector3(0.34f, 1.3f, 0.34f), "examine touch switch finish", EntityTraits.Glows, false, false),
            new SceneClass("button", new Vector3(0.3f, 1.05f, 0.26f), "examine touch switch use finish", EntityTraits.None, false, false),
            new SceneClass("signpost", new Vector3(0.5f, 1.5f, 0.24f), "examine touch finish", EntityTraits.None, false, true),
            new SceneClass("gear", new Vector3(0.36f, 0.36f, 0.36f), "examine touch take put drop give finish", EntityTraits.None, false, false),
            new SceneClass("pipe", new Vector3(0.26f, 0.62f, 0.26f), "examine touch take put drop give finish", EntityTraits.None, false, false),
            new SceneClass("toolbox", new Vector3(0.46f, 0.38f, 0.3f), "examine touch take put drop open close give finish", EntityTraits.Container, false, false),
            new SceneClass("lathe", new Vector3(0.9f, 1.1f, 0.56f), "examine touch put switch use finish", EntityTraits.Surface, true, false),
            new SceneClass("press", new Vector3(0.7f, 1.5f, 0.6f), "examine touch put switch use finish", EntityTraits.Surface, true, false),
            new SceneClass("generator", new Vector3(0.8f, 0.9f, 0.6f), "examine touch switch use finish", EntityTraits.None, true, false),
            new SceneClass("workbench", new Vector3(1f, 0.8f, 0.56f), "examine touch put finish", EntityTraits.Surface, false, false),
            new SceneClass("crate", new Vector3(0.62f, 0.56f, 0.62f), "examine touch take put push finish", EntityTraits.Heavy, false, false),
            new SceneClass("cup", new Vector3(0.26f, 0.3f, 0.26f), "examine touch take put drop give finish", EntityTraits.None, false, false),
            new SceneClass("book", new Vector3(0.3f, 0.36f, 0.22f), "examine touch take put drop use give finish", EntityTraits.None, false, true),
            new SceneClass("plant", new Vector3(0.4f, 0.86f, 0.4f), "examine touch take put drop give finish", EntityTraits.None, false, false),
            new SceneClass("fridge", new Vector3(0.62f, 1.6f, 0.58f), "examine touch put open close finish", EntityTraits.Container, false, false),
            new SceneClass("oven", new Vector3(0.6f, 0.9f, 0.56f), "examine touch put open close switch finish", EntityTraits.Container, false, false),
            new SceneClass("washer", new Vector3(0.6f, 0.86f, 0.58f), "examine touch put open close switch finish", EntityTraits.Container, false, false),
            new SceneClass("television", new Vector3(0.8f, 1.05f, 0.3f), "examine touch switch finish", EntityTraits.Glows, false, false),
            new SceneClass("fan", new Vector3(0.4f, 1.1f, 0.36f), "examine touch switch finish", EntityTraits.None, false, false),
            new SceneClass("sofa", new Vector3(1.3f, 0.66f, 0.62f), "examine touch put use finish", EntityTraits.Surface, false, false),
            new SceneClass("table", new Vector3(0.9f, 0.74f, 0.7f), "examine touch put finish", EntityTraits.Surface, false, false),
            new SceneClass("vacuum", new Vector3(0.36f, 0.3f, 0.36f), "examine touch switch finish", EntityTraits.None, false, false),
            new SceneClass("desk", new Vector3(0.8f, 0.72f, 0.5f), "examine touch put finish", EntityTraits.Surface, false, false),
            new SceneClass("chair", new Vector3(0.44f, 0.8f, 0.44f), "examine touch use push finish", EntityTraits.None, false, false),
            new SceneClass("blackboard", new Vector3(1.2f, 1.6f, 0.24f), "examine touch finish", EntityTraits.None, false, true),
            new SceneClass("locker", new Vector3(0.44f, 1.5f, 0.44f), "examine touch put open close finish", EntityTraits.Container, false, false),
            new SceneClass("projector", new Vector3(0.4f, 1f, 0.4f), "examine touch switch finish", EntityTraits.Glows, false, false),
            new SceneClass("folder", new Vector3(0.32f, 0.4f, 0.2f), "examine touch take put drop give finish", EntityTraits.None, false, true),
            new SceneClass("printer", new Vector3(0.52f, 0.86f, 0.46f), "examine touch put switch use finish", EntityTraits.Surface, true, false),
            new SceneClass("terminal", new Vector3(0.46f, 1.1f, 0.36f), "examine touch switch use finish", EntityTraits.Glows, false, false),
            new SceneClass("counter", new Vector3(1.2f, 0.96f, 0.5f), "examine touch put finish", EntityTraits.Surface, false, false),
            new SceneClass("parcel", new Vector3(0.38f, 0.32f, 0.34f), "examine touch take put drop give finish", EntityTraits.None, false, false),
            new SceneClass("alarm", new Vector3(0.32f, 0.9f, 0.28f), "examine touch switch finish", EntityTraits.None, false, false),
            new SceneClass("fountain", new Vector3(1.6f, 1f, 1.6f), "examine touch finish", EntityTraits.None, false, false),
            new SceneClass("tower", new Vector3(1.4f, 4.5f, 1.4f), "examine touch finish", EntityTraits.None, false, false),
            new SceneClass("kiosk", new Vector3(1.2f, 2.2f, 1.2f), "examine touch finish", EntityTraits.None, false, false),
            new SceneClass("mailbox", new Vector3(0.4f, 1.1f, 0.36f), "examine touch put open close finish", EntityTraits.Container, false, false),
            new SceneClass("tree", new Vector3(0.9f, 3.2f, 0.9f), "examine touch finish", EntityTraits.None, false, false),
            new SceneClass("hydrant", new Vector3(0.34f, 0.7f, 0.34f), "examine touch use finish", EntityTraits.None, false, false),
            new SceneClass("bicycle", new Vector3(0.4f, 0.95f, 1.1f), "examine touch finish", EntityTraits.None, false, false),
            new SceneClass("streetlight", new Vector3(0.3f, 2.6f, 0.3f), "examine touch switch finish", EntityTraits.Glows, false, false),
        };

        /// <summary>What a thing can sound like.</summary>
        public static readonly string[] SoundNames =
        {
            "ring", "beep", "hum", "tick", "music", "buzz", "chime", "whistle", "alarm", "bell", "siren", "engine", "drip", "bark", "meow", "chirp", "knock", "hiss", "clank", "crackle", "horn", "drone", "rattle", "squeak"
        };
    }

    public static partial class ScenePalette
    {
        /// <summary>Names of the colours.</summary>
        public static readonly string[] Names = { "red", "green", "blue", "yellow", "purple", "cyan", "orange", "white" };

        /// <summary>The colours, in the order of Names.</summary>
        public static readonly Color32[] Colors =
        {
            new Color32(214, 36, 40, 255),
            new Color32(38, 158, 58, 255),
            new Color32(36, 74, 214, 255),
            new Color32(245, 222, 40, 255),
            new Color32(146, 48, 182, 255),
            new Color32(56, 206, 220, 255),
            new Color32(246, 132, 24, 255),
            new Color32(244, 244, 244, 255),
        };

        /// <summary>Colour of a door.</summary>
        public static readonly Color32 Door = new Color32(96, 70, 50, 255);

        /// <summary>Colour of a gate.</summary>
        public static readonly Color32 Gate = new Color32(44, 48, 54, 255);

        /// <summary>Colour of a barrier.</summary>
        public static readonly Color32 Barrier = new Color32(70, 58, 50, 255);

        /// <summary>Colour of a floor.</summary>
        public static readonly Color32 Floor = new Color32(124, 108, 92, 255);

        /// <summary>Colour of a wall.</summary>
        public static readonly Color32 Wall = new Color32(172, 164, 150, 255);

        /// <summary>Colour of a ceiling.</summary>
        public static readonly Color32 Ceiling = new Color32(188, 188, 184, 255);

        /// <summary>Colour of a npc.</summary>
        public static readonly Color32 Npc = new Color32(70, 92, 98, 255);

        /// <summary>Colour of a guide.</summary>
        public static readonly Color32 Guide = new Color32(42, 46, 66, 255);

        /// <summary>Colour of a person.</summary>
        public static readonly Color32 Person = new Color32(116, 100, 88, 255);
    }

    public static partial class SceneWalls
    {
        /// <summary>Of a wall, centred on the edge of places; metres.</summary>
        public const float Thickness = 0.12f;
        /// <summary>Of the gap of a door, metres.</summary>
        public const float DoorHeight = 2.1f;
        /// <summary>Of a barrier in a doorway, metres.</summary>
        public const float BarrierHeight = 0.35f;
    }
}
