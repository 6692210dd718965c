using System.Collections.Generic;
using UnityEngine;

namespace Heedful
{
    /// <summary>
    /// Shows what is said at the bottom of the screen. It runs on unscaled time, so it goes on while the
    /// game is paused. Games with subtitles of their own listen to HeedfulSpeech.Spoken instead.
    /// </summary>
    [AddComponentMenu("Heedful/Heedful Subtitles")]
    [DisallowMultipleComponent]
    public sealed class HeedfulSubtitles : MonoBehaviour
    {
        [SerializeField, Range(1, 8), Tooltip("Lines at once; the oldest goes first.")]
        private int lines = 3;

        [SerializeField, Min(0f), Tooltip("How long a line stays, seconds, beside the time to read it.")]
        private float stays = 2f;

        [SerializeField, Min(1f), Tooltip("Letters read a second.")]
        private float lettersPerSecond = 15f;

        [SerializeField, Range(0.01f, 0.1f), Tooltip("Height of a line, in heights of the screen.")]
        private float lineHeight = 0.04f;

        [SerializeField, Tooltip("Whoever is farther than this from the main camera is not shown; 0: all are, metres.")]
        private float earshot;

        private readonly List<Line> shown = new List<Line>();
        private readonly GUIContent content = new GUIContent();
        private string text = "";
        private GUIStyle style;

        /// <summary>The lines on the screen now.</summary>
        public string Text { get { return text; } }

        /// <summary>Shows a line; called for everything that is said in earshot.</summary>
        /// <param name="speaker">Who says it; empty for nobody.</param>
        /// <param name="said">What is said.</param>
        public void Show(string speaker, string said)
        {
            if (string.IsNullOrEmpty(said))
            {
                return;
            }

            string line = string.IsNullOrEmpty(speaker) ? said : speaker + ": " + said;
            shown.Add(new Line(line, Time.unscaledTime + stays + said.Length / lettersPerSecond));
            while (shown.Count > lines)
            {
                shown.RemoveAt(0);
            }

            Join();
        }

        private void OnEnable()
        {
            HeedfulSpeech.Spoken += Hear;
        }

        private void OnDisable()
        {
            HeedfulSpeech.Spoken -= Hear;
            shown.Clear();
            Join();
        }

        private void Update()
        {
            int before = shown.Count;
            for (int i = shown.Count - 1; i >= 0; i--)
            {
                if (shown[i].Until <= Time.unscaledTime)
                {
                    shown.RemoveAt(i);
                }
            }

            if (shown.Count != before)
            {
                Join();
            }
        }

        private void OnGUI()
        {
            if (text.Length == 0 || Event.current.type != EventType.Repaint)
            {
                return;
            }

            if (style == null)
            {
                style = new GUIStyle(GUI.skin.label) { alignment = TextAnchor.LowerCenter, wordWrap = true };
            }

            style.fontSize = Mathf.Max(10, (int)(lineHeight * Screen.height * 0.8f));
            float width = Screen.width * 0.8f;
            float height = style.CalcHeight(content, width);
            var area = new Rect((Screen.width - width) / 2f, Screen.height * 0.95f - height, width, height);
            Color before = GUI.color;
            GUI.color = Color.black; // a shadow, so that it can be read on anything
            GUI.Label(new Rect(area.x + 2f, area.y + 2f, area.width, area.height), content, style);
            GUI.color = Color.white;
            GUI.Label(area, content, style);
            GUI.color = before;
        }

        private void Hear(Utterance utterance)
        {
            Camera camera = earshot > 0f && utterance.Speaker != null ? Camera.main : null;
            if (camera != null && Vector3.Distance(camera.transform.position, utterance.Position) > earshot)
            {
                return;
            }

            Show(utterance.Speaker != null ? utterance.Speaker.DisplayName : "", utterance.Text);
        }

        private void Join()
        {
            text = "";
            for (int i = 0; i < shown.Count; i++)
            {
                text = i == 0 ? shown[i].Text : text + "\n" + shown[i].Text;
            }

            content.text = text;
        }

        private readonly struct Line
        {
            public readonly string Text;
            public readonly float Until;

            public Line(string text, float until)
            {
                Text = text;
                Until = until;
            }
        }
    }
}
