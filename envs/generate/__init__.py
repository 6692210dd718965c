"""Scenes made from a family and a seed: `generate("museum", 7)` is the same scene for ever.

One module per family draws its places, doors, objects, people and spawn points; `rooms`, `placing`
and `ingredients` hold what the families share. Whatever is drawn at random is drawn independently,
so that nothing that can be read betrays what must be seen, heard or asked.

Seeds are a convention of training: 0 to 999,999 to train, 1,000,000 to 1,999,999 to validate, from
2,000,000 to test.
"""

from __future__ import annotations

from collections.abc import Callable

from envs.generate.city import city
from envs.generate.class_room import class_room
from envs.generate.home import home
from envs.generate.meeting_room import meeting_room
from envs.generate.museum import museum
from envs.generate.placing import CrowdedError
from envs.generate.service_desk import service_desk
from envs.generate.workshop import workshop
from envs.scene import Scene, SceneError
from envs.stream import Stream
from envs.suggest import did_you_mean

__all__ = ["FAMILIES", "generate"]

FAMILIES: dict[str, Callable[[Stream, str, float | None], Scene]] = {
    "museum": museum,
    "city": city,
    "workshop": workshop,
    "home": home,
    "class_room": class_room,
    "meeting_room": meeting_room,
    "service_desk": service_desk,
}
"""What draws a scene of each family: from a stream, a name and a difficulty; a draw that does not
work out raises CrowdedError and is made anew."""


def check_family(family: str) -> None:
    """Raise SceneError, with what was probably meant, unless there is such a family."""
    if family not in FAMILIES:
        cure = did_you_mean(family, FAMILIES)
        raise SceneError(f"No family of scenes is called '{family}': {cure}")


def generate(family: str, seed: int, difficulty: float | None = None, variant: int = 0) -> Scene:
    """Make the scene of a family and seed.

    Args:
        family: a name out of FAMILIES.
        seed: 0 or more.
        difficulty: from 0, easy, to 1, hard: size, clutter, closed doors, distance; None: as the
            seed has it.
        variant: 0, or another scene of the same seed, for what cannot be staged in the first.

    Raises:
        SceneError: the family is unknown, the seed negative or the difficulty out of range.
    """
    check_family(family)
    if seed < 0:
        raise SceneError(f"A scene's seed must be 0 or more, not {seed}: write {family}:{-seed}.")
    if difficulty is not None and not 0 <= difficulty <= 1:
        raise SceneError(f"A difficulty goes from 0, easy, to 1, hard: {difficulty:g} is neither.")
    stream = Stream(f"{family}:{seed}:{variant}" if variant else f"{family}:{seed}")
    while True:
        try:
            return FAMILIES[family](stream, f"{family}:{seed}", difficulty)
        except CrowdedError:
            continue
