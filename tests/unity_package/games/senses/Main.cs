// Lets the package's ears, camera, bodies and voice work in the stub engine and says what came of it, line by
// line ("name: value"), for test_senses.py.
using System;
using System.Collections.Generic;
using System.Globalization;
using Heedful;
using StubEngine;
using UnityEngine;
using UnityEngine.AI;
using UnityEngine.Rendering;

/// A link that keeps what is sent.
class KeepingLink : INpcLink
{
    public readonly List<string> Sent = new List<string>();
    public bool IsConnected { get { return true; } }
    public bool IsLockStep { get; set; }
    public void Register(HeedfulNpc npc) { }
    public void Unregister(HeedfulNpc npc) { }
    public void Submit(HeedfulNpc npc, NpcObservation observation) { }
    public bool TryTakeAction(HeedfulNpc npc, int[] action) { return false; }
    public void Send(HeedfulNpc npc, string channel, string entry) { if (entry.Contains("voice")) Sent.Add(npc.name + " " + channel + " " + entry); }
    public void SaveMind(HeedfulNpc npc, Action<byte[]> saved) { saved(null); }
    public void RestoreMind(HeedfulNpc npc, byte[] mind) { }
}

static class Senses
{
    static readonly float[] audio = new float[Contract.AudioSize];

    static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Player.Boot(typeof(HeedfulNpc).Assembly);
        NpcLinks.Current = new KeepingLink { IsLockStep = Array.IndexOf(new[] { "live sources", "voice", "paused" }, args[0]) < 0 };
        switch (args[0])
        {
            case "ears": Ears(); break;
            case "sources": case "live sources": Sources(); break;
            case "deaf": Deaf(); break;
            case "camera": Camera(); break;
            case "atlas": Atlas(); break;
            case "png": Png(); break;
            case "walker": Walker(); break;
            case "acts": Acts(); break;
            case "goer": Goer(); break;
            case "voice": Voice(); break;
            case "paused": Paused(); break;
        }
        Say("errors", Player.Errors);
        return 0;
    }

    static void Say(string name, object value) { Console.WriteLine(name + ": " + value); }

    static void Steps(int count) { for (int step = 0; step < count; step++) Player.Step(); }

    static GameObject Box(float x, float y, float z, float width, float height, float depth)
    {
        var box = GameObject.CreatePrimitive(PrimitiveType.Cube);
        box.transform.position = new Vector3(x, y, z);
        box.transform.localScale = new Vector3(width, height, depth);
        return box;
    }

    static HeedfulNpc MakeNpc(float x, float z)
    {
        var holder = new GameObject("npc " + x);
        holder.transform.position = new Vector3(x, 0, z);
        holder.AddComponent<SceneEntity>();
        var npc = holder.AddComponent<HeedfulNpc>();
        npc.Pause(); // it is used by hand
        return npc;
    }

    // ------------------------------------------------------------------------------------------------ ears

    static void SayLoudness(string name, IHearing ears, HeedfulNpc npc)
    {
        ears.Render(npc, audio);
        double left = 0, right = 0;
        for (int sample = 0; sample < Contract.EarSamples; sample++)
        {
            left += audio[sample] * audio[sample];
            right += audio[Contract.EarSamples + sample] * audio[Contract.EarSamples + sample];
        }
        Say(name, Math.Sqrt(left / Contract.EarSamples).ToString("F4") + " " + Math.Sqrt(right / Contract.EarSamples).ToString("F4"));
    }

    /// Two frames pass, of which the first fades; then the loudness of the second.
    static void Hear(string name, IHearing ears, HeedfulNpc npc)
    {
        Steps(5);
        ears.Render(npc, audio);
        Steps(5);
        SayLoudness(name, ears, npc);
    }

    static float[] Tone(int rate, float seconds)
    {
        var samples = new float[(int)(rate * seconds)];
        for (int sample = 0; sample < samples.Length; sample++)
            samples[sample] = (float)Math.Sin(2 * Math.PI * 500 * sample / rate);
        return samples;
    }

    static void Ears()
    {
        var npc = MakeNpc(0, 0);
        var ears = npc.gameObject.AddComponent<HeedfulEars>();
        var place = new GameObject("phone");
        place.transform.position = new Vector3(-2, 0.5f, 0);
        var phone = place.AddComponent<HeedfulSound>();
        Hear("nothing plays", ears, npc);
        phone.AddWave("ring", Tone(16000, 1));
        phone.Play("ring");
        Hear("two metres to the left", ears, npc);
        npc.transform.rotation = Quaternion.Euler(0, 180, 0);
        Hear("turned round", ears, npc);
        npc.transform.rotation = Quaternion.identity;
        var wall = Box(-1, 1.5f, 0, 0.2f, 3, 4);
        Hear("behind a wall", ears, npc);
        wall.AddComponent<SceneEntity>();
        Hear("behind an object", ears, npc);
        place.transform.position = new Vector3(-15, 0, 0);
        Hear("out of range", ears, npc);
        place.transform.position = new Vector3(-2, 0.5f, 0);
        Hear("back", ears, npc);
        phone.Stop();
        SayLoudness("fades out", ears, npc);
        Hear("stopped", ears, npc);
        try { phone.Play("bell"); }
        catch (ArgumentException error) { Say("no such sound", error.Message); }
        phone.Play("ring");
        Steps(5);
        ears.Render(npc, audio);
        long before = GC.GetTotalMemory(true);
        for (int frame = 0; frame < 500; frame++)
            ears.Render(npc, audio);
        Say("bytes of 500 frames", GC.GetTotalMemory(false) - before < 60000 ? "few" : "many");
        phone.enabled = false;
        Hear("disabled", ears, npc);
        Say("numbers are used again", HeedfulSound.All.Count + " " + (HeedfulSound.All[0] == null));
        phone.enabled = true;
        Say("and once more", HeedfulSound.All.Count + " " + (HeedfulSound.All[0] == phone));
    }

    /// A source's clip is followed, what cannot be read is tapped: both are heard alike.
    static void Sources()
    {
        var npc = MakeNpc(0, 0);
        var ears = npc.gameObject.AddComponent<HeedfulEars>();
        Say("valid before the device was seen to run", ears.IsValid);
        foreach (var type in new[] { AudioClipLoadType.DecompressOnLoad, AudioClipLoadType.Streaming })
        {
            var clip = AudioClip.Create("tone", 96000, 1, 48000, false);
            var data = Tone(48000, 2);
            for (int sample = 0; sample < data.Length; sample++)
                data[sample] *= 0.12f * Mathf.Sqrt(2); // the contract's loudness, so that both are alike
            clip.SetData(data, 0);
            clip.loadType = type;
            var place = new GameObject(type.ToString());
            place.transform.position = new Vector3(0, 0, 4);
            var source = place.AddComponent<AudioSource>();
            source.clip = clip;
            source.loop = true;
            place.AddComponent<HeedfulSound>();
            source.Play();
            Steps(10);
            ears.Render(npc, audio); // a tap begins when it is first listened to
            Hear(type + " ahead", ears, npc);
            Hear(type + " goes on", ears, npc);
            source.volume = 0.5f;
            Steps(10);
            Hear(type + " softer", ears, npc);
            source.Stop();
            Steps(10);
            System.Threading.Thread.Sleep(300); // streams stop by the real clock
            ears.Render(npc, audio);
            Hear(type + " stopped", ears, npc);
        }
        Say("valid", ears.IsValid);
        Say("warnings", Player.Warnings);
    }

    static void Deaf()
    {
        AudioSettings.StubRate = 0;
        var npc = MakeNpc(0, 0);
        var ears = npc.gameObject.AddComponent<HeedfulEars>();
        Say("valid without a device", ears.IsValid);
        Hear("without a device", ears, npc);
        Say("valid later", ears.IsValid);
        var sound = new GameObject("phone").AddComponent<HeedfulSound>();
        sound.transform.position = new Vector3(1, 0, 0);
        sound.AddWave("ring", Tone(16000, 1));
        sound.Play("ring");
        Hear("played by the game's clock", ears, npc);
        Say("valid when a script plays", ears.IsValid);
    }

    // ---------------------------------------------------------------------------------------------- camera

    /// Red at the top left, green at the top right, blue at the bottom left, white at the bottom right.
    static void Paint(UnityEngine.Camera camera, RenderTexture texture)
    {
        var area = texture.width == 64 ? new Rect(0, 0, 64, 64) : camera.pixelRect;
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 64; x++)
            {
                var color = y >= 32
                    ? x < 32 ? new Color32(255, 0, 0, 255) : new Color32(0, 255, 0, 255)
                    : x < 32 ? new Color32(0, 0, 255, 255) : new Color32(255, 255, 255, 255);
                texture.Pixels[((int)area.y + y) * texture.width + (int)area.x + x] = color;
            }
    }

    static void SayPicture(string name, NpcCamera camera, HeedfulNpc npc)
    {
        byte[] png = null;
        int length = camera.Capture(npc, ref png);
        Say(name, length == 0 ? "none" : Convert.ToBase64String(png, 0, length));
    }

    static void Camera()
    {
        UnityEngine.Camera.StubRenderer = Paint;
        var npc = MakeNpc(1, 2);
        npc.transform.rotation = Quaternion.Euler(0, 90, 0);
        var camera = npc.gameObject.AddComponent<NpcCamera>();
        SayPicture("at once", camera, npc);
        Say("age", camera.Age);
        var lens = npc.GetComponentInChildren<UnityEngine.Camera>();
        var ahead = lens.transform.forward;
        var from = lens.transform.position;
        Say("lens", from.x.ToString("F2") + " " + from.y.ToString("F2") + " " + from.z.ToString("F2") + " " + ahead.x.ToString("F3") + " " + ahead.y.ToString("F3") + " " + lens.fieldOfView.ToString("F1"));
        camera.Mode = CaptureMode.Staggered;
        SayPicture("staggered, too early", camera, npc);
        Steps(10);
        SayPicture("staggered", camera, npc);
        Say("staggered age is some frames", camera.Age > 0.01f && camera.Age < 0.2f);
    }

    static void Atlas()
    {
        const int count = 20;
        UnityEngine.Camera.StubRenderer = Paint;
        var cameras = new NpcCamera[count];
        var npcs = new HeedfulNpc[count];
        byte[] png = null;
        for (int index = 0; index < count; index++)
        {
            npcs[index] = MakeNpc(index, 0);
            cameras[index] = npcs[index].gameObject.AddComponent<NpcCamera>();
            cameras[index].Mode = CaptureMode.Staggered;
            cameras[index].Capture(npcs[index], ref png);
        }
        Steps(10);
        var lenses = UnityEngine.Object.FindObjectsByType<UnityEngine.Camera>(FindObjectsSortMode.None);
        int most = 0, all = Renders(lenses);
        for (int frame = 0; frame < 100; frame++)
        {
            int before = Renders(lenses);
            Steps(1);
            most = Math.Max(most, Renders(lenses) - before);
        }
        Say("most in a frame", most);
        Say("pictures in 2 seconds", Renders(lenses) - all);
        float oldest = 0;
        int seen = 0;
        for (int index = 0; index < count; index++)
        {
            if (cameras[index].Capture(npcs[index], ref png) > 0) seen++;
            oldest = Math.Max(oldest, cameras[index].Age);
        }
        Say("seen", seen);
        Say("oldest is at most 0.16", oldest <= 0.16f);
    }

    /// A picture of several blocks, each byte of which has its own value.
    static void Png()
    {
        const int width = 301, height = 203;
        var pixels = new byte[4 * width * height];
        for (int at = 0; at < pixels.Length; at++) pixels[at] = (byte)(at * 7 + at / 251);
        byte[] png = new byte[10];
        int length = PngWriter.Write(pixels, width, height, ref png);
        Say("png", Convert.ToBase64String(png, 0, length));
        var first = png;
        PngWriter.Write(pixels, width, height, ref png);
        Say("array used again", ReferenceEquals(first, png));
    }

    static int Renders(UnityEngine.Camera[] lenses)
    {
        int renders = 0;
        foreach (var lens in lenses) renders += lens.Renders;
        return renders;
    }

    // ---------------------------------------------------------------------------------------------- bodies

    static void Decide(INpcBody body, NpcAction action)
    {
        body.Begin(action);
        for (int step = 0; step < 5; step++)
        {
            Player.Step();
            body.Tick(0.02f);
        }
    }

    static void SayPlace(string name, INpcBody body)
    {
        var feet = body.Feet;
        Say(name, feet.x.ToString("F3") + " " + feet.y.ToString("F3") + " " + feet.z.ToString("F3") + " " + (body.Yaw * Mathf.Rad2Deg).ToString("F1") + " " + body.WasBumped);
    }

    static NpcAction Walk(Move move, Turn turn = Turn.None) { return new NpcAction(move, turn, Look.Level); }

    static void Walker()
    {
        Box(0, -0.5f, 0, 60, 1, 60);
        var npc = MakeNpc(0, 0);
        var controller = npc.gameObject.AddComponent<CharacterController>();
        controller.radius = Contract.BodyRadius;
        controller.height = Contract.BodyHeight;
        controller.center = new Vector3(0, Contract.BodyHeight / 2, 0);
        var body = npc.gameObject.AddComponent<CharacterControllerBody>();
        Decide(body, NpcAction.Idle);
        for (int decision = 0; decision < 10; decision++) Decide(body, Walk(Move.Walk));
        SayPlace("ten decisions ahead", body);
        Decide(body, Walk(Move.Walk, Turn.Right30));
        SayPlace("one along the turn", body);
        Decide(body, Walk(Move.Run, Turn.Left10));
        SayPlace("one run", body);
        Decide(body, Walk(Move.Stay, Turn.Left10));
        Decide(body, Walk(Move.Back, Turn.Left10));
        SayPlace("one back", body);
        Decide(body, Walk(Move.StrafeLeft));
        Decide(body, Walk(Move.StrafeRight));
        Decide(body, Walk(Move.StrafeRight));
        SayPlace("a sidestep to the right", body);
        body.Begin(Walk(Move.Jump));
        float highest = 0;
        int air = 0;
        for (int step = 0; step < 60; step++)
        {
            if (step == 5) body.Begin(NpcAction.Idle);
            Player.Step();
            body.Tick(0.02f);
            highest = Math.Max(highest, body.Feet.y);
            if (!body.IsGrounded) air++;
        }
        Say("jump", highest.ToString("F2") + " " + (air * 0.02f).ToString("F2") + " " + body.IsGrounded);
        var at = body.Feet;
        Box(at.x, 1.5f, at.z + 1, 4, 3, 0.2f);
        for (int decision = 0; decision < 12; decision++) Decide(body, Walk(Move.Walk));
        Say("stopped by the wall", (body.Feet.z - at.z).ToString("F2") + " " + body.WasBumped);
        body.Begin(new NpcAction(Move.Stay, Turn.None, Look.Up));
        Say("eyes", (body.Pitch * Mathf.Rad2Deg).ToString("F0") + " " + body.Eyes.forward.y.ToString("F3") + " " + (body.Eyes.position.y - body.Feet.y).ToString("F2"));
        Say("can", body.CanGo + " " + body.CanJump);
    }

    static void Acts()
    {
        var npc = MakeNpc(0, 0);
        npc.gameObject.AddComponent<CharacterController>();
        var animator = npc.gameObject.AddComponent<Animator>();
        animator.StubParameters = new[] { new AnimatorControllerParameter { name = "act" }, new AnimatorControllerParameter { name = "speed" } };
        var body = npc.gameObject.AddComponent<CharacterControllerBody>();
        body.ActSeconds = 0.15f;
        var target = new GameObject("vase").AddComponent<SceneEntity>();
        var take = new NpcAction(Move.Stay, Turn.None, Look.Level, Act.Take, target);
        body.Begin(take);
        Say("begun", body.State + " " + animator.GetFloat("act"));
        body.Tick(0.1f);
        Say("later", body.State);
        body.Begin(take);
        body.Tick(0.06f);
        Say("done", body.State + " " + animator.GetFloat("act"));
        body.Begin(NpcAction.Idle);
        Say("idle", body.State);
        body.Begin(take);
        body.Fail(Reason.Refused);
        body.Tick(0.5f);
        Say("failed", body.State + " " + body.Failure);
        body.Begin(take);
        Say("anew", body.State + " " + body.Failure);
        body.Stop();
        Say("stopped", body.State + " " + animator.GetFloat("act"));
        body.Begin(Walk(Move.Walk));
        body.Tick(0.1f);
        Say("speed", animator.GetFloat("speed").ToString("F2"));
        body.Begin(Walk(Move.Stay, Turn.Right30));
        body.Tick(0.04f);
        Say("turning", (body.Yaw * Mathf.Rad2Deg).ToString("F1"));
    }

    static void Goer()
    {
        var npc = MakeNpc(0, 0);
        npc.gameObject.AddComponent<NavMeshAgent>();
        var body = npc.gameObject.AddComponent<NavMeshBody>();
        var failures = "";
        body.MoveFailed += (who, failure) => failures += failure + " ";
        var target = new GameObject("vase").AddComponent<SceneEntity>();
        target.transform.position = new Vector3(3, 0, 4);
        target.Size = new Vector3(0.4f, 1, 0.2f);
        var go = new NpcAction(Move.Go, Turn.None, Look.Level, Act.None, target);
        int decisions = 0;
        do { Decide(body, go); decisions++; } while (body.IsGoing && decisions < 100);
        Say("arrived after", (decisions * 0.1f).ToString("F1"));
        Say("distance", (target.Position - body.Feet).magnitude.ToString("F2"));
        Decide(body, go);
        Say("facing", (body.Yaw * Mathf.Rad2Deg).ToString("F0") + " " + body.IsGoing + " " + body.State);
        NavMesh.StubWalkable = point => point.x < 5;
        target.transform.position = new Vector3(9, 0, 0);
        Decide(body, go);
        Say("no path", body.MoveFailure + " " + body.State + " " + body.Failure + " " + body.WasBumped);
        Decide(body, new NpcAction(Move.Go, Turn.None, Look.Level));
        Say("no target", body.MoveFailure + " " + body.Failure);
        target.transform.position = new Vector3(-9, 0, 0);
        npc.GetComponent<NavMeshAgent>().isStopped = true;
        for (decisions = 0; decisions < 25; decisions++) { Decide(body, go); if (body.MoveFailure != MoveFailure.None) break; }
        Say("blocked", body.MoveFailure + " " + body.Failure + " " + (decisions * 0.1f).ToString("F1"));
        npc.GetComponent<NavMeshAgent>().isStopped = false;
        Decide(body, go);
        Decide(body, Walk(Move.Back));
        Say("another move ends it", body.IsGoing + " " + body.MoveFailure);
        Say("can", body.CanGo + " " + body.CanJump);
        Say("failures", failures.Trim());
    }

    // ----------------------------------------------------------------------------------------------- voice

    static void Voice()
    {
        Microphone.StubVoice = seconds => (float)(0.2 * Math.Sin(2 * Math.PI * 300 * seconds));
        var link = (KeepingLink)NpcLinks.Current;
        var npc = MakeNpc(0, 0);
        MakeNpc(40, 0);
        var ears = npc.gameObject.AddComponent<HeedfulEars>();
        var holder = new GameObject("player");
        holder.transform.position = new Vector3(2, 0, 0);
        holder.AddComponent<SceneEntity>();
        holder.AddComponent<HeedfulSound>();
        var player = holder.AddComponent<HeedfulPlayer>();
        int samples = 0, chunks = 0, ended = 0;
        float loudest = 0;
        player.VoiceTaken += (chunk, count) =>
        {
            samples += count;
            chunks++;
            for (int sample = 0; sample < count; sample++) loudest = Math.Max(loudest, Math.Abs(chunk[sample]));
        };
        player.VoiceEnded += () => ended++;
        string said = "nothing";
        HeedfulSpeech.Spoken += utterance => said = utterance.Text + "|" + (utterance.Speaker == player.Entity);
        player.Say("  ");
        Say("blank", said);
        player.Say(" hello there ");
        Say("said", said);
        Steps(1); // NPCs find their link
        player.Language = "en";
        Say("talking", player.StartTalking(npc.Entity) + " " + player.IsTalking);
        Steps(53);
        SayLoudness("heard on the right", ears, npc);
        player.StopTalking();
        Say("voice", samples + " " + chunks + " " + ended + " " + loudest.ToString("F2") + " " + player.IsTalking);
        Say("slot", npc.Slots.Find(player.Entity) > 0);
        Say("pieces", link.Sent.Count);
        Say("first", link.Sent[0]);
        Say("second", link.Sent[1]);
        Say("last", link.Sent[link.Sent.Count - 1]);
        Microphone.StubDevices = new string[0];
        Say("without a microphone", player.StartTalking() + " " + Player.Warnings);
    }

    /// While the game is paused, NPCs of a live link hear on, and no frame twice.
    static void Paused()
    {
        var npc = MakeNpc(0, 0);
        var ears = npc.gameObject.AddComponent<HeedfulEars>();
        var phone = new GameObject("phone").AddComponent<HeedfulSound>();
        phone.transform.position = new Vector3(-2, 0, 0);
        var rise = new float[16000];
        for (int sample = 0; sample < rise.Length; sample++) rise[sample] = sample;
        phone.AddWave("rise", rise);
        phone.Play("rise");
        Time.timeScale = 0;
        Steps(10);
        ears.Render(npc, audio);
        Steps(5);
        ears.Render(npc, audio);
        float before = audio[1599];
        Steps(5);
        ears.Render(npc, audio);
        Say("rises", audio[0] > 0 && Math.Abs(audio[0] / before - 1) < 0.01f);
    }
}
