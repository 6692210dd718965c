namespace Heedful
{
    /// <summary>Numbers of the bodies of a live.proto Message.</summary>
    internal static class LiveKind
    {
        public const int Hello = 1;
        public const int Welcome = 2;
        public const int Refusal = 3;
        public const int Observation = 4;
        public const int Action = 5;
        public const int Mind = 6;
        public const int News = 7;
        public const int Ping = 8;
        public const int Pong = 9;
        public const int Leave = 10;
        public const int Goodbye = 11;
    }
}
