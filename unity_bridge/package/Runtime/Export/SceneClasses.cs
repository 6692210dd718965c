using System;
using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>What all objects of a class have in common unless the scene file says otherwise.</summary>
    public sealed class SceneClass
    {
        /// <summary>Such as "vase".</summary>
        public readonly string Name;

        /// <summary>Full extent along its own right, up and forward, metres.</summary>
        public readonly Vector3 Size;

        /// <summary>What can be done with it, act names in lower case.</summary>
        public readonly string[] Acts;

        /// <summary>What it is besides its class.</summary>
        public readonly EntityTraits Traits;

        /// <summary>Whether using it takes a while.</summary>
        public readonly bool IsMachine;

        /// <summary>Whether it carries a text that examining reveals.</summary>
        public readonly bool IsWritten;

        internal SceneClass(string name, Vector3 size, string acts, EntityTraits traits, bool isMachine,
            bool isWritten)
        {
            Name = name;
            Size = size;
            Acts = acts.Split(' ');
            Traits = traits;
            IsMachine = isMachine;
            IsWritten = isWritten;
        }
    }

    /// <summary>The classes that scene files know; an NPC's mind takes any other word too.</summary>
    public static partial class SceneClasses
    {
        private static Dictionary<string, SceneClass> byName;

        /// <summary>The class of a name, or null.</summary>
        public static SceneClass Find(string name)
        {
            // made when first asked for: the order in which fields of two files begin is not defined
            byName = byName ?? IndexByName();
            return byName.TryGetValue(name, out SceneClass found) ? found : null;
        }

        /// <summary>The act of a name such as "take".</summary>
        /// <returns>False when there is none of that name.</returns>
        public static bool TryParseAct(string name, out Act act)
        {
            return Enum.TryParse(name, true, out act) && Enum.IsDefined(typeof(Act), act);
        }

        private static Dictionary<string, SceneClass> IndexByName()
        {
            var index = new Dictionary<string, SceneClass>();
            foreach (SceneClass each in All)
            {
                index[each.Name] = each;
            }

            return index;
        }
    }
}
