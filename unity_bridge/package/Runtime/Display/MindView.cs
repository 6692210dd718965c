using System.Collections.Generic;
using System.Globalization;

namespace Heedful
{
    /// <summary>How much attention an NPC pays to something.</summary>
    public readonly struct Attended
    {
        /// <summary>What it pays attention to, as a slot of that NPC.</summary>
        public readonly int Slot;

        /// <summary>How much, 0 to 1.</summary>
        public readonly float Weight;

        /// <summary>Makes a pair.</summary>
        public Attended(int slot, float weight)
        {
            Slot = slot;
            Weight = weight;
        }
    }

    /// <summary>Where an NPC believes something to be.</summary>
    public readonly struct Believed
    {
        /// <summary>What the belief is about, as a slot of that NPC.</summary>
        public readonly int Slot;

        /// <summary>The place or thing where it is believed to be, as a slot of that NPC.</summary>
        public readonly int Where;

        /// <summary>How sure the NPC is, 0 to 1.</summary>
        public readonly float Certainty;

        /// <summary>Makes a belief.</summary>
        public Believed(int slot, int where, float certainty)
        {
            Slot = slot;
            Where = where;
            Certainty = certainty;
        }
    }

    /// <summary>
    /// What the server shows of a mind, read from the mind channel: {"strategy", "reason", "competence",
    /// "attention": [[slot, weight], ...], "belief": [[slot, where, certainty], ...]}. All of it is for
    /// display, any of it may be missing, and unknown keys are passed over.
    /// </summary>
    public sealed class MindView
    {
        private readonly List<Attended> attention = new List<Attended>();
        private readonly List<Believed> belief = new List<Believed>();

        /// <summary>What the mind does now, such as policy, route or ask; empty before it said so.</summary>
        public string Strategy { get; private set; } = "";

        /// <summary>Why it does that.</summary>
        public string Reason { get; private set; } = "";

        /// <summary>Its estimate that this goes well, 0 to 1; NaN before it said so.</summary>
        public float Competence { get; private set; } = float.NaN;

        /// <summary>What it pays attention to.</summary>
        public IReadOnlyList<Attended> Attention { get { return attention; } }

        /// <summary>What it believes.</summary>
        public IReadOnlyList<Believed> Belief { get { return belief; } }

        /// <summary>Strategy and competence on one line and the reason on another; made by Read.</summary>
        public string Text { get; private set; } = "";

        /// <summary>Reads a message; one that is no object leaves everything as it was.</summary>
        /// <returns>Whether it was an object.</returns>
        public bool Read(string json)
        {
            Dictionary<string, object> members = JsonReader.ReadObject(json);
            if (members == null)
            {
                return false;
            }

            Strategy = TextOf(members, "strategy");
            Reason = TextOf(members, "reason");
            Competence = members.TryGetValue("competence", out object value) && value is double number
                ? (float)number
                : float.NaN;
            attention.Clear();
            foreach (List<object> row in RowsOf(members, "attention", 2))
            {
                attention.Add(new Attended(Whole(row[0]), Number(row[1])));
            }

            belief.Clear();
            foreach (List<object> row in RowsOf(members, "belief", 3))
            {
                belief.Add(new Believed(Whole(row[0]), Whole(row[1]), Number(row[2])));
            }

            Text = Describe();
            return true;
        }

        private string Describe()
        {
            string line = float.IsNaN(Competence)
                ? Strategy
                : Strategy + " (" + Competence.ToString("P0", CultureInfo.InvariantCulture) + ")";
            return Reason.Length > 0 ? line + "\n" + Reason : line;
        }

        private static string TextOf(Dictionary<string, object> members, string name)
        {
            return members.TryGetValue(name, out object value) && value is string text ? text : "";
        }

        private static IEnumerable<List<object>> RowsOf(Dictionary<string, object> members, string name, int length)
        {
            if (!members.TryGetValue(name, out object value) || !(value is List<object> rows))
            {
                yield break;
            }

            foreach (object each in rows)
            {
                if (each is List<object> row && row.Count >= length && row.TrueForAll(item => item is double))
                {
                    yield return row;
                }
            }
        }

        private static int Whole(object value)
        {
            double number = (double)value;
            return number >= 0 && number < Contract.Slots ? (int)number : 0;
        }

        private static float Number(object value)
        {
            return (float)(double)value;
        }
    }
}
