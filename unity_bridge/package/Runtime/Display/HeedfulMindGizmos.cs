using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// Shows in the Scene view (and in the Game view with Gizmos on) what NPCs think: yellow lines to
    /// what they pay attention to, thicker the more they do; blue lines from what they believe in to
    /// where they believe it is; the strategy above their heads. The lines need
    /// `heedful serve --show-attention`. One of it shows all NPCs.
    /// </summary>
    [AddComponentMenu("Heedful/Heedful Mind Gizmos")]
    [DisallowMultipleComponent]
    public sealed class HeedfulMindGizmos : MonoBehaviour
    {
        private const float LabelHeight = 0.35f;

        [SerializeField, Tooltip("Lines to what NPCs pay attention to.")]
        private bool showAttention = true;

        [SerializeField, Tooltip("Lines from things to where NPCs believe they are.")]
        private bool showBelief = true;

        [SerializeField, Tooltip("Strategy and reason above the heads (in the editor only).")]
        private bool showStrategy = true;

        [SerializeField, Range(0f, 1f), Tooltip("Attention below this is not shown.")]
        private float leastAttention = 0.05f;

        private readonly Dictionary<HeedfulNpc, MindView> views = new Dictionary<HeedfulNpc, MindView>();
        private readonly Dictionary<HeedfulNpc, string> read = new Dictionary<HeedfulNpc, string>();

        private void OnDisable()
        {
            ForgetViews();
        }

        private void OnDrawGizmos()
        {
            IReadOnlyList<HeedfulNpc> npcs = HeedfulNpc.All;
            if (views.Count > npcs.Count)
            {
                ForgetViews(); // some are gone; the others are read anew
            }

            for (int i = 0; i < npcs.Count; i++)
            {
                Draw(npcs[i], ViewOf(npcs[i]));
            }
        }

        private void ForgetViews()
        {
            views.Clear();
            read.Clear();
        }

        /// <summary>What an NPC's mind last showed; read anew only when it showed something new.</summary>
        private MindView ViewOf(HeedfulNpc npc)
        {
            if (!views.TryGetValue(npc, out MindView view))
            {
                views[npc] = view = new MindView();
            }

            if (!read.TryGetValue(npc, out string last) || !ReferenceEquals(last, npc.MindJson))
            {
                read[npc] = npc.MindJson;
                view.Read(npc.MindJson);
            }

            return view;
        }

        private void Draw(HeedfulNpc npc, MindView view)
        {
            Vector3 head = npc.Entity.Position + new Vector3(0f, Contract.EyeHeight, 0f);
            for (int i = 0; showAttention && i < view.Attention.Count; i++)
            {
                SceneThing thing = npc.Slots[view.Attention[i].Slot];
                float weight = view.Attention[i].Weight;
                if (thing == null || weight < leastAttention)
                {
                    continue;
                }

                Vector3 middle = MiddleOf(thing);
                Gizmos.color = new Color(1f, 0.85f, 0.1f, Mathf.Clamp01(0.2f + weight));
                Gizmos.DrawLine(head, middle);
                Gizmos.DrawWireSphere(middle, 0.1f + 0.4f * Mathf.Clamp01(weight));
            }

            for (int i = 0; showBelief && i < view.Belief.Count; i++)
            {
                SceneThing thing = npc.Slots[view.Belief[i].Slot];
                SceneThing where = npc.Slots[view.Belief[i].Where];
                if (thing == null || where == null)
                {
                    continue;
                }

                Gizmos.color = new Color(0.2f, 0.5f, 1f, Mathf.Clamp01(0.1f + view.Belief[i].Certainty));
                Gizmos.DrawLine(MiddleOf(thing), MiddleOf(where));
            }

#if UNITY_EDITOR
            if (showStrategy && view.Text.Length > 0)
            {
                UnityEditor.Handles.Label(head + new Vector3(0f, LabelHeight, 0f), view.Text);
            }
#endif
        }

        private static Vector3 MiddleOf(SceneThing thing)
        {
            return thing is SceneEntity entity
                ? entity.Position + new Vector3(0f, entity.Size.y / 2f, 0f)
                : thing.Position;
        }
    }
}
