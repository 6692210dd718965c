using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>One texture that all NPCs of a live game are rendered into, a few of them each frame, so that each
    /// gets a picture every decision and no frame pays for many. Makes itself when it is needed.</summary>
    [AddComponentMenu("")]
    [DefaultExecutionOrder(1000)] // after bodies have moved
    public sealed class CameraAtlas : MonoBehaviour
    {
        private const int SmallestColumns = 4;
        private const int LargestColumns = 32;

        private static CameraAtlas instance;

        private readonly List<NpcCamera> cameras = new List<NpcCamera>();
        private RenderTexture texture;
        private int columns;
        private int next;
        private float credit;

        /// <summary>The texture, a tile for each NPC; null before the first picture.</summary>
        public RenderTexture Texture { get { return texture; } }

        /// <summary>Adds an NPC's camera; nothing happens when it is there.</summary>
        internal static void Join(NpcCamera camera)
        {
            if (instance == null)
            {
                var holder = new GameObject("Heedful camera atlas");
                holder.hideFlags = HideFlags.HideInHierarchy; // DontSave would outlive the editor's play mode
                instance = holder.AddComponent<CameraAtlas>();
                if (Application.isPlaying)
                    DontDestroyOnLoad(holder);
            }
            if (!instance.cameras.Contains(camera))
            {
                instance.cameras.Add(camera);
                instance.credit += 1f; // the first picture at once
            }
        }

        /// <summary>Takes a camera out.</summary>
        internal static void Leave(NpcCamera camera)
        {
            if (instance != null)
                instance.cameras.Remove(camera);
        }

        private void LateUpdate()
        {
            // In seconds that are not scaled: minds decide while the game is paused too.
            credit += cameras.Count * Time.unscaledDeltaTime / Contract.DecisionSeconds;
            credit = Mathf.Min(credit, cameras.Count);
            if (credit < 1f)
                return;
            MakeRoom();
            for (int tried = 0; tried < cameras.Count && credit >= 1f; tried++)
            {
                next = (next + 1) % cameras.Count;
                int tile = next % (columns * columns);
                int x = tile % columns * Contract.CameraSize;
                int y = tile / columns * Contract.CameraSize;
                if (cameras[next].IsStaggered && cameras[next].RenderInto(texture, x, y))
                    credit -= 1f;
            }
        }

        private void MakeRoom()
        {
            int wanted = SmallestColumns;
            while (wanted * wanted < cameras.Count && wanted < LargestColumns)
                wanted *= 2;
            if (texture != null && wanted <= columns)
                return;
            DropTexture();
            columns = wanted;
            int side = columns * Contract.CameraSize;
            texture = new RenderTexture(side, side, 24, RenderTextureFormat.ARGB32);
            texture.name = "Heedful camera atlas";
        }

        private void DropTexture()
        {
            if (texture == null)
                return;
            texture.Release();
            Destroy(texture);
        }

        private void OnDestroy()
        {
            DropTexture();
            if (instance == this)
                instance = null;
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void ResetStatics()
        {
            if (instance != null)
                DestroyImmediate(instance.gameObject);
            instance = null;
        }
    }
}
