using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>What a game does not let an NPC do, whatever its mind wants; what the game itself does by Override
    /// is not limited.</summary>
    [Serializable]
    public sealed class NpcLimits
    {
        [SerializeField, Tooltip("Acts that it never does.")]
        private List<Act> forbiddenActs = new List<Act>();

        [SerializeField, Tooltip("Entities that it never handles nor is sent to, and places that it never enters.")]
        private List<SceneThing> forbiddenThings = new List<SceneThing>();

        [SerializeField, Tooltip("How far it may go from its leash's post, metres; 0: as far as it likes.")]
        private float leash;

        [SerializeField, Tooltip("Where the leash is tied; none: where it stood when it was enabled.")]
        private Transform post;

        private const float LeashStep = 0.1f;

        private Vector3 home;

        /// <summary>Acts that it never does.</summary>
        public List<Act> ForbiddenActs { get { return forbiddenActs; } }

        /// <summary>Entities that it never handles nor is sent to, and places that it never enters.</summary>
        public List<SceneThing> ForbiddenThings { get { return forbiddenThings; } }

        /// <summary>How far it may go from its post, metres; 0: as far as it likes.</summary>
        public float Leash
        {
            get { return leash; }
            set { leash = value; }
        }

        /// <summary>Where the leash is tied; null: where it stood when it was enabled.</summary>
        public Transform Post
        {
            get { return post; }
            set { post = value; }
        }

        /// <summary>Where the leash is tied when there is no post.</summary>
        public Vector3 Home
        {
            get { return post != null ? post.position : home; }
            set { home = value; }
        }

        /// <summary>Whether it must not do an act.</summary>
        public bool Forbids(Act act)
        {
            return act != Act.None && forbiddenActs.Contains(act);
        }

        /// <summary>Whether it must not handle or walk to a thing.</summary>
        public bool Forbids(SceneThing thing)
        {
            return !ReferenceEquals(thing, null) && forbiddenThings.Contains(thing);
        }

        /// <summary>Whether a point is farther from the post than the leash is long.</summary>
        public bool IsBeyond(Vector3 point)
        {
            if (leash <= 0f)
                return false;
            var away = point - Home;
            away.y = 0f;
            return away.sqrMagnitude > leash * leash;
        }

        /// <summary>Whether the leash or a forbidden place stops who goes from a point in a direction.</summary>
        /// <param name="feet">Where it stands.</param>
        /// <param name="way">Where it goes, of length 1.</param>
        public bool Stops(Vector3 feet, Vector3 way)
        {
            return IsAtEndOfLeash(feet, LeashStep * way) || Enters(feet, feet + Contract.BodyRadius * way);
        }

        private bool IsAtEndOfLeash(Vector3 feet, Vector3 step)
        {
            if (!IsBeyond(feet + step))
                return false;
            var away = feet - Home;
            return away.x * step.x + away.z * step.z > 0f; // it may always come back
        }

        private bool Enters(Vector3 feet, Vector3 ahead)
        {
            for (var index = 0; index < forbiddenThings.Count; index++)
            {
                // Who is in it, because the game put it there, may leave by any way.
                if (forbiddenThings[index] is ScenePlace place && place != null && place.Contains(ahead)
                    && !place.Contains(feet))
                    return true;
            }

            return false;
        }
    }
}
