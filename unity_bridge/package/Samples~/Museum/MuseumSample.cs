using Heedful;
using UnityEngine;

/// <summary>Builds the museum of a scene file when the game begins, and gives its NPC a goal.</summary>
public sealed class MuseumSample : MonoBehaviour
{
    [SerializeField, Tooltip("museum.json, or any scene file that `heedful scene export NAME --out FILE.json` wrote.")]
    private TextAsset sceneFile;

    [SerializeField, TextArea, Tooltip("What the NPC is asked, in plain words.")]
    private string goal = "go to the quiet studio";

    [SerializeField, Min(1), Tooltip("NPCs that begin at the starts of the scene.")]
    private int npcs = 1;

    private void Awake()
    {
        if (sceneFile == null)
        {
            Debug.LogError("The museum sample has no scene file: drag museum.json onto Scene File.", this);
            return;
        }

        SceneFile scene = SceneFile.Parse(sceneFile.text);
        SceneBuilder.Build(scene, new SceneBuildOptions
        {
            NpcCount = npcs,
            PeopleHaveMinds = true, // the guide and the visitors answer what they know
            OnNpc = GiveGoal
        });
        if (Camera.main == null)
        {
            SceneBuilder.AddOverview(scene);
        }

        gameObject.AddComponent<HeedfulSubtitles>();
        gameObject.AddComponent<HeedfulMindGizmos>();
    }

    private void GiveGoal(HeedfulNpc npc)
    {
        if (npc.Facts.Length == 0) // those who know facts are asked, not sent
        {
            npc.gameObject.AddComponent<GoalOnStart>().Goal = goal;
        }
    }
}
