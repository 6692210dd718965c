using System.Collections.Generic;

namespace Heedful
{
    /// <summary>The open goals of an NPC in a save file, so that their events go on where its mind does.</summary>
    internal static class SavedGoals
    {
        /// <summary>Writes them as an array; moments are seconds that are left.</summary>
        public static void Write(HeedfulNpc npc, JsonWriter json)
        {
            json.BeginArray();
            foreach (var goal in npc.Goals.Open)
            {
                json.BeginObject().Name("goal").Number(goal.Id).Name("text").Text(goal.Text)
                    .Name("verb").Text(goal.Verb).Name("target").Text(KeyOf(goal.Target))
                    .Name("place").Text(KeyOf(goal.Place)).Name("priority").Number(goal.Priority)
                    .Name("accepted").Flag(goal.State == GoalState.Accepted)
                    .Name("step").Number(goal.Step).Name("steps").Number(goal.Steps);
                if (!float.IsInfinity(goal.Deadline))
                    json.Name("left").Number(goal.Deadline - npc.Clock);
                json.EndObject();
            }
            json.EndArray();
        }

        /// <summary>Reads what Write wrote; goals whose things are not there any more are left out.</summary>
        public static List<NpcGoal> Read(HeedfulNpc npc, List<object> saved)
        {
            var goals = new List<NpcGoal>();
            foreach (var entry in saved)
                if (entry is Dictionary<string, object> members && ReadGoal(npc, members) is NpcGoal goal)
                    goals.Add(goal);
            return goals;
        }

        private static NpcGoal ReadGoal(HeedfulNpc npc, Dictionary<string, object> members)
        {
            var left = Number(members, "left", float.PositiveInfinity);
            var goal = new NpcGoal
            {
                Id = (int)Number(members, "goal", 0f),
                Text = Text(members, "text"),
                Priority = Number(members, "priority", 1f),
                Deadline = float.IsInfinity(left) ? left : npc.Clock + left,
                State = members.TryGetValue("accepted", out var flag) && flag is true
                    ? GoalState.Accepted : GoalState.Waiting,
                Step = (int)Number(members, "step", 0f),
                Steps = (int)Number(members, "steps", 0f)
            };
            var verb = Text(members, "verb");
            var isKnown = verb.Length == 0 ? goal.Text.Length > 0 : GoalVerbs.TryFill(goal, verb,
                SceneRegistry.Find(Text(members, "target")), SceneRegistry.Find(Text(members, "place")));
            return isKnown && goal.Id > 0 ? goal : null;
        }

        private static string KeyOf(SceneThing thing)
        {
            return thing != null ? thing.Key : "";
        }

        private static string Text(Dictionary<string, object> members, string name)
        {
            return members.TryGetValue(name, out var value) ? value as string ?? "" : "";
        }

        private static float Number(Dictionary<string, object> members, string name, float missing)
        {
            return members.TryGetValue(name, out var value) && value is double number ? (float)number : missing;
        }
    }
}
