namespace Heedful
{
    /// <summary>Why a body did not get to where it was told to go.</summary>
    public enum MoveFailure
    {
        /// <summary>It did, or is on its way.</summary>
        None,

        /// <summary>There is nothing to go to.</summary>
        NoTarget,

        /// <summary>The planner knows no way that gets there.</summary>
        NoPath,

        /// <summary>The way is longer than the body may go.</summary>
        TooFar,

        /// <summary>Something stands in the way.</summary>
        Blocked
    }
}
