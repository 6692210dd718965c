using System.Collections.Generic;
using System.Globalization;

namespace Heedful
{
    /// <summary>An NPC's channel messages that wait for the next exchange, in order.</summary>
    internal sealed class Outbox
    {
        private static readonly Dictionary<int, string> names = new Dictionary<int, string>();
        private readonly List<KeyValuePair<string, string>> entries = new List<KeyValuePair<string, string>>();

        /// <summary>A number as a JSON name; made once.</summary>
        public static string NameOf(int number)
        {
            if (!names.TryGetValue(number, out var name))
                names[number] = name = number.ToString(CultureInfo.InvariantCulture);
            return name;
        }

        public void Add(string channel, string entry)
        {
            entries.Add(new KeyValuePair<string, string>(channel, entry));
        }

        public bool IsEmpty(string channel)
        {
            for (var index = 0; index < entries.Count; index++)
                if (entries[index].Key == channel)
                    return false;
            return true;
        }

        /// <summary>Writes a channel's entries as an array and forgets them.</summary>
        public void Write(string channel, JsonWriter json)
        {
            json.BeginArray();
            var kept = 0;
            for (var index = 0; index < entries.Count; index++)
            {
                if (entries[index].Key == channel)
                    json.Raw(entries[index].Value);
                else
                    entries[kept++] = entries[index];
            }
            entries.RemoveRange(kept, entries.Count - kept);
            json.EndArray();
        }
    }
}
