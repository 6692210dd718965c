"""Containers, surfaces, locks, switches and reading: what each act does and why it fails."""

from __future__ import annotations

import numpy as np
import pytest

from envs import contract
from envs.contract import REASON_TEXT, Act, Branch, EntityColumn, Reason, Result, SelfColumn
from envs.scene import Door
from envs.world.state import HIDDEN
from tests.envs.world.stage import Stage, make_object, make_scene

DONE = (Result.DONE, Reason.NONE)


def failed(reason: Reason) -> tuple[Result, Reason]:
    return Result.FAILED, reason


def cup(number: int, x: float, z: float, **more):
    return make_object(f"cup_{number}", "cup", x, z, **more)


def test_what_is_in_a_closed_container_is_neither_seen_nor_reached() -> None:
    stage = Stage(
        make_scene(make_object("fridge", "fridge", 3.5, 2.0), cup(0, 0.0, 0.0, inside="fridge"))
    )
    stage.place_body(2.2, 2.0)
    boxes = stage.state.boxes[0, stage.state.wall_count[0] + stage.state.door_count[0] + 2 :][:2]
    assert stage.slot("cup_0") == 0
    assert (boxes[:, 4] == HIDDEN).all()
    assert stage.bit("fridge", "closed") == 1.0
    assert stage.act(Act.OPEN, "fridge") == DONE
    assert stage.bit("fridge", "open") == 1.0
    assert stage.entity("cup_0") is not None
    assert (boxes[:, 1] >= 1.6 - 1e-6).all()  # above the rim
    assert stage.act(Act.OPEN, "fridge") == failed(Reason.ALREADY_SO)
    assert stage.act(Act.CLOSE, "fridge") == DONE
    assert stage.entity("cup_0") is None
    assert stage.act(Act.TAKE, "cup_0") == failed(Reason.NOT_IN_SIGHT)
    stage.act(Act.OPEN, "fridge")
    assert stage.act(Act.TAKE, "cup_0") == DONE
    assert stage.state.object_inside[0, stage.item("cup_0")] == -1


def test_a_container_holds_four_things_and_goes_with_them() -> None:
    things = [cup(number, 1.2, 1.0 + 0.4 * number) for number in range(5)]
    stage = Stage(make_scene(make_object("box", "box", 3.0, 2.0, open=True), *things))
    for number in range(5):
        stage.place_body(1.8, 1.0 + 0.4 * number, -90.0)
        assert stage.act(Act.TAKE, f"cup_{number}") == DONE
        assert stage.bit("box", "full") == 0.0 if stage.entity("box") is not None else True
        stage.place_body(2.3, 2.0)
        wanted = DONE if number < 4 else failed(Reason.NO_ROOM)
        assert stage.act(Act.PUT, "box") == wanted
    assert stage.bit("box", "full") == 1.0
    spots = {tuple(stage.position(f"cup_{number}")) for number in range(4)}
    assert len(spots) == 4
    stage.act(Act.DROP)
    assert stage.act(Act.CLOSE, "box") == DONE
    assert stage.bit("box", "full") == 0.0  # what a closed box holds is not told
    assert stage.act(Act.TAKE, "box") == DONE
    stage.place_body(6.0, 6.0)
    stage.step()
    assert abs(stage.position("cup_0")[0] - 6.0) < 1.0
    assert stage.act(Act.PUT, "box") == failed(Reason.NOT_POSSIBLE)  # into itself


def test_a_closed_container_takes_nothing() -> None:
    stage = Stage(make_scene(make_object("box", "box", 3.0, 2.0), cup(0, 2.6, 1.4)))
    stage.place_body(2.0, 1.8)
    stage.act(Act.TAKE, "cup_0")
    assert stage.act(Act.PUT, "box") == failed(Reason.NOT_POSSIBLE)


def test_a_surface_holds_three_things_side_by_side() -> None:
    things = [cup(number, 1.2, 1.0 + 0.4 * number) for number in range(4)]
    stage = Stage(make_scene(make_object("table", "table", 3.2, 2.0, yaw_degrees=90.0), *things))
    for number in range(4):
        stage.place_body(1.8, 1.0 + 0.4 * number, -90.0)
        stage.act(Act.TAKE, f"cup_{number}")
        stage.place_body(2.0, 2.0)
        wanted = DONE if number < 3 else failed(Reason.NO_ROOM)
        assert stage.act(Act.PUT, "table") == wanted
    places = [stage.position(f"cup_{number}") for number in range(3)]
    assert places == [[3.2, 0.74, 2.0], [3.2, 0.74, 1.7], [3.2, 0.74, 2.3]]
    stage.act(Act.DROP)
    assert stage.act(Act.TAKE, "cup_1") == DONE
    assert stage.bit("table", "full") == 0.0
    assert stage.act(Act.PUT, "table") == DONE
    assert stage.position("cup_1") == places[1]


def locked_box():
    return make_scene(
        make_object("box", "locker", 3.2, 2.0, key="key"),
        make_object("key", "key", 2.7, 1.5),
        make_object("other", "key", 2.7, 2.5, color="blue"),
        cup(0, 0.0, 0.0, inside="box"),
    )


@pytest.mark.parametrize("act", [Act.OPEN, Act.USE])
def test_a_locked_container_wants_its_key(act: Act) -> None:
    stage = Stage(locked_box())
    stage.place_body(1.9, 2.0)
    assert stage.act(act, "box") == failed(Reason.LOCKED)
    stage.act(Act.TAKE, "other")
    assert stage.act(act, "box") == failed(Reason.LOCKED)
    assert stage.act(Act.PUT, "box") == failed(Reason.LOCKED)
    stage.act(Act.DROP)
    stage.act(Act.TAKE, "key")
    assert stage.world.action_mask()[0, contract.BRANCH_STARTS[Branch.ACT] + Act.USE]
    assert stage.act(act, "box") == DONE
    assert stage.bit("box", "open") == float(act == Act.OPEN)
    assert stage.act(Act.USE, "box") == failed(Reason.ALREADY_SO)
    assert not stage.state.object_locked[0, stage.item("box")]


@pytest.mark.parametrize("act", [Act.OPEN, Act.USE])
def test_a_locked_door_wants_its_key(act: Act) -> None:
    door = Door(id="door", between=("left", "right"), position=(8.0, 4.0), state="locked",
                key="key")  # fmt: skip
    stage = Stage(make_scene(make_object("key", "key", 7.0, 3.2), door=door))
    stage.place_body(6.8, 4.0)
    assert stage.act(act, "door") == failed(Reason.LOCKED)
    stage.place_body(6.4, 4.0, 135.0)
    stage.act(Act.TAKE, "key")
    stage.place_body(6.8, 4.0)
    assert stage.act(act, "door") == DONE
    assert stage.bit("door", "open") == float(act == Act.OPEN)
    assert stage.bit("door", "locked") == 0.0


def test_a_door_without_a_lock_cannot_be_unlocked() -> None:
    stage = Stage(make_scene())
    stage.place_body(6.8, 4.0)
    assert stage.act(Act.USE, "door") == failed(Reason.NOT_POSSIBLE)


def test_what_a_switch_powers_is_on_with_it_and_a_glow_is_never_told() -> None:
    stage = Stage(
        make_scene(
            make_object("button", "button", 3.0, 2.0, powers=("lamp", "radio")),
            make_object("lamp", "lamp", 3.6, 2.8),
            make_object("radio", "radio", 3.6, 1.2, sound="music"),
        )
    )
    stage.place_body(2.0, 2.0)
    lamp, radio = stage.item("lamp"), stage.item("radio")
    assert stage.act(Act.SWITCH, "button") == DONE
    assert stage.state.object_on[0, [lamp, radio]].all()
    assert stage.state.object_sounding[0, radio]
    assert (stage.bit("lamp", "on"), stage.bit("radio", "on")) == (0.0, 1.0)
    assert stage.act(Act.SWITCH, "button") == DONE
    assert not stage.state.object_on[0, [lamp, radio]].any()
    assert not stage.state.object_sounding[0, radio]
    for _ in range(2):  # using it always switches on
        assert stage.act(Act.USE, "button") == DONE
        assert stage.state.object_on[0, lamp]


def test_a_sound_keeps_to_its_time() -> None:
    bell = make_object(
        "clock", "clock", 3.0, 2.0, sound="bell", sounding=True, sounds_from=0.3, sounds_until=0.6
    )
    stage = Stage(make_scene(bell))
    heard = []
    for _ in range(8):
        heard.append(bool((stage.world.ears.sound[0] >= 0).any()))
        stage.step()
    assert heard == [False] * 3 + [True] * 3 + [False] * 2


def note(text: str = "the key is in the right hall"):
    return make_object("note", "note", 3.0, 2.0, text=text, mentions=("key",))


def test_a_text_is_read_in_three_decisions_by_the_reader_alone() -> None:
    key = make_object("key", "key", 12.0, 6.0)
    stage = Stage(make_scene(note(), key, npcs=2))
    stage.place_body(2.2, 2.0)
    stage.place_body(2.2, 2.8, row=1)
    assert stage.act(Act.EXAMINE, "note") == (Result.STARTED, Reason.NONE)
    stage.step()  # goes on by itself
    assert stage.outcome() == (Result.RUNNING, Reason.NONE)
    assert stage.world.texts(0) == []
    assert stage.slot("key") == 0
    assert stage.act(Act.EXAMINE, "note") == DONE
    (text,) = stage.world.texts(0)
    assert text.text == "the key is in the right hall"
    assert (text.speaker, text.to_me) == (stage.slot("note"), True)
    row = stage.world.observation["dialogue"][0, 0]
    assert row[contract.DialogueColumn.UTTERANCE] == text.utterance
    assert row[contract.DialogueColumn.SPEAKER] == stage.slot("note")
    assert row[contract.DialogueColumn.WORD_COUNT] == 7
    assert stage.slot("key") > 0
    assert stage.world.texts(1) == []
    assert stage.slot("key", row=1) == 0
    stage.step()
    assert stage.world.texts(0) == []


def test_walking_or_another_act_ends_reading() -> None:
    stage = Stage(make_scene(note(), make_object("key", "key", 12.0, 6.0)))
    for interrupt in ({"move": 3}, {"act": Act.TOUCH, "target": stage.slot("note")}):
        stage.place_body(2.2, 2.0)
        stage.act(Act.EXAMINE, "note")
        stage.step(interrupt)
        assert stage.act(Act.EXAMINE, "note") == (Result.STARTED, Reason.NONE)
        stage.step({"move": 3})
        assert stage.outcome() == (Result.NONE, Reason.NONE)


def test_withheld_telling_gives_no_slots_for_what_a_text_names() -> None:
    stage = Stage(make_scene(note(), make_object("key", "key", 12.0, 6.0)), tell_slots=False)
    stage.place_body(2.2, 2.0)
    for _ in range(3):
        stage.act(Act.EXAMINE, "note")
    assert stage.outcome() == DONE
    assert stage.slot("key") == 0


def test_using_a_machine_takes_five_decisions() -> None:
    stage = Stage(make_scene(make_object("press", "press", 3.2, 2.0)))
    stage.place_body(2.2, 2.0)
    results = [stage.act(Act.USE, "press")[0] for _ in range(5)]
    assert results == [Result.STARTED, *[Result.RUNNING] * 3, Result.DONE]


def test_something_is_handed_over_to_a_free_hand() -> None:
    stage = Stage(make_scene(cup(0, 2.6, 2.0), cup(1, 2.6, 4.0), npcs=2))
    stage.place_body(1.9, 2.0)
    stage.place_body(1.9, 4.0, row=1)
    assert stage.act(Act.GIVE, "npc_1") == failed(Reason.OUT_OF_REACH)
    stage.act(Act.TAKE, "cup_0")
    stage.act(Act.TAKE, "cup_1", row=1)
    stage.place_body(1.9, 2.8, 0.0)
    assert stage.act(Act.GIVE, "npc_1") == failed(Reason.REFUSED)
    stage.act(Act.DROP, row=1)
    assert stage.act(Act.GIVE, "npc_1") == DONE
    assert stage.act(Act.GIVE, "npc_1") == failed(Reason.HANDS_EMPTY)
    assert stage.world.observation["self"][1, SelfColumn.HELD] == stage.slot("cup_0", row=1)


def test_every_reason_has_words() -> None:
    assert set(REASON_TEXT) == set(Reason)


def test_what_the_mask_forbids_would_fail() -> None:
    """Every act that is masked out fails with every target, over random walks."""
    objects = (
        make_object("box", "box", 3.0, 2.0, key="key"), make_object("key", "key", 2.0, 3.2),
        make_object("table", "table", 1.2, 1.2), make_object("lamp", "lamp", 3.4, 4.4),
        make_object("crate", "crate", 1.4, 4.6), cup(0, 0.0, 0.0, inside="box"),
        make_object("note", "note", 3.6, 3.2, text="the box is full"),
    )  # fmt: skip
    stage = Stage(make_scene(*objects), step_limit=5000)
    random = np.random.default_rng(2)
    first, forbidden = contract.BRANCH_STARTS[Branch.ACT], 0
    for _ in range(400):
        stage.walk(move=int(random.integers(7)))
        stage.step({"turn": int(random.integers(5))})
        known = np.flatnonzero(stage.state.slot_thing[0] >= 0)
        near = [int(row[EntityColumn.SLOT]) for row in stage.world.observation["entities"][0]
                if row[EntityColumn.SLOT] > 0 and row[EntityColumn.DISTANCE] < 2.0]  # fmt: skip
        target = int(random.choice(near if near and random.random() < 0.7 else known))
        act = int(random.integers(1, 12))
        allowed = bool(stage.world.action_mask()[0, first + act])
        stage.step({"act": act, "target": target})
        if not allowed:
            forbidden += 1
            assert stage.outcome()[0] == Result.FAILED
    assert 50 < forbidden < 350
