using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Heedful
{
    /// <summary>
    /// Reads JSON that came from a server: objects become Dictionary, arrays List, numbers double, the rest
    /// string, bool and null. Wrong or too deep JSON is refused, never an error of another kind.
    /// </summary>
    public sealed class JsonReader
    {
        private const int MostDepth = 32;
        private readonly string json;
        private int position;

        private JsonReader(string json)
        {
            this.json = json;
        }

        /// <summary>Reads one value.</summary>
        /// <returns>False when it is no JSON.</returns>
        public static bool TryRead(string json, out object value)
        {
            value = null;
            try
            {
                var reader = new JsonReader(json);
                value = reader.Value(0);
                reader.Space();
                return reader.position == json.Length;
            }
            catch (FormatException)
            {
                return false;
            }
        }

        /// <summary>Reads an object; null when it is none.</summary>
        public static Dictionary<string, object> ReadObject(string json)
        {
            return TryRead(json, out var value) ? value as Dictionary<string, object> : null;
        }

        /// <summary>
        /// Splits an object into the JSON of its members, without reading these.
        /// </summary>
        /// <returns>False when it is no object.</returns>
        public static bool TrySplit(string json, List<KeyValuePair<string, string>> members)
        {
            members.Clear();
            try
            {
                var reader = new JsonReader(json);
                reader.Members(0, (name, start, end) =>
                    members.Add(new KeyValuePair<string, string>(name, json.Substring(start, end - start))));
                reader.Space();
                return reader.position == json.Length;
            }
            catch (FormatException)
            {
                return false;
            }
        }

        private object Value(int depth)
        {
            if (depth > MostDepth)
                throw new FormatException();
            switch (Peek())
            {
                case '{':
                    return ReadObject(depth);
                case '[':
                    return ReadArray(depth);
                case '"':
                    return ReadText();
                case 't':
                    return Word("true", true);
                case 'f':
                    return Word("false", false);
                case 'n':
                    return Word("null", null);
                default:
                    return ReadNumber();
            }
        }

        private Dictionary<string, object> ReadObject(int depth)
        {
            var members = new Dictionary<string, object>();
            Take('{');
            if (Peek() == '}')
            {
                position++;
                return members;
            }
            do
            {
                Peek();
                var name = ReadText();
                Take(':');
                members[name] = Value(depth + 1);
            }
            while (More('}'));
            return members;
        }

        private void Members(int depth, Action<string, int, int> found)
        {
            Take('{');
            if (Peek() == '}')
            {
                position++;
                return;
            }
            do
            {
                Peek();
                var name = ReadText();
                Take(':');
                Peek();
                var start = position;
                Value(depth + 1);
                found(name, start, position);
            }
            while (More('}'));
        }

        private List<object> ReadArray(int depth)
        {
            var items = new List<object>();
            Take('[');
            if (Peek() == ']')
            {
                position++;
                return items;
            }
            do
                items.Add(Value(depth + 1));
            while (More(']'));
            return items;
        }

        private string ReadText()
        {
            Take('"');
            var text = new StringBuilder();
            while (true)
            {
                var letter = Next();
                if (letter == '"')
                    return text.ToString();
                if (letter == '\\')
                    letter = Escaped(Next());
                else if (letter < ' ')
                    throw new FormatException();
                text.Append(letter);
            }
        }

        private char Escaped(char letter)
        {
            switch (letter)
            {
                case 'n':
                    return '\n';
                case 'r':
                    return '\r';
                case 't':
                    return '\t';
                case 'b':
                    return '\b';
                case 'f':
                    return '\f';
                case '"':
                case '\\':
                case '/':
                    return letter;
                case 'u':
                    if (position + 4 > json.Length || !ushort.TryParse(json.Substring(position, 4),
                            NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                        throw new FormatException();
                    position += 4;
                    return (char)code;
                default:
                    throw new FormatException();
            }
        }

        private object ReadNumber()
        {
            var start = position;
            while (position < json.Length && "+-.eE0123456789".IndexOf(json[position]) >= 0)
                position++;
            if (!double.TryParse(json.Substring(start, position - start), NumberStyles.Float,
                    CultureInfo.InvariantCulture, out var number))
                throw new FormatException();
            return number;
        }

        private object Word(string word, object value)
        {
            if (string.CompareOrdinal(json, position, word, 0, word.Length) != 0)
                throw new FormatException();
            position += word.Length;
            return value;
        }

        private bool More(char end)
        {
            var letter = Peek();
            position++;
            if (letter == ',')
                return true;
            if (letter == end)
                return false;
            throw new FormatException();
        }

        private void Take(char expected)
        {
            if (Peek() != expected)
                throw new FormatException();
            position++;
        }

        private char Peek()
        {
            Space();
            if (position >= json.Length)
                throw new FormatException();
            return json[position];
        }

        private char Next()
        {
            if (position >= json.Length)
                throw new FormatException();
            return json[position++];
        }

        private void Space()
        {
            while (position < json.Length && (json[position] == ' ' || json[position] == '\n'
                    || json[position] == '\r' || json[position] == '\t'))
                position++;
        }
    }
}
