"""The Unity package as files: the contract's constants, `.meta` files, the manifest."""

import base64
import json
import re
from collections import Counter

import numpy as np

from unity_bridge import package_contract, package_meta
from unity_bridge.package_meta import PACKAGE, list_assets, make_guid, meta_path, write_missing
from unity_bridge.png import decode_png

GUID = re.compile(r"^guid: ([0-9a-f]{32})$", re.MULTILINE)


def test_the_contracts_constants_are_those_of_envs_contract():
    assert package_contract.TARGET.read_text(encoding="utf-8") == package_contract.make_csharp(), (
        "run python -m unity_bridge.package_contract"
    )


def test_the_blank_picture_is_black():
    picture = decode_png(base64.b64decode(package_contract.BLANK_PNG), 64, 64)
    np.testing.assert_array_equal(picture, np.zeros((64, 64, 3), np.uint8))


def test_every_asset_has_a_meta_file():
    missing = [asset for asset in list_assets() if not meta_path(asset).exists()]
    assert not missing, f"run python -m unity_bridge.package_meta: {missing}"


def test_no_meta_file_is_left_over():
    assets = {meta_path(asset) for asset in list_assets()}
    assert set(PACKAGE.rglob("*.meta")) == assets


def test_guids_are_there_and_unique():
    guids: Counter[str] = Counter()
    for path in PACKAGE.rglob("*.meta"):
        found = GUID.findall(path.read_text(encoding="utf-8"))
        assert len(found) == 1, path
        guids[found[0]] += 1
    assert max(guids.values()) == 1


def test_missing_meta_files_are_written_and_lost_ones_dropped(tmp_path):
    (tmp_path / "Runtime").mkdir()
    (tmp_path / "Samples~" / "One").mkdir(parents=True)
    (tmp_path / "Runtime" / "Ear.cs").write_text("class Ear {}")
    lost = tmp_path / "Runtime" / "Gone.cs.meta"
    lost.write_text("fileFormatVersion: 2\n")
    written = write_missing(tmp_path)
    assert [path.name for path in written] == ["Runtime.meta", "Ear.cs.meta"]
    assert not lost.exists()
    assert f"guid: {make_guid('Runtime/Ear.cs')}\nMonoImporter:" in written[1].read_text()
    written[1].write_text("fileFormatVersion: 2\nguid: kept\n")
    assert write_missing(tmp_path) == []
    assert "kept" in written[1].read_text()


def test_the_manifest_names_what_unity_needs():
    manifest = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    assert manifest["name"] == package_meta.NAME
    assert manifest["unity"] == "2022.3"
    assert manifest["dependencies"]["com.unity.ml-agents"] >= "3.0.0"
