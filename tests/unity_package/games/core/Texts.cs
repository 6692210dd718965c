// Words against Python's, and JSON there and back.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Heedful;

static class WordsCheck
{
    public static void Run(string golden)
    {
        JsonReader.TryRead(File.ReadAllText(golden), out var read);
        foreach (Dictionary<string, object> entry in (List<object>)read)
        {
            var text = (string)entry["text"];
            var words = string.Join("|", Words.Split(text));
            var wanted = string.Join("|", ((List<object>)entry["words"]).Cast<string>());
            if (words != wanted)
                Core.Say("words of " + text.Trim(), words + " instead of " + wanted);
            var row = new float[Contract.MaxWords];
            var count = Words.EncodeWords(text, row, 0, row.Length);
            var ids = ((List<object>)entry["ids"]).Select(id => (float)(double)id).ToArray();
            if (count != ids.Length || !row.Take(count).SequenceEqual(ids) || row.Skip(count).Any(id => id != 0f))
                Core.Say("ids of " + text.Trim(), string.Join(" ", row));
            Compare(text, (List<object>)entry["bag"]);
            Compare(text, (List<object>)entry["class_bag"]);
        }
        Core.Say("texts", ((List<object>)read).Count);
    }

    static void Compare(string text, List<object> wanted)
    {
        var bag = new float[wanted.Count];
        Words.EncodeBag(text, bag, 0, bag.Length);
        for (var index = 0; index < bag.Length; index++)
            if (Math.Abs(bag[index] - (double)wanted[index]) > 2e-6)
                Core.Say("bag of " + text.Trim(), index + " is " + bag[index] + " instead of " + wanted[index]);
    }
}

static class JsonCheck
{
    public static void Run()
    {
        var json = new JsonWriter().BeginObject().Name("a").Number(1).Name("b").BeginArray().Number(0.1f)
            .Number(float.NaN).Flag(true).Text("q\"\\\n\u0001\ud83d\ude42\ud83d").EndArray().Name("c").BeginObject()
            .EndObject().EndObject().ToString();
        Core.Say("written", json);
        var members = JsonReader.ReadObject(json);
        var list = (List<object>)members["b"];
        Core.Say("read", members["a"] + " " + list[0] + " " + (list[1] ?? "null") + " " + list[2]);
        Core.Say("text survives", (string)list[3] == "q\"\\\n\u0001\ud83d\ude42\ud83d");
        var parts = new List<KeyValuePair<string, string>>();
        Core.Say("split", JsonReader.TrySplit(" { \"7\" : [1, {\"x\":2}] , \"8\":\"y\"} ", parts)
            + " " + string.Join(";", parts.Select(part => part.Key + "=" + part.Value)));
        foreach (var wrong in new[] { "", "{", "[1,]", "{\"a\"}", "nul", "1 2", "\"\\x\"", "\"\\u12\"",
            new string('[', 100000), "-", "{\"a\":1,}", "\"a\nb\"" })
            if (JsonReader.TryRead(wrong, out var value))
                Core.Say("taken for JSON", wrong);
    }
}
