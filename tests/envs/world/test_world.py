"""Motion, acts, speech and slots of the headless world, on small scenes made by hand."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest

from envs import contract
from envs.contract import Act, Branch, EntityColumn, Look, Move, Reason, Result, Say, SelfColumn
from envs.goals import Goal, Step, Verb
from envs.scene import Door, Fact, Object, Person, Place, Scene, Spawn, Topic
from envs.tasks.episode import Briefing, Episode, NpcTask
from envs.world.slots import give_slot
from envs.world.world import BatchWorld

STRAIGHT = 2


def two_rooms(
    *,
    door: Literal["open", "closed", "locked"] = "closed",
    known_map: Literal["known", "none"] = "known",
    npcs: int = 1,
) -> Scene:
    """Two rooms of 4 m side by side, a door between them, a radio and a vase in the left one."""
    starts = ((2.0, 2.0), (2.0, 3.2))
    return Scene(
        name="two rooms",
        map=known_map,
        places=(
            Place(id="left", name="the left room", floor=(0.0, 0.0, 4.0, 4.0)),
            Place(id="right", name="the right room", floor=(4.0, 0.0, 8.0, 4.0)),
        ),
        doors=(Door(id="door", between=("left", "right"), position=(4.0, 2.0), state=door),),
        objects=(
            Object(id="radio", class_name="radio", color="red", position=(0.8, 0.8), sound="music"),
            Object(id="vase", class_name="vase", color="blue", position=(2.0, 0.7)),
            Object(id="clock", class_name="clock", color="green", position=(7.0, 1.0)),
        ),
        people=(
            Person(id="guide", name="the guide", role="guide", position=(6.0, 3.2),
                   facts=(Fact(about="concert", where="right"),)),
            *(
                Person(id=f"npc{i}", name=("Ada", "Bruno")[i], role="npc", position=starts[i],
                       yaw_degrees=90.0)
                for i in range(npcs)
            ),
        ),
        topics=(Topic(id="concert", name="the concert"),),
        spawns=(Spawn(position=(2.0, 2.0)),),
    )  # fmt: skip


def start(
    scene: Scene, *, team: bool = False, briefings: tuple[Briefing, ...] = (), **settings
) -> BatchWorld:
    """A batch of one world with this scene; NPCs must finish in the right room."""
    npcs = sum(person.role == "npc" for person in scene.people)
    goal = Goal((Step(do=Verb.ENTER, what="right"),), "right")
    task = NpcTask("go to the right room", goal, ("right",), briefings)
    world = BatchWorld(1, npcs, **settings)
    world.reset(0, Episode(scene, "test", 7, (task,) * npcs, team, 50))
    world.observe()
    return world


def act(world: BatchWorld, row: int = 0, **branches: int) -> np.ndarray:
    """Step with one row doing something and the others nothing; returns the row's ``self``."""
    actions = np.tile(contract.NO_OP, (world.num_rows, 1))
    for name, value in branches.items():
        actions[row, Branch[name.upper()]] = value
    world.step(actions)
    return world.observe()["self"][row]


def thing_number(world: BatchWorld, thing: str) -> int:
    """Number of a thing in the first world."""
    layout = world.layouts[0]
    assert layout is not None
    return layout.index[thing]


def slot(world: BatchWorld, thing: str, row: int = 0) -> int:
    """The row's slot of a thing, 0 when it does not know it."""
    return int(world.state.thing_slot[row, thing_number(world, thing)])


def move_to(world: BatchWorld, x: float, z: float, yaw_degrees: float = 90.0, row: int = 0) -> None:
    """Put a body somewhere."""
    me = world.state.person[row]
    world.state.person_position[0, me] = (x, 0.0, z)
    world.state.person_yaw[0, me] = np.deg2rad(yaw_degrees)
    world.observe()


def test_walking_follows_the_turn_of_the_same_decision() -> None:
    world = start(two_rooms())
    body = act(world, move=Move.WALK, turn=4)  # 30 degrees to the right of +x
    heading = np.deg2rad(120.0)
    assert body[SelfColumn.X] == pytest.approx(2.0 + 0.14 * np.sin(heading), abs=1e-5)
    assert body[SelfColumn.Z] == pytest.approx(2.0 + 0.14 * np.cos(heading), abs=1e-5)
    assert body[SelfColumn.VELOCITY_FORWARD] == pytest.approx(1.4, abs=1e-4)


@pytest.mark.parametrize(
    ("move", "forward", "right"),
    [
        (Move.RUN, 2.8, 0.0),
        (Move.BACK, -0.7, 0.0),
        (Move.STRAFE_LEFT, 0.0, -1.0),
        (Move.STRAFE_RIGHT, 0.0, 1.0),
    ],
)
def test_other_moves(move: Move, forward: float, right: float) -> None:
    body = act(start(two_rooms()), move=move, turn=STRAIGHT)
    assert body[SelfColumn.VELOCITY_FORWARD] == pytest.approx(forward, abs=1e-4)
    assert body[SelfColumn.VELOCITY_RIGHT] == pytest.approx(right, abs=1e-4)


def test_jump_rises_and_lands() -> None:
    world = start(two_rooms())
    heights = [act(world, move=Move.JUMP, turn=STRAIGHT)[SelfColumn.Y]]
    heights += [act(world)[SelfColumn.Y] for _ in range(8)]
    assert max(heights) > 0.3
    assert heights[-1] == 0.0


def test_a_wall_stops_and_a_body_slides_along_it() -> None:
    world = start(two_rooms())
    move_to(world, 3.0, 0.8, yaw_degrees=70.0)
    for _ in range(12):
        body = act(world, move=Move.WALK, turn=STRAIGHT)
    assert body[SelfColumn.X] <= 4.0 - 0.06 - contract.BODY_RADIUS + 1e-4
    assert body[SelfColumn.BUMPED] == 1.0
    assert body[SelfColumn.Z] > 1.0  # slid


def test_a_closed_door_stops_until_it_is_opened() -> None:
    world = start(two_rooms())
    move_to(world, 3.0, 2.0)
    for _ in range(10):
        body = act(world, move=Move.WALK, turn=STRAIGHT)
    assert body[SelfColumn.X] < 4.0
    body = act(world, act=Act.OPEN, target=slot(world, "door"))
    assert (body[SelfColumn.RESULT], body[SelfColumn.REASON]) == (Result.DONE, Reason.NONE)
    for _ in range(12):
        body = act(world, move=Move.WALK, turn=STRAIGHT)
    assert body[SelfColumn.X] > 4.2
    assert body[SelfColumn.PLACE] == slot(world, "right")


def reason_of(world: BatchWorld, **branches: int) -> Reason:
    return Reason(int(act(world, **branches)[SelfColumn.REASON]))


def test_every_failed_act_says_why() -> None:
    world = start(two_rooms(door="locked"))
    move_to(world, 3.2, 2.0)
    door = slot(world, "door")
    assert reason_of(world, act=Act.OPEN, target=door) == Reason.LOCKED
    assert reason_of(world, act=Act.TAKE, target=0) == Reason.NO_TARGET
    assert reason_of(world, act=Act.TAKE, target=door) == Reason.NOT_POSSIBLE
    assert reason_of(world, act=Act.DROP) == Reason.HANDS_EMPTY
    move_to(world, 2.0, 1.8, yaw_degrees=180.0)
    assert reason_of(world, act=Act.OPEN, target=slot(world, "vase")) == Reason.NOT_POSSIBLE
    assert reason_of(world, act=Act.TAKE, target=slot(world, "vase")) == Reason.NONE
    assert reason_of(world, act=Act.TAKE, target=slot(world, "vase")) == Reason.HANDS_FULL
    assert reason_of(world, act=Act.PUT, target=slot(world, "right")) == Reason.OUT_OF_REACH
    move_to(world, 1.0, 2.4, yaw_degrees=200.0)
    assert slot(world, "radio") > 0
    assert reason_of(world, act=Act.EXAMINE, target=slot(world, "radio")) == Reason.NONE
    move_to(world, 1.0, 3.6, yaw_degrees=180.0)
    assert reason_of(world, act=Act.EXAMINE, target=slot(world, "radio")) == Reason.OUT_OF_REACH


def test_take_carry_and_put_into_a_place() -> None:
    world = start(two_rooms(door="open"))
    move_to(world, 2.0, 1.6, yaw_degrees=180.0)
    body = act(world, act=Act.TAKE, target=slot(world, "vase"))
    assert body[SelfColumn.HELD] == slot(world, "vase")
    move_to(world, 6.0, 2.0)
    act(world)
    vase = world.state.object_position[0, 1]
    assert np.hypot(vase[0] - 6.0, vase[2] - 2.0) < 0.6  # carried along
    body = act(world, act=Act.PUT, target=slot(world, "right"))
    assert body[SelfColumn.RESULT] == Result.DONE
    assert body[SelfColumn.HELD] == 0
    x, y, z = world.state.object_position[0, 1]
    assert world.place_id(0, float(x), float(z)) == "right"
    assert y == 0.0


def test_switch_turns_a_sound_on_and_off_and_use_sounds_a_while() -> None:
    world = start(two_rooms())
    move_to(world, 1.0, 1.8, yaw_degrees=190.0)
    music = 4
    assert world.labels.sound[0, music, 0] == 0.0
    act(world, act=Act.SWITCH, target=slot(world, "radio"))
    assert world.labels.sound[0, music, 0] == 1.0
    assert np.abs(world.observation["audio"][0]).max() > 0.01
    act(world, act=Act.SWITCH, target=slot(world, "radio"))
    assert world.labels.sound[0, music, 0] == 0.0


def test_closed_doors_hide_and_muffle_and_open_ones_do_not() -> None:
    world = start(two_rooms())
    move_to(world, 3.0, 2.0)
    clock = slot(world, "clock")
    assert clock == 0
    act(world, act=Act.OPEN, target=slot(world, "door"))
    move_to(world, 3.0, 2.2)
    assert slot(world, "clock") > 0
    rows = world.observation["entities"][0]
    seen = rows[rows[:, EntityColumn.SLOT] == slot(world, "clock")][0]
    assert seen[EntityColumn.Z] == pytest.approx(4.0, abs=1e-4)  # straight ahead is +x
    assert seen[EntityColumn.X] == pytest.approx(1.2, abs=1e-4)  # its smaller z lies to the right


def test_the_guide_answers_what_the_guide_knows_and_only_in_earshot() -> None:
    world = start(two_rooms(door="open"))
    move_to(world, 5.0, 3.0)
    guide = slot(world, "guide")
    assert guide > 0
    concert = thing_number(world, "concert")
    world.state.goal_thing[0, concert] = True
    assert slot(world, "concert") == 0
    act(world, say=Say.ASK, about=0, target=guide)
    heard = []
    for _ in range(5):
        act(world)
        heard += world.texts(0)
    assert [text.text for text in heard] == ["no"]  # asked about nothing: refused

    s = world.state
    tables = (s.thing_slot, s.slot_thing, s.slot_order, s.slot_perceived)
    give_slot(0, concert, 0, -1, s.thing_kind[0], s.goal_thing, *tables, s.event_count, s.event)
    act(world, say=Say.ASK, about=slot(world, "concert"), target=guide)
    heard = []
    for _ in range(5):
        act(world)
        heard += world.texts(0)
    assert [text.text for text in heard] == ["the concert is in the right room"]
    assert heard[0].speaker == guide
    assert heard[0].to_me


def test_what_is_said_is_heard_and_gives_slots_but_not_through_two_rooms() -> None:
    world = start(two_rooms(npcs=2, known_map="none"), team=True)
    assert slot(world, "npc1", row=0) > 0  # team mates are common knowledge
    assert slot(world, "radio", row=1) == 0
    move_to(world, 1.4, 1.8, yaw_degrees=200.0)
    radio = slot(world, "radio")
    act(world, say=Say.TELL, about=radio, where=slot(world, "left"))
    assert [text.text for text in world.texts(1)] == ["the radio is in the left room"]
    assert slot(world, "radio", row=1) > 0
    assert world.texts(0) == []  # nobody hears themselves


def test_withheld_telling_gives_no_slots() -> None:
    world = start(two_rooms(npcs=2, known_map="none"), team=True, tell_slots=False)
    move_to(world, 1.4, 1.8, yaw_degrees=200.0)
    act(world, say=Say.TELL, about=slot(world, "radio"), where=slot(world, "left"))
    assert slot(world, "radio", row=1) == 0


def test_briefings_come_once_in_the_first_observation() -> None:
    world = start(two_rooms(), briefings=(Briefing("the concert is in the right room", ()),))
    assert [text.text for text in world.texts(0)] == ["the concert is in the right room"]
    assert world.observation["dialogue_mask"][0].tolist() == [1] + [0] * 7
    act(world)
    assert world.texts(0) == []


def test_strangers_learn_places_by_entering_and_doorways_hide_what_is_behind() -> None:
    world = start(two_rooms(door="open", known_map="none"))
    entries = {entry.name: entry for entry in world.take_catalogue(0)}
    assert entries["the left room"].polygon
    assert [way.places for way in entries["the left room"].doorways] == [(slot(world, "left"), 0)]
    move_to(world, 5.0, 2.0)
    later = {entry.name: entry for entry in world.take_catalogue(0)}
    assert later["the right room"].polygon
    both = {slot(world, "left"), slot(world, "right")}
    assert {frozenset(way.places) for way in later["the left room"].doorways} == {frozenset(both)}


def test_finish_is_judged_and_ends_the_episode() -> None:
    world = start(two_rooms())
    actions = np.array([contract.NO_OP])
    actions[0, Branch.ACT], actions[0, Branch.TARGET] = Act.FINISH, slot(world, "right")
    result = world.step(actions)
    assert result.wrong_commit[0] and result.terminated[0]
    assert result.reward[0] == pytest.approx(-0.501)

    world = start(two_rooms())
    move_to(world, 6.0, 2.0)
    actions[0, Branch.TARGET] = slot(world, "right")
    result = world.step(actions)
    assert result.success[0] and result.terminated[0]
    assert result.reward[0] == pytest.approx(0.999)


def test_the_step_limit_truncates() -> None:
    world = start(two_rooms())
    results = [world.step(np.array([contract.NO_OP])) for _ in range(50)]
    assert [bool(result.truncated[0]) for result in results] == [False] * 49 + [True]


def test_action_delay_postpones_what_is_done() -> None:
    world = start(two_rooms(), action_delay=2)
    x = [act(world, move=Move.WALK, turn=STRAIGHT)[SelfColumn.X] for _ in range(4)]
    assert x[0] == x[1] == 2.0
    assert x[2] > 2.1


def test_masks_allow_what_is_possible() -> None:
    world = start(two_rooms())
    first = contract.BRANCH_STARTS[Branch.ACT]
    move_to(world, 2.0, 2.9, yaw_degrees=0.0)
    assert not world.action_mask()[0, first + Act.TAKE]
    move_to(world, 2.0, 1.6, yaw_degrees=180.0)
    mask = world.action_mask()[0]
    assert mask[first + Act.TAKE] and mask[first + Act.FINISH] and not mask[first + Act.PUT]
    assert mask[contract.BRANCH_STARTS[Branch.TARGET] + slot(world, "vase")]
    assert not mask[contract.BRANCH_STARTS[Branch.MOVE] + Move.GO]


@pytest.mark.parametrize(
    ("actions", "sentence"),
    [
        (np.zeros((2, 8), int), r"actions have shape \(2, 8\); expected \(1, 8\)"),
        (np.array([[0, 9, 1, 0, 0, 0, 0, 0]]), "branch 'turn' is 9, allowed are 0 to 4"),
        (np.array([[2**32, 0, 0, 0, 0, 0, 0, 0]]), "branch 'move' is 4294967296, allowed are"),
        (np.full((1, 8), 0.9), "actions are float64 and not whole numbers: choose a value of each"),
        (np.full((1, 8), np.nan), "actions are float64 and not whole numbers"),
        (np.full((1, 8), "go"), "actions are <U2 and not whole numbers"),
        ([[0] * 8, [0] * 7], "actions have rows of several lengths"),
    ],
)
def test_wrong_actions_are_refused(actions: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        start(two_rooms()).step(actions)


def test_whole_numbers_of_any_type_are_actions() -> None:
    for kind in (np.uint8, np.int64, np.float32):
        start(two_rooms()).step(np.ones((1, 8), kind))


def test_unknown_perturbation_and_missing_episode_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown perturbation 'flood'; known are door_closes"):
        BatchWorld(1, perturbations=("flood",))
    with pytest.raises(ValueError, match="call reset"):
        BatchWorld(1).place_id(0, 0.0, 0.0)


def test_camera_looks_where_it_is_told() -> None:
    world = start(two_rooms(), senses=("camera", "depth", "semantic"))
    pitch = [act(world, look=look)[SelfColumn.PITCH] for look in Look]
    assert pitch == pytest.approx(list(contract.LOOK_PITCH))
    assert world.observation["camera"].any()
    assert world.depth.shape == (1, 64, 64)
    assert world.semantic.max() >= 1
