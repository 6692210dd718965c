using System.Threading;

namespace Heedful
{
    /// <summary>
    /// Hands the newest thing from one thread to one other, without locks and without making anything: two
    /// things go round, and a newer one replaces one that was not taken yet.
    /// </summary>
    internal sealed class Mailbox<T> where T : class, new()
    {
        private T fresh;
        private T spare = new T();
        private T second = new T();

        /// <summary>Takes something to write into; Publish it then. For the writing thread.</summary>
        /// <param name="wasFresh">Whether it is the last one that was published, and nobody took it.</param>
        public T Begin(out bool wasFresh)
        {
            var own = Interlocked.Exchange(ref fresh, null);
            wasFresh = own != null;
            // Of the two the reader holds one at most, so there is always one here.
            return own ?? Interlocked.Exchange(ref spare, null) ?? Interlocked.Exchange(ref second, null);
        }

        /// <summary>Shows what Begin gave to the reading thread.</summary>
        public void Publish(T own)
        {
            Volatile.Write(ref fresh, own);
        }

        /// <summary>Takes the newest one, or null; Return it then. For the reading thread.</summary>
        public T Take()
        {
            return Interlocked.Exchange(ref fresh, null);
        }

        /// <summary>Gives back what Take gave.</summary>
        public void Return(T read)
        {
            if (Interlocked.CompareExchange(ref spare, read, null) != null)
                Volatile.Write(ref second, read);
        }
    }
}
