"""Writes golden.npz: a short life of two beliefs, inputs and the state that must come out.

    python -m tests.agent.belief.make_golden

Whoever ports ``belief.update`` to another language reads it: ``before_*`` is the state at the
start, ``entities``, ``dialogue``, ``self``, ``color_log_probs``, ``sign``, ``lit``, ``sound`` and
``reliability`` have one row per decision, ``after_*`` is the state after the last one.
"""

from pathlib import Path

import numpy as np

from agent.belief.columns import SIGNS, SOUNDS
from agent.belief.evidence import Evidence
from agent.belief.state import ARRAY_SHAPES, BeliefState
from agent.belief.update import update
from envs.contract import DialogueColumn, Kind, SelfColumn
from tests.agent.belief.house import DOOR, GUIDE, HALL, ROOM, VASE, House, entity

GOLDEN = Path(__file__).with_name("golden.npz")
DECISIONS = 24
ROWS = 2


def golden_inputs() -> dict[str, np.ndarray]:
    """Inputs of all decisions: the two walk through the house, look, listen and are spoken to."""
    random = np.random.default_rng(7)
    shapes = {
        "entities": (32, 50), "dialogue": (8, 64), "self": (32,), "color_log_probs": (32, 8),
        "sign": (32, SIGNS), "lit": (32, 2), "sound": (SOUNDS, 3), "reliability": (4,),
    }  # fmt: skip
    inputs = {
        name: np.zeros((DECISIONS, ROWS, *shape), np.float32) for name, shape in shapes.items()
    }
    for t in range(DECISIONS):
        for row in range(ROWS):
            me = inputs["self"][t, row]
            yaw = 0.3 * t * (1 - 2 * row)
            me[SelfColumn.X], me[SelfColumn.Z] = 0.6 + 0.28 * t, 2.0 + 0.2 * row
            me[SelfColumn.SIN_YAW], me[SelfColumn.COS_YAW] = np.sin(yaw), np.cos(yaw)
            me[SelfColumn.PLACE] = HALL if me[SelfColumn.X] < 4 else ROOM
            me[SelfColumn.CLOCK] = 0.1 * t
            me[SelfColumn.CAMERA_VALID : SelfColumn.DIALOGUE_VALID + 1] = 1.0
            me[SelfColumn.CAMERA_VALID] = float(t % 5 > 0)
            me[SelfColumn.ACTION_DELAY] = row
            if t > 15:
                me[SelfColumn.HELD] = VASE
            inputs["reliability"][t, row] = (1.0, 0.8, 1.0, 1.0)
            inputs["sound"][t, row] = random.uniform(-1, 1, (SOUNDS, 3))
            things = [
                entity(VASE, random.normal(), 1.5 + random.random()),
                entity(DOOR, 0.5, 2.0, Kind.DOOR, "door", ["open" if t < 12 else "locked"]),
                entity(GUIDE, -0.5, 3.0, Kind.NPC, "person"),
            ][: t % 4]
            for at, thing in enumerate(things):
                inputs["entities"][t, row, at] = thing
            if things and t % 3:
                spoken = random.random(8) + (np.arange(8) == 4) * 8
                inputs["color_log_probs"][t, row, 0] = np.log(spoken / spoken.sum())
                inputs["sign"][t, row, 0] = -3.0 * random.random(SIGNS)
                inputs["lit"][t, row, 0] = -3.0 * random.random(2)
            if t == 9:
                line = inputs["dialogue"][t, row, 0]
                line[DialogueColumn.UTTERANCE], line[DialogueColumn.SPEAKER] = 5, GUIDE
                line[DialogueColumn.SIN_DIRECTION] = 0.6
                line[DialogueColumn.COS_DIRECTION] = 0.8
                line[DialogueColumn.LOUDNESS] = 0.4
    return inputs


def replay(state: BeliefState, inputs: dict[str, np.ndarray]) -> BeliefState:
    """The state after all decisions."""
    for t in range(DECISIONS):
        observation = {name: inputs[name][t] for name in ("entities", "dialogue", "self")}
        evidence = Evidence(
            *(inputs[n][t] for n in ("color_log_probs", "sign", "lit", "sound", "reliability"))
        )
        state = update(state, observation, evidence)
    return state


def main() -> None:
    """Write the file."""
    inputs = golden_inputs()
    before = House("take the vase that is ringing, then go to the blue room", rows=ROWS).state
    before.body[:, -8:] = (2, 3, 1, 2, 2, 2, 0, 2)  # actions that are on their way
    after = replay(before, inputs)
    arrays = {f"before_{name}": getattr(before, name) for name in ARRAY_SHAPES}
    arrays |= {f"after_{name}": getattr(after, name) for name in ARRAY_SHAPES}
    np.savez_compressed(GOLDEN, **inputs, **arrays)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
