using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>A box with square edges.</summary>
    public readonly struct WallBox
    {
        /// <summary>Its middle, metres.</summary>
        public readonly Vector3 Center;

        /// <summary>Its full extent, metres.</summary>
        public readonly Vector3 Size;

        /// <summary>Makes a box.</summary>
        public WallBox(Vector3 center, Vector3 size)
        {
            Center = center;
            Size = size;
        }
    }

    /// <summary>
    /// The walls of a scene file: they stand centred on the edges of places, once where two places
    /// share an edge, with gaps for the doors and lintels above these.
    /// </summary>
    public static partial class SceneWalls
    {
        private const float Tolerance = 0.001f;

        /// <summary>All boxes of wall.</summary>
        public static List<WallBox> Compute(SceneFile scene)
        {
            var lines = new List<Line>();
            foreach (PlaceRecord place in scene.Places)
            {
                FindLine(lines, true, place.Z0).Add(place.X0, place.X1);
                FindLine(lines, true, place.Z1).Add(place.X0, place.X1);
                FindLine(lines, false, place.X0).Add(place.Z0, place.Z1);
                FindLine(lines, false, place.X1).Add(place.Z0, place.Z1);
            }

            var boxes = new List<WallBox>();
            foreach (Line line in lines)
            {
                foreach (DoorRecord door in scene.Doors)
                {
                    bool alongX = RunsAlongX(scene, door);
                    float across = alongX ? door.Position.y : door.Position.x;
                    if (alongX != line.AlongX || Mathf.Abs(across - line.At) > Tolerance)
                    {
                        continue;
                    }

                    float middle = alongX ? door.Position.x : door.Position.y;
                    line.Cut(middle - door.Width / 2f, middle + door.Width / 2f);
                    if (door.Kind != "opening" && scene.Height > DoorHeight)
                    {
                        boxes.Add(Box(line, middle - door.Width / 2f, middle + door.Width / 2f, DoorHeight,
                            scene.Height));
                    }
                }

                foreach (Vector2 span in line.Spans)
                {
                    boxes.Add(Box(line, span.x, span.y, 0f, scene.Height));
                }
            }

            return boxes;
        }

        /// <summary>Whether the wall of a door runs along x.</summary>
        public static bool RunsAlongX(SceneFile scene, DoorRecord door)
        {
            PlaceRecord place = scene.FindPlace(door.PlaceA);
            return place != null && (Mathf.Abs(door.Position.y - place.Z0) <= Tolerance
                || Mathf.Abs(door.Position.y - place.Z1) <= Tolerance);
        }

        private static Line FindLine(List<Line> lines, bool alongX, float at)
        {
            foreach (Line line in lines)
            {
                if (line.AlongX == alongX && Mathf.Abs(line.At - at) <= Tolerance)
                {
                    return line;
                }
            }

            var made = new Line(alongX, at);
            lines.Add(made);
            return made;
        }

        private static WallBox Box(Line line, float from, float to, float bottom, float top)
        {
            float middle = (from + to) / 2f;
            float height = (bottom + top) / 2f;
            float length = to - from;
            return line.AlongX
                ? new WallBox(new Vector3(middle, height, line.At), new Vector3(length, top - bottom, Thickness))
                : new WallBox(new Vector3(line.At, height, middle), new Vector3(Thickness, top - bottom, length));
        }

        /// <summary>The spans of wall on one line; x and y of a span are its start and end.</summary>
        private sealed class Line
        {
            public readonly bool AlongX;
            public readonly float At;
            public readonly List<Vector2> Spans = new List<Vector2>();

            public Line(bool alongX, float at)
            {
                AlongX = alongX;
                At = at;
            }

            /// <summary>Adds an edge; spans that meet become one.</summary>
            public void Add(float from, float to)
            {
                for (int i = Spans.Count - 1; i >= 0; i--)
                {
                    if (Spans[i].x <= to + Tolerance && from <= Spans[i].y + Tolerance)
                    {
                        from = Mathf.Min(from, Spans[i].x);
                        to = Mathf.Max(to, Spans[i].y);
                        Spans.RemoveAt(i);
                    }
                }

                Spans.Add(new Vector2(from, to));
            }

            /// <summary>Takes a gap out.</summary>
            public void Cut(float from, float to)
            {
                for (int i = Spans.Count - 1; i >= 0; i--)
                {
                    Vector2 span = Spans[i];
                    if (span.y <= from || to <= span.x)
                    {
                        continue;
                    }

                    Spans.RemoveAt(i);
                    if (from - span.x > Tolerance)
                    {
                        Spans.Add(new Vector2(span.x, from));
                    }

                    if (span.y - to > Tolerance)
                    {
                        Spans.Add(new Vector2(to, span.y));
                    }
                }
            }
        }
    }
}
