using UnityEngine;

namespace Heedful
{
    /// <summary>Plays a sound and shows an object while an entity is on.</summary>
    [AddComponentMenu("Heedful/While On")]
    [RequireComponent(typeof(SceneEntity))]
    public sealed class WhileOn : MonoBehaviour
    {
        [SerializeField, Tooltip("Plays while the entity is on.")]
        private AudioSource sound;

        [SerializeField, Tooltip("Is there while the entity is on, such as a light.")]
        private GameObject shown;

        private SceneEntity entity;
        private bool hasStarted;

        /// <summary>Plays while the entity is on; null for none.</summary>
        public AudioSource Sound
        {
            get { return sound; }
            set { sound = value; }
        }

        /// <summary>Is there while the entity is on; null for none.</summary>
        public GameObject Shown
        {
            get { return shown; }
            set { shown = value; }
        }

        private void OnEnable()
        {
            entity = GetComponent<SceneEntity>();
            entity.StatesChanged += Apply;
            if (hasStarted)
            {
                Apply(entity, entity.States);
            }
        }

        private void Start()
        {
            hasStarted = true; // by now the sound has its clip
            Apply(entity, entity.States);
        }

        private void OnDisable()
        {
            entity.StatesChanged -= Apply;
        }

        private void Apply(SceneEntity thing, EntityStates before)
        {
            bool isOn = thing.Is(EntityStates.On);
            if (shown != null)
            {
                shown.SetActive(isOn);
            }

            if (sound != null && isOn && !sound.isPlaying)
            {
                sound.Play();
            }
            else if (sound != null && !isOn)
            {
                sound.Stop();
            }
        }
    }
}
