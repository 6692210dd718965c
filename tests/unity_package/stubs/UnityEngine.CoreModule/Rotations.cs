// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
using System;

namespace UnityEngine
{
    public struct Quaternion : IEquatable<Quaternion>
    {
        public float x, y, z, w;
        public Quaternion(float x, float y, float z, float w) { this.x = x; this.y = y; this.z = z; this.w = w; }
        public static Quaternion identity { get { return new Quaternion(0, 0, 0, 1); } }
        public static Quaternion Inverse(Quaternion q) { return new Quaternion(-q.x, -q.y, -q.z, q.w); }
        public static float Dot(Quaternion a, Quaternion b) { return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w; }
        public static Quaternion AngleAxis(float degrees, Vector3 axis)
        {
            double half = degrees * Math.PI / 360;
            var v = axis.normalized * (float)Math.Sin(half);
            return new Quaternion(v.x, v.y, v.z, (float)Math.Cos(half));
        }
        /// Unity turns about z first, then x, then y.
        public static Quaternion Euler(float x, float y, float z) { return AngleAxis(y, Vector3.up) * AngleAxis(x, Vector3.right) * AngleAxis(z, Vector3.forward); }
        public static Quaternion Euler(Vector3 angles) { return Euler(angles.x, angles.y, angles.z); }
        public static Quaternion LookRotation(Vector3 forward) { return LookRotation(forward, Vector3.up); }
        public static Quaternion LookRotation(Vector3 forward, Vector3 up)
        {
            var f = forward.normalized;
            if (f == Vector3.zero) return identity;
            return Euler((float)(-Math.Asin(Math.Max(-1, Math.Min(1, f.y))) * 180 / Math.PI), (float)(Math.Atan2(f.x, f.z) * 180 / Math.PI), 0);
        }
        public static float Angle(Quaternion a, Quaternion b) { return (float)(Math.Acos(Math.Min(1.0, Math.Abs(Dot(a, b)))) * 360 / Math.PI); }
        public static Quaternion Slerp(Quaternion a, Quaternion b, float t)
        {
            t = Mathf.Clamp01(t);
            double dot = Dot(a, b), sign = dot < 0 ? -1 : 1, angle = Math.Acos(Math.Min(1, dot * sign));
            if (angle < 1e-5) return b;
            double p = Math.Sin((1 - t) * angle) / Math.Sin(angle), q = sign * Math.Sin(t * angle) / Math.Sin(angle);
            return new Quaternion((float)(p * a.x + q * b.x), (float)(p * a.y + q * b.y), (float)(p * a.z + q * b.z), (float)(p * a.w + q * b.w));
        }
        public static Quaternion Lerp(Quaternion a, Quaternion b, float t) { return Slerp(a, b, t); }
        public static Quaternion RotateTowards(Quaternion a, Quaternion b, float degrees) { var angle = Angle(a, b); return angle == 0 ? b : Slerp(a, b, Math.Min(1, degrees / angle)); }
        public Quaternion normalized { get { var m = (float)Math.Sqrt(Dot(this, this)); return m < 1e-12f ? identity : new Quaternion(x / m, y / m, z / m, w / m); } }
        public Vector3 eulerAngles
        {
            get
            {
                var f = this * Vector3.forward;
                float pitch = (float)(-Math.Asin(Math.Max(-1, Math.Min(1, f.y))) * 180 / Math.PI), yaw = (float)(Math.Atan2(f.x, f.z) * 180 / Math.PI);
                var r = Inverse(Euler(pitch, yaw, 0)) * (this * Vector3.right);
                return new Vector3(Mathf.Repeat(pitch, 360), Mathf.Repeat(yaw, 360), Mathf.Repeat((float)(Math.Atan2(r.y, r.x) * 180 / Math.PI), 360));
            }
            set { this = Euler(value); }
        }
        public static Quaternion operator *(Quaternion a, Quaternion b)
        {
            return new Quaternion(
                a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
                a.w * b.y + a.y * b.w + a.z * b.x - a.x * b.z,
                a.w * b.z + a.z * b.w + a.x * b.y - a.y * b.x,
                a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z);
        }
        public static Vector3 operator *(Quaternion q, Vector3 v)
        {
            var p = q * new Quaternion(v.x, v.y, v.z, 0) * Inverse(q);
            return new Vector3(p.x, p.y, p.z);
        }
        public static bool operator ==(Quaternion a, Quaternion b) { return Dot(a, b) > 0.999999f; }
        public static bool operator !=(Quaternion a, Quaternion b) { return !(a == b); }
        public bool Equals(Quaternion o) { return x == o.x && y == o.y && z == o.z && w == o.w; }
        public override bool Equals(object other) { return other is Quaternion && Equals((Quaternion)other); }
        public override int GetHashCode() { return x.GetHashCode() ^ y.GetHashCode() << 2 ^ z.GetHashCode() >> 2 ^ w.GetHashCode() >> 1; }
    }
    public struct Pose
    {
        public Vector3 position;
        public Quaternion rotation;
        public Pose(Vector3 position, Quaternion rotation) { this.position = position; this.rotation = rotation; }
        public static Pose identity { get { return new Pose(Vector3.zero, Quaternion.identity); } }
        public Pose GetTransformedBy(Pose lhs) { return new Pose(lhs.position + lhs.rotation * position, lhs.rotation * rotation); }
    }
}
