namespace Heedful
{
    /// <summary>What acts do to the scene once the body has done its part.</summary>
    public static class ActEffects
    {
        /// <summary>Carries an act out.</summary>
        /// <returns>None, or why it failed after all.</returns>
        public static Reason Apply(HeedfulNpc npc, Act act, SceneThing target)
        {
            var entity = target as SceneEntity;
            var reason = Change(npc, act, target, entity);
            if (reason == Reason.None && entity != null)
                entity.NotifyDone(act, npc.Entity);
            return reason;
        }

        private static Reason Change(HeedfulNpc npc, Act act, SceneThing target, SceneEntity entity)
        {
            switch (act)
            {
                case Act.Take:
                    return Hands.Take(npc.Entity, entity);
                case Act.Give:
                    return Hands.Give(npc.Entity, entity);
                case Act.Put:
                    return entity != null ? Hands.PutInto(npc.Entity, entity) : Hands.LayDown(npc, target as ScenePlace);
                case Act.Drop:
                    return Hands.LayDown(npc, npc.Place);
                case Act.Push:
                    return Hands.Push(npc.Entity, entity);
                case Act.Open:
                case Act.Close:
                    return OpenOrClose(npc.Entity, entity, act == Act.Open);
                case Act.Switch:
                    return entity.Kind == Kind.Object ? SwitchTo(entity, !entity.Is(EntityStates.On)) : Reason.NotPossible;
                case Act.Use:
                    return Use(npc.Entity, entity);
                default:
                    return Reason.None;
            }
        }

        private static Reason OpenOrClose(SceneEntity me, SceneEntity entity, bool opens)
        {
            if (!entity.HasLeaf && !entity.Has(EntityTraits.Container))
                return Reason.None; // the game's own affordance: its event does the rest
            var hasKey = entity.LockKey != null && ReferenceEquals(me.Held, entity.LockKey);
            if (entity.Is(EntityStates.Locked) && !(opens && hasKey))
                return Reason.Locked;
            if (entity.Is(EntityStates.Open) == opens)
                return Reason.AlreadySo;
            if (!opens && entity.Kind == Kind.Door && SomebodyStandsIn(entity))
                return Reason.NoRoom;
            entity.Set(EntityStates.Locked, false);
            entity.Set(EntityStates.Open, opens);
            return Reason.None;
        }

        private static Reason Use(SceneEntity me, SceneEntity entity)
        {
            var locks = entity.HasLeaf || entity.Has(EntityTraits.Container);
            if (locks && (entity.LockKey != null || entity.HasLeaf))
            {
                if (entity.LockKey == null)
                    return entity.Find(Act.Use) != null ? Reason.None : Reason.NotPossible;
                if (!entity.Is(EntityStates.Locked))
                    return Reason.AlreadySo;
                if (!ReferenceEquals(me.Held, entity.LockKey))
                    return Reason.Locked;
                entity.Set(EntityStates.Locked, false);
                return Reason.None;
            }
            return entity.Powers.Count > 0 ? SwitchTo(entity, true) : Reason.None;
        }

        /// <summary>Switches an entity and what it powers on or off; doors that it powers open and close.</summary>
        public static Reason SwitchTo(SceneEntity entity, bool isOn)
        {
            entity.Set(EntityStates.On, isOn);
            for (var index = 0; index < entity.Powers.Count; index++)
            {
                var powered = entity.Powers[index];
                if (powered == null)
                    continue;
                if (powered.Kind != Kind.Door)
                    powered.Set(EntityStates.On, isOn);
                else if (isOn || !SomebodyStandsIn(powered))
                    powered.Set(EntityStates.Open, isOn);
            }
            return Reason.None;
        }

        private static bool SomebodyStandsIn(SceneEntity door)
        {
            var entities = SceneRegistry.Entities;
            for (var index = 0; index < entities.Count; index++)
                if (entities[index].Kind == Kind.Npc
                    && door.DistanceFrom(entities[index].Position) < Contract.BodyRadius + 0.05f)
                    return true;
            return false;
        }
    }
}
