// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("UnityEngine.PhysicsModule")]
[assembly: InternalsVisibleTo("UnityEngine.AIModule")]
[assembly: InternalsVisibleTo("UnityEngine.AudioModule")]
[assembly: InternalsVisibleTo("UnityEngine.AnimationModule")]
[assembly: InternalsVisibleTo("UnityEngine.ImageConversionModule")]
