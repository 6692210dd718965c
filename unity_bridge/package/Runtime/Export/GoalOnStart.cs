using UnityEngine;

namespace Heedful
{
    /// <summary>Gives an NPC a goal in plain words when the scene begins, without a script.</summary>
    [AddComponentMenu("Heedful/Goal On Start")]
    [RequireComponent(typeof(HeedfulNpc))]
    public sealed class GoalOnStart : MonoBehaviour
    {
        [SerializeField, TextArea, Tooltip("Such as \"go to the quiet studio\".")]
        private string goal = "";

        [SerializeField, Min(0f), Tooltip("Time for it, seconds; 0: no hurry.")]
        private float seconds;

        /// <summary>What is asked.</summary>
        public string Goal
        {
            get { return goal; }
            set { goal = value; }
        }

        private void Start()
        {
            var npc = GetComponent<HeedfulNpc>();
            npc.Goals.Succeeded += each => Debug.Log(npc.Key + " has reached its goal: " + each.Text, this);
            npc.Goals.Failed += each => Debug.Log(npc.Key + " has failed (" + each.Reason + "): " + each.Text, this);
            npc.Goals.Refused += each => Debug.Log(npc.Key + " refuses (" + each.Reason + "): " + each.Text, this);
            if (goal.Length > 0)
            {
                npc.SetGoal(goal, 1f, seconds);
            }
        }
    }
}
