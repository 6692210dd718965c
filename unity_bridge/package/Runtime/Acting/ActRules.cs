namespace Heedful
{
    /// <summary>Whether an act can be done: the same refusals, in the same order, as the headless world.</summary>
    public static class ActRules
    {
        /// <summary>Why an act cannot begin; None when it can.</summary>
        /// <param name="npc">Who acts.</param>
        /// <param name="act">What.</param>
        /// <param name="target">With what; null for nothing.</param>
        public static Reason WhyNot(HeedfulNpc npc, Act act, SceneThing target)
        {
            var me = npc.Entity;
            // Limits are for the mind: what the game does in its place is the game's own wish.
            if (!npc.IsOverridden && (npc.Limits.Forbids(act) || npc.Limits.Forbids(target)))
                return Reason.NotPossible;
            var reason = FirstRefusal(npc, act, target);
            var entity = target as SceneEntity;
            var byHand = act != Act.Finish && act != Act.Put && act != Act.Drop;
            if (reason == Reason.None && (byHand || act == Act.Put && !ReferenceEquals(entity, null)))
                reason = Reach(npc, entity);
            if (reason == Reason.None && byHand && !IsRefusedLater(act, entity) && !entity.Offers(act))
                reason = Reason.NotPossible;
            if (reason == Reason.None && !ReferenceEquals(entity, null) && entity.Rule != null)
                reason = entity.Rule(entity, act, me);
            return reason;
        }

        /// <summary>Why a thing cannot be reached: None, OutOfReach or NotInSight.</summary>
        public static Reason Reach(HeedfulNpc npc, SceneEntity entity)
        {
            var me = npc.Entity;
            if (ReferenceEquals(entity.Holder, me) || ReferenceEquals(entity.SecondHolder, me))
                return Reason.None;
            if (entity.IsStowed)
                return Reason.NotInSight;
            var pose = npc.Pose;
            if (entity.DistanceFrom(pose.Feet) > WorldRules.Reach)
                return Reason.OutOfReach;
            return SightLine.CanSee(pose.Eye, me, entity) ? Reason.None : Reason.NotInSight;
        }

        private static Reason FirstRefusal(HeedfulNpc npc, Act act, SceneThing target)
        {
            if (act == Act.Drop || act == Act.Put)
            {
                var held = npc.Entity.Held;
                if (held == null)
                    return Reason.HandsEmpty;
                if (act == Act.Drop)
                    return CanLayDown(npc) ? Reason.None : Reason.NoRoom;
                if (target == null)
                    return Reason.NoTarget;
                if (target is ScenePlace)
                    return ReferenceEquals(npc.Place, target) ? Reason.None : Reason.OutOfReach;
                var carrier = target as SceneEntity;
                var takes = carrier != null && carrier.Kind == Kind.Object && !ReferenceEquals(carrier, held)
                    && (carrier.Has(EntityTraits.Container) || carrier.Has(EntityTraits.Surface));
                return takes ? Reason.None : Reason.NotPossible;
            }
            if (target == null)
                return Reason.NoTarget;
            return act == Act.Finish || target is SceneEntity ? Reason.None : Reason.NotPossible;
        }

        /// <summary>Whether a held thing may be laid down here: in a place, where the scene has places.</summary>
        internal static bool CanLayDown(HeedfulNpc npc)
        {
            return npc.Place != null || SceneRegistry.Places.Count == 0;
        }

        /// <summary>Whether the act itself says what is missing, such as the key.</summary>
        private static bool IsRefusedLater(Act act, SceneEntity entity)
        {
            if (act == Act.Use)
                return entity.HasLeaf || entity.Has(EntityTraits.Container) && entity.LockKey != null;
            return false;
        }
    }
}
