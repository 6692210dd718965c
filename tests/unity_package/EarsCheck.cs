// Lets the package's ears hear what a test says, outside Unity: the Ears folder's files that call nothing of
// Unity are compiled with this one. Lines come in on standard input; samples go out as float32 on standard output.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Heedful;

public static class EarsCheck
{
    static readonly List<ClipWaveform> waves = new List<ClipWaveform>();
    static BinauralMixer mixer = new BinauralMixer(1);

    public static int Main()
    {
        var output = new BinaryWriter(Console.OpenStandardOutput());
        var audio = new float[Contract.AudioSize];
        string line;
        while ((line = Console.ReadLine()) != null)
        {
            string[] words = line.Split(' ');
            switch (words[0])
            {
                case "wave": // FILE
                    waves.Add(new ClipWaveform(ReadSamples(words[1]), true));
                    waves[waves.Count - 1].Start(-1000000000L * Contract.SampleRate);
                    break;
                case "forget":
                    mixer.Forget();
                    break;
                case "begin": // x z yaw end
                    Listener ears;
                    ears.X = Number(words[1]);
                    ears.Z = Number(words[2]);
                    ears.Yaw = Number(words[3]);
                    mixer.Begin(ears, long.Parse(words[4]));
                    break;
                case "add": // source wave x z walls
                    mixer.Add(int.Parse(words[1]), waves[int.Parse(words[2])], Number(words[3]), Number(words[4]), int.Parse(words[5]));
                    break;
                case "finish":
                    mixer.Finish(audio);
                    Write(output, audio, audio.Length);
                    break;
                case "resample": // FILE rate channels chunk: 0 for all at once
                    Resample(output, ReadSamples(words[1]), int.Parse(words[2]), int.Parse(words[3]), int.Parse(words[4]));
                    break;
                case "stream": // FILE chunk
                    Stream(output, ReadSamples(words[1]), int.Parse(words[2]));
                    break;
                case "allocate": // how many bytes a thousand frames allocate
                    Write(output, new[] { Allocated(audio) }, 1);
                    break;
                default:
                    throw new InvalidDataException("what is " + line);
            }
        }
        output.Flush();
        return 0;
    }

    static void Resample(BinaryWriter output, float[] samples, int rate, int channels, int chunk)
    {
        if (chunk == 0)
        {
            float[] converted = Resampler.Convert(samples, channels, rate);
            Write(output, converted, converted.Length);
            return;
        }
        var resampler = new Resampler(rate, 64);
        var part = new float[chunk * channels];
        for (int start = 0; start + part.Length <= samples.Length; start += part.Length)
        {
            Array.Copy(samples, start, part, 0, part.Length);
            int made = resampler.Push(part, channels, part.Length);
            Write(output, resampler.Output, made);
        }
    }

    static void Stream(BinaryWriter output, float[] samples, int chunk)
    {
        var stream = new StreamWaveform { Gain = 0.5f };
        var part = new float[chunk];
        var window = new float[Acoustics.WindowSamples];
        for (int start = 0; start + chunk <= samples.Length; start += chunk)
        {
            Array.Copy(samples, start, part, 0, chunk);
            stream.Write(part, chunk);
            stream.Read(0, window);
            Write(output, window, window.Length);
        }
        System.Threading.Thread.Sleep(300);
        if (stream.IsRunning)
            throw new InvalidOperationException("a stream without samples runs on");
        stream.Read(0, window);
        Write(output, window, window.Length);
    }

    static float Allocated(float[] audio)
    {
        long before = 0;
        for (int frame = 0; frame < 1010; frame++)
        {
            if (frame == 10)
                before = GC.GetTotalMemory(true);
            Listener ears;
            ears.X = ears.Yaw = 0.01f * frame;
            ears.Z = 0f;
            mixer.Begin(ears, frame * Contract.EarSamples);
            mixer.Add(0, waves[0], 2f, 0f, frame % 4);
            if (frame % 3 != 0)
                mixer.Add(1, waves[1], -2f, 1f, 1);
            mixer.Finish(audio);
        }
        return GC.GetTotalMemory(false) - before;
    }

    static float Number(string word)
    {
        return float.Parse(word, CultureInfo.InvariantCulture);
    }

    static float[] ReadSamples(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        var samples = new float[bytes.Length / 4];
        Buffer.BlockCopy(bytes, 0, samples, 0, bytes.Length);
        return samples;
    }

    static void Write(BinaryWriter output, float[] samples, int count)
    {
        for (int sample = 0; sample < count; sample++)
            output.Write(samples[sample]);
    }
}
