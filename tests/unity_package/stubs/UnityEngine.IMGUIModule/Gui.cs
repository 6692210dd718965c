// Stand-in for UnityEngine.IMGUIModule.dll and TextRenderingModule.dll: draws nothing. Nothing here is Unity code.
namespace UnityEngine
{
    public enum TextAnchor { UpperLeft, UpperCenter, UpperRight, MiddleLeft, MiddleCenter, MiddleRight, LowerLeft, LowerCenter, LowerRight }
    public enum FontStyle { Normal, Bold, Italic, BoldAndItalic }
    public enum EventType { Repaint = 7, Layout = 8 }
    public class Event { public static Event current { get; } = new Event(); public EventType type { get { return EventType.Repaint; } } }
    public class GUIContent { public static GUIContent none = new GUIContent(""); public string text { get; set; } public GUIContent() { } public GUIContent(string text) { this.text = text; } }
    public class GUIStyleState { public Color textColor { get; set; } public Texture2D background { get; set; } }
    public class RectOffset { public RectOffset() { } public RectOffset(int left, int right, int top, int bottom) { } }
    public class GUIStyle
    {
        public static GUIStyle none { get; } = new GUIStyle();
        public GUIStyle() { }
        public GUIStyle(GUIStyle other) { }
        public GUIStyleState normal { get; set; } = new GUIStyleState();
        public TextAnchor alignment { get; set; }
        public FontStyle fontStyle { get; set; }
        public int fontSize { get; set; }
        public bool wordWrap { get; set; }
        public bool richText { get; set; }
        public RectOffset padding { get; set; }
        public RectOffset margin { get; set; }
        public Vector2 CalcSize(GUIContent content) { return new Vector2(8 * content.text.Length, 16); }
        public float CalcHeight(GUIContent content, float width) { return 16; }
    }
    public class GUISkin { public GUIStyle label { get; } = new GUIStyle(); public GUIStyle box { get; } = new GUIStyle(); public GUIStyle button { get; } = new GUIStyle(); }
    public class GUI
    {
        public static GUISkin skin { get; set; } = new GUISkin();
        public static Color color { get; set; }
        public static Color backgroundColor { get; set; }
        public static int depth { get; set; }
        public static void Label(Rect position, string text) { }
        public static void Label(Rect position, string text, GUIStyle style) { }
        public static void Label(Rect position, GUIContent content, GUIStyle style) { }
        public static void Box(Rect position, string text) { }
        public static void Box(Rect position, string text, GUIStyle style) { }
        public static void Box(Rect position, GUIContent content, GUIStyle style) { }
        public static bool Button(Rect position, string text) { return false; }
        public static string TextField(Rect position, string text) { return text; }
        public static void DrawTexture(Rect position, Texture image) { }
    }
    public class GUILayoutOption { }
    public class GUILayout
    {
        public static void Label(string text, params GUILayoutOption[] options) { }
        public static void Label(string text, GUIStyle style, params GUILayoutOption[] options) { }
        public static bool Button(string text, params GUILayoutOption[] options) { return false; }
        public static string TextField(string text, params GUILayoutOption[] options) { return text; }
        public static void BeginArea(Rect area) { }
        public static void EndArea() { }
    }
}
