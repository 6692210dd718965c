// Says what the stub engine does, line by line ("name: value"), for test_stubs.py.
using System;
using System.Globalization;
using System.Threading;
using StubEngine;
using UnityEngine;
using UnityEngine.AI;

/// Adds up what it gets on the audio thread.
class Listener : MonoBehaviour
{
    public float Sum;
    public int Thread, Samples;
    void OnAudioFilterRead(float[] data, int channels)
    {
        Thread = Environment.CurrentManagedThreadId;
        foreach (var sample in data) Sum += sample;
        Samples += data.Length / channels;
    }
}

static class Engine
{
    static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Player.Boot();
        if (args[0] == "threads") Threads(); else World();
        return 0;
    }

    static void Say(string name, object value) { Console.WriteLine(name + ": " + value); }

    static void World()
    {
        var floor = GameObject.CreatePrimitive(PrimitiveType.Cube);
        floor.transform.position = new Vector3(0, -0.5f, 0);
        floor.transform.localScale = new Vector3(40, 1, 40);
        var wall = GameObject.CreatePrimitive(PrimitiveType.Cube);
        wall.transform.position = new Vector3(0, 1.5f, 3);
        wall.transform.localScale = new Vector3(4, 3, 0.2f);
        RaycastHit hit;
        Say("ray at the wall", Physics.Raycast(new Vector3(0, 1, 0), Vector3.forward, out hit, 10) ? hit.distance.ToString("F3") : "nothing");
        Say("ray past the wall", Physics.Raycast(new Vector3(2.1f, 1, 0), Vector3.forward, 10));
        Say("ray too short", Physics.Raycast(new Vector3(0, 1, 0), Vector3.forward, 2.8f));
        wall.transform.rotation = Quaternion.Euler(0, 90, 0);
        Say("ray at the turned wall", Physics.Raycast(new Vector3(0, 1, 0), Vector3.forward, out hit, 10) ? hit.distance.ToString("F3") : "nothing");
        Say("ray past the turned wall", Physics.Raycast(new Vector3(0.2f, 1, 0), Vector3.forward, 10));
        wall.transform.rotation = Quaternion.identity;

        var walker = new GameObject("walker");
        walker.transform.position = new Vector3(0, 0, 0);
        var body = walker.AddComponent<CharacterController>();
        body.radius = 0.22f; body.height = 1.7f; body.center = new Vector3(0, 0.85f, 0);
        for (int i = 0; i < 200; i++) body.Move(new Vector3(0.01f, -0.05f, 0.03f));
        Say("walker slid along the wall", walker.transform.position.x.ToString("F2") + " " + walker.transform.position.y.ToString("F2") + " " + walker.transform.position.z.ToString("F2"));
        Say("walker is grounded", body.isGrounded);

        var agent = new GameObject("agent").AddComponent<NavMeshAgent>();
        agent.transform.position = new Vector3(-5, 0, -5);
        agent.speed = 2;
        agent.SetDestination(new Vector3(-5, 0, -2));
        for (int i = 0; i < 50; i++) Player.Step();
        Say("agent after a second", agent.transform.position.z.ToString("F2") + " " + agent.remainingDistance.ToString("F2"));
        for (int i = 0; i < 50; i++) Player.Step();
        Say("agent has arrived", agent.transform.position.z.ToString("F2") + " " + agent.hasPath);

        var clip = AudioClip.Create("ones", 8000, 1, 16000, false);
        var ones = new float[8000];
        for (int i = 0; i < ones.Length; i++) ones[i] = 1;
        clip.SetData(ones, 0);
        var speaker = new GameObject("speaker");
        var source = speaker.AddComponent<AudioSource>();
        var listener = speaker.AddComponent<Listener>();
        source.clip = clip; source.volume = 0.5f;
        source.Play();
        for (int i = 0; i < 50; i++) Player.Step();
        Say("sound of half a second", listener.Sum.ToString("F0") + " " + source.isPlaying);
        Say("sound runs on a thread of its own", listener.Thread != Environment.CurrentManagedThreadId);

        float time = Time.time, unscaled = Time.unscaledTime;
        Time.timeScale = 0;
        for (int i = 0; i < 50; i++) Player.Step();
        Say("a paused second", (Time.time - time).ToString("F2") + " " + (Time.unscaledTime - unscaled).ToString("F2"));
        Time.timeScale = 1;

        Microphone.StubVoice = seconds => seconds < 0.5 ? 0.25f : 0.75f;
        var recording = Microphone.Start(null, true, 2, 16000);
        for (int i = 0; i < 50; i++) Player.Step();
        var heard = new float[16000];
        recording.GetData(heard, 0);
        Say("microphone", Microphone.GetPosition(null) + " " + heard[100] + " " + heard[15000]);
    }

    static void Threads()
    {
        var cube = GameObject.CreatePrimitive(PrimitiveType.Cube);
        cube.AddComponent<AudioSource>();
        Try("Debug.Log", () => Debug.Log("from another thread"));
        Try("Mathf", () => Mathf.Sin(1));
        Try("compare", () => { if (cube == null) throw new Exception("gone"); });
        Try("position", () => cube.transform.position = Vector3.one);
        Try("new GameObject", () => new GameObject("late"));
        Try("GetComponent", () => cube.GetComponent<AudioSource>());
        Try("Time.time", () => { var now = Time.time; });
        Try("Time.unscaledTime", () => { var now = Time.unscaledTime; });
        Try("Raycast", () => Physics.Raycast(Vector3.zero, Vector3.forward, 1));
        Try("Random", () => { var value = UnityEngine.Random.value; });
        Try("AudioClip", () => AudioClip.Create("clip", 10, 1, 16000, false));
        Try("Destroy", () => UnityEngine.Object.Destroy(cube));
        Try("name", () => { var name = cube.name; });
        Say("violations", MainThread.Violations);
    }

    static void Try(string what, Action action)
    {
        string answer = "allowed";
        var thread = new Thread(() =>
        {
            try { action(); }
            catch (UnityException) { answer = "refused"; }
        });
        thread.Start();
        thread.Join();
        Say(what, answer);
    }
}
