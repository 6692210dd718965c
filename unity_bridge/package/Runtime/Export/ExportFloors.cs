using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// Places and doors of a scene as a scene file has them: rectangles along the axes that share
    /// edges, and doorways exactly on these.
    /// </summary>
    internal sealed class ExportFloors
    {
        private const float Snap = 0.3f;
        private const float Near = 1f;
        private const float Level = 0.5f;

        private readonly SceneFile file;
        private readonly ExportNames names;
        private readonly List<string> problems;
        private readonly Dictionary<ScenePlace, PlaceRecord> records = new Dictionary<ScenePlace, PlaceRecord>();
        private readonly HashSet<SceneEntity> done = new HashSet<SceneEntity>();

        public ExportFloors(SceneFile file, ExportNames names, List<string> problems)
        {
            this.file = file;
            this.names = names;
            this.problems = problems;
        }

        /// <summary>Writes the places; edges that lie within a wall of each other become one.</summary>
        public void AddPlaces(IReadOnlyList<ScenePlace> places)
        {
            foreach (ScenePlace place in places)
            {
                AddPlace(place);
                if (Mathf.Abs(place.Position.y - places[0].Position.y) > Level)
                {
                    problems.Add("Place '" + place.Key + "' is on another floor than '" + places[0].Key
                        + "', and scene files have one: export it alone.");
                }
            }

            var xs = new List<float>();
            var zs = new List<float>();
            foreach (PlaceRecord record in file.Places)
            {
                xs.Add(record.X0);
                xs.Add(record.X1);
                zs.Add(record.Z0);
                zs.Add(record.Z1);
            }

            Dictionary<float, float> snappedX = Cluster(xs);
            Dictionary<float, float> snappedZ = Cluster(zs);
            foreach (PlaceRecord record in file.Places)
            {
                record.X0 = snappedX[record.X0];
                record.X1 = snappedX[record.X1];
                record.Z0 = snappedZ[record.Z0];
                record.Z1 = snappedZ[record.Z1];
            }
        }

        /// <summary>Writes the doorways between places, and doors that stand between two.</summary>
        public void AddDoors(IReadOnlyList<SceneEntity> doors)
        {
            foreach (KeyValuePair<ScenePlace, PlaceRecord> pair in records)
            {
                foreach (Doorway doorway in pair.Key.Doorways)
                {
                    if (doorway.leadsTo == null || !records.TryGetValue(doorway.leadsTo, out PlaceRecord behind))
                    {
                        continue;
                    }

                    Vector3 at = pair.Key.transform.TransformPoint(doorway.position);
                    AddDoor(pair.Value, behind, new Vector2(at.x, at.z), doorway.width, doorway.door);
                }
            }

            foreach (SceneEntity door in doors)
            {
                if (done.Contains(door))
                {
                    continue;
                }

                var at = new Vector2(door.Position.x, door.Position.z);
                if (!FindEdge(at, out PlaceRecord one, out PlaceRecord other))
                {
                    problems.Add("Door '" + door.Key + "' is left out because it is not between two places: add it to "
                        + "the doorways of a ScenePlace.");
                    continue;
                }

                AddDoor(one, other, at, door.Size.x > 0f ? door.Size.x : 1f, door);
            }
        }

        private void AddPlace(ScenePlace place)
        {
            var low = new Vector2(float.MaxValue, float.MaxValue);
            var high = new Vector2(float.MinValue, float.MinValue);
            for (int i = 0; i < place.Floor.Length; i++)
            {
                Vector3 corner = place.Corner(i);
                low = new Vector2(Mathf.Min(low.x, corner.x), Mathf.Min(low.y, corner.z));
                high = new Vector2(Mathf.Max(high.x, corner.x), Mathf.Max(high.y, corner.z));
            }

            bool isRectangle = place.Floor.Length == 4;
            for (int i = 0; isRectangle && i < 4; i++)
            {
                Vector3 corner = place.Corner(i);
                isRectangle = (Mathf.Abs(corner.x - low.x) < 0.05f || Mathf.Abs(corner.x - high.x) < 0.05f)
                    && (Mathf.Abs(corner.z - low.y) < 0.05f || Mathf.Abs(corner.z - high.y) < 0.05f);
            }

            if (!isRectangle)
            {
                problems.Add("Place '" + place.Key + "' is no rectangle along the axes, so the rectangle around it is "
                    + "written: divide it into rectangles if that is not enough.");
            }

            var record = new PlaceRecord
            {
                Id = names.IdOf(place), Name = names.NameOf(place), X0 = low.x, Z0 = low.y, X1 = high.x, Z1 = high.y
            };
            file.Places.Add(record);
            records[place] = record;
        }

        private void AddDoor(PlaceRecord one, PlaceRecord other, Vector2 at, float width, SceneEntity door)
        {
            if (door != null && !done.Add(door) || door == null && HasDoor(one, other, at))
            {
                return; // seen from the other place already
            }

            string called = door != null ? door.Key : one.Id + "_" + other.Id;
            if (!SharedEdge(one, other, out bool alongX, out float line, out float from, out float to))
            {
                problems.Add("Door '" + called + "' is left out because the floors of '" + one.Id + "' and '" + other.Id
                    + "' do not touch: let them end at the same wall.");
                return;
            }

            float most = to - from - SceneWalls.Thickness;
            if (most < 0.8f)
            {
                problems.Add("Door '" + called + "' is left out because its wall is shorter than 0.8 m: make the wall "
                    + "longer.");
                return;
            }

            float clear = Round(Mathf.Clamp(width, 0.8f, Mathf.Min(most, 12f)));
            float margin = (clear + SceneWalls.Thickness) / 2f;
            float middle = Round(Mathf.Clamp(alongX ? at.x : at.y, from + margin, to - margin));
            var record = new DoorRecord
            {
                Id = door != null ? names.IdOf(door) : names.MakeId(called, "opening"),
                PlaceA = one.Id,
                PlaceB = other.Id,
                Position = alongX ? new Vector2(middle, line) : new Vector2(line, middle),
                Width = clear,
                Kind = KindOf(door)
            };
            if (record.Kind == "door" || record.Kind == "gate")
            {
                record.State = door.Is(EntityStates.Open) ? "open"
                    : door.Is(EntityStates.Locked) && record.Kind == "door" ? "locked"
                    : "closed";
                record.Key = door.LockKey != null && record.Kind == "door" ? names.IdOf(door.LockKey) : null;
            }

            file.Doors.Add(record);
        }

        private static string KindOf(SceneEntity door)
        {
            if (door == null)
            {
                return "opening";
            }

            return door.Has(EntityTraits.Gate) ? "gate"
                : !door.Has(EntityTraits.Opening) ? "door"
                : door.DisplayName.EndsWith("barrier") ? "barrier"
                : "opening";
        }

        private bool HasDoor(PlaceRecord one, PlaceRecord other, Vector2 at)
        {
            foreach (DoorRecord door in file.Doors)
            {
                bool same = door.PlaceA == one.Id && door.PlaceB == other.Id
                    || door.PlaceA == other.Id && door.PlaceB == one.Id;
                if (same && Vector2.Distance(door.Position, at) < Near)
                {
                    return true;
                }
            }

            return false;
        }

        private bool FindEdge(Vector2 at, out PlaceRecord one, out PlaceRecord other)
        {
            float least = Near;
            one = null;
            other = null;
            for (int i = 0; i < file.Places.Count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    if (!SharedEdge(file.Places[i], file.Places[j], out bool alongX, out float line, out float from,
                            out float to))
                    {
                        continue;
                    }

                    float along = alongX ? at.x : at.y;
                    float across = Mathf.Abs((alongX ? at.y : at.x) - line);
                    if (from <= along && along <= to && across < least)
                    {
                        least = across;
                        one = file.Places[i];
                        other = file.Places[j];
                    }
                }
            }

            return one != null;
        }

        private static bool SharedEdge(PlaceRecord one, PlaceRecord other, out bool alongX, out float line,
            out float from, out float to)
        {
            alongX = false;
            line = one.X1 == other.X0 ? one.X1 : one.X0;
            from = Mathf.Max(one.Z0, other.Z0);
            to = Mathf.Min(one.Z1, other.Z1);
            if ((one.X1 == other.X0 || one.X0 == other.X1) && from < to)
            {
                return true;
            }

            alongX = true;
            line = one.Z1 == other.Z0 ? one.Z1 : one.Z0;
            from = Mathf.Max(one.X0, other.X0);
            to = Mathf.Min(one.X1, other.X1);
            return (one.Z1 == other.Z0 || one.Z0 == other.Z1) && from < to;
        }

        /// <summary>For every value, the middle of those within a wall of it.</summary>
        private static Dictionary<float, float> Cluster(List<float> values)
        {
            values.Sort();
            var snapped = new Dictionary<float, float>();
            for (int start = 0, end; start < values.Count; start = end)
            {
                end = start + 1;
                while (end < values.Count && values[end] - values[start] <= Snap)
                {
                    end++;
                }

                float middle = Round((values[start] + values[end - 1]) / 2f);
                for (int i = start; i < end; i++)
                {
                    snapped[values[i]] = middle;
                }
            }

            return snapped;
        }

        /// <summary>To the millimetre.</summary>
        public static float Round(float value)
        {
            return Mathf.Round(value * 1000f) / 1000f;
        }
    }
}
