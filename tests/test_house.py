"""The lock file, the Makefile and the ignore file agree with the project."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKED = {
    str(canonicalize_name(name)): Version(version)
    for name, version in re.findall(
        r"^([\w.-]+)==([\w.+!-]+)(?: ;.*)?$", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
}
REQUIREMENTS = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]


@pytest.mark.parametrize("text", REQUIREMENTS)
def test_the_lock_satisfies_every_requirement(text):
    requirement = Requirement(text)
    version = LOCKED.get(canonicalize_name(requirement.name))
    assert version is not None, f"{requirement.name} is not in requirements.lock: run make lock"
    assert requirement.specifier.contains(version), f"the lock has {version}: run make lock"


def test_the_lock_holds_torch_without_a_local_version():
    assert LOCKED["torch"] == Version("2.13.0")  # "+cpu" exists on no public index


def test_make_help_names_every_target():
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert set(phony[1].split()) == set(re.findall(r"^  make ([\w-]+) +\S", shown, re.MULTILINE))


def test_an_old_or_missing_python_gets_one_clear_sentence(tmp_path):
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    run = subprocess.run(
        ["make", "setup", "PYTHON=no-such-python"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode != 0
    assert run.stderr.startswith("heedful needs Python 3.11 or newer")
    assert not (tmp_path / ".venv").exists()
