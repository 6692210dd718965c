using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>Something that NPCs can know of and point at: an entity, a place or a topic.</summary>
    public abstract class SceneThing : MonoBehaviour
    {
        [SerializeField, Tooltip("Stable key in saves and scene files; empty: the object's name.")]
        private string key = "";

        [SerializeField, Tooltip("What it is called in sentences, such as \"the amber hall\"; never what is only visible.")]
        private string displayName = "";

        [SerializeField, Tooltip("What it is, such as \"vase\"; empty: the kind's name.")]
        private string className = "";

        [SerializeField, Tooltip("Every NPC knows of it from the start.")]
        private bool commonKnowledge;

        private readonly float[] classBag = new float[Contract.ClassBagSize];
        private string encodedClass;
        private float classWord;
        private string splitName;
        private List<string> nameWords;

        /// <summary>Stable key in saves and scene files.</summary>
        public string Key
        {
            get { return string.IsNullOrEmpty(key) ? name : key; }
            set { key = value; }
        }

        /// <summary>What it is called in sentences.</summary>
        public string DisplayName
        {
            get { return string.IsNullOrEmpty(displayName) ? "the " + ClassName : displayName; }
            set { displayName = value; SceneRegistry.NotifyChanged(this); }
        }

        /// <summary>What it is, such as "vase".</summary>
        public string ClassName
        {
            get { return string.IsNullOrEmpty(className) ? Contract.KindNames[(int)Kind] : className; }
            set { className = value; SceneRegistry.NotifyChanged(this); }
        }

        /// <summary>Whether every NPC knows of it from the start.</summary>
        public bool CommonKnowledge
        {
            get { return commonKnowledge; }
            set { commonKnowledge = value; }
        }

        /// <summary>What sort of thing it is.</summary>
        public abstract Kind Kind { get; }

        /// <summary>Its middle on the floor plan, at its base; world space, metres.</summary>
        public abstract Vector3 Position { get; }

        /// <summary>Word id of the class name.</summary>
        public float ClassWord
        {
            get { EncodeClass(); return classWord; }
        }

        /// <summary>Signed feature hash of the class name, ClassBagSize numbers; do not change it.</summary>
        public float[] ClassBag
        {
            get { EncodeClass(); return classBag; }
        }

        /// <summary>The words of the name, without a leading article.</summary>
        internal List<string> NameWords
        {
            get
            {
                var present = DisplayName;
                if (present != splitName)
                {
                    splitName = present;
                    nameWords = Words.Split(present);
                    if (nameWords.Count > 1 && (nameWords[0] == "the" || nameWords[0] == "a" || nameWords[0] == "an"))
                        nameWords.RemoveAt(0);
                }
                return nameWords;
            }
        }

        /// <summary>Joins the registry.</summary>
        protected virtual void OnEnable()
        {
            SceneRegistry.Add(this);
        }

        /// <summary>Leaves the registry.</summary>
        protected virtual void OnDisable()
        {
            SceneRegistry.Remove(this);
        }

        private void EncodeClass()
        {
            var present = ClassName;
            if (ReferenceEquals(present, encodedClass))
                return;
            encodedClass = present;
            classWord = Words.FirstWordId(present);
            Words.EncodeBag(present, classBag, 0, Contract.ClassBagSize);
        }
    }
}
