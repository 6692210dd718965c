using System;
using UnityEngine;

namespace Heedful
{
    /// <summary>Something that was said; it does not change any more once it is spoken.</summary>
    public sealed class Utterance
    {
        /// <summary>Number of it, 1 and up; exact in float32.</summary>
        public int Id { get; internal set; }

        /// <summary>Who said it; null for nobody in particular.</summary>
        public SceneEntity Speaker { get; internal set; }

        /// <summary>To whom; null for everybody.</summary>
        public SceneEntity Addressee { get; internal set; }

        /// <summary>What was said.</summary>
        public string Text { get; internal set; }

        /// <summary>The kind of message, None for free text.</summary>
        public Say Say { get; internal set; }

        /// <summary>What the message is about; null for nothing or free text.</summary>
        public SceneThing About { get; internal set; }

        /// <summary>What the message names as where; null for nothing or free text.</summary>
        public SceneThing Where { get; internal set; }

        /// <summary>How loud it was at a metre, 0 to 1.</summary>
        public float Loudness { get; internal set; }

        /// <summary>When it was said, Time.unscaledTime.</summary>
        public float Time { get; internal set; }

        /// <summary>Where it was said.</summary>
        public Vector3 Position { get; internal set; }

        /// <summary>Language tag such as "en"; empty when it is not known.</summary>
        public string Language { get; internal set; }
    }

    /// <summary>Everything that is said in the scene, by NPCs, by the player or by scripts.</summary>
    public static class HeedfulSpeech
    {
        private static int lastId;

        /// <summary>Called for everything that is said: subtitles, voices and ears listen here.</summary>
        public static event Action<Utterance> Spoken;

        /// <summary>Says something aloud: whoever is in earshot hears it.</summary>
        /// <param name="speaker">Who says it; null for a voice from nowhere, which all hear.</param>
        /// <param name="text">What is said.</param>
        /// <param name="addressee">To whom; null for everybody.</param>
        /// <param name="loudness">At a metre, 0 to 1; a whisper is 0.3.</param>
        /// <param name="language">Language tag such as "en"; empty when it is not known.</param>
        public static Utterance Speak(SceneEntity speaker, string text, SceneEntity addressee = null,
            float loudness = 1f, string language = "")
        {
            return Speak(speaker, text, addressee, Say.None, null, null, loudness, language);
        }

        internal static Utterance Speak(SceneEntity speaker, string text, SceneEntity addressee, Say say,
            SceneThing about, SceneThing where, float loudness = 1f, string language = "")
        {
            lastId = lastId % (WorldRules.BriefingId - 1) + 1;
            var utterance = new Utterance
            {
                Id = lastId,
                Speaker = speaker,
                Addressee = addressee,
                Text = text,
                Say = say,
                About = about,
                Where = where,
                Loudness = Mathf.Clamp01(loudness),
                Time = UnityEngine.Time.unscaledTime,
                Position = speaker != null ? speaker.Position : Vector3.zero,
                Language = language
            };
            Spoken?.Invoke(utterance);
            return utterance;
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void ResetStatics()
        {
            lastId = 0;
            Spoken = null;
        }
    }
}
