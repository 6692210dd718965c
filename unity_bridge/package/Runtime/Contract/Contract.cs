// Generated from envs/contract.py by `python -m unity_bridge.package_contract`: do not edit.

namespace Heedful
{
    /// <summary>Branch move: what the legs do for this decision.</summary>
    public enum Move
    {
        Stay = 0,
        Walk = 1,
        Run = 2,
        Back = 3,
        StrafeLeft = 4,
        StrafeRight = 5,
        Jump = 6,
        Go = 7,
    }

    /// <summary>Branch look: pitch of the camera.</summary>
    public enum Look
    {
        Down = 0,
        Level = 1,
        Up = 2,
    }

    /// <summary>Branch act: what the hands do with the target; Finish says: done, target is my answer.</summary>
    public enum Act
    {
        None = 0,
        Examine = 1,
        Touch = 2,
        Take = 3,
        Put = 4,
        Drop = 5,
        Open = 6,
        Close = 7,
        Switch = 8,
        Use = 9,
        Push = 10,
        Give = 11,
        Finish = 12,
    }

    /// <summary>Branch say: the kind of message; its content is (say, about, where) alone.</summary>
    public enum Say
    {
        None = 0,
        Ask = 1,
        Tell = 2,
        Request = 3,
        Accept = 4,
        Refuse = 5,
        Report = 6,
        Warn = 7,
    }

    /// <summary>Column of each branch in an action array of 8.</summary>
    public enum Branch
    {
        Move = 0,
        Turn = 1,
        Look = 2,
        Act = 3,
        Target = 4,
        Say = 5,
        About = 6,
        Where = 7,
    }

    /// <summary>How the last act went.</summary>
    public enum Result
    {
        None = 0,
        Started = 1,
        Running = 2,
        Done = 3,
        Failed = 4,
    }

    /// <summary>Why the last act failed (None when it did not).</summary>
    public enum Reason
    {
        None = 0,
        NoTarget = 1,
        NotInSight = 2,
        OutOfReach = 3,
        NotPossible = 4,
        HandsFull = 5,
        HandsEmpty = 6,
        Locked = 7,
        AlreadySo = 8,
        NoRoom = 9,
        Refused = 10,
        NeedsHelp = 11,
    }

    /// <summary>What sort of thing a slot stands for.</summary>
    public enum Kind
    {
        Object = 0,
        Door = 1,
        Npc = 2,
        Place = 3,
        Topic = 4,
    }

    /// <summary>Branch turn: degrees per decision, positive to the right.</summary>
    public enum Turn
    {
        Left30 = 0,
        Left10 = 1,
        None = 2,
        Right10 = 3,
        Right30 = 4,
    }

    /// <summary>Columns of one row of entities.</summary>
    public static class EntityColumn
    {
        public const int Slot = 0;
        public const int ClassWord = 1;
        public const int ClassBag = 2;
        public const int X = 18;
        public const int Y = 19;
        public const int Z = 20;
        public const int Distance = 21;
        public const int SinHeading = 22;
        public const int CosHeading = 23;
        public const int SizeX = 24;
        public const int SizeY = 25;
        public const int SizeZ = 26;
        public const int Kind = 27;
        public const int State = 30;
        public const int Affordance = 38;
    }

    /// <summary>Columns of one row of dialogue.</summary>
    public static class DialogueColumn
    {
        public const int Utterance = 0;
        public const int Speaker = 1;
        public const int ToMe = 2;
        public const int Age = 3;
        public const int SinDirection = 4;
        public const int CosDirection = 5;
        public const int Loudness = 6;
        public const int WordCount = 7;
        public const int Words = 8;
        public const int Bag = 32;
    }

    /// <summary>Columns of goal.</summary>
    public static class GoalColumn
    {
        public const int Present = 0;
        public const int Goal = 1;
        public const int Verb = 2;
        public const int Target = 3;
        public const int Place = 4;
        public const int Priority = 5;
        public const int SecondsLeft = 6;
        public const int WordCount = 7;
        public const int Words = 8;
        public const int Bag = 32;
    }

    /// <summary>Columns of self.</summary>
    public static class SelfColumn
    {
        public const int X = 0;
        public const int Y = 1;
        public const int Z = 2;
        public const int SinYaw = 3;
        public const int CosYaw = 4;
        public const int VelocityRight = 5;
        public const int VelocityUp = 6;
        public const int VelocityForward = 7;
        public const int TurnRate = 8;
        public const int Pitch = 9;
        public const int Place = 10;
        public const int Held = 11;
        public const int LastAct = 12;
        public const int LastTarget = 13;
        public const int Result = 14;
        public const int Reason = 15;
        public const int Bumped = 16;
        public const int Grounded = 17;
        public const int ActionDelay = 18;
        public const int Clock = 19;
        public const int CameraValid = 20;
        public const int AudioValid = 21;
        public const int EntitiesValid = 22;
        public const int DialogueValid = 23;
        public const int CameraAge = 24;
        public const int AudioAge = 25;
        public const int EntitiesAge = 26;
        public const int DialogueAge = 27;
        public const int Height = 28;
        public const int Speaking = 29;
        public const int Team = 30;
        public const int Spare = 31;
    }

    /// <summary>State bits of an entity, counted from EntityColumn.State.</summary>
    public static class StateBit
    {
        public const int Open = 0;
        public const int Closed = 1;
        public const int Locked = 2;
        public const int On = 3;
        public const int HeldByMe = 4;
        public const int HeldByOther = 5;
        public const int Moving = 6;
        public const int Full = 7;
    }

    /// <summary>The contract, version 1: every size and name.</summary>
    public static class Contract
    {
        public const string Hash = "d6a8cccb7cf0";
        public const string BehaviorName = "Heedful";
        /// <summary>A black picture, base64: the camera where there is none.</summary>
        public const string BlankPng = "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAATUlEQVR4Ae3QAQ0AAADCoPdPbQ8HESgMGDBgwIABAwYMGDBgwIABAwYMGDBgwIABAwYMGDBgwIABAwYMGDBgwIABAwYMGDBgwICB94EBMEAAAVx9hPsAAAAASUVORK5CYII=";
        public const int Version = 1;
        public const int Slots = 64;
        public const int CameraSize = 64;
        public const int SampleRate = 16000;
        public const int EarSamples = 1600;
        public const int Ears = 2;
        public const int AudioSize = 3200;
        public const int MaxEntities = 32;
        public const int EntitySize = 50;
        public const int MaxUtterances = 8;
        public const int DialogueSize = 64;
        public const int GoalSize = 64;
        public const int SelfSize = 32;
        public const int MaxWords = 24;
        public const int ClassBagSize = 16;
        public const int TextBagSize = 32;
        public const int MaxActionDelay = 3;
        public const int Branches = 8;
        public const int MaskSize = 229;
        public const float DecisionSeconds = 0.1f;
        public const float CameraFieldOfView = 1.57079633f;
        public const float EyeHeight = 1.5f;
        public const float BodyRadius = 0.22f;
        public const float BodyHeight = 1.7f;
        public const string AudioSensor = "audio";
        public const string CameraSensor = "camera";
        public const string DialogueSensor = "dialogue";
        public const string EntitiesSensor = "entities";
        public const string GoalSensor = "goal";
        public const string SelfSensor = "self";
        /// <summary>Camera pitch for look = down, level, up; radians.</summary>
        public static readonly float[] LookPitch = { -0.523598776f, -0.174532925f, 0.261799388f };
        /// <summary>Degrees of each value of branch turn.</summary>
        public static readonly float[] TurnDegrees = { -30f, -10f, 0f, 10f, 30f };
        public static readonly int[] BranchSizes = { 8, 5, 3, 13, 64, 8, 64, 64 };
        /// <summary>Where each branch begins in a flat action mask.</summary>
        public static readonly int[] BranchStarts = { 0, 8, 13, 16, 29, 93, 101, 165 };
        public static readonly string[] BranchNames =
        {
            "move",
            "turn",
            "look",
            "act",
            "target",
            "say",
            "about",
            "where",
        };
        /// <summary>The action that does nothing, in branch order.</summary>
        public static readonly int[] NoOp = { 0, 2, 1, 0, 0, 0, 0, 0 };
        public static readonly string[] KindNames = { "object", "door", "npc", "place", "topic" };
        public static readonly string[] StateNames =
        {
            "open",
            "closed",
            "locked",
            "on",
            "held_by_me",
            "held_by_other",
            "moving",
            "full",
        };
        /// <summary>A sentence for each Reason.</summary>
        public static readonly string[] ReasonTexts =
        {
            "it worked",
            "no target was named",
            "the target is not in sight",
            "the target is out of reach",
            "that cannot be done with this",
            "the hands are full",
            "the hands are empty",
            "it is locked",
            "it is so already",
            "there is no room for it",
            "the other refused",
            "it takes two",
        };
        /// <summary>The sentence of each Say; {about} and {where} are names.</summary>
        public static readonly string[] Sentences =
        {
            "",
            "where is {about}",
            "{about} is in {where}",
            "please bring {about} to {where}",
            "yes {about}",
            "no {about}",
            "{about} done in {where}",
            "careful {about} in {where}",
        };
    }

    /// <summary>Ranges and speeds of the headless world, so that both worlds mean the same; metres and seconds.</summary>
    public static class WorldRules
    {
        public const float SightRange = 10f;
        public const float Reach = 1.5f;
        public const float Earshot = 8f;
        public const float SpeechMuffle = 0.5f;
        public const float SpeechAudible = 0.12f;
        public const float SpeakingSeconds = 0.8f;
        public const float WalkSpeed = 1.4f;
        public const float RunSpeed = 2.8f;
        public const float BackSpeed = 0.7f;
        public const float StrafeSpeed = 1f;
        public const float JumpSpeed = 3.2f;
        public const float Gravity = 9.81f;
        public const float CarryForward = 0.42f;
        public const float CarryHeight = 0.5f;
        public const float Tether = 1.6f;
        public const float PushStep = 0.2f;
        public const float SoundRange = 14f;
        public const float SoundFadeFrom = 10f;
        public const float SoundNearest = 0.5f;
        public const float EarDelaySamples = 10.5600004f;
        public const float EarLevel = 0.649999976f;
        public const float EarLevelDifference = 0.349999994f;
        public const float SoundClipFrom = 0.800000012f;
        public const int FadeSamples = 320;
        public const int MaxWalls = 3;
        public const int ReadDecisions = 3;
        public const int MachineDecisions = 5;
        public const int HelpDecisions = 20;
        public const int BriefingId = 8388608;
        public const int TextId = 12582912;
    }

    /// <summary>Our side channels: names, and their ids in ML-Agents' framing.</summary>
    public static class ChannelId
    {
        public const string Hello = "hello";
        public const string HelloGuid = "24f7cd7e-a408-575c-817e-dea6ab477b1b";
        public const string Catalogue = "catalogue";
        public const string CatalogueGuid = "5d7628b2-c530-5f60-a128-0749455de9f9";
        public const string Goal = "goal";
        public const string GoalGuid = "e042ec8c-02b9-596a-90df-c29364c3b08b";
        public const string Dialogue = "dialogue";
        public const string DialogueGuid = "2a242820-1c74-5fe4-a5d6-6577e515c6bc";
        public const string Mind = "mind";
        public const string MindGuid = "053d319e-d7a2-51a1-b287-70a11ff11d13";
        public const string Episode = "episode";
        public const string EpisodeGuid = "8167aab1-1bbc-5c43-9454-85e5912fdda4";
    }
}
