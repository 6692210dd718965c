using System;
using Unity.MLAgents.Sensors;
using UnityEngine;
using UnityEngine.Rendering;

namespace Heedful
{
    /// <summary>How an NPC's pictures are taken.</summary>
    public enum CaptureMode
    {
        /// <summary>At once on lock-step, staggered while the game has a live link.</summary>
        Automatic,

        /// <summary>At the decision, waiting for the graphics card: what the NPC sees is fresh.</summary>
        AtOnce,

        /// <summary>A few NPCs each frame, read back later without waiting: what the NPC sees is some frames old.
        /// </summary>
        Staggered
    }

    /// <summary>An NPC's eyes: a component beside <see cref="HeedfulNpc"/>. Renders what it sees from its body's
    /// <see cref="INpcBody.Eyes"/>, 64 x 64, 90 degrees wide.</summary>
    /// <remarks>Where there is no graphics device it sees nothing, and says so.</remarks>
    [AddComponentMenu("Heedful/NPC Camera")]
    [DisallowMultipleComponent]
    [RequireComponent(typeof(HeedfulNpc))]
    public sealed class NpcCamera : MonoBehaviour, ISight
    {
        /// <summary>Bytes of a picture as it comes from the graphics card.</summary>
        internal const int PixelBytes = 4 * Contract.CameraSize * Contract.CameraSize;

        [SerializeField, Tooltip("How pictures are taken.")]
        private CaptureMode mode = CaptureMode.Automatic;

        [SerializeField, Tooltip("Layers that the NPC sees.")]
        private LayerMask layers = ~0;

        [SerializeField, Tooltip("How far it sees, metres.")]
        private float farClip = 60f;

        [SerializeField, Tooltip("What it does not see of itself; empty: all renderers of this object.")]
        private Renderer[] ownRenderers = Array.Empty<Renderer>();

        private readonly byte[] pixels = new byte[PixelBytes];
        private Action<AsyncGPUReadbackRequest> takeIn;
        private Camera lens;
        private Texture2D texture;
        private HeedfulNpc npc;
        private float askedAt;
        private float takenAt = -1f;
        private bool isWaiting;

        /// <inheritdoc/>
        public float Age { get; private set; }

        /// <summary>How pictures are taken.</summary>
        public CaptureMode Mode
        {
            get { return mode; }
            set { mode = value; }
        }

        /// <summary>Whether there is something to render with.</summary>
        public static bool HasGraphicsDevice
        {
            get { return SystemInfo.graphicsDeviceType != GraphicsDeviceType.Null; }
        }

        /// <summary>Whether pictures are taken ahead of the decisions.</summary>
        public bool IsStaggered
        {
            get
            {
                bool isLive = npc.Link != null && !npc.Link.IsLockStep;
                bool wanted = mode == CaptureMode.Staggered || (mode == CaptureMode.Automatic && isLive);
                return wanted && SystemInfo.supportsAsyncGPUReadback;
            }
        }

        /// <summary>The last picture that came back, 4 bytes a pixel, bottom row first.</summary>
        public byte[] Pixels { get { return pixels; } }

        /// <inheritdoc/>
        public int Capture(HeedfulNpc npc, ref byte[] png)
        {
            Age = 0f;
            if (!HasGraphicsDevice)
                return 0;
            if (!IsStaggered)
                return CaptureNow(ref png);
            CameraAtlas.Join(this);
            if (takenAt < 0f)
                return 0;
            Age = Time.unscaledTime - takenAt;
            return PngWriter.Write(pixels, Contract.CameraSize, Contract.CameraSize, ref png);
        }

        /// <summary>Renders into a tile of the atlas and asks for it.</summary>
        /// <returns>False while the last picture has not come back.</returns>
        internal bool RenderInto(RenderTexture atlas, int x, int y)
        {
            const float lost = 1f;
            float now = Time.unscaledTime;
            if (isWaiting && now - askedAt < lost)
                return false;
            isWaiting = true;
            askedAt = now;
            Place();
            lens.targetTexture = atlas;
            lens.pixelRect = new Rect(x, y, Contract.CameraSize, Contract.CameraSize);
            HideMyself(true);
            lens.Render();
            HideMyself(false);
            lens.targetTexture = null;
            AsyncGPUReadback.Request(atlas, 0, x, Contract.CameraSize, y, Contract.CameraSize, 0, 1,
                TextureFormat.RGBA32, takeIn);
            return true;
        }

        /// <summary>The way of ML-Agents' own camera sensor, so that both look the same.</summary>
        private int CaptureNow(ref byte[] png)
        {
            Place();
            lens.rect = new Rect(0f, 0f, 1f, 1f);
            HideMyself(true);
            CameraSensor.ObservationToTexture(lens, texture, Contract.CameraSize, Contract.CameraSize);
            HideMyself(false);
            png = texture.EncodeToPNG();
            return png.Length;
        }

        private void TakeIn(AsyncGPUReadbackRequest request)
        {
            isWaiting = false;
            if (request.hasError)
                return;
            request.GetData<byte>().CopyTo(pixels);
            takenAt = askedAt;
        }

        private void Place()
        {
            if (lens == null)
                MakeLens();
            BodyPose pose = BodyPose.Of(npc.Entity, npc.Body);
            lens.transform.SetPositionAndRotation(
                pose.Eye, Quaternion.Euler(-Mathf.Rad2Deg * pose.Pitch, Mathf.Rad2Deg * pose.Yaw, 0f));
        }

        private void MakeLens()
        {
            var holder = new GameObject("Eyes of " + name);
            holder.hideFlags = HideFlags.DontSave;
            holder.transform.SetParent(transform, false);
            lens = holder.AddComponent<Camera>();
            lens.enabled = false; // it renders when it is told to
            lens.fieldOfView = Mathf.Rad2Deg * Contract.CameraFieldOfView;
            lens.aspect = 1f;
            lens.nearClipPlane = 0.05f;
            lens.farClipPlane = farClip;
            lens.cullingMask = layers;
            lens.allowHDR = false;
            lens.allowMSAA = false;
            texture = new Texture2D(Contract.CameraSize, Contract.CameraSize, TextureFormat.RGB24, false);
            if (ownRenderers.Length == 0)
                ownRenderers = GetComponentsInChildren<Renderer>();
        }

        private void HideMyself(bool hidden)
        {
            for (int index = 0; index < ownRenderers.Length; index++)
            {
                if (ownRenderers[index] != null)
                    ownRenderers[index].forceRenderingOff = hidden;
            }
        }

        private void Awake()
        {
            npc = GetComponent<HeedfulNpc>();
            takeIn = TakeIn;
        }

        private void OnDisable()
        {
            CameraAtlas.Leave(this);
            takenAt = -1f;
        }

        private void OnDestroy()
        {
            if (lens != null)
                Destroy(lens.gameObject);
            if (texture != null)
                Destroy(texture);
        }
    }
}
