namespace Heedful
{
    /// <summary>An action on its way from the server.</summary>
    internal sealed class LiveAnswer
    {
        public readonly int[] Indices = new int[Contract.Branches];
        public long SubmittedAt;
    }
}
