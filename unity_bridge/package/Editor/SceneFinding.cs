using UnityEngine;

namespace Heedful.Editor
{
    /// <summary>Something that a scene lacks, with the cure.</summary>
    public readonly struct SceneFinding
    {
        /// <summary>Whether NPCs cannot live without it; else it is a warning.</summary>
        public readonly bool IsGrave;

        /// <summary>One sentence: what is missing, and what to do.</summary>
        public readonly string Text;

        /// <summary>What it is about; null for the whole scene.</summary>
        public readonly Object About;

        /// <summary>Makes a finding.</summary>
        public SceneFinding(bool isGrave, string text, Object about)
        {
            IsGrave = isGrave;
            Text = text;
            About = about;
        }
    }
}
