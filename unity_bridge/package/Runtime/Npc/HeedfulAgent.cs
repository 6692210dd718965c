using System.Reflection;
using Unity.MLAgents;
using Unity.MLAgents.Actuators;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// An NPC as an ML-Agents agent: LockStepLink adds it. A game that trains may give it rewards and end its
    /// episodes.
    /// </summary>
    [AddComponentMenu("")]
    [DisallowMultipleComponent]
    public sealed class HeedfulAgent : Agent
    {
        // The SDK tells nobody the number under which it sends an agent.
        private static readonly FieldInfo episodeId =
            typeof(Agent).GetField("m_EpisodeId", BindingFlags.Instance | BindingFlags.NonPublic);

        private readonly int[] action = new int[Contract.Branches];
        private HeedfulNpc npc;
        private bool hasAction;

        /// <summary>The number under which the SDK sends this agent; -1 when it cannot be found out.</summary>
        internal int WireId
        {
            get { return episodeId != null && episodeId.GetValue(this) is int id ? id : -1; }
        }

        internal bool TryTakeAction(int[] into)
        {
            if (!hasAction)
                return false;
            hasAction = false;
            action.CopyTo(into, 0);
            return true;
        }

        /// <inheritdoc />
        public override void OnActionReceived(ActionBuffers actions)
        {
            var discrete = actions.DiscreteActions;
            for (var branch = 0; branch < action.Length; branch++)
                action[branch] = discrete[branch];
            hasAction = true;
            LockStepLink.Shared.NoteAnswer();
            Npc.TakeAnswer();
        }

        /// <inheritdoc />
        public override void OnEpisodeBegin()
        {
            Npc.AskForEpisode();
        }

        /// <inheritdoc />
        public override void WriteDiscreteActionMask(IDiscreteActionMask actionMask)
        {
            var mask = Npc.Observation.ActionMask;
            for (var branch = 0; branch < Contract.Branches; branch++)
            {
                var start = Contract.BranchStarts[branch];
                for (var value = 0; value < Contract.BranchSizes[branch]; value++)
                    if (mask[start + value])
                        actionMask.SetActionEnabled(branch, value, false);
            }
        }

        /// <inheritdoc />
        public override void Heuristic(in ActionBuffers actionsOut)
        {
            var discrete = actionsOut.DiscreteActions;
            for (var branch = 0; branch < Contract.Branches; branch++)
                discrete[branch] = Contract.NoOp[branch];
        }

        private HeedfulNpc Npc { get { return npc != null ? npc : npc = GetComponent<HeedfulNpc>(); } }
    }
}
