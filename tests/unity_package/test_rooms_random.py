"""Random play in the two rooms: every decision is done again in the headless world and compared.

Both worlds then agree on what is seen, what may be done, how acts went and why they failed. Bodies
are put where the game has them, for its physics decides how they slide along things; what lies on
the floor may lie at any angle in a game and in steps of 90 degrees in the headless world.
"""

import collections
import math

import numpy as np
import pytest

from envs.contract import (
    BRANCH_SIZES,
    BRANCH_STARTS,
    TURN_DEGREES,
    Act,
    Branch,
    Move,
    Reason,
    Result,
)  # fmt: skip
from envs.contract import EntityColumn as E
from envs.contract import SelfColumn as S
from tests.unity_package.build import why_not
from tests.unity_package.headless import HeadlessRooms
from tests.unity_package.players import Moment, play
from tests.unity_package.test_rooms import allowed, entities

pytestmark = [
    pytest.mark.slow,
    pytest.mark.peer,
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
]

NPCS = ("Ada", "Bo")
NAMES = {
    "the vase": "vase", "the lamp": "lamp", "the box": "box", "the opening": "opening",
    "the amber hall": "hall", "the corridor": "corridor", "Ada": "Ada", "Bo": "Bo",
}  # fmt: skip
"""What the game calls a thing -> its id in the headless scene."""
HANDS = (Act.TAKE, Act.PUT, Act.OPEN, Act.CLOSE, Act.SWITCH, Act.GIVE)
NEAR = 0.06
"""Metres: an NPC sees the other one where it stood up to a physics step before."""
TURNED = (E.DISTANCE, E.SIN_HEADING, E.COS_HEADING)


class Random:
    """Acts at random, mostly where it may, and keeps what it did by name."""

    def __init__(self, seed: int):
        self.rng = np.random.default_rng(seed)
        self.did: dict[str, list[dict[str, int | str]]] = {npc: [] for npc in NPCS}

    def __call__(self, npc: str, number: int, moment: Moment) -> dict[str, int]:
        """Choose for one NPC."""
        rng = self.rng
        near = sorted(entities(moment).values(), key=lambda row: row[E.DISTANCE])
        hands = [act for act in HANDS if allowed(moment, "ACT", act)]
        chosen = {}
        if hands and rng.random() < 0.5:
            act = int(rng.choice(hands))
            fits = [row for row in near if row[E.AFFORDANCE + act - 1]] or near
            anything = not fits or rng.random() < 0.1
            target = rng.choice(list(moment.names)) if anything else fits[0][E.SLOT]
            if act == Act.PUT:  # where there is room on the floor is for the game's physics to say
                target = moment.slot("the box") or moment.slot("the lamp")
            chosen = {"act": act, "target": int(target)}
        elif rng.random() < 0.3:
            act = int(rng.choice([Act.EXAMINE, Act.TOUCH]))
            target = int(rng.choice(list(moment.names)))
            chosen = {"act": act * allowed(moment, "ACT", act), "target": target}
        elif near and rng.random() < 0.85:
            row = near[int(rng.integers(len(near)))]
            bearing = math.degrees(math.atan2(row[E.X], row[E.Z]))
            turn = int(np.argmin(np.abs(np.array(TURN_DEGREES) - bearing)))
            chosen = {"turn": turn, "move": int(rng.choice([Move.WALK, Move.RUN]))}
        else:
            chosen = {"turn": int(rng.integers(5)), "move": int(rng.integers(Move.JUMP))}
        kept = {name: moment.names[v] if name == "target" else v for name, v in chosen.items()}
        self.did[npc].append(kept)
        return chosen


def again(headless, row, chosen):
    """The same action with the headless world's own slots."""
    action = dict(chosen)
    if "target" in action:
        action["target"] = headless.slot(NAMES[action["target"]], row)
    return action


def put(headless, row, moment):
    """Put a body where the game has it, and what it holds."""
    body, state = moment.observations["self"], headless.state
    me = state.person[row]
    held = state.person_held[0, me]
    if held >= 0:
        moved = body[[S.X, S.Z]] - state.person_position[0, me, [0, 2]]
        state.object_position[0, held, [0, 2]] += moved
    state.person_position[0, me, [0, 2]] = body[[S.X, S.Z]]
    state.person_yaw[0, me] = math.atan2(body[S.SIN_YAW], body[S.COS_YAW])


def named(moment, headless, row, column):
    """What a slot in ``self`` stands for, here and there."""
    here = moment.names.get(int(moment.observations["self"][column]), "")
    slot = int(headless.world.observation["self"][row][column])
    there = [name for name, thing in NAMES.items() if slot and headless.slot(thing, row) == slot]
    return here, "".join(there)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_play_goes_as_in_the_headless_world(seed):
    random = Random(seed)
    moments = play("3.0.0", random, "--decisions", "200").mind.moments
    headless = HeadlessRooms()
    outcomes: collections.Counter[tuple[Result, Reason]] = collections.Counter()
    moved = False
    for number in range(min(map(len, moments.values())) - 1):
        for row, npc in enumerate(NPCS):
            put(headless, row, moments[npc][number])
        headless.step(*(again(headless, row, random.did[npc][number])
                        for row, npc in enumerate(NPCS)))  # fmt: skip
        for row, npc in enumerate(NPCS):
            put(headless, row, moments[npc][number + 1])
        headless.world.observe()
        for row, npc in enumerate(NPCS):
            moment = moments[npc][number + 1]
            where = f"{npc}, decision {number + 1}: {random.did[npc][number]}"
            outcome = tuple(int(moment.observations["self"][c]) for c in (S.RESULT, S.REASON))
            # Whether somebody who walks was in reach depends on when in the decision it is asked.
            if random.did[npc][number].get("target") not in NPCS:
                assert outcome == tuple(map(int, headless.outcome(row))), where
            outcomes[Result(outcome[0]), Reason(outcome[1])] += 1
            if npc == "Ada" and random.did["Bo"][number].get("act") in HANDS:
                continue  # the game asks her before him: she sees what he did at the next decision
            for column in (S.PLACE, S.HELD, S.LAST_TARGET):
                here, there = named(moment, headless, row, column)
                assert here == there, (where, S(column))
            moved |= moment.observations["self"][S.HELD] > 0
            compare_entities(moment, headless, row, moved, where)
            compare_masks(moment, headless, row, where)
    assert outcomes[Result.DONE, Reason.NONE] > 20
    assert len(outcomes) > 4


def compare_entities(moment, headless, row, moved, where):
    """What is seen, thing by thing."""
    here, there = entities(moment), headless.seen(row)
    assert {NAMES[name] for name in here} == there.keys(), where
    for name, entity in here.items():
        other = there[NAMES[name]].copy()
        if name in NPCS:
            entity, other = (np.delete(e, [*TURNED, E.STATE + 6]) for e in (entity, other))
            np.testing.assert_allclose(entity[1:], other[1:], atol=NEAR, err_msg=f"{where} {name}")
            continue
        if name == "the vase" and moved:
            other[list(TURNED)] = entity[list(TURNED)]
        np.testing.assert_allclose(entity[1:], other[1:], atol=1e-3, err_msg=f"{where} {name}")


def compare_masks(moment, headless, row, where):
    """What may be chosen; what one can point at, by name."""
    other = headless.world.action_mask()[row]
    for branch in (Branch.MOVE, Branch.TURN, Branch.LOOK, Branch.ACT, Branch.SAY):
        part = slice(BRANCH_STARTS[branch], BRANCH_STARTS[branch] + BRANCH_SIZES[branch])
        assert moment.allowed[part].tolist() == other[part].tolist(), (where, branch)
    for name, thing in NAMES.items():
        slots = moment.slot(name), headless.slot(thing, row)
        here, there = (
            slot > 0 and bool(mask[BRANCH_STARTS[Branch.TARGET] + slot])
            for slot, mask in zip(slots, (moment.allowed, other), strict=True)
        )
        assert here == there, (where, name)
