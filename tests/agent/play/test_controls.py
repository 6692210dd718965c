"""From keys to actions, with what is said to the person."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

from agent.belief.state import NodeName
from agent.play import PlayError
from agent.play.controls import Controls
from agent.play.keys import parse_keys
from agent.play.screen import Shown
from agent.play.sound import BUFFER, Speakers, faded, to_stereo
from agent.play.talk import understand_message
from agent.play.targets import Choice, allowed_acts, choose_ahead, targets_of
from agent.play.terminal import compose, parse_input
from agent.play.view import View
from agent.play.window import paint, wrapped
from envs import contract
from envs.contract import (
    NO_OP,
    Act,
    Branch,
    CatalogueEntry,
    EntityColumn,
    Look,
    Reason,
    Result,
    Say,
    SelfColumn,
    Utterance,
)
from envs.goals import Goal
from envs.tasks import NpcTask
from envs.window import WindowError

VASE, DOOR, ANNA, HALL, TABLE, CONCERT = 5, 6, 7, 8, 9, 10
NAMES = {
    VASE: ("object", "the red vase", "vase"), DOOR: ("door", "the door", "door"),
    ANNA: ("npc", "Anna", "person"), HALL: ("place", "the amber hall", "hall"),
    TABLE: ("object", "the table", "table"), CONCERT: ("topic", "the concert", "concert"),
}  # fmt: skip


def row(slot: int, kind: int, x: float, z: float, *acts: Act) -> np.ndarray:
    values = np.zeros(contract.ENTITY_SIZE, np.float32)
    values[EntityColumn.SLOT] = slot
    values[EntityColumn.X], values[EntityColumn.Z] = x, z
    values[EntityColumn.DISTANCE] = np.hypot(x, z)
    values[EntityColumn.KIND + kind] = 1
    for act in acts:
        values[EntityColumn.AFFORDANCE + act - 1] = 1
    return values


@pytest.fixture
def view() -> View:
    """A vase ahead, a door to the left, a table to the right, Anna far behind; in the hall."""
    made = View(NpcTask("touch the vase", Goal((), ""), ()), 400)
    made.names = {slot: NodeName(*named) for slot, named in NAMES.items()}
    rows = [
        row(VASE, 0, 0.1, 0.9, Act.EXAMINE, Act.TOUCH, Act.TAKE),
        row(DOOR, 1, -1.0, 0.9, Act.EXAMINE, Act.TOUCH, Act.OPEN, Act.CLOSE),
        row(TABLE, 0, 0.8, 0.8, Act.EXAMINE, Act.TOUCH),
        row(ANNA, 2, 0.0, -4.0, Act.GIVE, Act.TOUCH),
    ]
    entities = np.zeros((contract.MAX_ENTITIES, contract.ENTITY_SIZE), np.float32)
    entities[: len(rows)] = rows
    mine = np.zeros(contract.SELF_SIZE, np.float32)
    mine[SelfColumn.PLACE] = HALL
    mine[SelfColumn.AUDIO_VALID] = 1
    made.observation = {
        "self": mine, "entities": entities, "entities_mask": (entities[:, 0] > 0).astype(np.int8),
        "camera": np.zeros((3, 64, 64), np.uint8),
    }  # fmt: skip
    made.mask = np.ones(contract.MASK_SIZE, np.bool_)
    return made


def press(controls: Controls, view: View, *keys: str) -> np.ndarray | None:
    """The action that keys make, None when they make none; only the last one may."""
    made = [controls.press(key, view) for key in keys]
    assert not any(made[:-1])
    return controls.take() if made[-1] else None


def test_the_hand_goes_for_what_is_ahead(view):
    assert choose_ahead(view) == Choice(Act.TAKE, VASE)
    view.mask[contract.BRANCH_STARTS[Branch.ACT] + Act.TAKE] = False
    assert choose_ahead(view) == Choice(Act.EXAMINE, VASE)
    view.observation["self"][SelfColumn.HELD] = VASE
    assert choose_ahead(view) == Choice(Act.PUT, TABLE)
    action = press(Controls(), view, "space")
    assert action is not None
    assert action[[Branch.ACT, Branch.TARGET]].tolist() == [Act.PUT, TABLE]


def test_what_was_found_locked_is_tried_with_the_key(view):
    view.observation["entities"][0, EntityColumn.Z] = 9.0
    view.observation["entities"][0, EntityColumn.DISTANCE] = 9.0
    view.observation["entities_mask"][2] = 0
    assert choose_ahead(view) == Choice(Act.OPEN, DOOR)
    me = view.observation["self"]
    me[SelfColumn.HELD], me[SelfColumn.LAST_TARGET] = VASE, DOOR
    me[SelfColumn.LAST_ACT], me[SelfColumn.RESULT] = Act.OPEN, Result.FAILED
    me[SelfColumn.REASON] = Reason.LOCKED
    assert choose_ahead(view) == Choice(Act.USE, DOOR)
    assert view.act_line() == "open the door failed: it is locked"


def test_nothing_within_reach_is_said(view):
    view.observation["entities_mask"][:3] = 0
    assert press(Controls(), view, "e") is None
    assert view.notice.startswith("Nothing within reach ahead")


def test_menus_hold_only_what_is_possible(view):
    assert Act.PUSH not in allowed_acts(view) and Act.TAKE in allowed_acts(view)
    assert targets_of(view, Act.TAKE) == [VASE]
    assert targets_of(view, Act.PUT)[0] == HALL
    view.mask[contract.BRANCH_STARTS[Branch.TARGET] + CONCERT] = False
    finish = targets_of(view, Act.FINISH)
    assert finish[0] == VASE and HALL in finish and CONCERT not in finish
    controls = Controls()
    assert press(controls, view, "m") is None
    assert any("> 1 examine" in line for line in controls.prompt(view))
    action = press(controls, view, "1", "down", "enter")
    assert action is not None
    assert action[[Branch.ACT, Branch.TARGET]].tolist() == [Act.EXAMINE, TABLE]
    assert view.sight_line().startswith("In sight: the red vase 0.9 m ahead; the table 1.1 m")
    view.observation["entities_mask"][0] = 0
    assert targets_of(view, Act.TAKE) == [VASE]  # behind the back, perhaps
    view.observation["entities_mask"][0] = 1
    assert press(controls, view, "f") is None
    assert any("the red vase, 0.9 m ahead" in line for line in controls.prompt(view))
    assert press(controls, view, "escape") is None and controls.menu is None


def test_the_look_stays(view):
    controls = Controls()
    for key, look in (("i", Look.UP), ("pageup", Look.UP), ("k", Look.LEVEL), ("w", Look.LEVEL)):
        action = press(controls, view, key)
        assert action is not None and action[Branch.LOOK] == look
    assert controls.take().tolist() == list(NO_OP)
    assert controls.take(held={"w", "right", "x"})[:2].tolist() == [1, 3]


@pytest.mark.parametrize(
    ("text", "say", "about", "where", "to"),
    [
        ("where is the concert?", Say.ASK, CONCERT, 0, ANNA),
        ("Anna, the concert is in the amber hall", Say.TELL, CONCERT, HALL, ANNA),
        ("to Anna: please bring the red vase to the amber hall", Say.REQUEST, VASE, HALL, ANNA),
        ("careful, the red vase in the amber hall", Say.WARN, VASE, HALL, ANNA),
        ("the red vase done in the amber hall", Say.REPORT, VASE, HALL, ANNA),
        ("yes the red vase", Say.ACCEPT, VASE, 0, ANNA),
        ("no", Say.REFUSE, 0, 0, ANNA),
    ],
)
def test_sentences_become_messages(view, text, say, about, where, to):
    message = understand_message(text, view)
    assert (message.say, message.about, message.where, message.to) == (say, about, where, to)


@pytest.mark.parametrize(
    "text",
    ["hello there", "where is the opera", "the concert is not in the amber hall",
     "Anna knows where the concert is"],
)  # fmt: skip
def test_what_cannot_be_said_names_what_can(view, text):
    with pytest.raises(
        PlayError, match=r"say one of these.*: 'where is THING'; 'THING is in PLACE'"
    ):
        understand_message(text, view)


def test_a_sentence_that_is_not_understood_can_be_corrected(view):
    controls = Controls()
    keys = ["t", *"where is the", "space", *"x", "enter"]
    assert press(controls, view, *keys) is None
    assert controls.typed == "where is the x" and "Not understood" in view.notice
    action = press(controls, view, "backspace", *"concert", "enter")
    assert action is not None and view.notice == ""
    assert action[[Branch.SAY, Branch.ABOUT, Branch.TARGET]].tolist() == [Say.ASK, CONCERT, ANNA]
    assert str(view.subtitles[-1]).endswith("You to Anna: where is the concert")


def test_keys_typed_into_a_sentence_do_not_drive(view):
    controls = Controls()
    assert press(controls, view, "t", "w", "q") is None
    assert controls.typed == "wq" and not controls.quits
    assert controls.take(held={"w"}).tolist() == list(NO_OP)


def test_words_say_how_the_body_is(view):
    me = view.observation["self"]
    assert view.body_line() == "0.0 s of 40 s, in the amber hall, empty-handed"
    assert view.act_line() == ""
    me[SelfColumn.HELD], me[SelfColumn.BUMPED], me[SelfColumn.CLOCK] = VASE, 1, 2.5
    assert view.body_line().endswith("holding the red vase, something is in the way")
    me[SelfColumn.LAST_ACT], me[SelfColumn.LAST_TARGET] = Act.EXAMINE, TABLE
    for result, reason, line in (
        (Result.DONE, Reason.NONE, "examine the table: done"),
        (Result.RUNNING, Reason.NONE, "examine the table goes on while you wait (.)"),
        (Result.FAILED, Reason.OUT_OF_REACH,
         "examine the table failed: the target is out of reach"),
    ):  # fmt: skip
        me[SelfColumn.RESULT], me[SelfColumn.REASON] = result, reason
        assert view.act_line() == line


def test_names_and_words_come_from_what_is_told(view):
    info = {
        "catalogue": [CatalogueEntry(1, "add", 20, "npc", "Bruno"),
                      CatalogueEntry(2, "remove", VASE)],
        "text": [Utterance(1, 20, True, "where is the concert"), Utterance(2, 0, True, "a note")],
        "action_mask": view.mask,
    }  # fmt: skip
    view.update(view.observation, info)
    assert VASE not in view.names and view.name_of(VASE) == "something"
    assert [subtitle.speaker for subtitle in view.subtitles] == ["Bruno", "Known before"]


def test_scripts_of_keys():
    assert parse_keys('w*2 up t "type:a b" enter *') == [
        "w", "w", "up", "t", "a", " ", "b", "enter", "*"
    ]  # fmt: skip


def test_what_a_terminal_sends_becomes_keys():
    sent = "wW\x1b[A\x1b[6~\x1bOD \r\x7f\x1bé厅\x00"
    assert parse_input(sent) == [
        "w", "W", "up", "pagedown", "left", "space", "enter", "backspace", "escape", "é", "厅",
    ]  # fmt: skip


def moment(words: str) -> Shown:
    camera = np.zeros((64, 64, 3), np.uint8)
    camera[:32] = 255, 0, 0
    return Shown(camera, np.full((512, 512, 3), 9, np.uint8), words, ["0.0 s Anna: hi"], [""], [])


@pytest.mark.parametrize(("width", "height"), [(130, 50), (80, 24), (40, 20)])
def test_a_terminal_of_any_size_holds_pictures_and_words(width, height):
    out = io.StringIO()
    console = Console(
        file=out, width=width, height=height, force_terminal=True, color_system="truecolor"
    )
    shown = moment("go to the hall " * 10)
    console.print(compose(shown, width, height), end="")
    lines = console.render_lines(compose(shown, width, height), pad=False)
    assert len(lines) <= height
    assert "255;0;0" in out.getvalue() and "Anna: hi" in out.getvalue()


def test_a_window_shows_both_pictures_and_wraps_words():
    shown = paint(moment("go " * 200))
    assert shown.dtype == np.uint8 and shown.shape[2] == 3
    assert shown[20, 20].tolist() == [255, 0, 0] and (shown == 9).all(axis=2).sum() >= 512 * 512
    lines = wrapped("one two three " * 20, 300)
    assert len(lines) > 3 and " ".join(lines) == "one two three " * 20


# -- sound ---------------------------------------------------------------------------------------


def ears(frame: int) -> np.ndarray:
    time = np.arange(frame * 1600, (frame + 1) * 1600) / 16_000
    left = np.sin(2 * np.pi * 440 * time)
    return np.concatenate((left, 0.5 * left)).astype(np.float32)


def test_ears_become_a_left_and_a_right_channel():
    stereo = to_stereo(ears(0))
    assert stereo.shape == (1600, 2) and stereo.dtype == np.int16
    assert (
        stereo[:, 0].max() == 32767 == to_stereo(2 * ears(0)).max()
        and abs(stereo[10, 1] - stereo[10, 0] / 2) <= 1
    )
    soft = faded(stereo)
    assert not soft[0].any() and not soft[-1].any()
    assert np.array_equal(soft[100:-100], stereo[100:-100])


def test_sound_is_queued_whole_and_without_gaps(monkeypatch):
    pytest.importorskip("pygame")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    speakers = Speakers(is_steady=True)
    played: list[bytes] = []

    class Channel:
        waiting: bytes | None = None
        busy = False

        def get_busy(self) -> bool:
            return self.busy

        def get_queue(self) -> bytes | None:
            return self.waiting

        def play(self, sound) -> None:
            self.busy = True
            played.append(sound.get_raw())

        def queue(self, sound) -> None:
            self.waiting = sound.get_raw()
            played.append(self.waiting)

    channel = Channel()
    speakers._channel = channel
    for frame in range(20):
        speakers.hear(ears(frame))
        channel.waiting = None  # what was queued begins
    speakers.close()
    assert all(len(sound) % (4 * BUFFER) == 0 for sound in played)
    whole = np.concatenate([to_stereo(ears(frame)) for frame in range(20)]).tobytes()
    heard = b"".join(played)
    assert heard == whole[: len(heard)] and len(heard) > 0.9 * len(whole)


def test_without_a_device_one_sentence_says_so(monkeypatch):
    pytest.importorskip("pygame")
    monkeypatch.setenv("SDL_AUDIODRIVER", "cathode")
    with pytest.raises(WindowError, match=r"There is no sound, since no device plays it \(.+\): "):
        Speakers(is_steady=True)
