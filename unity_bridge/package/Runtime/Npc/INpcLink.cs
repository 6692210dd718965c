using System;

namespace Heedful
{
    /// <summary>
    /// How NPCs reach their minds: LockStepLink (ML-Agents' own call: training, editor, CI) or the
    /// live link of shipped games. All members are called on the main thread.
    /// </summary>
    public interface INpcLink
    {
        /// <summary>Whether a Heedful server answers (it has said hello).</summary>
        bool IsConnected { get; }

        /// <summary>
        /// Whether decisions are taken in game time, in FixedUpdate (lock-step), or in unscaled time, in
        /// Update, so that talk goes on while the game is paused (live).
        /// </summary>
        bool IsLockStep { get; }

        /// <summary>An NPC asks for decisions from now on; its channel messages may follow.</summary>
        void Register(HeedfulNpc npc);

        /// <summary>An NPC leaves; its mind on the server is released.</summary>
        void Unregister(HeedfulNpc npc);

        /// <summary>Hands over the observation of a decision; the link copies what it keeps.</summary>
        void Submit(HeedfulNpc npc, NpcObservation observation);

        /// <summary>Takes the newest action that came for an NPC since the last call.</summary>
        /// <param name="npc">For whom.</param>
        /// <param name="action">8 numbers, in branch order.</param>
        /// <returns>False when none came.</returns>
        bool TryTakeAction(HeedfulNpc npc, int[] action);

        /// <summary>
        /// Sends an NPC's message on one of our channels (ChannelId), in order, with or before the next
        /// observation; it is kept until there is a connection. Channels but mind carry lists: the link
        /// sends all entries of an NPC together.
        /// </summary>
        /// <param name="npc">Whose message.</param>
        /// <param name="channel">Catalogue, Goal, Dialogue, Mind or Episode.</param>
        /// <param name="entry">One JSON object.</param>
        void Send(HeedfulNpc npc, string channel, string entry);

        /// <summary>
        /// Called for an NPC's message from the server: channel and JSON, the NPC's part alone.
        /// </summary>
        event Action<HeedfulNpc, string, string> Received;

        /// <summary>
        /// Called when a connection was made or made again: whoever keeps things on the server (mind,
        /// catalogue, goal) says them again.
        /// </summary>
        event Action Connected;
    }
}
