// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
using System;
using System.Threading;

namespace StubEngine
{
    /// Unity's objects belong to the main thread: whatever touches one elsewhere is told so, as in Unity.
    public static class MainThread
    {
        static int s_Owner;

        /// How often Unity was touched on another thread, also where the exception was swallowed.
        public static int Violations;

        /// The calling thread is the main thread from now on.
        public static void Claim() { s_Owner = Environment.CurrentManagedThreadId; }

        /// Throws UnityException when the calling thread is not the main thread.
        public static void Check(string what)
        {
            if (s_Owner == 0 || Environment.CurrentManagedThreadId == s_Owner) return;
            Interlocked.Increment(ref Violations);
            throw new UnityEngine.UnityException(what + " can only be called from the main thread.");
        }
    }
}
