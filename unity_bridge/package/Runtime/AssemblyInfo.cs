using System.Runtime.CompilerServices;
using UnityEngine.Scripting;

[assembly: InternalsVisibleTo("Heedful.Editor")]
[assembly: InternalsVisibleTo("Heedful.Tests")]

// Unity reads link.xml in Assets and in embedded packages only; this keeps the assembly wherever it lies.
[assembly: Preserve]
