namespace Heedful
{
    /// <summary>
    /// Which branch values an NPC may choose now (true = forbidden). An act is allowed while it could be
    /// done to something that the NPC knows and can reach, as far as the NPC could know.
    /// </summary>
    public static class MaskWriter
    {
        /// <summary>Writes the mask of this decision.</summary>
        public static void Write(HeedfulNpc npc)
        {
            var mask = npc.Observation.ActionMask;
            for (var index = 0; index < mask.Length; index++)
                mask[index] = true;
            for (var branch = 0; branch < Contract.Branches; branch++)
                Allow(mask, (Branch)branch, Contract.NoOp[branch]);
            for (var slot = 1; slot < Contract.Slots; slot++)
            {
                var thing = npc.Slots[slot];
                if (ReferenceEquals(thing, null))
                    continue;
                if (!npc.Limits.Forbids(thing))
                    Allow(mask, Branch.Target, slot);
                Allow(mask, Branch.About, slot);
                Allow(mask, Branch.Where, slot);
            }
            for (var say = 0; say < Contract.BranchSizes[(int)Branch.Say]; say++)
                Allow(mask, Branch.Say, say);
            Allow(mask, Branch.Act, (int)Act.Finish);
            if (npc.Body != null)
                WriteBody(npc, mask);
        }

        private static void WriteBody(HeedfulNpc npc, bool[] mask)
        {
            for (var move = Move.Stay; move <= Move.StrafeRight; move++)
                Allow(mask, Branch.Move, (int)move);
            if (npc.Body.CanJump)
                Allow(mask, Branch.Move, (int)Move.Jump);
            if (npc.Body.CanGo)
                Allow(mask, Branch.Move, (int)Move.Go);
            for (var turn = 0; turn < Contract.BranchSizes[(int)Branch.Turn]; turn++)
                Allow(mask, Branch.Turn, turn);
            for (var look = 0; look < Contract.BranchSizes[(int)Branch.Look]; look++)
                Allow(mask, Branch.Look, look);
            WriteActs(npc, mask);
            for (var index = 0; index < npc.Limits.ForbiddenActs.Count; index++)
            {
                var act = npc.Limits.ForbiddenActs[index];
                if (act != Act.None)
                    mask[Contract.BranchStarts[(int)Branch.Act] + (int)act] = true;
            }
        }

        private static void WriteActs(HeedfulNpc npc, bool[] mask)
        {
            var held = npc.Entity.Held;
            var holding = held != null;
            var hasKey = holding && held.Offers(Act.Use);
            if (holding && ActRules.CanLayDown(npc))
            {
                Allow(mask, Branch.Act, (int)Act.Put);
                Allow(mask, Branch.Act, (int)Act.Drop);
            }
            for (var slot = 1; slot < Contract.Slots; slot++)
            {
                var entity = npc.Slots[slot] as SceneEntity;
                if (entity == null || ReferenceEquals(entity, npc.Entity) || npc.Limits.Forbids(entity)
                    || ActRules.Reach(npc, entity) != Reason.None)
                    continue;
                if (hasKey && (entity.Kind == Kind.Door || entity.Has(EntityTraits.Container)))
                    Allow(mask, Branch.Act, (int)Act.Use);
                for (var act = Act.Examine; act < Act.Finish; act++)
                {
                    if (act == Act.Put || act == Act.Drop || !entity.Offers(act))
                        continue;
                    if (act == Act.Take && holding || act == Act.Give && (!holding || entity.Kind != Kind.Npc))
                        continue;
                    Allow(mask, Branch.Act, (int)act);
                }
            }
        }

        private static void Allow(bool[] mask, Branch branch, int value)
        {
            mask[Contract.BranchStarts[(int)branch] + value] = false;
        }
    }
}
