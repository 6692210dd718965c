using System;
using System.Collections.Generic;

namespace Heedful
{
    /// <summary>The verbs of goals: how they are said, by which act they are done, when they are reached.</summary>
    public static class GoalVerbs
    {
        private sealed class Meaning
        {
            public Act Act;
            public string Clause = "";
            public Func<HeedfulNpc, NpcGoal, bool> Condition;
        }

        private static readonly Dictionary<string, Meaning> meanings =
            new Dictionary<string, Meaning>(StringComparer.OrdinalIgnoreCase)
            {
                { "go", New(Act.None, "go to {what}", IsThere) },
                { "enter", New(Act.None, "go to {what}", IsThere) },
                { "examine", New(Act.Examine, "examine {what}", null) },
                { "touch", New(Act.Touch, "touch {what}", null) },
                { "take", New(Act.Take, "take {what}", IsHeld) },
                { "fetch", New(Act.Take, "take {what}", IsHeld) },
                { "pick_up", New(Act.Take, "take {what}", IsHeld) },
                { "put", New(Act.Put, "put {what} {into} {where}", IsPut) },
                { "drop", New(Act.Drop, "drop {what}", IsLetGo) },
                { "put_down", New(Act.Drop, "drop {what}", IsLetGo) },
                { "carry", New(Act.Put, "carry {what} to {where}", IsBrought) },
                { "bring", New(Act.Put, "bring {what} to {where}", IsBrought) },
                { "give", New(Act.Give, "give {what} to {where}", IsGiven) },
                { "switch", New(Act.Switch, "switch {what}", null) },
                { "switch_on", New(Act.Switch, "switch on {what}", (npc, goal) => Is(goal, EntityStates.On)) },
                { "switch_off", New(Act.Switch, "switch off {what}", (npc, goal) => !Is(goal, EntityStates.On)) },
                { "open", New(Act.Open, "open {what}", (npc, goal) => Is(goal, EntityStates.Open)) },
                { "close", New(Act.Close, "close {what}", (npc, goal) => !Is(goal, EntityStates.Open)) },
                { "unlock", New(Act.Use, "unlock {what}", (npc, goal) => !Is(goal, EntityStates.Locked)) },
                { "use", New(Act.Use, "use {what}", null) },
                { "push", New(Act.Push, "push {what}", null) },
                { "ask", New(Act.None, "ask {where} where {what} is", null) },
                { "tell", New(Act.None, "tell {where} where {what} is", null) }
            };

        /// <summary>Whether goals of a verb are reached when its act is done to the target.</summary>
        public static bool IsReachedByAct(NpcGoal goal)
        {
            return goal.Verb.Length > 0 && goal.Condition == null && goal.Act != Act.None;
        }

        /// <summary>Fills a goal from a verb; false when neither the contract nor the target knows it.</summary>
        public static bool TryFill(NpcGoal goal, string verb, SceneThing target, SceneThing place)
        {
            goal.Verb = verb = verb ?? "";
            goal.Target = target;
            goal.Place = place;
            var isKnown = meanings.TryGetValue(verb, out var meaning);
            if (isKnown && place != null && meaning.Act == Act.Take)
                meaning = meanings["bring"];
            else if (isKnown && place != null && meaning.Act == Act.Drop)
                meaning = meanings["put"];
            if (!isKnown)
            {
                var affordance = verb.Length > 0 && target is SceneEntity entity ? entity.Find(verb) : null;
                if (affordance == null)
                    return false;
                // Minds know the contract's verbs: a game's own one is asked for by its act.
                goal.Act = affordance.act;
                goal.Text = affordance.act.ToString().ToLowerInvariant() + " " + target.DisplayName;
                return true;
            }
            if (target == null || meaning.Clause.Contains("{where}") && place == null)
                return false;
            var isOn = place is SceneEntity carrier && !carrier.Has(EntityTraits.Container);
            goal.Act = meaning.Act;
            goal.Condition = meaning.Condition;
            goal.Text = meaning.Clause.Replace("{what}", target.DisplayName)
                .Replace("{into}", isOn ? "on" : "in")
                .Replace("{where}", place != null ? place.DisplayName : "");
            return true;
        }

        private static Meaning New(Act act, string clause, Func<HeedfulNpc, NpcGoal, bool> condition)
        {
            return new Meaning { Act = act, Clause = clause, Condition = condition };
        }

        private static bool Is(NpcGoal goal, EntityStates states)
        {
            return goal.Target is SceneEntity entity && entity.Is(states);
        }

        private static bool IsThere(HeedfulNpc npc, NpcGoal goal)
        {
            if (goal.Target is ScenePlace place)
                return ReferenceEquals(npc.Place, place);
            return goal.Target is SceneEntity entity && entity.DistanceFrom(npc.Pose.Feet) <= WorldRules.Reach;
        }

        private static bool IsHeld(HeedfulNpc npc, NpcGoal goal)
        {
            return ReferenceEquals(npc.Entity.Held, goal.Target);
        }

        private static bool IsLetGo(HeedfulNpc npc, NpcGoal goal)
        {
            return !ReferenceEquals(npc.Entity.Held, goal.Target);
        }

        private static bool IsPut(HeedfulNpc npc, NpcGoal goal)
        {
            if (!(goal.Target is SceneEntity thing) || thing.Holder != null)
                return false;
            if (goal.Place is ScenePlace place)
                return ReferenceEquals(SceneRegistry.PlaceAt(thing.Position), place);
            return ReferenceEquals(thing.Carrier, goal.Place);
        }

        private static bool IsBrought(HeedfulNpc npc, NpcGoal goal)
        {
            var isPerson = goal.Place is SceneEntity entity && entity.Kind == Kind.Npc;
            return isPerson ? IsGiven(npc, goal) : IsPut(npc, goal);
        }

        private static bool IsGiven(HeedfulNpc npc, NpcGoal goal)
        {
            return goal.Target is SceneEntity thing && ReferenceEquals(thing.Holder, goal.Place);
        }
    }
}
