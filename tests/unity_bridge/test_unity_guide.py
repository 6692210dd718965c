"""docs/unity.md: every message that it explains is one that users can meet."""

import re
from pathlib import Path

import pytest

from unity_bridge.package_meta import PACKAGE

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "unity.md"
MANUAL = PACKAGE / "Documentation~" / "index.md"
JOINED = re.compile(r'"\s*\+?\s*(?:\n\s*)?\+?\s*f?"')
"""Between two pieces of one text: in C# and in Python."""


def messages() -> list[str]:
    """The messages in the tables of section 5."""
    section = GUIDE.read_text(encoding="utf-8").split("## 5.")[1].split("## 6.")[0]
    cells = [line.split(" | ")[0] for line in section.splitlines() if line.startswith("| `")]
    return [message for cell in cells for message in re.findall(r"`([^`]+)`", cell)]


@pytest.fixture(scope="module")
def sources() -> str:
    """All texts of the package and the server, pieces of one text joined."""
    files = [*PACKAGE.rglob("*.cs"), *(ROOT / "unity_bridge").rglob("*.py"),
             *(file for part in ("commands", "dialogue", "serving")
               for file in (ROOT / "agent" / part).rglob("*.py"))]  # fmt: skip
    return JOINED.sub("", "\n".join(file.read_text(encoding="utf-8") for file in files))


def test_there_are_messages():
    assert len(messages()) >= 25


@pytest.mark.parametrize("message", messages())
def test_a_message_that_is_explained_can_be_met(message, sources):
    for piece in message.split("..."):
        assert piece.strip(" '") in sources, piece


@pytest.mark.parametrize("page", [GUIDE, MANUAL], ids=lambda page: page.name)
def test_what_the_guide_names_is_there(page):
    text = page.read_text(encoding="utf-8")
    code = "\n".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.cs"))
    components = set(re.findall(r'AddComponentMenu\("Heedful/([^"]+)"\)', code))
    menus = set(re.findall(r'MenuItem\("Heedful/([^"]+)"', code))
    assert menus and components
    named = re.findall(r"\*Heedful > ([^*]+)\*", text.replace("\n", " "))
    assert set(named) <= menus
    for name in components - {"Scene Sound Source"}:
        assert f"{name}" in MANUAL.read_text(encoding="utf-8"), name


def test_the_guide_says_how_far_it_is_verified():
    assert "*not* been run in the Unity" in GUIDE.read_text(encoding="utf-8")
    assert "not in the Unity editor" in MANUAL.read_text(encoding="utf-8")


def test_the_checklist_is_numbered():
    steps = re.findall(r"^\| \d+ \| (\d+)\. ", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert list(map(int, steps)) == list(range(1, 17))
