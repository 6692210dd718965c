using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>The fields of one record of a scene file; errors name the field with its path.</summary>
    internal readonly struct SceneFields
    {
        private readonly Dictionary<string, object> members;
        private readonly string path;

        public SceneFields(Dictionary<string, object> members, string path)
        {
            this.members = members;
            this.path = path;
        }

        /// <summary>Whether a field is there and not null.</summary>
        public bool Has(string name)
        {
            return members.TryGetValue(name, out object value) && value != null;
        }

        /// <summary>A text that must be there.</summary>
        public string Text(string name)
        {
            return Text(name, null) ?? throw Wrong(name, "is missing");
        }

        /// <summary>A text, or what stands for it.</summary>
        public string Text(string name, string otherwise)
        {
            return !Has(name) ? otherwise : members[name] as string ?? throw Wrong(name, "must be text");
        }

        /// <summary>True or false; false when it is not there.</summary>
        public bool Flag(string name)
        {
            return Has(name) && (members[name] is bool value ? value : throw Wrong(name, "must be true or false"));
        }

        /// <summary>A number, or what stands for it.</summary>
        public float Number(string name, float otherwise)
        {
            return !Has(name) ? otherwise : AsNumber(name, members[name]);
        }

        /// <summary>(x, z) that must be there.</summary>
        public Vector2 Point(string name)
        {
            float[] values = Numbers(name, 2);
            return new Vector2(values[0], values[1]);
        }

        /// <summary>So many numbers, which must be there.</summary>
        public float[] Numbers(string name, int count)
        {
            if (!Has(name))
            {
                throw Wrong(name, "is missing");
            }

            if (!(members[name] is List<object> items) || items.Count != count)
            {
                throw Wrong(name, "must be a list of " + count + " numbers");
            }

            var values = new float[count];
            for (int i = 0; i < count; i++)
            {
                values[i] = AsNumber(name, items[i]);
            }

            return values;
        }

        /// <summary>Red, green, blue, or what stands for them.</summary>
        public Color32 Color(string name, Color32 otherwise)
        {
            if (!Has(name))
            {
                return otherwise;
            }

            float[] values = Numbers(name, 3);
            return new Color32((byte)values[0], (byte)values[1], (byte)values[2], 255);
        }

        /// <summary>A list of texts; null when it is not there.</summary>
        public string[] Texts(string name)
        {
            if (!Has(name))
            {
                return null;
            }

            if (!(members[name] is List<object> items))
            {
                throw Wrong(name, "must be a list of texts");
            }

            var texts = new string[items.Count];
            for (int i = 0; i < texts.Length; i++)
            {
                texts[i] = items[i] as string ?? throw Wrong(name, "must be a list of texts");
            }

            return texts;
        }

        /// <summary>A list of records; empty when it is not there.</summary>
        public List<SceneFields> Records(string name)
        {
            var records = new List<SceneFields>();
            if (!Has(name))
            {
                return records;
            }

            if (!(members[name] is List<object> items))
            {
                throw Wrong(name, "must be a list");
            }

            for (int i = 0; i < items.Count; i++)
            {
                string at = path + name + "[" + i + "]";
                records.Add(items[i] is Dictionary<string, object> record
                    ? new SceneFields(record, at + ".")
                    : throw new SceneFileException(Sentence(at, "must be fields in braces")));
            }

            return records;
        }

        /// <summary>The error about a field.</summary>
        public SceneFileException Wrong(string name, string what)
        {
            return new SceneFileException(Sentence(path + name, what));
        }

        private static string Sentence(string field, string what)
        {
            return "Field '" + field + "' of the scene " + what + ": `heedful scene validate FILE.json` says more.";
        }

        private float AsNumber(string name, object value)
        {
            return value is double number ? (float)number : throw Wrong(name, "must be a number");
        }
    }
}
