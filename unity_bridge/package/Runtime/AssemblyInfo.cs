using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Heedful.Editor")]
[assembly: InternalsVisibleTo("Heedful.Tests")]
