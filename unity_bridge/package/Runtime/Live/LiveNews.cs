namespace Heedful
{
    /// <summary>One NPC's message of a side channel on its way; without a channel, that it has left.</summary>
    internal readonly struct LiveNews
    {
        public readonly LiveNpc Npc;
        public readonly string Channel;
        public readonly string Json;

        public LiveNews(LiveNpc npc, string channel, string json)
        {
            Npc = npc;
            Channel = channel;
            Json = json;
        }
    }
}
