"""The classes of things: their usual size, what can be done with them, how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from envs.contract import Act

AFFORDANCES: tuple[Act, ...] = tuple(act for act in Act if act != Act.NONE)
"""The acts EXAMINE..FINISH in the order of the contract's affordance bits."""
AFFORDANCE_NAMES = tuple(act.name.lower() for act in AFFORDANCES)

SOUND_NAMES = ("ring", "beep", "hum", "tick", "music", "buzz", "chime", "whistle")
"""What a thing can sound like; the waveforms are in ``envs.world.sound_bank``."""

_ALWAYS = ("examine", "touch", "finish")
_PORTABLE = ("take", "put", "drop", "give")


@dataclass(frozen=True)
class ClassInfo:
    """What all objects of a class have in common unless the scene says otherwise."""

    name: str
    size: tuple[float, float, float]
    """Full extent along its own right, up and forward, metres."""
    affordances: tuple[str, ...]
    """Names out of AFFORDANCE_NAMES."""
    fitting: float
    """Share of the height that is a grey fitting: above 0 a cap, below 0 a base."""
    fitting_width: float = 1.0
    """Width of the fitting in widths of the thing."""
    body_width: float = 1.0
    """Width of the coloured body in widths of the thing."""
    surface: bool = False
    """True when things can be put on it."""

    @property
    def portable(self) -> bool:
        """True when a person can carry it."""
        return "take" in self.affordances

    @property
    def switchable(self) -> bool:
        """True when it can be switched on and off."""
        return "switch" in self.affordances


def _info(
    name: str,
    size: tuple[float, float, float],
    fitting: float,
    fitting_width: float = 1.0,
    body_width: float = 1.0,
    more: tuple[str, ...] = (),
    surface: bool = False,
) -> ClassInfo:
    offered = {*_ALWAYS, *more}
    affordances = tuple(act for act in AFFORDANCE_NAMES if act in offered)
    return ClassInfo(name, size, affordances, fitting, fitting_width, body_width, surface)


CLASSES: dict[str, ClassInfo] = {
    info.name: info
    for info in (
        _info("vase", (0.34, 0.60, 0.34), 0.22, 0.50, more=_PORTABLE),
        _info("globe", (0.40, 0.60, 0.40), -0.25, 0.60, more=_PORTABLE),
        _info("helmet", (0.36, 0.46, 0.36), 0.15, 0.30, more=_PORTABLE),
        _info("drum", (0.44, 0.44, 0.44), 0.12, 1.00, 0.92, more=_PORTABLE),
        _info("lantern", (0.30, 0.56, 0.30), 0.16, 1.00, 0.85, more=(*_PORTABLE, "switch")),
        _info("radio", (0.46, 0.42, 0.30), 0.10, 0.60, more=(*_PORTABLE, "switch")),
        _info("telephone", (0.38, 0.90, 0.38), -0.50, 0.70, more=("switch", "use")),
        _info("clock", (0.42, 1.40, 0.36), 0.14, 1.00, 0.90, more=("switch",)),
        _info("statue", (0.52, 1.40, 0.52), -0.32, 1.00, 0.64),
        _info("painting", (0.60, 1.30, 0.30), -0.30, 0.60),
        _info("harp", (0.44, 1.20, 0.44), -0.10, 1.00, 0.75, more=("use",)),
        _info("bench", (0.60, 0.46, 0.40), -0.40, 0.80, more=("put", "use"), surface=True),
        _info("chest", (0.60, 0.52, 0.44), 0.20, more=("put",), surface=True),
        _info("cabinet", (0.56, 1.10, 0.42), -0.12, 1.00, 0.96, more=("put",), surface=True),
    )
}
"""Every class of object by its name."""

OBJECT_CLASSES = tuple(CLASSES)
PORTABLE_CLASSES = tuple(name for name, info in CLASSES.items() if info.portable)
CLASS_NAMES: tuple[str, ...] = (*OBJECT_CLASSES, "door", "person")
"""All class names that an entity can have; objects come first, so ``object_class`` indexes both."""

DOOR_AFFORDANCES: tuple[str, ...] = ("examine", "touch", "open", "close", "finish")
PERSON_AFFORDANCES: tuple[str, ...] = ("examine", "touch", "give", "finish")


def affordance_bits(names: tuple[str, ...]) -> tuple[int, ...]:
    """The contract's 12 affordance bits of some affordance names.

    >>> affordance_bits(("examine", "take"))
    (1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    """
    return tuple(int(name in names) for name in AFFORDANCE_NAMES)
