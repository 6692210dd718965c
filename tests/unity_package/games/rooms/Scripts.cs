// What the game itself does in each of the tests.
using System;
using System.Collections.Generic;
using System.Reflection;
using Heedful;
using Unity.MLAgents;
using Unity.MLAgents.Actuators;
using Unity.MLAgents.Policies;
using Unity.MLAgents.Sensors;
using UnityEngine;

public abstract class Script
{
    protected Rooms Rooms;

    public void Begin(Rooms rooms)
    {
        Rooms = rooms;
        Begin();
    }

    protected virtual void Begin() { }

    /// Five frames are a decision; frame 0 is the first.
    public virtual void AfterFrame(int frame) { }

    public virtual void End() { }
}

public static class Scripts
{
    public static Script Find(string name)
    {
        switch (name)
        {
            case "watch": return new Watch();
            case "errand": return new Errand();
            case "save": return new SaveGame();
            case "goals": return new Goals();
            case "cut": return new CutScene();
            case "allocate": return new Allocation();
            case "stranger": return new Guest();
            case "careless": return new Careless();
            default: throw new ArgumentException("no script " + name);
        }
    }

    sealed class Watch : Script { }

    /// Uses everything of the package that is shared, and lets go of nothing at the end.
    sealed class Careless : Script
    {
        int heard, added, removed, changed;

        protected override void Begin()
        {
            HeedfulSpeech.Spoken += utterance => heard = utterance.Id;
            SceneRegistry.Added += thing => added++;
            SceneRegistry.Removed += thing => removed++;
            SceneRegistry.Changed += thing => changed++;
            SightLine.Layers = 1;
            NpcLinks.Current = LockStepLink.Shared;
            SoundClips.TryGet(SceneSounds.MakeClip("ring"), out _);
            Rooms.Ada.Facts = new[] { "The box is in the corridor." };
            Rooms.Ada.SetGoal("find the box");
            var radio = Rooms.Lamp.gameObject.AddComponent<HeedfulSound>();
            radio.AddWave("hum", SceneSounds.Make("hum"));
            radio.Play("hum");
        }

        public override void AfterFrame(int frame)
        {
            if (frame == 20)
                HeedfulSpeech.Speak(null, "The vase is in the amber hall.");
            if (frame == 40)
                new GameObject("Late").AddComponent<SceneEntity>().DisplayName = "the late thing";
            if (frame == 60)
                Rooms.Bo.gameObject.SetActive(false);
            if (frame == 61)
                Rooms.Bo.gameObject.SetActive(true);
        }

        public override void End()
        {
            Game.Say("event", "heard " + heard + " added " + added + " removed " + removed + " changed " + changed
                + " NPCs " + HeedfulNpc.All.Count + " things " + SceneRegistry.Things.Count);
        }
    }

    /// Both are sent to the other room; says whether they come there, and what is shown of Ada's mind.
    sealed class Errand : Script
    {
        NpcGoal hers, his;

        protected override void Begin()
        {
            hers = Rooms.Ada.SetGoal("go", Rooms.Corridor);
            his = Rooms.Bo.SetGoal("go", Rooms.Hall);
        }

        public override void End()
        {
            Game.Say("hers", hers.State);
            Game.Say("his", his.State);
            Game.Say("shown", Rooms.Ada.MindJson);
        }
    }

    /// Ada's mind is saved after two seconds and loaded again after four.
    sealed class SaveGame : Script
    {
        byte[] saved;
        string slots = "";

        public override void AfterFrame(int frame)
        {
            if (frame == 100)
                Rooms.Ada.Save(bytes => { saved = bytes; slots = Slots(); });
            if (frame == 200 && saved != null)
                Rooms.Ada.Load(saved);
        }

        public override void End()
        {
            Game.Say("saved", saved == null ? 0 : saved.Length);
            Game.Say("slots kept", slots != "" && Slots().StartsWith(slots));
            Game.Say("shown", Rooms.Ada.MindJson);
        }

        string Slots()
        {
            var text = "";
            foreach (var thing in new SceneThing[] { Rooms.Hall, Rooms.Opening, Rooms.Vase, Rooms.Lamp, Rooms.Bo.Entity })
                text += thing.Key + Rooms.Ada.Slots.Find(thing) + " ";
            return text;
        }
    }

    /// Goals by text and by verb, one that is refused, one whose time is short, one that is taken back.
    sealed class Goals : Script
    {
        NpcGoal stroll;

        protected override void Begin()
        {
            foreach (var npc in new[] { Rooms.Ada, Rooms.Bo })
            {
                var name = npc.Key;
                npc.Goals.Accepted += goal => Tell(name, goal, "accepted");
                npc.Goals.Progress += (goal, what) => Tell(name, goal, "progress " + what);
                npc.Goals.Succeeded += goal => Tell(name, goal, "succeeded");
                npc.Goals.Failed += goal => Tell(name, goal, "failed: " + goal.Reason);
                npc.Goals.Refused += goal => Tell(name, goal, "refused: " + goal.Reason);
            }
            Rooms.Ada.SetGoal("find the lamp");
            Rooms.Ada.SetGoal("wait for the rain", 0.5f, 3f);
            Rooms.Bo.SetGoal("switch_on", Rooms.Lamp, null, 2f, 60f);
            stroll = Rooms.Bo.SetGoal("go", Rooms.Corridor, null, 0.5f);
            Rooms.Bo.SetGoal("juggle", Rooms.Lamp);
        }

        public override void AfterFrame(int frame)
        {
            if (frame == 200)
                Rooms.Bo.CancelGoal(stroll);
        }

        static void Tell(string npc, NpcGoal goal, string what)
        {
            Game.Say("event", npc + " " + goal.Id + " " + what);
        }
    }

    /// The mind always walks; the game takes the body over, gives it back, pauses and resumes it.
    sealed class CutScene : Script
    {
        public override void AfterFrame(int frame)
        {
            if (frame % 25 == 0)
                Game.Say("at " + frame, Rooms.Bo.transform.position.x.ToString("F3"));
            if (frame == 50)
                Rooms.Bo.Override(new NpcAction(Move.Back, Turn.None, Look.Down));
            if (frame == 75)
                Rooms.Bo.Override(NpcAction.Idle);
            if (frame == 100)
                Rooms.Bo.EndOverride();
            if (frame == 125)
                Rooms.Bo.Pause();
            if (frame == 150)
                Rooms.Bo.Resume();
        }
    }

    /// An agent of another behaviour plays beside the NPCs.
    sealed class Guest : Script
    {
        Stranger stranger;

        protected override void Begin()
        {
            var made = new GameObject("Stranger");
            made.SetActive(false);
            var behavior = made.AddComponent<BehaviorParameters>();
            behavior.BehaviorName = "Stranger";
            behavior.BrainParameters.VectorObservationSize = 1;
            behavior.BrainParameters.ActionSpec = new ActionSpec(2, new[] { 3 });
            stranger = made.AddComponent<Stranger>();
            made.AddComponent<DecisionRequester>().DecisionPeriod = 5;
            made.SetActive(true);
        }

        public override void End()
        {
            Game.Say("stranger", stranger.Actions + " actions, " + stranger.Moved + " of them something");
        }
    }

    sealed class Stranger : Agent
    {
        public int Actions, Moved;

        public override void CollectObservations(VectorSensor sensor) { sensor.AddObservation(0.5f); }

        public override void OnActionReceived(ActionBuffers actions)
        {
            Actions++;
            if (actions.ContinuousActions[0] != 0f || actions.ContinuousActions[1] != 0f || actions.DiscreteActions[0] != 0)
                Moved++;
        }
    }

    /// Bytes that each type of behaviour allocates, and our sensors, once everything is warm.
    sealed class Allocation : Script
    {
        const int Warm = 150;
        readonly Dictionary<Type, long> bytes = new Dictionary<Type, long>();
        bool counting;

        protected override void Begin()
        {
            StubEngine.Player.Allocated = (type, message, count) =>
            {
                if (!counting)
                    return;
                bytes.TryGetValue(type, out var sum);
                bytes[type] = sum + count;
            };
        }

        public override void AfterFrame(int frame) { counting = frame >= Warm; }

        public override void End()
        {
            StubEngine.Player.Allocated = null;
            foreach (var pair in bytes)
                Game.Say("allocated " + pair.Key.Name, pair.Value);
            long sensors = 0;
            foreach (var sensor in Rooms.Ada.GetComponent<HeedfulSensors>().CreateSensors())
                sensors += Measure(sensor);
            Game.Say("allocated sensors", sensors);
        }

        /// Bytes of a hundred readings of a sensor, as the SDK reads it.
        static long Measure(ISensor sensor)
        {
            var isPicture = sensor.GetCompressionSpec().SensorCompressionType == SensorCompressionType.PNG;
            var writer = new ObservationWriter();
            var values = new float[3 * 64 * 64];
            typeof(ObservationWriter).GetMethod("SetTarget", BindingFlags.Instance | BindingFlags.NonPublic, null,
                new[] { typeof(IList<float>), typeof(ObservationSpec), typeof(int) }, null)
                .Invoke(writer, new object[] { values, sensor.GetObservationSpec(), 0 });
            long before = 0;
            for (var round = 0; round < 101; round++)
            {
                if (round == 1) before = GC.GetAllocatedBytesForCurrentThread(); // the first one compiles
                sensor.Update();
                if (isPicture) sensor.GetCompressedObservation(); else sensor.Write(writer);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
