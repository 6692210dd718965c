// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
namespace UnityEngine
{
    /// Affine: the last row is 0 0 0 1. Columns are where the axes go, and the origin.
    public struct Matrix4x4
    {
        Vector3 m_X, m_Y, m_Z, m_Origin;
        public static Matrix4x4 identity { get { return TRS(Vector3.zero, Quaternion.identity, Vector3.one); } }
        public static Matrix4x4 TRS(Vector3 pos, Quaternion q, Vector3 s) { return new Matrix4x4 { m_X = q * new Vector3(s.x, 0, 0), m_Y = q * new Vector3(0, s.y, 0), m_Z = q * new Vector3(0, 0, s.z), m_Origin = pos }; }
        public static Matrix4x4 Scale(Vector3 s) { return TRS(Vector3.zero, Quaternion.identity, s); }
        public static Matrix4x4 Translate(Vector3 v) { return TRS(v, Quaternion.identity, Vector3.one); }
        public static Matrix4x4 Rotate(Quaternion q) { return TRS(Vector3.zero, q, Vector3.one); }
        public static Matrix4x4 operator *(Matrix4x4 a, Matrix4x4 b)
        {
            return new Matrix4x4 { m_X = a.MultiplyVector(b.m_X), m_Y = a.MultiplyVector(b.m_Y), m_Z = a.MultiplyVector(b.m_Z), m_Origin = a.MultiplyPoint3x4(b.m_Origin) };
        }
        public Vector3 MultiplyPoint3x4(Vector3 p) { return m_Origin + MultiplyVector(p); }
        public Vector3 MultiplyPoint(Vector3 p) { return MultiplyPoint3x4(p); }
        public Vector3 MultiplyVector(Vector3 v) { return m_X * v.x + m_Y * v.y + m_Z * v.z; }
        public Matrix4x4 inverse
        {
            get
            {
                Vector3 a = Vector3.Cross(m_Y, m_Z), b = Vector3.Cross(m_Z, m_X), c = Vector3.Cross(m_X, m_Y);
                float d = Vector3.Dot(m_X, a);
                if (d == 0) return new Matrix4x4();
                var turned = new Matrix4x4 { m_X = new Vector3(a.x, b.x, c.x) / d, m_Y = new Vector3(a.y, b.y, c.y) / d, m_Z = new Vector3(a.z, b.z, c.z) / d };
                turned.m_Origin = -turned.MultiplyVector(m_Origin);
                return turned;
            }
        }
    }
}
