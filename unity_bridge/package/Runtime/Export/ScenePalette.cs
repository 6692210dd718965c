using System;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// The colours of scene files by name: few, and far apart. NPCs are
    /// trained on these.
    /// </summary>
    public static partial class ScenePalette
    {
        /// <summary>The colour of a name.</summary>
        /// <param name="name">One of Names.</param>
        /// <param name="color">The colour; white when there is none of that name.</param>
        /// <returns>Whether there is one of that name.</returns>
        public static bool TryGet(string name, out Color32 color)
        {
            int index = Array.IndexOf(Names, name);
            color = Colors[index < 0 ? Colors.Length - 1 : index];
            return index >= 0;
        }

        /// <summary>The name of the colour that is nearest.</summary>
        public static string Nearest(Color32 color)
        {
            int best = 0;
            int least = int.MaxValue;
            for (int i = 0; i < Colors.Length; i++)
            {
                int red = Colors[i].r - color.r;
                int green = Colors[i].g - color.g;
                int blue = Colors[i].b - color.b;
                int distance = red * red + green * green + blue * blue;
                if (distance < least)
                {
                    least = distance;
                    best = i;
                }
            }

            return Names[best];
        }
    }
}
