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
        /// <summary>Height over the floor at which walls are looked for: lower things and lintels muffle nothing.</summary>
        private const float WallHeight = 0.85f;

        /// <summary>What is less than this much higher or lower counts as on the same floor, metres.</summary>
        private const float SameFloor = 2.5f;

        private readonly BinauralMixer mixer = new BinauralMixer();

        /// <inheritdoc/>
        public bool IsValid => GameClock.HasAudioDevice || HeedfulSound.PlaysByClock;

        /// <summary>Forgets what was heard, as at the start of an episode: sounds then fade in.</summary>
        public void Forget()
        {
            mixer.Forget();
        }

        /// <inheritdoc/>
        public void Render(HeedfulNpc npc, float[] audio)
        {
            BodyPose pose = BodyPose.Of(npc.Entity, npc.Body);
            Listener ears;
            ears.X = pose.Feet.x;
            ears.Z = pose.Feet.z;
            ears.Yaw = pose.Yaw;
            mixer.Begin(ears, GameClock.Samples);
            IReadOnlyList<HeedfulSound> sounds = HeedfulSound.All;
            for (int source = 0; source < sounds.Count; source++)
            {
                HeedfulSound sound = sounds[source];
                if (sound == null)
                    continue;
                Vector3 position = sound.Position;
                IWaveform waveform = sound.Waveform;
                if (waveform == null || IsOutOfRange(position, pose.Feet))
                    continue;
                mixer.Add(source, waveform, position.x, position.z, CountWalls(pose.Feet, position, npc, sound));
            }
            mixer.Finish(audio);
        }

        private static bool IsOutOfRange(Vector3 position, Vector3 feet)
        {
            return (position - feet).sqrMagnitude > WorldRules.SoundRange * WorldRules.SoundRange;
        }

        private static int CountWalls(Vector3 feet, Vector3 position, HeedfulNpc npc, HeedfulSound sound)
        {
            if (Mathf.Abs(position.y - feet.y) < SameFloor)
                position.y = feet.y + WallHeight;
            feet.y += WallHeight;
            return SightLine.WallsBetween(feet, position, npc.Entity, sound.Entity, WorldRules.MaxWalls);
        }

        private void OnDisable()
        {
            mixer.Forget();
        }
    }
}
