using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>An NPC with a mind of its own that runs in `heedful serve`.</summary>
    [AddComponentMenu("Heedful/Heedful NPC")]
    [DisallowMultipleComponent]
    [RequireComponent(typeof(SceneEntity))]
    public sealed class HeedfulNpc : MonoBehaviour
    {
        [SerializeField, Tooltip("Stable key of this NPC's mind; empty: the entity's key.")]
        private string key = "";

        [SerializeField, TextArea, Tooltip("Who this is, in a few sentences.")]
        private string persona = "";

        [SerializeField, Tooltip("Team number; 0 for none.")]
        private int team;

        private static readonly List<HeedfulNpc> all = new List<HeedfulNpc>();
        private readonly NpcObservation observation = new NpcObservation();
        private SceneEntity entity;

        /// <summary>All enabled NPCs.</summary>
        public static IReadOnlyList<HeedfulNpc> All { get { return all; } }

        /// <summary>Stable key of this NPC's mind.</summary>
        public string Key
        {
            get { return string.IsNullOrEmpty(key) ? Entity.Key : key; }
            set { key = value; }
        }

        /// <summary>Who this is, in a few sentences.</summary>
        public string Persona
        {
            get { return persona; }
            set { persona = value; }
        }

        /// <summary>Team number; 0 for none.</summary>
        public int Team
        {
            get { return team; }
            set { team = value; }
        }

        /// <summary>The NPC as others see it.</summary>
        public SceneEntity Entity { get { return entity != null ? entity : entity = GetComponent<SceneEntity>(); } }

        /// <summary>What carries its actions out; null: it only perceives and speaks.</summary>
        public INpcBody Body { get; set; }

        /// <summary>Its eyes; null: it sees no pictures.</summary>
        public ISight Sight { get; set; }

        /// <summary>Its ears; null: it hears no sound.</summary>
        public IHearing Hearing { get; set; }

        /// <summary>How it reaches its mind.</summary>
        public INpcLink Link { get; set; }

        /// <summary>What it perceived in the last decision.</summary>
        public NpcObservation Observation { get { return observation; } }

        /// <summary>Whether its mind is held: it stands still and decides nothing.</summary>
        public bool IsPaused { get; private set; }

        /// <summary>What the server last showed of its mind: JSON of the mind channel; empty before.</summary>
        public string MindJson { get; private set; } = "";

        /// <summary>Called when the server showed its mind: attention, belief, strategy, reason.</summary>
        public event Action<HeedfulNpc, string> MindShown;

        /// <summary>Decisions between an observation and the action that it causes, 0 to 3; the link says it.</summary>
        public int ActionDelay { get; set; }

        /// <summary>Takes in a message from the server: called by links.</summary>
        /// <param name="channel">One of ChannelId.</param>
        /// <param name="json">The NPC's part of the message.</param>
        public void Receive(string channel, string json)
        {
            if (channel == ChannelId.Mind)
            {
                MindJson = json;
                MindShown?.Invoke(this, json);
            }
        }

        /// <summary>
        /// Says everything again that the server keeps (catalogue, goals, persona): called by links when the
        /// NPC's mind begins anew there.
        /// </summary>
        public void SayAgain()
        {
        }

        private void OnEnable()
        {
            Body = Body ?? GetComponent<INpcBody>();
            Sight = Sight ?? GetComponent<ISight>();
            Hearing = Hearing ?? GetComponent<IHearing>();
            all.Add(this);
        }

        private void OnDisable()
        {
            all.Remove(this);
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void ResetStatics()
        {
            all.Clear();
        }
    }
}
