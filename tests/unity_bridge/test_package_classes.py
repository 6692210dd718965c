"""The package's tables of classes and colours, and the museum of its samples."""

import json

from unity_bridge import package_classes
from unity_bridge.package_meta import PACKAGE


def test_the_tables_are_those_of_envs():
    written = package_classes.TARGET.read_text(encoding="utf-8")
    assert written == package_classes.make_csharp(), "run python -m unity_bridge.package_classes"


def test_the_samples_museum_is_ours():
    for sample in package_classes.SAMPLES:
        written = sample.read_text(encoding="utf-8")
        assert written == package_classes.make_sample(), (
            "run python -m unity_bridge.package_classes"
        )


def test_the_manifest_lists_the_samples():
    manifest = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    folders = {path.name for path in (PACKAGE / "Samples~").iterdir()}
    assert {sample["path"] for sample in manifest["samples"]} == {f"Samples~/{f}" for f in folders}
