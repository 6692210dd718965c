using System.Collections.Generic;
using System.Globalization;
using System.Text;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// Words as numbers, as envs/words.py writes them: NFC, lower case, split on white space and
    /// punctuation, CJK per character, 32-bit FNV-1a over UTF-8 bytes.
    /// </summary>
    public static class Words
    {
        private const uint WordIdLimit = 1u << 24;
        private const uint Offset = 0x811C9DC5;
        private const uint Prime = 0x01000193;
        private static readonly byte[] bagPrefix = { (byte)'b', (byte)'a', (byte)'g', (byte)':' };

        /// <summary>Splits a text into normalised words.</summary>
        public static List<string> Split(string text)
        {
            var found = new List<string>();
            var letters = new StringBuilder();
            var normal = Lower(text.Normalize(NormalizationForm.FormC));
            for (var index = 0; index < normal.Length; index++)
            {
                var length = char.IsSurrogatePair(normal, index) ? 2 : 1;
                if (length == 1 && IsCjk(normal[index]))
                {
                    Flush(letters, found);
                    found.Add(normal.Substring(index, 1));
                }
                else if (IsLetter(CharUnicodeInfo.GetUnicodeCategory(normal, index)))
                {
                    letters.Append(normal, index, length);
                }
                else if (normal[index] != '\'')
                {
                    Flush(letters, found);
                }
                index += length - 1;
            }
            Flush(letters, found);
            return found;
        }

        /// <summary>Id of one normalised word, 1 to 2^24 - 1.</summary>
        public static int WordId(string word)
        {
            return (int)(1 + Hash(Encoding.UTF8.GetBytes(word), Offset) % (WordIdLimit - 1));
        }

        /// <summary>Id of the first word of a text; 0 when it has none.</summary>
        public static int FirstWordId(string text)
        {
            var words = Split(text);
            return words.Count > 0 ? WordId(words[0]) : 0;
        }

        /// <summary>Writes ordered word ids, zero-padded; longer texts are cut.</summary>
        /// <returns>How many words were written.</returns>
        public static int EncodeWords(string text, float[] into, int start, int maxWords)
        {
            var words = Split(text);
            var count = Mathf.Min(words.Count, maxWords);
            for (var index = 0; index < maxWords; index++)
                into[start + index] = index < count ? WordId(words[index]) : 0f;
            return count;
        }

        /// <summary>Writes a signed feature-hash bag of unit length (zeros for no words).</summary>
        public static void EncodeBag(string text, float[] into, int start, int size)
        {
            for (var index = 0; index < size; index++)
                into[start + index] = 0f;
            foreach (var word in Split(text))
            {
                var value = Hash(Encoding.UTF8.GetBytes(word), Hash(bagPrefix, Offset));
                into[start + (int)(value % (uint)size)] += (value & 0x80000000u) != 0 ? 1f : -1f;
            }
            var square = 0f;
            for (var index = 0; index < size; index++)
                square += into[start + index] * into[start + index];
            if (square <= 0f)
                return;
            var norm = Mathf.Sqrt(square);
            for (var index = 0; index < size; index++)
                into[start + index] /= norm;
        }

        /// <summary>Lower case as Unicode has it, also where one letter becomes two or its place matters.</summary>
        private static string Lower(string text)
        {
            var lower = text.Replace("\u0130", "i\u0307").ToLowerInvariant();
            var sigma = lower.IndexOf('\u03C3');
            if (sigma < 0)
                return lower;
            var letters = new StringBuilder(lower);
            var upper = text.Replace("\u0130", "i\u0307");
            for (; sigma >= 0; sigma = lower.IndexOf('\u03C3', sigma + 1))
            {
                var follows = sigma > 0 && char.IsLetter(lower[sigma - 1]);
                var ends = sigma + 1 == lower.Length || !char.IsLetter(lower[sigma + 1]);
                if (upper[sigma] == '\u03A3' && follows && ends)
                    letters[sigma] = '\u03C2';
            }
            return letters.ToString();
        }

        private static uint Hash(byte[] data, uint value)
        {
            unchecked
            {
                for (var index = 0; index < data.Length; index++)
                    value = (value ^ data[index]) * Prime;
            }
            return value;
        }

        private static void Flush(StringBuilder letters, List<string> found)
        {
            if (letters.Length == 0)
                return;
            found.Add(letters.ToString());
            letters.Length = 0;
        }

        private static bool IsCjk(char letter)
        {
            return letter >= '\u3040' && letter <= '\u30FF' || letter >= '\u3400' && letter <= '\u4DBF'
                || letter >= '\u4E00' && letter <= '\u9FFF' || letter >= '\uF900' && letter <= '\uFAFF';
        }

        private static bool IsLetter(UnicodeCategory category)
        {
            switch (category)
            {
                case UnicodeCategory.UppercaseLetter:
                case UnicodeCategory.LowercaseLetter:
                case UnicodeCategory.TitlecaseLetter:
                case UnicodeCategory.ModifierLetter:
                case UnicodeCategory.OtherLetter:
                case UnicodeCategory.NonSpacingMark:
                case UnicodeCategory.SpacingCombiningMark:
                case UnicodeCategory.EnclosingMark:
                case UnicodeCategory.DecimalDigitNumber:
                case UnicodeCategory.LetterNumber:
                case UnicodeCategory.OtherNumber:
                    return true;
                default:
                    return false;
            }
        }
    }
}
