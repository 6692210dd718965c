using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>Something that was said or can be read; it does not change any more.</summary>
    public sealed class Utterance
    {
        private float[] encoded;

        /// <summary>Number of it, 1 and up; exact in float32.</summary>
        public int Id { get; internal set; }

        /// <summary>Who said it; null for nobody in particular.</summary>
        public SceneEntity Speaker { get; internal set; }

        /// <summary>To whom; null for everybody.</summary>
        public SceneEntity Addressee { get; internal set; }

        /// <summary>What was said.</summary>
        public string Text { get; internal set; } = "";

        /// <summary>The kind of message, None for free text.</summary>
        public Say Say { get; internal set; }

        /// <summary>What the message is about; null for nothing or free text.</summary>
        public SceneThing About { get; internal set; }

        /// <summary>What the message names as where; null for nothing or free text.</summary>
        public SceneThing Where { get; internal set; }

        /// <summary>Things that a free text names unmistakably; never null.</summary>
        public IReadOnlyList<SceneThing> Mentions { get; internal set; } = new SceneThing[0];

        /// <summary>How loud it was at a metre, 0 to 1.</summary>
        public float Loudness { get; internal set; } = 1f;

        /// <summary>When it was said, Time.unscaledTime.</summary>
        public float Time { get; internal set; }

        /// <summary>Where it was said.</summary>
        public Vector3 Position { get; internal set; }

        /// <summary>Language tag such as "en"; empty when it is not known.</summary>
        public string Language { get; internal set; } = "";

        /// <summary>The sentence of a message about things.</summary>
        public static string MakeSentence(Say say, string about, string where)
        {
            var sentence = Contract.Sentences[(int)say].Replace("{about}", about).Replace("{where}", where);
            return string.Join(" ", sentence.Split(new[] { ' ' }, System.StringSplitOptions.RemoveEmptyEntries));
        }

        /// <summary>Writes word count, word ids and bag into a row of dialogue.</summary>
        internal void WriteWords(float[] row, int start)
        {
            if (encoded == null)
            {
                encoded = new float[Contract.DialogueSize];
                encoded[DialogueColumn.WordCount] =
                    Words.EncodeWords(Text, encoded, DialogueColumn.Words, Contract.MaxWords);
                Words.EncodeBag(Text, encoded, DialogueColumn.Bag, Contract.TextBagSize);
            }
            System.Array.Copy(encoded, DialogueColumn.WordCount, row, start + DialogueColumn.WordCount,
                Contract.DialogueSize - DialogueColumn.WordCount);
        }
    }
}
