"""Builds a game of ours with the package's own C#, the real ML-Agents SDK and the stub engine.

The DLLs of the SDK and the compiler are fetched by ``lib.sh`` of ``tests/unity_check`` (UNITY_CHECK
names another one) into REAL_DLL_CACHE (``~/.cache/real-unity-dlls``), where builds are kept too.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RUNTIME = ROOT / "unity_bridge" / "package" / "Runtime"
CHECK = Path(os.environ.get("UNITY_CHECK", HERE.parent / "unity_check"))
MONO_LIBRARIES = Path("/usr/lib/mono/4.5")
CECIL = next(Path("/usr/lib/mono/gac").glob("Mono.Cecil/*/Mono.Cecil.dll"), None)

VERSIONS = {"3.0.0": "0.6.5", "4.0.0": "0.8.1"}
"""ML-Agents SDK -> the wheel that it comes in."""
UNITY_SYMBOLS = {
    "3.0.0": ("UNITY_2022_3_OR_NEWER",),
    "4.0.0": ("UNITY_2022_3_OR_NEWER", "UNITY_2023_1_OR_NEWER", "UNITY_6000_0_OR_NEWER"),
}
REAL = (
    "Unity.ML-Agents", "Unity.ML-Agents.CommunicatorObjects", "Google.Protobuf_Packed",
    "Unity.Sentis", "Unity.InferenceEngine", "Unity.Mathematics", "Unity.Burst",
    "Unity.Collections", "System.IO.Abstractions", "UnityEngine.UnityAnalyticsCommonModule",
)  # fmt: skip
"""Assemblies of the SDK and what it names, where the version has them; none of it is changed but
how ``MENDED`` refers to one method, see ``tools/MendSpans.cs``."""
MENDED = ("Unity.Sentis", "Unity.InferenceEngine")
"""The inference package, of which the SDK's observations use the shapes of tensors."""
STUBS = (
    "UnityEngine.CoreModule", "UnityEngine.PhysicsModule", "UnityEngine.Physics2DModule",
    "UnityEngine.AIModule", "UnityEngine.AudioModule", "UnityEngine.AnimationModule",
    "UnityEngine.IMGUIModule", "UnityEngine.ImageConversionModule", "Grpc.Core",
)  # fmt: skip
"""Assemblies that stand in for Unity's, in the order in which they need each other."""


KEPT_DAYS = 3


class BuildError(Exception):
    """The compiler, or what it needs, failed."""


def why_not() -> str | None:
    """One sentence that says why nothing can be built here, None when it can."""
    if not (CHECK / "lib.sh").is_file():
        return f"needs the folder unity_check, and {CHECK} is none: mend UNITY_CHECK"
    if shutil.which("mono") is None or not (MONO_LIBRARIES / "Facades/netstandard.dll").is_file():
        return "needs Mono: apt install mono-devel"
    if CECIL is None:
        return "needs Mono's Cecil: apt install mono-devel"
    return None


def build_game(sdk: str, game: Path) -> Path:
    """Compile the package and the ``.cs`` files of a folder; kept until a source changes.

    Args:
        sdk: version of the ML-Agents SDK, a key of ``VERSIONS``.
        game: folder with the game's sources, one of which has ``Main``.

    Returns:
        The program ``Game.exe``, to be run with ``mono``.

    Raises:
        BuildError: when the compiler reports an error or a download fails, with what it said.
    """
    sources = {stub: _sources(HERE / "stubs" / stub) for stub in STUBS}
    sources["Heedful"] = _sources(RUNTIME)
    sources["Game"] = _sources(game)
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for tool in _sources(HERE / "tools"):
        digest.update(tool.read_bytes())
    for path in (path for paths in sources.values() for path in paths):
        digest.update(str(path).encode() + path.read_bytes())
    cache = Path(os.environ.get("REAL_DLL_CACHE", Path.home() / ".cache/real-unity-dlls"))
    out = cache / f"package-{VERSIONS[sdk]}-{digest.hexdigest()[:16]}"
    program = out / "Game.exe"
    if program.is_file():
        out.touch()
        return program
    _forget_old_builds(cache)
    building = out.with_name(f"{out.name}.{os.getpid()}")
    building.mkdir(parents=True)
    try:
        compiler = _Compiler(sdk, building)
        for name, paths in sources.items():
            compiler.compile(name, paths)
        if not out.exists():
            building.rename(out)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return program


def _forget_old_builds(cache: Path) -> None:
    """Remove what nobody has used for some days: each state of the sources has a build."""
    for build in cache.glob("package-*"):
        if time.time() - build.stat().st_mtime > KEPT_DAYS * 86_400:
            shutil.rmtree(build, ignore_errors=True)


def missing_in_stubs(sdk: str, game: Path) -> str:
    """What the SDK takes from Unity and gRPC that the stubs do not have, a line each."""
    folder = build_game(sdk, game).parent
    names = [f"{name}.dll" for name in REAL[:2]]
    check = ["mono", folder / "tools" / "StubCheck.exe", folder, *names]
    return _run(check, "StubCheck").removesuffix("stubcheck: 0 missing\n")


class _Compiler:
    """Roslyn over what is in one folder so far."""

    def __init__(self, sdk: str, folder: Path):
        self._sdk, self._folder = sdk, folder
        self._managed, self._roslyn = (
            Path(_fetch(sdk, function)) for function in ("real_dlls", "roslyn")
        )
        mender = self._build_tools() / "MendSpans.exe"
        for name in REAL:
            real = self._managed / f"{name}.dll"
            if real.is_file() and name in MENDED:
                _run(["mono", mender, real, folder / real.name], f"mending {name}")
            elif real.is_file():
                shutil.copy(real, folder)

    def _build_tools(self) -> Path:
        """A folder with the programs of ``tools`` and what they need."""
        tools = self._folder / "tools"
        tools.mkdir()
        shutil.copy(CECIL or "", tools)
        for source in _sources(HERE / "tools"):
            self._compile(tools / f"{source.stem}.exe", [source], tools)
        return tools

    def compile(self, name: str, sources: list[Path]) -> None:
        """Add one assembly to the folder: ``Game`` is a program, all others libraries."""
        suffix = ".exe" if name == "Game" else ".dll"
        self._compile(self._folder / f"{name}{suffix}", sources, self._folder)

    def _compile(self, out: Path, sources: list[Path], libraries: Path) -> Path:
        kind = "exe" if out.suffix == ".exe" else "library"
        references = [
            MONO_LIBRARIES / f"{each}.dll" for each in ("mscorlib", "System", "System.Core")
        ]
        references.append(MONO_LIBRARIES / "Facades" / "netstandard.dll")
        references += sorted(libraries.glob("*.dll"))
        symbols = ("UNITY_STANDALONE", "ENABLE_MONO", *UNITY_SYMBOLS[self._sdk])
        response = out.with_suffix(".rsp")
        response.write_text("\n".join([
            "-nologo", "-noconfig", "-nostdlib+", "-optimize+", "-debug:portable",
            "-nowarn:0067,0108,0114,0169,0414,0436,0649,0660,0661,1701,1702,8632",
            "-langversion:8.0", f"-target:{kind}",
            f'-out:"{out}"', f"-define:{';'.join(symbols)}",
            *(f'-r:"{path}"' for path in references), *(f'"{path}"' for path in sources),
        ]))  # fmt: skip
        _run(
            [self._roslyn / "dotnet", "exec", self._roslyn / "roslyn/csc.dll", f"@{response}"],
            f"compiling {out.name}",
            DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1",
            DOTNET_CLI_TELEMETRY_OPTOUT="1",
            LD_LIBRARY_PATH=str(self._roslyn / "openssl1"),
        )
        response.unlink()
        return out


def _fetch(sdk: str, function: str) -> str:
    """The folder that a function of ``lib.sh`` fetches and prints."""
    words = ["bash", "-c", f'. "{CHECK}/lib.sh" && {function}']
    return _run(words, f"{function} of {CHECK}/lib.sh", REPLICANT_VERSION=VERSIONS[sdk]).strip()


def _run(words: list, what: str, **environment: str) -> str:
    """What a program prints; BuildError when it fails."""
    run = subprocess.run(words, capture_output=True, text=True, env={**os.environ, **environment})
    if run.returncode:
        raise BuildError(f"{what} failed:\n{run.stdout}{run.stderr}")
    return run.stdout


def _sources(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.cs") if "~" not in str(path.relative_to(folder)))
