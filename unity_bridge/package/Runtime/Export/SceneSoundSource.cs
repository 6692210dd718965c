using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// Gives the AudioSource beside it a sound of SceneSounds when the game begins: scenes that are saved
    /// cannot hold a clip that was made by code.
    /// </summary>
    [AddComponentMenu("Heedful/Scene Sound Source")]
    [RequireComponent(typeof(AudioSource))]
    public sealed class SceneSoundSource : MonoBehaviour
    {
        [SerializeField, Tooltip("One of the names of SceneSounds, such as ring.")]
        private string sound = "";

        /// <summary>One of the names of SceneSounds.</summary>
        public string Sound
        {
            get { return sound; }
            set { sound = value; }
        }

        private void Awake()
        {
            var source = GetComponent<AudioSource>();
            if (source.clip != null)
            {
                return;
            }

            source.clip = SceneSounds.MakeClip(sound);
            if (source.clip == null)
            {
                Debug.LogWarning("There is no sound '" + sound + "' for '" + name + "': use one of "
                    + string.Join(", ", SceneSounds.Names) + ", or give the Audio Source a clip.", this);
            }
            else if (source.playOnAwake)
            {
                source.Play();
            }
        }
    }
}
