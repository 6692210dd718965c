"""The classes of things: their usual size, what can be done with them, how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from envs.contract import Act

AFFORDANCES: tuple[Act, ...] = tuple(act for act in Act if act != Act.NONE)
"""The acts EXAMINE..FINISH in the order of the contract's affordance bits."""
AFFORDANCE_NAMES = tuple(act.name.lower() for act in AFFORDANCES)

HEARD_SOUNDS = (
    "ring", "beep", "hum", "tick", "music", "buzz", "chime", "whistle", "alarm", "bell", "siren",
    "engine", "drip", "bark", "meow", "chirp", "knock", "hiss",
)  # fmt: skip
"""Sounds that occur in training."""
UNHEARD_SOUNDS = ("clank", "crackle", "horn", "drone", "rattle", "squeak")
"""Sounds kept for validation and test seeds: no training episode may let them sound."""
SOUND_NAMES: tuple[str, ...] = HEARD_SOUNDS + UNHEARD_SOUNDS
"""What a thing can sound like; the waveforms are in ``envs.world.sound_bank``."""
SOUNDING: dict[str, str] = {
    "ring": "ringing", "beep": "beeping", "hum": "humming", "tick": "ticking",
    "music": "playing music", "buzz": "buzzing", "chime": "chiming", "whistle": "whistling",
    "alarm": "sounding an alarm", "bell": "tolling", "siren": "wailing", "engine": "roaring",
    "drip": "dripping", "bark": "barking", "meow": "meowing", "chirp": "chirping",
    "knock": "knocking", "hiss": "hissing", "clank": "clanking", "crackle": "crackling",
    "horn": "honking", "drone": "droning", "rattle": "rattling", "squeak": "squeaking",
}  # fmt: skip
"""What a thing with each sound is doing, as instructions say it."""
MUSEUM_SOUNDS = SOUND_NAMES[:8]
"""Sounds of the museum family."""

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
    container: bool = False
    """True when it opens and closes and holds things inside, unseen while it is closed."""
    heavy: bool = False
    """True when it takes two to lift it."""
    glows: bool = False
    """True when it is lit while it is on: that is only visible, so its on-bit is never told."""
    machine: bool = False
    """True when using it takes a while."""
    written: bool = False
    """True when it carries a sign or a text that examining reveals."""

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
    **traits: bool,
) -> ClassInfo:
    offered = {*_ALWAYS, *more}
    affordances = tuple(act for act in AFFORDANCE_NAMES if act in offered)
    return ClassInfo(name, size, affordances, fitting, fitting_width, body_width, **traits)


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
        # small things for every family
        _info("key", (0.24, 0.30, 0.16), -0.50, 0.50, more=(*_PORTABLE, "use")),
        _info("note", (0.30, 0.40, 0.20), -0.20, 0.60, more=_PORTABLE, written=True),
        _info("box", (0.36, 0.34, 0.36), 0.20, more=(*_PORTABLE, "open", "close"), container=True),
        _info("lamp", (0.34, 1.30, 0.34), -0.70, 0.35, more=("switch",), glows=True),
        _info("button", (0.30, 1.05, 0.26), -0.72, 0.60, more=("switch", "use")),
        _info("signpost", (0.50, 1.50, 0.24), -0.55, 0.30, written=True),
        # workshop
        _info("gear", (0.36, 0.36, 0.36), 0.20, 0.50, more=_PORTABLE),
        _info("pipe", (0.26, 0.62, 0.26), 0.14, 1.00, 0.80, more=_PORTABLE),
        _info(
            "toolbox",
            (0.46, 0.38, 0.30),
            0.22,
            0.50,
            more=(*_PORTABLE, "open", "close"),
            container=True,
        ),
        _info(
            "lathe",
            (0.90, 1.10, 0.56),
            -0.50,
            0.90,
            more=("switch", "use", "put"),
            surface=True,
            machine=True,
        ),
        _info(
            "press",
            (0.70, 1.50, 0.60),
            0.25,
            0.70,
            more=("switch", "use", "put"),
            surface=True,
            machine=True,
        ),
        _info(
            "generator", (0.80, 0.90, 0.60), -0.20, 1.00, 0.90, more=("switch", "use"), machine=True
        ),
        _info("workbench", (1.00, 0.80, 0.56), -0.75, 0.80, more=("put",), surface=True),
        _info(
            "crate", (0.62, 0.56, 0.62), 0.12, 1.00, 0.96, more=("take", "put", "push"), heavy=True
        ),
        # home
        _info("cup", (0.26, 0.30, 0.26), 0.20, 0.60, more=_PORTABLE),
        _info("book", (0.30, 0.36, 0.22), -0.12, 1.00, more=(*_PORTABLE, "use"), written=True),
        _info("plant", (0.40, 0.86, 0.40), -0.40, 0.80, more=_PORTABLE),
        _info("fridge", (0.62, 1.60, 0.58), 0.06, more=("open", "close", "put"), container=True),
        _info(
            "oven",
            (0.60, 0.90, 0.56),
            -0.15,
            0.94,
            more=("switch", "open", "close", "put"),
            container=True,
        ),
        _info(
            "washer",
            (0.60, 0.86, 0.58),
            0.14,
            more=("switch", "open", "close", "put"),
            container=True,
        ),
        _info("television", (0.80, 1.05, 0.30), -0.50, 0.60, more=("switch",), glows=True),
        _info("fan", (0.40, 1.10, 0.36), -0.60, 0.40, more=("switch",)),
        _info("sofa", (1.30, 0.66, 0.62), -0.25, 0.94, more=("put", "use"), surface=True),
        _info("table", (0.90, 0.74, 0.70), -0.85, 0.70, more=("put",), surface=True),
        _info("vacuum", (0.36, 0.30, 0.36), 0.30, 0.60, more=("switch",)),
        # class room, meeting room, service desk
        _info("desk", (0.80, 0.72, 0.50), -0.80, 0.80, more=("put",), surface=True),
        _info("chair", (0.44, 0.80, 0.44), -0.50, 0.90, more=("use", "push")),
        _info("blackboard", (1.20, 1.60, 0.24), -0.45, 0.80, written=True),
        _info(
            "locker", (0.44, 1.50, 0.44), -0.06, 0.96, more=("open", "close", "put"), container=True
        ),
        _info("projector", (0.40, 1.00, 0.40), -0.60, 0.40, more=("switch",), glows=True),
        _info("folder", (0.32, 0.40, 0.20), -0.16, 1.00, more=_PORTABLE, written=True),
        _info(
            "printer",
            (0.52, 0.86, 0.46),
            0.16,
            0.80,
            more=("switch", "use", "put"),
            surface=True,
            machine=True,
        ),
        _info("terminal", (0.46, 1.10, 0.36), -0.60, 0.50, more=("switch", "use"), glows=True),
        _info("counter", (1.20, 0.96, 0.50), -0.10, 0.94, more=("put",), surface=True),
        _info("parcel", (0.38, 0.32, 0.34), 0.12, 0.30, more=_PORTABLE),
        _info("alarm", (0.32, 0.90, 0.28), -0.60, 0.50, more=("switch",)),
        # city
        _info("fountain", (1.60, 1.00, 1.60), -0.40, 1.00, 0.55),
        _info("tower", (1.40, 4.50, 1.40), 0.25, 0.70),
        _info("kiosk", (1.20, 2.20, 1.20), 0.15, 1.20),
        _info(
            "mailbox",
            (0.40, 1.10, 0.36),
            -0.45,
            0.50,
            more=("open", "close", "put"),
            container=True,
        ),
        _info("tree", (0.90, 3.20, 0.90), -0.40, 0.30),
        _info("hydrant", (0.34, 0.70, 0.34), 0.20, 0.60, more=("use",)),
        _info("bicycle", (0.40, 0.95, 1.10), -0.35, 0.60),
        _info("streetlight", (0.30, 2.60, 0.30), -0.80, 0.50, more=("switch",), glows=True),
    )
}
"""Every class of object by its name."""

OBJECT_CLASSES = tuple(CLASSES)
MUSEUM_CLASSES = OBJECT_CLASSES[: OBJECT_CLASSES.index("cabinet") + 1]
"""Classes of the museum family; the others follow."""
MUSEUM_PORTABLE = tuple(name for name in MUSEUM_CLASSES if CLASSES[name].portable)
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
