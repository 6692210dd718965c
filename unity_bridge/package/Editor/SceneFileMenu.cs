using System;
using System.Collections.Generic;
using System.IO;
using UnityEditor;
using UnityEditor.SceneManagement;
using UnityEngine;
using UnityEngine.SceneManagement;

namespace Heedful.Editor
{
    /// <summary>Menus that write the open scene as a scene file, and build one.</summary>
    public static class SceneFileMenu
    {
        private const string Sample = "Packages/com.heedful.npc/Editor/museum.json";
        private const string SampleGoal = "go to the quiet studio";

        /// <summary>Writes the open scenes as a scene file.</summary>
        [MenuItem("Heedful/Export scene...", false, 20)]
        public static void ExportScene()
        {
            string name = SceneManager.GetActiveScene().name;
            string path = EditorUtility.SaveFilePanel("Export the scene", "", name.Length > 0 ? name : "scene", "json");
            if (path.Length == 0)
            {
                return;
            }

            SceneFile scene = SceneExporter.ExportLoaded(name.Length > 0 ? name : "scene",
                out IReadOnlyList<string> problems);
            foreach (string problem in problems)
            {
                Debug.LogWarning(problem);
            }

            if (scene.Places.Count == 0)
            {
                return; // the problem above says it
            }

            File.WriteAllText(path, scene.ToJson());
            Debug.Log("The scene is written to " + path + " (" + problems.Count + " problems): `heedful scene validate "
                + path + "` checks it.");
        }

        /// <summary>Builds a scene file of primitives in the open scene.</summary>
        [MenuItem("Heedful/Build scene file...", false, 21)]
        public static void BuildSceneFile()
        {
            string path = EditorUtility.OpenFilePanel("Build a scene file", "", "json");
            if (path.Length == 0)
            {
                return;
            }

            try
            {
                GameObject made = SceneBuilder.Build(SceneFile.Parse(File.ReadAllText(path)));
                Undo.RegisterCreatedObjectUndo(made, "Build scene file");
                Selection.activeGameObject = made;
            }
            catch (Exception error) when (error is SceneFileException || error is IOException)
            {
                Debug.LogError(path + " cannot be built: " + error.Message);
            }
        }

        /// <summary>Makes a new scene: the museum, an NPC with a goal, and what shows its mind.</summary>
        [MenuItem("Heedful/Create sample scene", false, 2)]
        public static void CreateSampleScene()
        {
            if (!EditorSceneManager.SaveCurrentModifiedScenesIfUserWantsTo())
            {
                return;
            }

            var text = AssetDatabase.LoadAssetAtPath<TextAsset>(Sample);
            if (text == null)
            {
                Debug.LogError("The package lacks " + Sample + ": install com.heedful.npc again.");
                return;
            }

            EditorSceneManager.NewScene(NewSceneSetup.EmptyScene, NewSceneMode.Single);
            SceneFile scene = SceneFile.Parse(text.text);
            SceneBuilder.Build(scene, new SceneBuildOptions
            {
                PeopleHaveMinds = true,
                OnNpc = npc =>
                {
                    if (npc.Facts.Length == 0)
                    {
                        npc.gameObject.AddComponent<GoalOnStart>().Goal = SampleGoal;
                    }
                }
            });
            SceneBuilder.AddOverview(scene);
            var display = new GameObject("Heedful display");
            display.AddComponent<HeedfulSubtitles>();
            display.AddComponent<HeedfulMindGizmos>();
            EditorSceneManager.MarkAllScenesDirty();
            Debug.Log("The museum stands: run `heedful serve`, press Play and watch the NPC go to the quiet studio.");
        }
    }
}
