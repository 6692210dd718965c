// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
using System;

namespace UnityEngine
{
    public struct Mathf
    {
        public const float PI = (float)Math.PI;
        public const float Deg2Rad = PI / 180;
        public const float Rad2Deg = 180 / PI;
        public const float Infinity = float.PositiveInfinity;
        public const float NegativeInfinity = float.NegativeInfinity;
        public const float Epsilon = 1.401298e-45f;
        public static float Abs(float f) { return Math.Abs(f); }
        public static int Abs(int i) { return Math.Abs(i); }
        public static float Sign(float f) { return f >= 0 ? 1 : -1; }
        public static float Sin(float f) { return (float)Math.Sin(f); }
        public static float Cos(float f) { return (float)Math.Cos(f); }
        public static float Tan(float f) { return (float)Math.Tan(f); }
        public static float Asin(float f) { return (float)Math.Asin(f); }
        public static float Acos(float f) { return (float)Math.Acos(f); }
        public static float Atan(float f) { return (float)Math.Atan(f); }
        public static float Atan2(float y, float x) { return (float)Math.Atan2(y, x); }
        public static float Sqrt(float f) { return (float)Math.Sqrt(f); }
        public static float Exp(float f) { return (float)Math.Exp(f); }
        public static float Log(float f) { return (float)Math.Log(f); }
        public static float Log10(float f) { return (float)Math.Log10(f); }
        public static float Pow(float f, float p) { return (float)Math.Pow(f, p); }
        public static float Min(float a, float b) { return a < b ? a : b; }
        public static float Max(float a, float b) { return a > b ? a : b; }
        public static float Max(params float[] values) { float most = values.Length == 0 ? 0 : values[0]; foreach (var v in values) most = Max(most, v); return most; }
        public static int Min(int a, int b) { return a < b ? a : b; }
        public static int Max(int a, int b) { return a > b ? a : b; }
        public static int Max(params int[] values) { int most = values.Length == 0 ? 0 : values[0]; foreach (var v in values) most = Max(most, v); return most; }
        public static float Clamp(float value, float min, float max) { return value < min ? min : value > max ? max : value; }
        public static int Clamp(int value, int min, int max) { return value < min ? min : value > max ? max : value; }
        public static float Clamp01(float value) { return Clamp(value, 0f, 1f); }
        public static float Lerp(float a, float b, float t) { return a + (b - a) * Clamp01(t); }
        public static float LerpUnclamped(float a, float b, float t) { return a + (b - a) * t; }
        public static float InverseLerp(float a, float b, float value) { return a == b ? 0 : Clamp01((value - a) / (b - a)); }
        public static float Repeat(float t, float length) { return Clamp(t - Floor(t / length) * length, 0, length); }
        public static float DeltaAngle(float a, float b) { var d = Repeat(b - a, 360); return d > 180 ? d - 360 : d; }
        public static float LerpAngle(float a, float b, float t) { return a + DeltaAngle(a, b) * Clamp01(t); }
        public static float MoveTowards(float a, float b, float step) { return Abs(b - a) <= step ? b : a + Sign(b - a) * step; }
        public static float MoveTowardsAngle(float a, float b, float step) { var d = DeltaAngle(a, b); return -step < d && d < step ? b : MoveTowards(a, a + d, step); }
        public static bool Approximately(float a, float b) { return Abs(b - a) < Max(0.000001f * Max(Abs(a), Abs(b)), Epsilon * 8); }
        public static float Floor(float f) { return (float)Math.Floor(f); }
        public static float Ceil(float f) { return (float)Math.Ceiling(f); }
        public static float Round(float f) { return (float)Math.Round(f); }
        public static int FloorToInt(float f) { return (int)Math.Floor(f); }
        public static int CeilToInt(float f) { return (int)Math.Ceiling(f); }
        public static int RoundToInt(float f) { return (int)Math.Round(f); }
    }
    public static class Random
    {
        static System.Random s_Random = new System.Random(0);
        public static int LastSeed { get; private set; }
        public static void InitState(int seed) { StubEngine.MainThread.Check("InitState"); LastSeed = seed; s_Random = new System.Random(seed); }
        public static float value { get { StubEngine.MainThread.Check("Random"); return (float)s_Random.NextDouble(); } }
        public static float Range(float min, float max) { return min + (max - min) * value; }
        public static int Range(int min, int max) { StubEngine.MainThread.Check("Random"); return s_Random.Next(min, max); }
    }
    public struct Color : IEquatable<Color>
    {
        public float r, g, b, a;
        public Color(float r, float g, float b) : this(r, g, b, 1) { }
        public Color(float r, float g, float b, float a) { this.r = r; this.g = g; this.b = b; this.a = a; }
        public static Color black { get { return new Color(0, 0, 0, 1); } }
        public static Color white { get { return new Color(1, 1, 1, 1); } }
        public static Color gray { get { return new Color(0.5f, 0.5f, 0.5f, 1); } }
        public static Color red { get { return new Color(1, 0, 0, 1); } }
        public static Color green { get { return new Color(0, 1, 0, 1); } }
        public static Color blue { get { return new Color(0, 0, 1, 1); } }
        public static Color yellow { get { return new Color(1, 0.92f, 0.016f, 1); } }
        public static Color cyan { get { return new Color(0, 1, 1, 1); } }
        public static Color magenta { get { return new Color(1, 0, 1, 1); } }
        public static Color clear { get { return new Color(0, 0, 0, 0); } }
        public static Color Lerp(Color a, Color b, float t)
        {
            t = Mathf.Clamp01(t);
            return new Color(a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t, a.a + (b.a - a.a) * t);
        }
        public float this[int index]
        {
            get { return index == 0 ? r : index == 1 ? g : index == 2 ? b : a; }
            set { if (index == 0) r = value; else if (index == 1) g = value; else if (index == 2) b = value; else a = value; }
        }
        public static Color operator *(Color c, float f) { return new Color(c.r * f, c.g * f, c.b * f, c.a * f); }
        public static bool operator ==(Color a, Color b) { return a.Equals(b); }
        public static bool operator !=(Color a, Color b) { return !a.Equals(b); }
        public bool Equals(Color o) { return r == o.r && g == o.g && b == o.b && a == o.a; }
        public override bool Equals(object other) { return other is Color && Equals((Color)other); }
        public override int GetHashCode() { return r.GetHashCode() ^ g.GetHashCode() << 2 ^ b.GetHashCode() >> 2 ^ a.GetHashCode() >> 1; }
        public static implicit operator Color32(Color c) { return new Color32(To8(c.r), To8(c.g), To8(c.b), To8(c.a)); }
        public static implicit operator Color(Color32 c) { return new Color(c.r / 255f, c.g / 255f, c.b / 255f, c.a / 255f); }
        static byte To8(float f) { return (byte)Math.Round(Mathf.Clamp01(f) * 255f); }
    }
    public struct Color32
    {
        public byte r, g, b, a;
        public Color32(byte r, byte g, byte b, byte a) { this.r = r; this.g = g; this.b = b; this.a = a; }
    }
    public struct LayerMask
    {
        public int value { get; set; }
        public static implicit operator int(LayerMask mask) { return mask.value; }
        public static implicit operator LayerMask(int value) { return new LayerMask { value = value }; }
        public static int NameToLayer(string layerName) { return layerName == "Default" ? 0 : layerName == "Ignore Raycast" ? 2 : -1; }
        public static int GetMask(params string[] layerNames) { int mask = 0; foreach (var n in layerNames) if (NameToLayer(n) >= 0) mask |= 1 << NameToLayer(n); return mask; }
    }
    public struct Hash128
    {
        ulong m_Value;
        public static Hash128 Compute(string data) { return new Hash128 { m_Value = (ulong)data.GetHashCode() }; }
        public void Append<T>(T[] data, int start, int count) where T : struct { for (int i = start; i < start + count; i++) m_Value = m_Value * 31 + (ulong)data[i].GetHashCode(); }
        internal void Add(Hash128 other) { m_Value = m_Value * 31 + other.m_Value; }
        public override string ToString() { return m_Value.ToString("x32"); }
    }
    public static class HashUtilities { public static void AppendHash(ref Hash128 inHash, ref Hash128 outHash) { outHash.Add(inHash); } }
}
