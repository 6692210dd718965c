"""What slots are called and what was said, as messages: part of `envs.contract`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True)
class Doorway:
    """A doorway on the edge of a place."""

    position: tuple[float, float, float]
    """Centre on the floor, metres."""
    width: float
    places: tuple[int, int]
    """Slots of the two places joined (0: not known to this NPC)."""
    door: int = 0
    """Slot of the door in it, 0 when it has none."""


@dataclass(frozen=True)
class CatalogueEntry:
    """One incremental message of an NPC's catalogue: what a slot is called from now on."""

    sequence: int
    op: Literal["add", "change", "remove"]
    slot: int
    kind: str = ""
    """One of KIND_NAMES (empty for remove)."""
    name: str = ""
    """What it is called in sentences, such as "the amber hall"; never what is only visible."""
    class_name: str = ""
    polygon: tuple[tuple[float, float], ...] = ()
    """Floor polygon (x, z) of a place, metres, once its shape is known."""
    doorways: tuple[Doorway, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The entry as plain data for the wire."""
        return asdict(self)

    @staticmethod
    def from_json(data: dict) -> CatalogueEntry:
        """Read an entry that came over the wire; unknown keys are ignored."""
        doorways = tuple(
            Doorway(
                tuple(d["position"]), float(d["width"]), tuple(d["places"]), int(d.get("door", 0))
            )
            for d in data.get("doorways", ())
        )
        polygon = tuple((float(x), float(z)) for x, z in data.get("polygon", ()))
        return CatalogueEntry(
            int(data["sequence"]), data["op"], int(data["slot"]), data.get("kind", ""),
            data.get("name", ""), data.get("class_name", ""), polygon, doorways,
        )  # fmt: skip


@dataclass(frozen=True)
class Utterance:
    """The UTF-8 text of one row of ``dialogue``."""

    utterance: int
    speaker: int
    """Slot of the speaker for this listener, 0 for nobody in particular."""
    to_me: bool
    text: str
