using System;

namespace Heedful
{
    /// <summary>States of an entity that acts change.</summary>
    [Flags]
    public enum EntityStates
    {
        /// <summary>None of the others.</summary>
        None = 0,

        /// <summary>It is open (a door, a container); NPCs are told.</summary>
        Open = 1,

        /// <summary>It is locked; NPCs find out when they try.</summary>
        Locked = 2,

        /// <summary>It is on; NPCs are told unless it glows.</summary>
        On = 4
    }

    /// <summary>What an entity is besides its class, which decides what acts do to it.</summary>
    [Flags]
    public enum EntityTraits
    {
        /// <summary>None of the others.</summary>
        None = 0,

        /// <summary>Things can be put into it while it is open, and it can be locked.</summary>
        Container = 1,

        /// <summary>Things can be put on it.</summary>
        Surface = 2,

        /// <summary>It takes two to carry it.</summary>
        Heavy = 4,

        /// <summary>That it is on can be seen (a lamp), so entities do not tell it.</summary>
        Glows = 8,

        /// <summary>A doorway without a leaf.</summary>
        Opening = 16,

        /// <summary>A door that no hand opens, only what powers it.</summary>
        Gate = 32
    }
}
