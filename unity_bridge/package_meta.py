"""Unity's ``.meta`` files of the package: ``python -m unity_bridge.package_meta`` writes them.

Unity ignores an asset of an immutable package that has none, and scenes refer to assets by the GUID
in it. Ours is a hash of the path, so it stays the same on every machine; a file that is there is
left as it is, so that a moved asset may keep its GUID.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent / "package"
"""Where com.heedful.npc lies."""
NAME = "com.heedful.npc"

_IMPORTERS = {
    ".cs": (
        "MonoImporter:\n  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n"
        "  executionOrder: 0\n  icon: {instanceID: 0}\n"
    ),
    ".asmdef": "AssemblyDefinitionImporter:\n  externalObjects: {}\n",
    ".md": "TextScriptImporter:\n  externalObjects: {}\n",
    ".json": "TextScriptImporter:\n  externalObjects: {}\n",
    ".txt": "TextScriptImporter:\n  externalObjects: {}\n",
    ".xml": "TextScriptImporter:\n  externalObjects: {}\n",
    ".shader": (
        "ShaderImporter:\n  externalObjects: {}\n  defaultTextures: []\n"
        "  nonModifiableTextures: []\n  preprocessorOverride: 0\n"
    ),
}
_FOLDER = "folderAsset: yes\nDefaultImporter:\n  externalObjects: {}\n"
_MANIFEST = "PackageManifestImporter:\n  externalObjects: {}\n"
_OTHER = "DefaultImporter:\n  externalObjects: {}\n"
_END = "  userData: \n  assetBundleName: \n  assetBundleVariant: \n"


def list_assets(package: Path = PACKAGE) -> Iterator[Path]:
    """Every file and folder that Unity imports, in the order of their paths."""
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        if path.suffix == ".meta" or any(_is_hidden(part) for part in parts):
            continue
        yield path


def _is_hidden(name: str) -> bool:
    """Whether Unity passes over a name: ``Samples~``, ``.git``."""
    return name.endswith("~") or name.startswith(".")


def make_guid(relative: str) -> str:
    """The GUID of an asset: 32 hexadecimal digits that depend on its path alone.

    >>> make_guid("Runtime")
    '704d5d63f425be2d071e9f6a4ae6734b'
    """
    return hashlib.md5(f"{NAME}/{relative}".encode(), usedforsecurity=False).hexdigest()


def make_meta(asset: Path, package: Path = PACKAGE) -> str:
    """The text of an asset's ``.meta`` file."""
    relative = asset.relative_to(package).as_posix()
    if asset.is_dir():
        importer = _FOLDER
    elif relative == "package.json":
        importer = _MANIFEST
    else:
        importer = _IMPORTERS.get(asset.suffix, _OTHER)
    return f"fileFormatVersion: 2\nguid: {make_guid(relative)}\n{importer}{_END}"


def meta_path(asset: Path) -> Path:
    """Where an asset's ``.meta`` file lies."""
    return asset.with_name(asset.name + ".meta")


def write_missing(package: Path = PACKAGE) -> list[Path]:
    """Write the ``.meta`` files that are missing, drop those without an asset; what was written."""
    written = []
    for asset in list_assets(package):
        target = meta_path(asset)
        if not target.exists():
            target.write_text(make_meta(asset, package), encoding="utf-8", newline="\n")
            written.append(target)
    for target in package.rglob("*.meta"):
        if not target.with_suffix("").exists():
            target.unlink()
    return written


def main() -> None:
    """Write what is missing and say what was written."""
    for path in write_missing():
        print(path.relative_to(PACKAGE).as_posix())


if __name__ == "__main__":
    main()
