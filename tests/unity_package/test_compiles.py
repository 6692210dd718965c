"""The whole package against the real assemblies of Unity 2022.3 and Unity 6, warnings on."""

import os
import subprocess

import pytest

from tests.unity_package.build import CHECK, why_not
from unity_bridge.package_meta import PACKAGE


def check(folder, version="both"):
    return subprocess.run(
        [CHECK / "csharp_check.sh", folder], capture_output=True, text=True,
        env={**os.environ, "REPLICANT_VERSION": version, "WARNINGS": "1"},
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
def test_it_compiles_without_errors_or_warnings():
    done = check(PACKAGE)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-3000:]
    assert said.count("0 errors") >= 2 and "warning CS" not in said, said[-3000:]


@pytest.mark.slow
@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
def test_the_check_finds_errors(tmp_path):
    (tmp_path / "Wrong.cs").write_text("class Wrong { int x = UnityEngine.Time.nothing; }")
    done = check(tmp_path, "0.6.5")
    assert done.returncode == 1 and "CS0117" in done.stdout, done.stdout
