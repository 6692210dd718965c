using System;
using UnityEngine;

namespace Heedful
{
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
            var utterance = new Utterance
            {
                Id = TakeId(),
                Speaker = speaker,
                Addressee = addressee,
                Text = text,
                Say = say,
                About = about,
                Where = where,
                Loudness = Mathf.Clamp01(loudness),
                Time = UnityEngine.Time.unscaledTime,
                Position = speaker != null ? speaker.Position : Vector3.zero,
                Language = language,
                Mentions = say == Say.None ? Mentions.Find(text) : new SceneThing[0]
            };
            Spoken?.Invoke(utterance);
            return utterance;
        }

        /// <summary>Begins a voice, whose words are not known yet: nobody is told of it.</summary>
        internal static Utterance BeginVoice(SceneEntity speaker, SceneEntity addressee, string language)
        {
            return new Utterance
            {
                Id = TakeId(),
                Speaker = speaker,
                Addressee = addressee,
                Time = UnityEngine.Time.unscaledTime,
                Position = speaker.Position,
                Language = language
            };
        }

        private static int TakeId()
        {
            return lastId = lastId % (WorldRules.BriefingId - 1) + 1;
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void ResetStatics()
        {
            lastId = 0;
            Spoken = null;
        }
    }
}
