using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>All things of the loaded scenes that are enabled.</summary>
    public static class SceneRegistry
    {
        private static readonly List<SceneThing> things = new List<SceneThing>();
        private static readonly List<SceneEntity> entities = new List<SceneEntity>();
        private static readonly List<ScenePlace> places = new List<ScenePlace>();

        /// <summary>Everything, in the order in which it joined.</summary>
        public static IReadOnlyList<SceneThing> Things { get { return things; } }

        /// <summary>Objects, doors and NPCs.</summary>
        public static IReadOnlyList<SceneEntity> Entities { get { return entities; } }

        /// <summary>Places.</summary>
        public static IReadOnlyList<ScenePlace> Places { get { return places; } }

        /// <summary>Called when a thing has joined.</summary>
        public static event Action<SceneThing> Added;

        /// <summary>Called when a thing has left.</summary>
        public static event Action<SceneThing> Removed;

        /// <summary>Called when a thing's name, class or floor has changed.</summary>
        public static event Action<SceneThing> Changed;

        /// <summary>Finds an enabled thing by its key; null when there is none.</summary>
        public static SceneThing Find(string key)
        {
            for (var index = 0; index < things.Count; index++)
                if (things[index].Key == key)
                    return things[index];
            return null;
        }

        /// <summary>The place that a point of the floor plan lies in; null for none.</summary>
        public static ScenePlace PlaceAt(Vector3 point)
        {
            for (var index = places.Count - 1; index >= 0; index--)
                if (places[index].Contains(point))
                    return places[index];
            return null;
        }

        internal static void Add(SceneThing thing)
        {
            if (things.Contains(thing))
                return;
            things.Add(thing);
            if (thing is SceneEntity entity)
                entities.Add(entity);
            if (thing is ScenePlace place)
                places.Add(place);
            Added?.Invoke(thing);
        }

        internal static void Remove(SceneThing thing)
        {
            if (!things.Remove(thing))
                return;
            if (thing is SceneEntity entity)
                entities.Remove(entity);
            if (thing is ScenePlace place)
                places.Remove(place);
            Removed?.Invoke(thing);
        }

        internal static void NotifyChanged(SceneThing thing)
        {
            Changed?.Invoke(thing);
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void ResetStatics()
        {
            things.Clear();
            entities.Clear();
            places.Clear();
            Added = null;
            Removed = null;
            Changed = null;
        }
    }
}
