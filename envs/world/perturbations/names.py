"""What perturbations are called and what they do."""

from __future__ import annotations

from collections.abc import Iterable

from envs.suggest import did_you_mean

PERTURBATIONS: dict[str, str] = {
    "door_closes": "a door on the shortest way shuts and locks when the NPC comes near it; "
    "there is always another way",
    "camera_dark": "the camera is black for six seconds",
    "camera_noise": "every pixel is noisy, all the time",
    "camera_frozen": "the camera shows the same frame for three seconds, and nothing says so",
    "deaf": "the ears are silent for six seconds, and the NPC feels it",
    "audio_noise": "both ears hiss, all the time",
    "moved_objects": "things that no goal names by their place change places while nobody looks",
    "blocked_doors": "a doorway on the shortest way is locked or blocked by a crate; "
    "there is always another way",
    "wrong_speaker": "one speaker tells a wrong place, and another one the right one",
    "action_delay": "actions come 0 to 3 decisions late",
    "partner_stops": "the last NPC of a team does nothing from some moment on",
    "crowd": "four more people walk through the places and stand in the way",
}
"""Name -> what it does."""


def check_perturbations(names: Iterable[str]) -> None:
    """Refuse unknown names.

    Raises:
        ValueError: a name is unknown; says which and what was probably meant.
    """
    if isinstance(names, str):
        raise ValueError(
            f"perturbations is {names!r}: give a tuple of names, such as ({names!r},)."
        )
    for name in names:
        if name not in PERTURBATIONS:
            raise ValueError(f"unknown perturbation {name!r}; {did_you_mean(name, PERTURBATIONS)}")
