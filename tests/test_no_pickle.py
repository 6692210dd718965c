"""Nothing that can run code is loaded on a path that touches bytes from outside."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(
    path for folder in ("unity_bridge", "agent", "envs") for path in (ROOT / folder).rglob("*.py")
)
MODULES = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
CALLS = {"torch.load", "yaml.load", "yaml.unsafe_load", "yaml.full_load"}
BUILT_IN = {"eval", "exec"}


def unsafe_uses(source):
    """(line, what) of everything in a source that loads what could run code."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [node.module or ""]
            for alias in node.names:
                if f"{node.module}.{alias.name}" in CALLS:
                    yield node.lineno, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Call):
            found = []
            called = node.func
            if isinstance(called, ast.Name) and called.id in BUILT_IN:
                yield node.lineno, called.id
            if ast.unparse(called) in CALLS:
                yield node.lineno, ast.unparse(called)
            for keyword in node.keywords:
                if keyword.arg == "allow_pickle" and not is_false(keyword.value):
                    yield node.lineno, "allow_pickle"
        else:
            continue
        for name in found:
            if name.split(".")[0] in MODULES:
                yield node.lineno, name


def is_false(node):
    return isinstance(node, ast.Constant) and node.value is False


def test_no_source_loads_what_could_run_code():
    assert len(SOURCES) > 100
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {what}"
        for path in SOURCES
        for line, what in unsafe_uses(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "source",
    [
        "import pickle", "from cloudpickle import loads", "import torch\ntorch.load('x.pt')",
        "import numpy as np\nnp.load('x.npy', allow_pickle=True)", "yaml.load(text, Loader)",
        "from torch import load", "def f():\n    import marshal", "eval(text)",
    ],
)  # fmt: skip
def test_a_use_is_found(source):
    assert list(unsafe_uses(source))


def test_safe_ways_are_allowed():
    assert not list(unsafe_uses("np.load(f, allow_pickle=False)\nyaml.safe_load(t)\njson.load(f)"))


def test_reading_messages_never_unpickles():
    """Every pickle of the standard library is made to fail, then good and bad messages are read."""
    code = """
import logging, pickle, marshal, sys
logging.disable(logging.CRITICAL)
from tests.unity_bridge import fuzzing
targets = fuzzing.Targets()
seeds = fuzzing.make_seeds()
def read_all():
    for name in fuzzing.TARGETS:
        for data in [*seeds[name], *fuzzing.read_corpus(name)]:
            fuzzing.run(targets, name, data)
read_all()  # imports modules and kernels, which Python and numba keep on this disk, marshalled
def refuse(*args, **named):
    sys.exit("something was unpickled")
for module in (pickle, marshal):
    module.load = module.loads = refuse
pickle.Unpickler = refuse
read_all()
print("read")
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout.strip() == "read", run.stderr
