using System;

namespace Heedful
{
    /// <summary>
    /// How NPCs reach their minds: LockStepLink (ML-Agents' own call: training, editor, CI) or the
    /// live link of shipped games. All members are called on the main thread. A link hands an NPC's
    /// messages from the server to HeedfulNpc.Receive, calls HeedfulNpc.SayAgain for each NPC whose mind
    /// begins anew on the server, and keeps HeedfulNpc.ActionDelay.
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
        /// observation; it is kept until there is a connection. The link sends all entries of an NPC
        /// together, as a list.
        /// </summary>
        /// <param name="npc">Whose message.</param>
        /// <param name="channel">Catalogue, Goal, Dialogue, Mind or Episode.</param>
        /// <param name="entry">One JSON object.</param>
        void Send(HeedfulNpc npc, string channel, string entry);

        /// <summary>Asks for an NPC's mind as bytes for the game's own save file.</summary>
        /// <param name="npc">Whose mind.</param>
        /// <param name="saved">Called once, perhaps later: the mind, at most 64 KiB, or null when there is none.</param>
        void SaveMind(HeedfulNpc npc, Action<byte[]> saved);

        /// <summary>Lets an NPC go on with a mind that SaveMind gave.</summary>
        void RestoreMind(HeedfulNpc npc, byte[] mind);
    }
}
