using System;
using UnityEngine;

namespace Heedful
{
    /// <summary>Somebody who plays: says things to NPCs, in text or by push to talk.</summary>
    /// <remarks>
    /// <para>NPCs understand text. A voice they hear as sound, where the player is, when there is a
    /// <see cref="HeedfulSound"/> beside this; and it goes to the server in pieces with a start and a stop (dialogue
    /// channel), which `heedful serve` passes over: it does not recognise speech. A game with a recogniser of its own
    /// listens to <see cref="VoiceTaken"/> and calls <see cref="Say"/> with what that understood.</para>
    /// </remarks>
    [AddComponentMenu("Heedful/Heedful Player")]
    [DisallowMultipleComponent]
    [RequireComponent(typeof(SceneEntity))]
    public sealed class HeedfulPlayer : MonoBehaviour
    {
        [SerializeField, Tooltip("Name of the microphone; empty: the system's own.")]
        private string microphone = "";

        [SerializeField, Tooltip("Language that is spoken, such as en; empty when it is not known.")]
        private string language = "";

        private readonly VoiceCapture capture = new VoiceCapture();
        private readonly VoiceSender sender = new VoiceSender();
        private SceneEntity entity;
        private HeedfulSound sound;

        /// <summary>Called for every piece of voice: mono samples at 16 kHz, and how many of them count. The array is
        /// used again.</summary>
        public event Action<float[], int> VoiceTaken;

        /// <summary>Called when a voice has ended.</summary>
        public event Action VoiceEnded;

        /// <summary>The player as NPCs see it.</summary>
        public SceneEntity Entity
        {
            get { return entity != null ? entity : entity = GetComponent<SceneEntity>(); }
        }

        /// <summary>Language that is spoken; empty when it is not known.</summary>
        public string Language
        {
            get { return language; }
            set { language = value ?? ""; }
        }

        /// <summary>Whether the microphone is open.</summary>
        public bool IsTalking { get { return capture.IsRunning; } }

        /// <summary>Says something aloud: whoever is in earshot hears it.</summary>
        /// <param name="text">What is said; nothing happens when it is blank.</param>
        /// <param name="addressee">To whom; null for everybody.</param>
        /// <param name="loudness">At a metre, 0 to 1; a whisper is 0.3.</param>
        /// <returns>What was said; null when it was blank.</returns>
        public Utterance Say(string text, SceneEntity addressee = null, float loudness = 1f)
        {
            if (string.IsNullOrWhiteSpace(text))
                return null;
            return HeedfulSpeech.Speak(Entity, text.Trim(), addressee, loudness, language);
        }

        /// <summary>Opens the microphone: push to talk is pressed.</summary>
        /// <param name="addressee">To whom; null for everybody.</param>
        /// <returns>False, and a warning, when there is no microphone or it may not be used.</returns>
        public bool StartTalking(SceneEntity addressee = null)
        {
            if (capture.IsRunning)
                return true;
            if (!capture.Start(microphone))
            {
                Debug.LogWarning(
                    "There is no microphone " + microphone + " for " + name
                    + ": plug one in and allow the game to use it; text works without.", this);
                return false;
            }
            sender.Start(Entity, addressee, language);
            return true;
        }

        /// <summary>Closes the microphone: push to talk is released.</summary>
        public void StopTalking()
        {
            if (!capture.IsRunning)
                return;
            SendChunks();
            capture.Stop();
            int left;
            while ((left = capture.TakeRest()) > 0)
                Pass(left);
            sender.Stop();
            VoiceEnded?.Invoke();
        }

        private void SendChunks()
        {
            while (capture.TryTake())
                Pass(VoiceCapture.ChunkSamples);
        }

        private void Pass(int count)
        {
            if (sound != null)
                sound.Feed(capture.Chunk, count);
            sender.Send(capture.Chunk, count);
            VoiceTaken?.Invoke(capture.Chunk, count);
        }

        /// <summary>Called by the editor when the component is added: the player is somebody.</summary>
        private void Reset()
        {
            Entity.Become(Kind.Npc);
            CallItPlayer();
        }

        private void Awake()
        {
            sound = GetComponent<HeedfulSound>();
            CallItPlayer();
        }

        /// <summary>A class of its own stays; without one it is "player": the server serves NPCs near it first.</summary>
        private void CallItPlayer()
        {
            if (Entity.ClassName == Contract.KindNames[(int)Entity.Kind])
                Entity.ClassName = "player";
        }

        private void Update()
        {
            if (capture.IsRunning)
                SendChunks();
        }

        private void OnDisable()
        {
            StopTalking();
        }
    }
}
