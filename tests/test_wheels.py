"""What `heedful serve` needs is to be had as wheels, at the locked versions, for every desktop."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKED = {
    str(canonicalize_name(name)): version
    for name, version in re.findall(
        r"^([\w.-]+)==([\w.+!-]+)$", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
}
PLATFORMS = {
    "Windows": ["win_amd64"],
    "macOS on arm64": [f"macosx_{version}_0_arm64" for version in (11, 12, 13, 14)],
    "Linux": ["manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_27_x86_64",
              "manylinux_2_28_x86_64"],
}  # fmt: skip
PYTHONS = ("3.11", "3.12", "3.13")
START = """
import sys
from importlib.metadata import packages_distributions
import agent.cli_commands, agent.commands.server, agent.serving.minds
import unity_bridge.host, unity_bridge.png_kernels, onnxruntime
owners = packages_distributions()
print(*sorted({name for module in list(sys.modules) for name in owners.get(module, ())}))
"""


def needed():
    """Distributions that serving imports, and all that these ask for."""
    run = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, capture_output=True, text=True, check=True
    )
    waiting = [str(canonicalize_name(name)) for name in run.stdout.split()]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found or name not in LOCKED:
            continue
        found.add(name)
        for text in metadata.requires(name) or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(str(canonicalize_name(requirement.name)))
    return found


def test_serving_needs_few_packages_and_no_torch():
    names = needed()
    assert {"grpcio", "numpy", "numba", "onnxruntime", "protobuf"} <= names
    assert "torch" not in names


@pytest.mark.slow
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_pin_has_a_wheel(platform, python, tmp_path):
    pins = tmp_path / "pins.txt"
    pins.write_text("".join(f"{name}=={LOCKED[name]}\n" for name in sorted(needed())))
    tags = [part for tag in PLATFORMS[platform] for part in ("--platform", tag)]
    run = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--dry-run", "--no-deps", "--ignore-installed", "--only-binary", ":all:", *tags,
         "--python-version", python, "--target", str(tmp_path / "nowhere"), "-r", str(pins)],
        capture_output=True, text=True,
    )  # fmt: skip
    errors = [line for line in run.stderr.splitlines() if line.startswith("ERROR")]
    assert run.returncode == 0, "\n".join(errors)
