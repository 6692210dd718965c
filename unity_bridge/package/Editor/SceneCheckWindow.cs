using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace Heedful.Editor
{
    /// <summary>Shows what SceneCheck found; a click selects what a finding is about.</summary>
    public sealed class SceneCheckWindow : EditorWindow
    {
        private List<SceneFinding> findings = new List<SceneFinding>();
        private Vector2 scroll;

        /// <summary>Checks the open scenes and shows the window.</summary>
        [MenuItem("Heedful/Check scene", false, 1)]
        public static void CheckScene()
        {
            var window = GetWindow<SceneCheckWindow>("Heedful: check");
            window.Check();
            window.Show();
        }

        private void Check()
        {
            findings = SceneCheck.Run();
            LiveLink link = FindFirstObjectByType<LiveLink>();
            SceneFinding? server = link != null
                ? ServerProbe.Check(link.Host, link.Port, "--live-port")
                : ServerProbe.Check("127.0.0.1", ServerProbe.LockStepPort, "--port");
            if (server.HasValue)
            {
                findings.Add(server.Value);
            }
        }

        private void OnGUI()
        {
            if (GUILayout.Button("Check again"))
            {
                Check();
            }

            if (findings.Count == 0)
            {
                EditorGUILayout.HelpBox("Nothing is missing.", MessageType.Info);
                return;
            }

            scroll = EditorGUILayout.BeginScrollView(scroll);
            foreach (SceneFinding finding in findings)
            {
                EditorGUILayout.HelpBox(finding.Text, finding.IsGrave ? MessageType.Error : MessageType.Warning);
                if (finding.About != null && GUILayout.Button("Select " + finding.About.name))
                {
                    Selection.activeObject = finding.About;
                    EditorGUIUtility.PingObject(finding.About);
                }
            }

            EditorGUILayout.EndScrollView();
        }
    }
}
