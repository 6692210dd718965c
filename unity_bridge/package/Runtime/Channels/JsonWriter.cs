using System.Globalization;
using System.Text;

namespace Heedful
{
    /// <summary>Writes JSON piece by piece into one buffer that is used again.</summary>
    public sealed class JsonWriter
    {
        private readonly StringBuilder text = new StringBuilder(256);
        private bool needsComma;

        /// <summary>Begins anew.</summary>
        public JsonWriter Clear()
        {
            text.Length = 0;
            needsComma = false;
            return this;
        }

        /// <summary>Begins an object.</summary>
        public JsonWriter BeginObject() { return Open('{'); }

        /// <summary>Ends an object.</summary>
        public JsonWriter EndObject() { return Close('}'); }

        /// <summary>Begins an array.</summary>
        public JsonWriter BeginArray() { return Open('['); }

        /// <summary>Ends an array.</summary>
        public JsonWriter EndArray() { return Close(']'); }

        /// <summary>Writes a member's name; its value must follow.</summary>
        public JsonWriter Name(string name)
        {
            Text(name);
            text.Append(':');
            needsComma = false;
            return this;
        }

        /// <summary>Writes a string.</summary>
        public JsonWriter Text(string value)
        {
            Separate();
            text.Append('"');
            for (var index = 0; index < value.Length; index++)
                Append(value[index]);
            text.Append('"');
            return this;
        }

        /// <summary>Writes a whole number.</summary>
        public JsonWriter Number(int value)
        {
            Separate();
            text.Append(value.ToString(CultureInfo.InvariantCulture));
            return this;
        }

        /// <summary>Writes a number; what is not finite becomes null.</summary>
        public JsonWriter Number(float value)
        {
            Separate();
            text.Append(float.IsNaN(value) || float.IsInfinity(value)
                ? "null" : value.ToString("R", CultureInfo.InvariantCulture));
            return this;
        }

        /// <summary>Writes true or false.</summary>
        public JsonWriter Flag(bool value)
        {
            Separate();
            text.Append(value ? "true" : "false");
            return this;
        }

        /// <summary>Writes a finished piece of JSON.</summary>
        public JsonWriter Raw(string json)
        {
            Separate();
            text.Append(json);
            return this;
        }

        /// <summary>What was written.</summary>
        public override string ToString()
        {
            return text.ToString();
        }

        private JsonWriter Open(char bracket)
        {
            Separate();
            text.Append(bracket);
            needsComma = false;
            return this;
        }

        private JsonWriter Close(char bracket)
        {
            text.Append(bracket);
            needsComma = true;
            return this;
        }

        private void Separate()
        {
            if (needsComma)
                text.Append(',');
            needsComma = true;
        }

        private void Append(char letter)
        {
            switch (letter)
            {
                case '"':
                case '\\':
                    text.Append('\\').Append(letter);
                    return;
                case '\n':
                    text.Append("\\n");
                    return;
                case '\r':
                    text.Append("\\r");
                    return;
                case '\t':
                    text.Append("\\t");
                    return;
            }
            // A lone half of a surrogate pair has no UTF-8; escaped, it survives.
            if (letter < ' ' || char.IsSurrogate(letter))
                text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
            else
                text.Append(letter);
        }
    }
}
