using UnityEngine;

namespace Heedful
{
    /// <summary>Which link NPCs use that were given none of their own.</summary>
    public static class NpcLinks
    {
        /// <summary>The link of the game; a live link sets it when it is enabled. Null: lock-step.</summary>
        public static INpcLink Current { get; set; }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void ResetStatics()
        {
            Current = null;
        }
    }
}
