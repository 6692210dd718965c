using System;
using System.Collections.Generic;
using System.Text;

namespace Heedful
{
    /// <summary>An NPC in a save file: its mind, which thing each of its slots means, and its open goals.</summary>
    internal static class SavedNpc
    {
        private const int Version = 1;
        private const string Wrong = "These bytes are not a saved NPC: give Load what Save gave.";

        public static byte[] Write(HeedfulNpc npc, CatalogueWriter catalogue, byte[] mind)
        {
            var json = new JsonWriter().BeginObject().Name("heedful").Number(Version)
                .Name("contract").Text(Contract.Hash).Name("npc").Text(npc.Key).Name("slots").BeginObject();
            for (var slot = 1; slot < Contract.Slots; slot++)
                if (npc.Slots[slot] != null)
                    json.Name(npc.Slots[slot].Key).Number(slot);
            json.EndObject().Name("places").BeginArray();
            for (var index = 0; index < SceneRegistry.Places.Count; index++)
                if (catalogue.Knows(SceneRegistry.Places[index]))
                    json.Text(SceneRegistry.Places[index].Key);
            json.EndArray().Name("goals");
            SavedGoals.Write(npc, json);
            json.Name("mind").Text(Convert.ToBase64String(mind)).EndObject();
            return Encoding.UTF8.GetBytes(json.ToString());
        }

        /// <summary>Gives slots, places and goals back; the mind is returned.</summary>
        public static byte[] Read(HeedfulNpc npc, CatalogueWriter catalogue, byte[] saved)
        {
            var members = saved != null ? JsonReader.ReadObject(Encoding.UTF8.GetString(saved)) : null;
            if (members == null || !members.TryGetValue("heedful", out var version) || !version.Equals((double)Version)
                || !(Member(members, "slots") is Dictionary<string, object> slots)
                || !(Member(members, "places") is List<object> places) || !(Member(members, "mind") is string mind))
                throw new ArgumentException(Wrong, nameof(saved));
            byte[] blob;
            try
            {
                blob = Convert.FromBase64String(mind);
            }
            catch (FormatException)
            {
                throw new ArgumentException(Wrong, nameof(saved));
            }
            catalogue.ForgetPlaces();
            npc.Slots.Clear();
            foreach (var entry in slots)
            {
                var thing = SceneRegistry.Find(entry.Key);
                if (thing != null && entry.Value is double slot)
                    npc.Slots.Restore((int)slot, thing, npc.Clock);
            }
            foreach (var name in places)
                if (name is string key && SceneRegistry.Find(key) is ScenePlace place)
                    catalogue.Learn(place, npc.Clock);
            if (Member(members, "goals") is List<object> goals) // saves of 0.1.0 may have none
                npc.Goals.Restore(SavedGoals.Read(npc, goals));
            return blob;
        }

        private static object Member(Dictionary<string, object> members, string name)
        {
            return members.TryGetValue(name, out var value) ? value : null;
        }
    }
}
