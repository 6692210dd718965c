using UnityEditor;
using UnityEngine;

namespace Heedful.Editor
{
    /// <summary>The inspector of an NPC: while the game plays, its state and a box to give it a goal.</summary>
    [CustomEditor(typeof(HeedfulNpc))]
    public sealed class HeedfulNpcEditor : UnityEditor.Editor
    {
        private readonly MindView mind = new MindView();
        private string goal = "";
        private string read;

        /// <inheritdoc />
        public override bool RequiresConstantRepaint()
        {
            return Application.isPlaying;
        }

        /// <inheritdoc />
        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            EditorGUILayout.Space();
            if (!Application.isPlaying)
            {
                EditorGUILayout.HelpBox("Run `heedful serve` and press Play: its state is shown here, and it can be "
                    + "given a goal. Heedful > Check scene says what is missing.", MessageType.Info);
                return;
            }

            var npc = (HeedfulNpc)target;
            ShowState(npc);
            ShowGoal(npc);
        }

        private void ShowState(HeedfulNpc npc)
        {
            EditorGUILayout.LabelField("Now", EditorStyles.boldLabel);
            bool isConnected = npc.Link != null && npc.Link.IsConnected;
            if (!isConnected)
            {
                EditorGUILayout.HelpBox("No Heedful server answers: run `heedful serve`, then press Play again if the link "
                    + "is lock-step.", MessageType.Warning);
            }

            EditorGUILayout.LabelField("Mind", npc.IsPaused ? "paused"
                : npc.IsOverridden ? "overridden by the game"
                : npc.IsWaiting ? "waits for an answer"
                : isConnected ? "awake" : "not connected");
            EditorGUILayout.LabelField("Decisions", npc.Observation.Decision.ToString());
            EditorGUILayout.LabelField("Place", npc.Place != null ? npc.Place.DisplayName : "none");
            if (!ReferenceEquals(read, npc.MindJson))
            {
                read = npc.MindJson;
                mind.Read(read);
            }

            if (mind.Text.Length > 0)
            {
                EditorGUILayout.LabelField("Strategy", mind.Strategy);
                EditorGUILayout.LabelField(mind.Reason, EditorStyles.wordWrappedLabel);
            }

            if (GUILayout.Button(npc.IsPaused ? "Resume" : "Pause"))
            {
                if (npc.IsPaused)
                {
                    npc.Resume();
                }
                else
                {
                    npc.Pause();
                }
            }
        }

        private void ShowGoal(HeedfulNpc npc)
        {
            EditorGUILayout.LabelField("Goal", EditorStyles.boldLabel);
            NpcGoal present = npc.Goals.Present;
            EditorGUILayout.LabelField(present != null ? present.Text + " (" + present.State + ")" : "none",
                EditorStyles.wordWrappedLabel);
            goal = EditorGUILayout.TextField(goal);
            if (GUILayout.Button("Set goal") && goal.Length > 0)
            {
                npc.SetGoal(goal);
            }

            if (present != null && GUILayout.Button("Cancel goal"))
            {
                npc.CancelGoal();
            }
        }
    }
}
