// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
using System;

namespace UnityEngine
{
    public struct Vector2 : IEquatable<Vector2>
    {
        public float x, y;
        public Vector2(float x, float y) { this.x = x; this.y = y; }
        public static Vector2 zero { get { return new Vector2(); } }
        public static Vector2 one { get { return new Vector2(1, 1); } }
        public float sqrMagnitude { get { return x * x + y * y; } }
        public float magnitude { get { return (float)Math.Sqrt(sqrMagnitude); } }
        public Vector2 normalized { get { var m = magnitude; return m > 1e-5f ? this * (1 / m) : zero; } }
        public static float Dot(Vector2 a, Vector2 b) { return a.x * b.x + a.y * b.y; }
        public static float Distance(Vector2 a, Vector2 b) { return (a - b).magnitude; }
        public static Vector2 operator +(Vector2 a, Vector2 b) { return new Vector2(a.x + b.x, a.y + b.y); }
        public static Vector2 operator -(Vector2 a, Vector2 b) { return new Vector2(a.x - b.x, a.y - b.y); }
        public static Vector2 operator -(Vector2 a) { return new Vector2(-a.x, -a.y); }
        public static Vector2 operator *(Vector2 a, float d) { return new Vector2(a.x * d, a.y * d); }
        public static Vector2 operator *(float d, Vector2 a) { return a * d; }
        public static Vector2 operator /(Vector2 a, float d) { return new Vector2(a.x / d, a.y / d); }
        public static bool operator ==(Vector2 a, Vector2 b) { return (a - b).sqrMagnitude < 9.99999944e-11f; }
        public static bool operator !=(Vector2 a, Vector2 b) { return !(a == b); }
        public static implicit operator Vector2(Vector3 v) { return new Vector2(v.x, v.y); }
        public static implicit operator Vector3(Vector2 v) { return new Vector3(v.x, v.y, 0); }
        public bool Equals(Vector2 other) { return x == other.x && y == other.y; }
        public override bool Equals(object other) { return other is Vector2 && Equals((Vector2)other); }
        public override int GetHashCode() { return x.GetHashCode() ^ y.GetHashCode() << 2; }
        public override string ToString() { return "(" + x + ", " + y + ")"; }
    }
    public struct Vector2Int { public int x { get; set; } public int y { get; set; } public Vector2Int(int x, int y) : this() { this.x = x; this.y = y; } }
    public struct Vector3 : IEquatable<Vector3>
    {
        public const float kEpsilon = 0.00001f;
        public float x, y, z;
        public Vector3(float x, float y, float z) { this.x = x; this.y = y; this.z = z; }
        public Vector3(float x, float y) : this(x, y, 0) { }
        public static Vector3 zero { get { return new Vector3(); } }
        public static Vector3 one { get { return new Vector3(1, 1, 1); } }
        public static Vector3 up { get { return new Vector3(0, 1, 0); } }
        public static Vector3 down { get { return new Vector3(0, -1, 0); } }
        public static Vector3 right { get { return new Vector3(1, 0, 0); } }
        public static Vector3 left { get { return new Vector3(-1, 0, 0); } }
        public static Vector3 forward { get { return new Vector3(0, 0, 1); } }
        public static Vector3 back { get { return new Vector3(0, 0, -1); } }
        public static Vector3 positiveInfinity { get { return one * float.PositiveInfinity; } }
        public float this[int index]
        {
            get { return index == 0 ? x : index == 1 ? y : index == 2 ? z : throw new IndexOutOfRangeException(); }
            set { if (index == 0) x = value; else if (index == 1) y = value; else if (index == 2) z = value; else throw new IndexOutOfRangeException(); }
        }
        public float sqrMagnitude { get { return x * x + y * y + z * z; } }
        public float magnitude { get { return (float)Math.Sqrt(sqrMagnitude); } }
        public Vector3 normalized { get { var m = magnitude; return m > 1e-5f ? this * (1 / m) : zero; } }
        public void Normalize() { this = normalized; }
        public void Set(float newX, float newY, float newZ) { x = newX; y = newY; z = newZ; }
        public void Scale(Vector3 scale) { this = Scale(this, scale); }
        public static Vector3 Scale(Vector3 a, Vector3 b) { return new Vector3(a.x * b.x, a.y * b.y, a.z * b.z); }
        public static Vector3 Normalize(Vector3 v) { return v.normalized; }
        public static float Magnitude(Vector3 v) { return v.magnitude; }
        public static float SqrMagnitude(Vector3 v) { return v.sqrMagnitude; }
        public static float Dot(Vector3 a, Vector3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
        public static Vector3 Cross(Vector3 a, Vector3 b) { return new Vector3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x); }
        public static float Distance(Vector3 a, Vector3 b) { return (a - b).magnitude; }
        public static Vector3 Lerp(Vector3 a, Vector3 b, float t) { t = Mathf.Clamp01(t); return a + (b - a) * t; }
        public static Vector3 LerpUnclamped(Vector3 a, Vector3 b, float t) { return a + (b - a) * t; }
        public static Vector3 Min(Vector3 a, Vector3 b) { return new Vector3(Math.Min(a.x, b.x), Math.Min(a.y, b.y), Math.Min(a.z, b.z)); }
        public static Vector3 Max(Vector3 a, Vector3 b) { return new Vector3(Math.Max(a.x, b.x), Math.Max(a.y, b.y), Math.Max(a.z, b.z)); }
        public static Vector3 MoveTowards(Vector3 a, Vector3 b, float step) { var d = b - a; var m = d.magnitude; return m <= step || m == 0 ? b : a + d * (step / m); }
        public static Vector3 ClampMagnitude(Vector3 v, float most) { return v.sqrMagnitude > most * most ? v.normalized * most : v; }
        public static Vector3 Project(Vector3 v, Vector3 on) { var s = on.sqrMagnitude; return s < 1e-15f ? zero : on * (Dot(v, on) / s); }
        public static Vector3 ProjectOnPlane(Vector3 v, Vector3 normal) { return v - Project(v, normal); }
        public static float Angle(Vector3 a, Vector3 b)
        {
            var m = Math.Sqrt((double)a.sqrMagnitude * b.sqrMagnitude);
            return m < 1e-15 ? 0 : (float)(Math.Acos(Math.Max(-1, Math.Min(1, Dot(a, b) / m))) * 180 / Math.PI);
        }
        public static float SignedAngle(Vector3 a, Vector3 b, Vector3 axis) { return Angle(a, b) * (Dot(axis, Cross(a, b)) < 0 ? -1 : 1); }
        public static Vector3 operator +(Vector3 a, Vector3 b) { return new Vector3(a.x + b.x, a.y + b.y, a.z + b.z); }
        public static Vector3 operator -(Vector3 a, Vector3 b) { return new Vector3(a.x - b.x, a.y - b.y, a.z - b.z); }
        public static Vector3 operator -(Vector3 a) { return new Vector3(-a.x, -a.y, -a.z); }
        public static Vector3 operator *(Vector3 a, float d) { return new Vector3(a.x * d, a.y * d, a.z * d); }
        public static Vector3 operator *(float d, Vector3 a) { return a * d; }
        public static Vector3 operator /(Vector3 a, float d) { return new Vector3(a.x / d, a.y / d, a.z / d); }
        public static bool operator ==(Vector3 a, Vector3 b) { return (a - b).sqrMagnitude < 9.99999944e-11f; }
        public static bool operator !=(Vector3 a, Vector3 b) { return !(a == b); }
        public bool Equals(Vector3 other) { return x == other.x && y == other.y && z == other.z; }
        public override bool Equals(object other) { return other is Vector3 && Equals((Vector3)other); }
        public override int GetHashCode() { return x.GetHashCode() ^ y.GetHashCode() << 2 ^ z.GetHashCode() >> 2; }
        public override string ToString() { return "(" + x + ", " + y + ", " + z + ")"; }
    }
    public struct Vector4 { public float x, y, z, w; public Vector4(float x, float y, float z, float w) { this.x = x; this.y = y; this.z = z; this.w = w; } }
    public struct Vector3Int
    {
        public int x { get; set; }
        public int y { get; set; }
        public int z { get; set; }
        public Vector3Int(int x, int y, int z) : this() { this.x = x; this.y = y; this.z = z; }
    }
    public struct Ray
    {
        public Vector3 origin { get; set; }
        public Vector3 direction { get; set; }
        public Ray(Vector3 origin, Vector3 direction) : this() { this.origin = origin; this.direction = direction.normalized; }
        public Vector3 GetPoint(float distance) { return origin + direction * distance; }
    }
    public struct Bounds
    {
        public Vector3 center { get; set; }
        public Vector3 extents { get; set; }
        public Bounds(Vector3 center, Vector3 size) : this() { this.center = center; extents = size * 0.5f; }
        public Vector3 size { get { return extents * 2; } set { extents = value * 0.5f; } }
        public Vector3 min { get { return center - extents; } set { SetMinMax(value, max); } }
        public Vector3 max { get { return center + extents; } set { SetMinMax(min, value); } }
        public void SetMinMax(Vector3 low, Vector3 high) { extents = (high - low) * 0.5f; center = low + extents; }
        public void Encapsulate(Vector3 point) { SetMinMax(Vector3.Min(min, point), Vector3.Max(max, point)); }
        public void Encapsulate(Bounds other) { Encapsulate(other.min); Encapsulate(other.max); }
        public void Expand(float amount) { extents += Vector3.one * (amount * 0.5f); }
        public bool Contains(Vector3 p) { var d = p - center; return Math.Abs(d.x) <= extents.x && Math.Abs(d.y) <= extents.y && Math.Abs(d.z) <= extents.z; }
        public bool Intersects(Bounds other) { var d = other.center - center; var e = other.extents + extents; return Math.Abs(d.x) <= e.x && Math.Abs(d.y) <= e.y && Math.Abs(d.z) <= e.z; }
        public Vector3 ClosestPoint(Vector3 p) { return Vector3.Max(min, Vector3.Min(max, p)); }
        public float SqrDistance(Vector3 p) { return (ClosestPoint(p) - p).sqrMagnitude; }
    }
    public struct Rect
    {
        public float x { get; set; }
        public float y { get; set; }
        public float width { get; set; }
        public float height { get; set; }
        public Rect(float x, float y, float width, float height) : this() { this.x = x; this.y = y; this.width = width; this.height = height; }
        public float xMin { get { return x; } }
        public float yMin { get { return y; } }
        public float xMax { get { return x + width; } }
        public float yMax { get { return y + height; } }
        public Vector2 center { get { return new Vector2(x + width / 2, y + height / 2); } }
        public bool Contains(Vector2 p) { return p.x >= xMin && p.x < xMax && p.y >= yMin && p.y < yMax; }
    }
}
