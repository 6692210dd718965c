using System.Collections.Generic;

namespace Heedful
{
    /// <summary>Finds the things that a free text names, so that hearing it makes them known.</summary>
    internal static class Mentions
    {
        private static readonly SceneThing[] nothing = new SceneThing[0];

        /// <summary>Things whose names stand in a text; names that several things share name none.</summary>
        public static IReadOnlyList<SceneThing> Find(string text)
        {
            var words = Words.Split(text);
            if (words.Count == 0)
                return nothing;
            List<SceneThing> found = null;
            var things = SceneRegistry.Things;
            for (var index = 0; index < things.Count; index++)
            {
                if (!Holds(words, things[index].NameWords) || IsShared(things[index]))
                    continue;
                found = found ?? new List<SceneThing>();
                found.Add(things[index]);
            }
            return found != null ? (IReadOnlyList<SceneThing>)found : nothing;
        }

        private static bool Holds(List<string> words, List<string> name)
        {
            if (name.Count == 0)
                return false;
            for (var start = 0; start + name.Count <= words.Count; start++)
            {
                var length = 0;
                while (length < name.Count && words[start + length] == name[length])
                    length++;
                if (length == name.Count)
                    return true;
            }
            return false;
        }

        private static bool IsShared(SceneThing thing)
        {
            var things = SceneRegistry.Things;
            for (var index = 0; index < things.Count; index++)
            {
                var other = things[index];
                if (!ReferenceEquals(other, thing) && other.NameWords.Count == thing.NameWords.Count
                    && Holds(other.NameWords, thing.NameWords))
                    return true;
            }
            return false;
        }
    }
}
