from __future__ import annotations

import numpy as np
import pytest

from agent.belief.columns import BodyColumn, DoorwayColumn, NodeColumn
from agent.belief.goal_columns import GoalField, Verb
from agent.metacognition import STRATEGIES, Regulator
from agent.metacognition.choice import DARK_LIMIT, LOOK_LIMIT, WRONG_LIMIT
from agent.metacognition.regulator import BLOCKED_SECONDS
from agent.metacognition.strategies import HARMLESS_ACTS
from agent.sampling import all_allowed
from agent.senses import Percepts
from envs.contract import (
    BRANCH_SIZES,
    BRANCH_STARTS,
    STATE_NAMES,
    Act,
    Branch,
    Kind,
    Move,
    Say,
)
from tests.agent.metacognition.hand_made import (
    CONCERT,
    DOOR,
    GONG,
    GUIDE,
    HALL,
    LEFT,
    RIGHT,
    VASE,
    Stage,
)

RED, BLUE = 0, 2


def place_task() -> Stage:
    stage = Stage()
    stage.goal(place=HALL)
    stage.way(HALL, 8.0)
    stage.intend(HALL)
    return stage


def color_task() -> Stage:
    """At the vase, which the goal wants red."""
    stage = Stage()
    stage.goal(color=RED, class_word=77)
    stage.node(VASE, class_word=77, visible=1.0, distance=0.8, x=0.0, z=1.0)
    stage.way(VASE, 0.2)
    stage.intend(VASE)
    stage.repeat(2)
    return stage


def dither(stage: Stage, count: int) -> None:
    for number in range(count):
        stage.intend(HALL, turn=(LEFT, RIGHT)[number % 2], move=Move.STAY)
        stage.decide()


def reasons(stage: Stage) -> list[tuple[str, str]]:
    return [(entry.strategy, entry.reason) for entry in stage.regulator.log]


# -- policy ----------------------------------------------------------------------------------------


def test_the_brain_has_its_way_while_it_gets_on():
    stage = place_task()
    for length in np.arange(8.0, 0.5, -0.14):
        stage.way(HALL, float(length))
        regulation = stage.decide()
        assert regulation.actions is not None
        assert (regulation.actions == stage.actions).all()
        assert regulation.strategy == ["policy"] and regulation.reason == [""]
    assert not stage.regulator.log


def test_an_answer_that_agrees_with_the_belief_is_given():
    stage = place_task()
    stage.belief.body[0, BodyColumn.PLACE] = HALL
    stage.intend(HALL, act=Act.FINISH)
    assert stage.decide().actions[0, Branch.ACT] == Act.FINISH
    stage = color_task()
    stage.color(VASE, RED, decided=True)
    stage.intend(VASE, act=Act.FINISH)
    assert stage.decide().actions[0, Branch.ACT] == Act.FINISH


# -- route -----------------------------------------------------------------------------------------


def test_turning_to_and_fro_starts_the_route_and_a_metre_ends_it():
    stage = place_task()
    dither(stage, 8)
    regulation = stage.decide()
    assert regulation.strategy == ["route"]
    assert regulation.actions[0, Branch.MOVE] in (Move.WALK, Move.RUN)
    assert regulation.actions[0, Branch.TURN] == 2
    assert reasons(stage) == [
        ("route", "I keep turning to and fro, following the planned way to the amber hall")
    ]
    for length in np.arange(8.0, 6.8, -0.14):
        stage.way(HALL, float(length))
        regulation = stage.decide()
    assert regulation.strategy == ["policy"]


def test_standing_still_starts_the_route_sooner_when_success_is_unlikely():
    waits = []
    for competence in (0.1, 0.95):
        stage = place_task()
        stage.competence[:] = competence
        stage.intend(HALL, move=Move.STAY)
        while stage.decide().strategy == ["policy"]:
            pass
        waits.append(len(stage.regulator.log) and stage.regulator.log[0].decision)
    assert 12 <= waits[0] < waits[1] <= 25


def test_a_route_ends_in_time_and_the_brain_gets_a_rest():
    stage = place_task()
    stage.intend(HALL, move=Move.STAY)
    names = [stage.decide().strategy[0] for _ in range(200)]
    runs = "".join("r" if name == "route" else "p" for name in names)
    assert max(len(run) for run in runs.split("p")) <= 25
    assert all(len(run) >= 10 for run in runs.strip("r").split("r") if run)
    assert names.count("route") <= 0.25 * 200 + 20 + 25


def test_a_route_is_left_to_a_game_that_plans_ways_itself_and_doors_are_opened_still():
    stage = place_task()
    stage.let_go()
    dither(stage, 8)
    action = stage.decide().actions[0]
    assert (action[Branch.MOVE], action[Branch.TARGET], action[Branch.TURN]) == (Move.GO, HALL, 2)
    stage.plan.routes[:, HALL, 4] = DOOR
    stage.node(DOOR, visible=1.0, distance=1.0)
    action = stage.decide().actions[0]
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.OPEN, DOOR)
    assert action[Branch.MOVE] != Move.GO
    stage.node(DOOR, visible=0.0)
    stage.infos.action_mask[:, BRANCH_STARTS[Branch.TARGET] + HALL] = False
    assert stage.decide().actions[0, Branch.MOVE] in (Move.WALK, Move.RUN)


def test_round_a_locked_door_an_npc_walks_its_own_way():
    stage = place_task()
    stage.let_go()
    stage.doorway(3, 1.0, 1.0)
    stage.decide()
    stage.belief.doorways[:, 3, DoorwayColumn.BLOCKED_UNTIL] = 5.0
    stage.way(HALL, 12.0)
    regulation = stage.decide()
    assert regulation.reason == ["the door is locked, taking another way"]
    assert regulation.actions[0, Branch.MOVE] in (Move.WALK, Move.RUN)
    stage.belief.body[:, BodyColumn.CLOCK] = 100.0  # by then it may have been unlocked
    dither(stage, 40)
    assert stage.decide().actions[0, Branch.MOVE] == Move.GO


def test_a_route_opens_the_door_in_its_way_but_not_a_locked_one():
    stage = place_task()
    stage.plan.routes[:, HALL, 4] = DOOR
    stage.node(DOOR, visible=1.0, distance=1.0)
    dither(stage, 8)
    action = stage.decide().actions[0]
    assert (action[Branch.ACT], action[Branch.TARGET]) == (Act.OPEN, DOOR)
    stage.belief.nodes[:, DOOR, NodeColumn.STATE + STATE_NAMES.index("locked")] = 1.0
    assert stage.decide().actions[0, Branch.ACT] == Act.NONE


def test_a_route_without_progress_closes_the_doorway_and_opens_it_when_there_is_no_other():
    stage = place_task()
    stage.doorway(0, 0.5, 0.5)
    stage.intend(HALL, move=Move.STAY)
    blocked = stage.belief.doorways[0, 0]
    while blocked[DoorwayColumn.BLOCKED_UNTIL] == 0:
        stage.decide()
    clock = float(stage.belief.body[0, BodyColumn.CLOCK])
    assert blocked[DoorwayColumn.BLOCKED_UNTIL] == pytest.approx(clock + BLOCKED_SECONDS, abs=0.2)
    stage.no_way(HALL)
    stage.decide()
    assert blocked[DoorwayColumn.BLOCKED_UNTIL] == 0


def test_a_locked_door_makes_another_way():
    stage = place_task()
    stage.doorway(0, 3.0, 3.0)
    stage.repeat(3)
    stage.belief.doorways[0, 0, DoorwayColumn.BLOCKED_UNTIL] = 30.0
    stage.way(HALL, 14.0)
    assert stage.decide().strategy == ["route"]
    assert reasons(stage) == [("route", "the door is locked, taking another way")]
    until = stage.belief.doorways[0, 0, DoorwayColumn.BLOCKED_UNTIL]
    assert until == pytest.approx(0.3 + BLOCKED_SECONDS, abs=0.01)


def test_a_locked_door_elsewhere_is_no_matter():
    stage = place_task()
    stage.doorway(0, 3.0, 3.0)
    stage.repeat(3)
    stage.belief.doorways[0, 0, DoorwayColumn.BLOCKED_UNTIL] = 30.0
    assert stage.decide().strategy == ["policy"]


# -- look around -----------------------------------------------------------------------------------


def test_a_locked_door_without_another_way_makes_it_look_around():
    stage = place_task()
    stage.doorway(0, 3.0, 3.0)
    stage.repeat(3)
    stage.belief.doorways[0, 0, DoorwayColumn.BLOCKED_UNTIL] = 30.0
    stage.no_way(HALL)
    regulation = stage.decide()
    assert regulation.strategy == ["look_around"]
    assert regulation.actions[0, Branch.TURN] == 4
    assert reasons(stage)[0][1] == "the door is locked and I know no other way, looking around"
    stage.way(HALL, 9.0)
    assert stage.repeat(5).strategy == ["policy"]


def test_in_the_dark_an_answer_waits_for_light():
    stage = color_task()
    stage.dark()
    stage.intend(VASE, act=Act.FINISH, move=Move.STAY)
    regulation = stage.repeat(60)
    assert regulation.strategy == ["look_around"]
    assert regulation.actions[0, Branch.ACT] == Act.NONE
    assert regulation.actions[0, Branch.MOVE] == Move.STAY
    assert reasons(stage) == [
        ("look_around", "it is dark and I cannot tell whether the vase is red, waiting for light")
    ]
    stage.dark(False)
    stage.repeat(2)
    stage.color(VASE, RED, decided=True)
    assert stage.decide().actions[0, Branch.ACT] == Act.FINISH


def test_in_the_dark_nobody_searches_for_a_color():
    stage = color_task()
    stage.dark()
    stage.way(VASE, 5.0)
    regulation = stage.decide()
    assert regulation.strategy == ["look_around"]
    assert regulation.reason == ["it is dark and I cannot see what is red, waiting for light"]
    assert regulation.actions[0, Branch.MOVE] == Move.STAY
    stage.dark(False)
    assert stage.repeat(2).strategy == ["policy"]


@pytest.mark.parametrize("known", ["decided", "in hand", "no color"])
def test_in_the_dark_one_walks_on_where_no_color_is_sought(known):
    stage = color_task()
    if known == "decided":
        stage.color(VASE, RED, decided=True)
    elif known == "in hand":
        stage.belief.body[0, BodyColumn.HELD] = VASE
    else:
        stage.goal(place=HALL)
    stage.dark()
    for length in np.arange(5.0, 1.0, -0.14):
        stage.way(VASE, float(length))
        assert stage.decide().strategy == ["policy"]


def test_the_dark_is_not_waited_for_for_ever_nor_by_who_never_saw():
    stage = color_task()
    stage.dark()
    stage.intend(VASE, act=Act.FINISH, move=Move.STAY)
    decisions = [int(stage.decide().actions[0, Branch.ACT]) for _ in range(DARK_LIMIT + 20)]
    assert Act.FINISH not in decisions[:DARK_LIMIT] and Act.FINISH in decisions
    stage = Stage()
    stage.goal(color=RED)
    stage.node(VASE, distance=0.8)
    stage.dark()
    stage.intend(VASE, act=Act.FINISH, move=Move.STAY)
    decisions = [int(stage.decide().actions[0, Branch.ACT]) for _ in range(LOOK_LIMIT + 3)]
    assert Act.FINISH in decisions


def test_an_unclear_color_is_looked_at_again():
    stage = color_task()
    stage.intend(VASE, act=Act.FINISH)
    regulation = stage.decide()
    assert regulation.strategy == ["look_around"]
    assert regulation.reason == ["I am not sure that the vase is red, looking again"]
    stage.color(VASE, RED, decided=True)
    assert stage.decide().strategy == ["policy"]


def test_a_thing_of_the_wrong_color_is_not_answered_and_left_aside():
    stage = color_task()
    stage.color(VASE, BLUE, decided=True)
    stage.intend(VASE, act=Act.FINISH)
    regulation = stage.decide()
    assert regulation.actions[0, Branch.ACT] == Act.NONE
    assert regulation.reason == ["the vase is not red, looking further"]
    assert stage.belief.nodes[0, VASE, NodeColumn.REJECTED_UNTIL] > 10.0


@pytest.mark.parametrize(
    ("act", "target", "place", "reason"),
    [
        (Act.FINISH, VASE, HALL, "the vase is not what I am to find, looking further"),
        (Act.FINISH, HALL, 0, "I am not at the amber hall yet, going on"),
    ],
)
def test_an_answer_that_contradicts_the_goal_is_held_back_for_a_while(act, target, place, reason):
    stage = place_task()
    stage.belief.body[0, BodyColumn.PLACE] = place
    stage.intend(target, act=act)
    assert stage.decide().reason == [reason]
    given = [int(stage.decide().actions[0, Branch.ACT]) == act for _ in range(WRONG_LIMIT + 5)]
    assert not any(given[: WRONG_LIMIT - 1]) and any(given)


def test_what_is_delivered_must_lie_in_its_place():
    stage = color_task()
    stage.goal(verb=Verb.TAKE_PUT, place=HALL, color=RED, class_word=77)
    stage.color(VASE, RED, decided=True)
    stage.intend(VASE, act=Act.TAKE)
    assert stage.decide().actions[0, Branch.ACT] == Act.TAKE
    stage.intend(VASE, act=Act.FINISH)
    assert stage.decide().actions[0, Branch.ACT] == Act.NONE
    body = stage.belief.body[0]
    body[BodyColumn.PUT_SLOT], body[BodyColumn.PUT_PLACE] = VASE, HALL
    assert stage.decide().actions[0, Branch.ACT] == Act.FINISH
    body[BodyColumn.PUT_SLOT], body[BodyColumn.HELD] = 0, VASE
    body[BodyColumn.PLACE] = HALL
    stage.intend(HALL, act=Act.PUT)
    assert stage.decide().actions[0, Branch.ACT] == Act.PUT
    stage.color(VASE, BLUE, decided=True)
    assert stage.decide().actions[0, Branch.ACT] == Act.NONE


def test_a_thing_that_explains_the_sound_better_is_gone_to_first():
    stage = Stage()
    stage.goal(sound=0)
    stage.node(VASE, distance=1.0, sound_error=0.10)
    stage.node(GONG, known=1.0, kind=Kind.OBJECT, placed=1.0, distance=3.0, sound_error=0.03)
    stage.way(GONG, 2.5)
    stage.intend(VASE, act=Act.FINISH)
    regulation = stage.decide()
    assert regulation.strategy == ["route"]
    assert regulation.actions[0, Branch.TARGET] == GONG
    assert regulation.reason == ["the sound may come from the gong, not the vase: going nearer"]
    given = [int(stage.decide().actions[0, Branch.ACT]) == Act.FINISH for _ in range(20)]
    assert not any(given[:10]) and any(given)
    stage = Stage()
    stage.goal(sound=0)
    stage.node(VASE, distance=1.0, sound_error=0.03)
    stage.node(GONG, known=1.0, kind=Kind.OBJECT, placed=1.0, distance=3.0, sound_error=0.10)
    stage.intend(VASE, act=Act.FINISH)
    assert stage.decide().actions[0, Branch.ACT] == Act.FINISH


def test_nothing_is_told_that_is_not_believed():
    stage = place_task()
    stage.node(CONCERT, told_place=HALL)
    stage.intend(GUIDE, say=Say.TELL)
    stage.actions[:, Branch.ABOUT], stage.actions[:, Branch.WHERE] = CONCERT, VASE
    regulation = stage.decide()
    assert regulation.actions[0, [Branch.SAY, Branch.ABOUT, Branch.WHERE]].tolist() == [0, 0, 0]
    assert regulation.reason == ["I was about to say what I do not believe, thinking again"]
    stage.actions[:, Branch.WHERE] = HALL
    regulation = stage.decide()
    assert regulation.strategy == ["policy"]
    assert regulation.actions[0, Branch.SAY] == Say.TELL


# -- ask -------------------------------------------------------------------------------------------


def lost_in_front_of_the_guide() -> Stage:
    stage = Stage()
    stage.goal(verb=Verb.ASK_GO, topic=CONCERT)
    stage.node(GUIDE, visible=1.0, distance=3.0, x=3.0, z=0.0)
    stage.way(HALL, 8.0)
    stage.intend(HALL)
    return stage


def test_who_is_lost_asks_whom_they_see_once():
    stage = lost_in_front_of_the_guide()
    names = []
    for _ in range(120):
        regulation = stage.decide()
        names.append(regulation.strategy[0])
        if names[-1] == "ask":
            action = regulation.actions[0]
            assert action[[Branch.SAY, Branch.ABOUT, Branch.TARGET]].tolist() == [
                Say.ASK, CONCERT, GUIDE,
            ]  # fmt: skip
            assert action[Branch.ACT] == Act.NONE
            stage.node(GUIDE, asked_clock=float(stage.belief.body[0, BodyColumn.CLOCK]))
    assert names.count("ask") == 1
    question = ("ask", "I do not know where the concert is, asking the guide")
    assert question in reasons(stage)


def test_nobody_is_asked_once_the_answer_is_known():
    stage = lost_in_front_of_the_guide()
    stage.belief.goals[0, GoalField.ANSWER] = HALL
    for length in np.arange(12.0, 0.6, -0.14):
        stage.way(HALL, float(length))
        assert stage.decide().strategy == ["policy"]


def test_who_is_lost_and_stuck_walks_to_somebody_they_know():
    stage = lost_in_front_of_the_guide()
    stage.node(GUIDE, visible=0.0, distance=9.0)
    stage.way(GUIDE, 9.0)
    stage.no_way(HALL)
    stage.intend(HALL, move=Move.STAY)
    asking = [stage.decide() for _ in range(110)]
    walking = [each.actions[0] for each in asking if each.strategy == ["ask"]]
    assert walking and all(action[Branch.SAY] == Say.NONE for action in walking)
    assert any(action[Branch.MOVE] in (Move.WALK, Move.RUN) for action in walking)


# -- what always holds -----------------------------------------------------------------------------


def random_stage(rows: int, seed: int, regulator: Regulator | None = None) -> Stage:
    stage = Stage(rows, regulator)
    random = np.random.default_rng(seed)
    shuffle(stage, random)
    return stage


def shuffle(stage: Stage, random: np.random.Generator) -> None:
    """Any belief, plan and action at all."""
    rows, belief = stage.rows, stage.belief
    stage.goal(color=random.integers(-1, 8), place=random.choice([0, HALL]),
               topic=random.choice([0, CONCERT]), verb=random.integers(0, 5),
               class_word=random.choice([0, 77]))  # fmt: skip
    nodes = belief.nodes
    nodes[:, :, NodeColumn.COLOR_DECIDED] = random.integers(0, 2, nodes.shape[:2])
    nodes[:, :, NodeColumn.VISIBLE] = random.integers(0, 2, nodes.shape[:2])
    nodes[:, :, NodeColumn.DISTANCE] = random.uniform(0, 6, nodes.shape[:2])
    nodes[:, :, NodeColumn.CLASS_WORD] = random.choice([0, 77], nodes.shape[:2])
    routes = stage.plan.routes
    routes[:, 1:, 0] = random.integers(0, 2, routes[:, 1:, 0].shape)
    routes[:, 1:, 1] = random.uniform(0, 12, routes[:, 1:, 0].shape)
    routes[:, 1:, 2] = random.uniform(-3, 3, routes[:, 1:, 0].shape)
    routes[:, 1:, 4] = random.choice([0, DOOR], routes[:, 1:, 0].shape)
    belief.doorways[:, :4, DoorwayColumn.USED] = 1.0
    belief.doorways[:, :4, DoorwayColumn.BLOCKED_UNTIL] = random.choice([0, 99.0], (rows, 4))
    body = belief.body
    for column in (BodyColumn.HELD, BodyColumn.PLACE, BodyColumn.PUT_SLOT, BodyColumn.PUT_PLACE):
        body[:, column] = random.choice([0, HALL, VASE], rows)
    stage.dark(bool(random.integers(0, 2)))
    for branch, size in enumerate(BRANCH_SIZES):
        stage.actions[:, branch] = random.integers(0, size, rows)
    known = random.choice([0, HALL, VASE, DOOR, GUIDE], rows)
    stage.actions[:, Branch.TARGET] = known


@pytest.mark.parametrize("seed", range(6))
def test_no_strategy_but_policy_commits_and_all_respect_the_mask(seed):
    random = np.random.default_rng(seed)
    stage = random_stage(8, seed)
    seen = set()
    for decision in range(120):
        if decision % 5 == 0:
            shuffle(stage, random)
        mask = all_allowed(8) & (random.random((8, sum(BRANCH_SIZES))) < 0.7)
        for branch, start in enumerate(BRANCH_STARTS):
            mask[:, start + (0, 2, 1, 0, 0, 0, 0, 0)[branch]] = True
            mask[np.arange(8), start + stage.actions[:, branch]] = True
        stage.infos.action_mask = mask
        regulation = stage.decide()
        seen.update(regulation.strategy)
        for row, strategy in enumerate(regulation.strategy):
            action = regulation.actions[row]
            assert mask[row][np.add(BRANCH_STARTS, action)].all()
            if strategy == "policy":
                assert (action == stage.actions[row]).all()
            else:
                assert action[Branch.ACT] in HARMLESS_ACTS
                assert regulation.reason[row]
    assert {"policy", "route", "look_around"} <= seen <= set(STRATEGIES)


def test_the_same_again_and_in_any_batch():
    outcomes = []
    for rows in (1, 4, 4):
        random = np.random.default_rng(3)
        stage = random_stage(rows, 3)
        outcome = []
        for decision in range(60):
            if decision % 7 == 0:
                shuffle_alike(stage, random)
            regulation = stage.decide()
            outcome.append((regulation.actions[0].tolist(), regulation.strategy[0],
                            regulation.reason[0], float(regulation.competence[0])))  # fmt: skip
        outcomes.append(outcome)
    assert outcomes[0] == outcomes[1] == outcomes[2]


def shuffle_alike(stage: Stage, random: np.random.Generator) -> None:
    """The same in every row, however many there are."""
    one = Stage()
    shuffle(one, random)
    for name in ("nodes", "goals", "body", "doorways"):
        kept = getattr(stage.belief, name)[:, ..., :].copy()
        getattr(stage.belief, name)[:] = getattr(one.belief, name)
        if name == "body":
            stage.belief.body[:, BodyColumn.CLOCK] = kept[:, BodyColumn.CLOCK]
            stage.belief.body[:, BodyColumn.DECISIONS] = kept[:, BodyColumn.DECISIONS]
    stage.plan.routes[:] = one.plan.routes
    stage.actions[:] = one.actions
    stage.observations["camera"][:] = one.observations["camera"]


def test_switched_off_nothing_changes_and_the_judge_goes_on():
    random = np.random.default_rng(5)
    stage = random_stage(4, 5, Regulator(enabled=False))
    for _ in range(40):
        shuffle(stage, random)
        before = stage.belief.doorways.copy(), stage.belief.nodes.copy()
        regulation = stage.decide()
        assert regulation.actions.tobytes() == stage.actions.tobytes()
        assert regulation.strategy == ["policy"] * 4 and regulation.reason == [""] * 4
        assert (before[0] == stage.belief.doorways).all()
        assert (before[1] == stage.belief.nodes).all()
    assert regulation.competence.min() < 0.5
    percepts = Percepts.blank(4)
    assert stage.regulator.reliability(stage.indices, stage.observations, percepts) is None


def test_the_brains_own_proposal_is_left_as_it_was():
    stage = place_task()
    dither(stage, 8)
    before = stage.actions.copy()
    stage.decide()
    assert (stage.actions == before).all()


def test_what_is_said_goes_on_being_said():
    stage = place_task()
    dither(stage, 8)
    stage.intend(GUIDE, say=Say.TELL)
    stage.actions[:, Branch.ABOUT], stage.actions[:, Branch.WHERE] = CONCERT, HALL
    regulation = stage.decide()
    assert regulation.strategy == ["route"]
    said = regulation.actions[0, [Branch.SAY, Branch.ABOUT, Branch.WHERE, Branch.TARGET]]
    assert said.tolist() == [Say.TELL, CONCERT, HALL, GUIDE]


def test_the_log_says_who_when_and_until_when():
    stage = place_task()
    stage.infos.keys = ["Ada"]
    dither(stage, 9)
    entry = stage.regulator.log[0]
    assert (entry.key, entry.strategy) == ("Ada", "route")
    assert entry.clock == pytest.approx(0.1 * (entry.decision - 1), abs=1e-4)
    assert entry.until == pytest.approx(entry.clock + 2.0, abs=1e-4)


def test_npcs_may_come_later_and_in_any_order():
    stage = Stage(2)
    stage.goal(place=HALL)
    stage.way(HALL, 8.0)
    stage.intend(HALL, move=Move.STAY)
    stage.indices = np.array([5, 2])
    stage.infos.keys = ["b", "a"]
    assert stage.repeat(40).strategy
    assert {entry.key for entry in stage.regulator.log} == {"a", "b"}
    stage.regulator.forget([5, 99])
    assert stage.regulator.memory.decisions[[5, 2]].tolist() == [0, 40]
