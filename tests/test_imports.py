"""Imports point one way: scenes <- envs <- unity_bridge <- agent."""

import ast
import importlib
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("scenes", "envs", "unity_bridge", "agent")  # each may import those before it
MODULES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))


def imported_names(source: str) -> Iterator[tuple[int, str]]:
    """The (line, absolute module name) of every import in `source`, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                yield node.lineno, node.args[0].value


def upward_imports(layer: str, source: str) -> list[tuple[int, str]]:
    """The imports in a module of `layer` that point against the direction."""
    forbidden = {*LAYERS[LAYERS.index(layer) + 1 :], "tests"}
    return [
        (line, name) for line, name in imported_names(source) if name.split(".")[0] in forbidden
    ]


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_point_one_way(layer):
    modules = [path for path in MODULES if path.relative_to(ROOT).parts[0] == layer]
    assert modules, f"no modules found in {layer}/: the walk is broken"
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules
        for line, name in upward_imports(layer, path.read_text(encoding="utf-8"))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("layer", "source"),
    [
        ("envs", "import unity_bridge.codec"),
        ("envs", "from agent.mind import Mind"),
        ("unity_bridge", "def late():\n    from agent import Mind"),
        ("unity_bridge", "import importlib\nimportlib.import_module('agent.cli')"),
        ("unity_bridge", "if TYPE_CHECKING:\n    import numpy, agent.belief as b"),
        ("scenes", "from envs import contract"),
        ("agent", "from tests import helpers"),
    ],
)
def test_an_upward_import_is_found(layer, source):
    assert upward_imports(layer, source)


@pytest.mark.parametrize(
    ("layer", "source"),
    [
        ("agent", "from unity_bridge.host import Host\nfrom envs import contract"),
        ("unity_bridge", "import envs.contract"),
        ("envs", "import agents_of_another_project\nfrom . import contract"),
        ("envs", "text = 'import agent'"),
    ],
)
def test_a_downward_import_is_allowed(layer, source):
    assert not upward_imports(layer, source)


def console_scripts() -> dict[str, str]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]


@pytest.mark.parametrize("script", ["heedful", "heedful-player"])
def test_console_script_points_at_a_function(script):
    module, _, function = console_scripts()[script].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("script", ["heedful", "heedful-player"])
def test_idle_threads_sleep_before_numba_and_torch_load(script):
    """GNU OpenMP reads OMP_WAIT_POLICY once, when the first of numba and torch loads it."""
    module = console_scripts()[script].partition(":")[0]
    code = f"""
import importlib.abc, os, sys
class Watch(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in ("numba", "torch") and os.environ.get("OMP_WAIT_POLICY") != "passive":
            sys.exit(f"{{name}} is imported before OMP_WAIT_POLICY=passive is set")
sys.meta_path.insert(0, Watch())
os.environ.pop("OMP_WAIT_POLICY", None)
import {module}
assert os.environ.get("OMP_WAIT_POLICY") == "passive", "OMP_WAIT_POLICY is never set"
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
