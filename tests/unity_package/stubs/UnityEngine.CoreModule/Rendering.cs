// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
using System;
using System.Collections.Generic;
using StubEngine;

namespace UnityEngine
{
    public enum TextureFormat { Alpha8 = 1, RGB24 = 3, RGBA32 = 4, ARGB32 = 5, R8 = 63, RGBAFloat = 20 }
    public enum RenderTextureFormat { ARGB32 = 0, Depth = 1, ARGBHalf = 2, Default = 7 }
    public enum RenderTextureReadWrite { Default = 0, Linear = 1, sRGB = 2 }
    public enum FilterMode { Point, Bilinear, Trilinear }
    public enum TextureWrapMode { Repeat, Clamp }
    public enum CameraClearFlags { Skybox = 1, SolidColor = 2, Depth = 3, Nothing = 4 }

    public class Texture : Object
    {
        public virtual int width { get; set; }
        public virtual int height { get; set; }
        public FilterMode filterMode { get; set; }
        public TextureWrapMode wrapMode { get; set; }
        internal Color32[] m_Pixels; // row 0 at the bottom, as in Unity
    }
    public class RenderTexture : Texture
    {
        static RenderTexture s_Active;
        static readonly Stack<RenderTexture> s_Spare = new Stack<RenderTexture>();
        public static RenderTexture active { get { MainThread.Check("get_active"); return s_Active; } set { MainThread.Check("set_active"); s_Active = value; } }
        public RenderTexture(int width, int height, int depth) { this.width = width; this.height = height; m_Pixels = new Color32[width * height]; }
        public RenderTexture(int width, int height, int depth, RenderTextureFormat format) : this(width, height, depth) { }
        public RenderTexture(int width, int height, int depth, RenderTextureFormat format, RenderTextureReadWrite readWrite) : this(width, height, depth) { }
        public RenderTextureFormat format { get { return RenderTextureFormat.ARGB32; } }
        public int antiAliasing { get; set; } = 1;
        public bool useMipMap { get; set; }
        public bool autoGenerateMips { get; set; }
        public bool Create() { return true; }
        public bool IsCreated() { return true; }
        public void Release() { }
        public static RenderTexture GetTemporary(int width, int height, int depthBuffer, RenderTextureFormat format, RenderTextureReadWrite readWrite)
        {
            MainThread.Check("GetTemporary");
            return s_Spare.Count > 0 && s_Spare.Peek().width == width && s_Spare.Peek().height == height ? s_Spare.Pop() : new RenderTexture(width, height, depthBuffer);
        }
        public static RenderTexture GetTemporary(int width, int height, int depthBuffer, RenderTextureFormat format) { return GetTemporary(width, height, depthBuffer, format, RenderTextureReadWrite.Default); }
        public static RenderTexture GetTemporary(int width, int height, int depthBuffer) { return GetTemporary(width, height, depthBuffer, RenderTextureFormat.ARGB32); }
        public static void ReleaseTemporary(RenderTexture temp) { MainThread.Check("ReleaseTemporary"); s_Spare.Push(temp); }
        public Color32[] Pixels { get { return m_Pixels; } }
    }
    public sealed class Texture2D : Texture
    {
        byte[] m_Raw;
        public TextureFormat format { get; private set; }
        public Texture2D(int width, int height) : this(width, height, TextureFormat.RGBA32, false) { }
        public Texture2D(int width, int height, TextureFormat format, bool mipChain, bool linear) : this(width, height, format, mipChain) { }
        public Texture2D(int width, int height, TextureFormat format, bool mipChain)
        {
            this.width = width; this.height = height; this.format = format;
            m_Pixels = new Color32[width * height];
        }
        public static Texture2D whiteTexture { get { var white = new Texture2D(1, 1); white.m_Pixels[0] = Color.white; return white; } }
        public void Apply() { }
        public void Apply(bool updateMipmaps) { }
        public void Apply(bool updateMipmaps, bool makeNoLongerReadable) { }
        public void SetPixel(int x, int y, Color color) { m_Pixels[y * width + x] = color; }
        public Color GetPixel(int x, int y) { return m_Pixels[y * width + x]; }
        public void SetPixels(Color[] colors) { for (int i = 0; i < colors.Length; i++) m_Pixels[i] = colors[i]; }
        public void SetPixels32(Color32[] colors) { Array.Copy(colors, m_Pixels, colors.Length); }
        public Color32[] GetPixels32() { MainThread.Check("GetPixels32"); return (Color32[])m_Pixels.Clone(); }
        public void ReadPixels(Rect source, int destX, int destY) { ReadPixels(source, destX, destY, false); }
        public void ReadPixels(Rect source, int destX, int destY, bool recalculateMipMaps)
        {
            MainThread.Check("ReadPixels");
            var from = RenderTexture.active;
            if ((object)from == null) return;
            for (int y = 0; y < (int)source.height; y++)
                for (int x = 0; x < (int)source.width; x++)
                    m_Pixels[(destY + y) * width + destX + x] = from.m_Pixels[((int)source.y + y) * from.width + (int)source.x + x];
        }
        int Channels { get { return format == TextureFormat.RGB24 ? 3 : 4; } }
        public Unity.Collections.NativeArray<T> GetRawTextureData<T>() where T : struct
        {
            MainThread.Check("GetRawTextureData");
            if (m_Raw == null) m_Raw = new byte[m_Pixels.Length * Channels];
            Pack(m_Pixels, 0, m_Pixels.Length, Channels, m_Raw);
            return new Unity.Collections.NativeArray<T>((T[])(object)m_Raw);
        }
        public void LoadRawTextureData(Unity.Collections.NativeArray<byte> data)
        {
            for (int i = 0; i < m_Pixels.Length; i++)
                m_Pixels[i] = new Color32(data[i * Channels], data[i * Channels + 1], data[i * Channels + 2], Channels == 4 ? data[i * 4 + 3] : (byte)255);
        }
        internal static void Pack(Color32[] pixels, int start, int count, int channels, byte[] raw)
        {
            for (int i = 0; i < count; i++)
            {
                var p = pixels[start + i];
                raw[i * channels] = p.r; raw[i * channels + 1] = p.g; raw[i * channels + 2] = p.b;
                if (channels == 4) raw[i * 4 + 3] = p.a;
            }
        }
    }
    public sealed class Camera : Behaviour
    {
        public static Camera main { get { return FindFirstObjectByType<Camera>(); } }
        public Rect rect { get; set; } = new Rect(0, 0, 1, 1);
        public Rect pixelRect { get; set; }
        public RenderTexture targetTexture { get; set; }
        public float fieldOfView { get; set; } = 60;
        public float aspect { get; set; } = 1;
        public float nearClipPlane { get; set; } = 0.3f;
        public float farClipPlane { get; set; } = 1000;
        public int cullingMask { get; set; } = ~0;
        public float depth { get; set; }
        public bool allowHDR { get; set; }
        public bool allowMSAA { get; set; }
        public bool orthographic { get; set; }
        public Color backgroundColor { get; set; }
        public CameraClearFlags clearFlags { get; set; } = CameraClearFlags.Skybox;
        public int Renders { get; private set; }
        /// Set by the host: paints what the camera sees.
        public static Action<Camera, RenderTexture> StubRenderer;
        public void Render()
        {
            Need("Render");
            Renders++;
            if (StubRenderer != null && (object)targetTexture != null) StubRenderer(this, targetTexture);
        }
        public void ResetAspect() { aspect = 1; }
        public Vector3 WorldToScreenPoint(Vector3 p) { var v = transform.InverseTransformPoint(p); return new Vector3(v.x, v.y, v.z); }
        public Vector3 WorldToViewportPoint(Vector3 p) { return WorldToScreenPoint(p); }
    }
    public class Shader : Object { public static Shader Find(string name) { return new Shader { name = name }; } public static int PropertyToID(string name) { return name.GetHashCode(); } }
    public class Material : Object
    {
        public Material(Shader shader) { }
        public Material(Material source) { color = source.color; }
        public Color color { get; set; } = Color.white;
        public Texture mainTexture { get; set; }
        public bool HasProperty(string name) { return name == "_Color"; }
        public Color GetColor(string name) { return color; }
        public void SetColor(string name, Color value) { color = value; }
        public void EnableKeyword(string keyword) { }
    }
    public class Mesh : Object { public Bounds bounds { get; set; } public Vector3[] vertices { get; set; } public int[] triangles { get; set; } public void RecalculateNormals() { } public void RecalculateBounds() { } }
    public class MeshFilter : Component { public Mesh mesh { get; set; } public Mesh sharedMesh { get { return mesh; } set { mesh = value; } } }
    public class Renderer : Component
    {
        static readonly Material s_Default = new Material(new Shader());
        public bool enabled { get; set; } = true;
        public bool isVisible { get { return true; } }
        public bool forceRenderingOff { get; set; }
        public bool receiveShadows { get; set; }
        public Material material { get; set; } = s_Default;
        public Material sharedMaterial { get { return material; } set { material = value; } }
        public Rendering.ShadowCastingMode shadowCastingMode { get; set; } = Rendering.ShadowCastingMode.On;
        /// Unity's cube, one metre wide, under the object's transform.
        public Bounds bounds
        {
            get
            {
                Need("get_bounds");
                var box = new Bounds(transform.position, Vector3.zero);
                for (int i = 0; i < 8; i++) box.Encapsulate(transform.TransformPoint(new Vector3((i & 1) - 0.5f, (i >> 1 & 1) - 0.5f, (i >> 2 & 1) - 0.5f)));
                return box;
            }
        }
        public Bounds localBounds { get { return new Bounds(Vector3.zero, Vector3.one); } }
    }
    public class MeshRenderer : Renderer { }
    public class SkinnedMeshRenderer : Renderer { }
    public enum LightType { Spot, Directional, Point }
    public enum LightShadows { None, Hard, Soft }
    public class Light : Behaviour { public LightType type { get; set; } public LightShadows shadows { get; set; } public float intensity { get; set; } public float range { get; set; } public Color color { get; set; } }
}
namespace UnityEngine.Rendering
{
    public enum ShadowCastingMode { Off, On, TwoSided, ShadowsOnly }
    public enum GraphicsDeviceType { Null = 4, OpenGLCore = 17, Vulkan = 21 }
    public struct AsyncGPUReadbackRequest
    {
        internal Pending m_Pending;
        internal sealed class Pending { public byte[] Raw; public int Frame, Width, Height; public bool Failed; public Action<AsyncGPUReadbackRequest> Call; }
        public bool done { get { return m_Pending != null && Time.s_Frame >= m_Pending.Frame; } }
        public bool hasError { get { return m_Pending == null || m_Pending.Failed; } }
        public int width { get { return m_Pending.Width; } }
        public int height { get { return m_Pending.Height; } }
        public Unity.Collections.NativeArray<T> GetData<T>(int layer = 0) where T : struct { MainThread.Check("GetData"); return new Unity.Collections.NativeArray<T>((T[])(object)m_Pending.Raw); }
        public void WaitForCompletion() { m_Pending.Frame = 0; }
        public void Update() { }
    }
    /// Answers two frames later, as a graphics card does.
    public static class AsyncGPUReadback
    {
        static readonly List<AsyncGPUReadbackRequest> s_Waiting = new List<AsyncGPUReadbackRequest>();
        public static AsyncGPUReadbackRequest Request(Texture src, int mipIndex, TextureFormat format, Action<AsyncGPUReadbackRequest> callback = null) { return Request(src, 0, 0, src.width, 0, src.height, 0, 1, format, callback); }
        public static AsyncGPUReadbackRequest Request(Texture src, int mipIndex, int x, int width, int y, int height, int z, int depth, TextureFormat format, Action<AsyncGPUReadbackRequest> callback = null)
        {
            MainThread.Check("AsyncGPUReadback.Request");
            int channels = format == TextureFormat.RGB24 ? 3 : 4;
            var raw = new byte[width * height * channels];
            var row = new byte[width * channels];
            for (int line = 0; line < height; line++)
            {
                Texture2D.Pack(src.m_Pixels, (y + line) * src.width + x, width, channels, row);
                Buffer.BlockCopy(row, 0, raw, line * row.Length, row.Length);
            }
            var request = new AsyncGPUReadbackRequest { m_Pending = new AsyncGPUReadbackRequest.Pending { Raw = raw, Frame = Time.s_Frame + 2, Width = width, Height = height, Call = callback } };
            s_Waiting.Add(request);
            return request;
        }
        public static void WaitAllRequests() { Answer(int.MaxValue); }
        internal static void Answer(int frame)
        {
            for (int i = 0; i < s_Waiting.Count;)
            {
                var request = s_Waiting[i];
                if (request.m_Pending.Frame > frame) { i++; continue; }
                s_Waiting.RemoveAt(i);
                if (request.m_Pending.Call != null) request.m_Pending.Call(request);
            }
        }
    }
}
namespace UnityEngine.Experimental.Rendering { public enum GraphicsFormat { None = 0, R8G8B8_SRGB = 3, R8G8B8A8_SRGB = 4, R8G8B8_UNorm = 7, R8G8B8A8_UNorm = 8 } }
