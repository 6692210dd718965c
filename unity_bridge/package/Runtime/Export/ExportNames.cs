using System.Collections.Generic;
using System.Text;

namespace Heedful
{
    /// <summary>Ids and names of a scene file: ids are letters, digits and _ only, and each is there once.</summary>
    internal sealed class ExportNames
    {
        private const int LongestName = 60;

        private readonly Dictionary<SceneThing, string> ids = new Dictionary<SceneThing, string>();
        private readonly HashSet<string> takenIds = new HashSet<string>();
        private readonly HashSet<string> takenNames = new HashSet<string>();

        /// <summary>The id of a thing; made of its key when first asked for.</summary>
        public string IdOf(SceneThing thing)
        {
            if (!ids.TryGetValue(thing, out string id))
            {
                ids[thing] = id = MakeId(thing.Key, thing.ClassName, IsNpc(thing));
            }

            return id;
        }

        /// <summary>An id that nothing has yet.</summary>
        /// <param name="wanted">What it is to be like.</param>
        /// <param name="otherwise">What it is to be like when that has no letter.</param>
        /// <param name="isNpc">Whether it is that of a controlled NPC: "npc_1" is for these alone.</param>
        public string MakeId(string wanted, string otherwise, bool isNpc = false)
        {
            string start = Clean(wanted);
            if (start.Length == 0)
            {
                start = Clean(otherwise);
            }

            if (start.Length == 0)
            {
                start = "thing";
            }

            if (!isNpc && start.StartsWith("npc_"))
            {
                start = "person_" + start.Substring(4);
            }

            string id = start;
            for (int number = 2; !takenIds.Add(id); number++)
            {
                id = start + "_" + number;
            }

            return id;
        }

        /// <summary>A name that nothing has yet: what the thing is called in sentences.</summary>
        public string NameOf(SceneThing thing)
        {
            bool isNamed = thing.DisplayName != "the " + thing.ClassName;
            string start = Shorten(isNamed ? thing.DisplayName : thing.Key);
            string name = start;
            for (int number = 2; !takenNames.Add(name.ToLowerInvariant()); number++)
            {
                name = start + " " + number;
            }

            return name;
        }

        private static bool IsNpc(SceneThing thing)
        {
            return thing.GetComponent<HeedfulNpc>() != null;
        }

        private static string Shorten(string name)
        {
            string trimmed = name.Trim();
            return trimmed.Length > LongestName - 4 ? trimmed.Substring(0, LongestName - 4) : trimmed;
        }

        private static string Clean(string wanted)
        {
            var clean = new StringBuilder();
            foreach (char letter in wanted)
            {
                bool isLetter = letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z';
                bool isDigit = letter >= '0' && letter <= '9';
                if (isLetter || isDigit && clean.Length > 0)
                {
                    clean.Append(letter);
                }
                else if (clean.Length > 0 && clean[clean.Length - 1] != '_')
                {
                    clean.Append('_');
                }
            }

            return clean.ToString().TrimEnd('_');
        }
    }
}
