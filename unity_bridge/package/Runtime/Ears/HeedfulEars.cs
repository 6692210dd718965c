using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>An NPC's two ears: a component beside <see cref="HeedfulNpc"/>. Hears every
    /// <see cref="HeedfulSound"/> in range through the contract's model.</summary>
    /// <remarks>Allocates nothing while it listens. Without an audio device it still hears what scripts play by
    /// <see cref="HeedfulSound.Play"/>.</remarks>
    [AddComponentMenu("Heedful/Heedful Ears")]
    [DisallowMultipleComponent]
    [RequireComponent(typeof(HeedfulNpc))]
    public sealed class HeedfulEars : MonoBehaviour, IHearing
    {
        [SerializeField]
        [Tooltip("Layers of walls and doors, which muffle sounds.")]
        private LayerMask walls = Physics.DefaultRaycastLayers;

        private readonly BinauralMixer mixer = new BinauralMixer();

        /// <inheritdoc/>
        public bool IsValid => GameClock.HasAudioDevice || HeedfulSound.PlaysByClock;

        /// <summary>Layers of walls and doors, which muffle sounds.</summary>
        public LayerMask Walls
        {
            get => walls;
            set => walls = value;
        }

        /// <summary>Forgets what was heard, as at the start of an episode: sounds then fade in.</summary>
        public void Forget()
        {
            mixer.Forget();
        }

        /// <inheritdoc/>
        public void Render(HeedfulNpc npc, float[] audio)
        {
            INpcBody body = npc.Body;
            Vector3 feet = body != null ? body.Feet : transform.position;
            Listener ears;
            ears.X = feet.x;
            ears.Z = feet.z;
            ears.Yaw = body != null ? body.Yaw : Mathf.Deg2Rad * transform.eulerAngles.y;
            mixer.Begin(ears, GameClock.Samples);
            IReadOnlyList<HeedfulSound> sounds = HeedfulSound.All;
            for (int source = 0; source < sounds.Count; source++)
            {
                HeedfulSound sound = sounds[source];
                if (sound == null)
                    continue;
                Vector3 position = sound.Position;
                IWaveform waveform = sound.Waveform;
                if (waveform == null || IsOutOfRange(position, feet))
                    continue;
                int between = SoundWalls.Between(feet, position, walls);
                mixer.Add(source, waveform, position.x, position.z, between);
            }
            mixer.Finish(audio);
        }

        private static bool IsOutOfRange(Vector3 position, Vector3 feet)
        {
            return (position - feet).sqrMagnitude > WorldRules.SoundRange * WorldRules.SoundRange;
        }

        private void OnDisable()
        {
            mixer.Forget();
        }
    }
}
