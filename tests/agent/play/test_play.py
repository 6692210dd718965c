"""``heedful play`` headless: by scripts, in a terminal of its own, and in a window nobody sees."""

from __future__ import annotations

import builtins
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from agent.cli import main
from agent.commands.play import Request
from agent.play.game import Game, watch
from agent.play.keys import ScriptedKeys
from agent.play.screen import NoScreen, Shown
from agent.play.session import Session
from agent.play.sound import NoSound
from agent.play.targets import Choice, allowed_acts, choose_ahead, targets_of
from agent.play.window import WindowScreen
from envs.contract import Act, Branch, Look, Move, Say, make_sentence
from envs.demonstrations import Header, Replay, load_demonstration, replay
from envs.policies import oracle

NAMED_PLACE = Header(task="navigation/named_place", seed=0, drivers=("person",))


@pytest.fixture
def heedful(monkeypatch, capsys, tmp_path):
    """Runs a command line in this process and an empty folder: (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["heedful", "play", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return left.value.code, told.out, told.err

    return run


@pytest.fixture
def no_screen(monkeypatch):
    """SDL shows and plays nothing, as on a machine that tests."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    pytest.importorskip("pygame")


class Recorder(NoScreen):
    """Keeps what was shown."""

    def __init__(self) -> None:
        self.moments: list[Shown] = []

    def show(self, shown: Shown) -> None:
        self.moments.append(shown)


class Listener(NoSound):
    def __init__(self) -> None:
        self.heard: list[np.ndarray] = []

    def hear(self, audio: np.ndarray) -> None:
        self.heard.append(audio.copy())


def play(script: str, file: Path, header: Header = NAMED_PLACE, partner=None) -> Recorder:
    screen = Recorder()
    with Session(header, partner, file) as session:
        Game(session, ScriptedKeys(script), screen, NoSound(), by_turns=True, plan=False).play()
    return screen


def test_a_scripted_play_is_recorded_and_replayed(heedful):
    code, out, err = heedful("--keys", "w*3 d*2 W A s . i", "--record", "mine.npz")
    assert (code, err) == (0, "")
    assert out == "Stopped after 10 decisions.\nRecording: mine.npz\n"
    actions = load_demonstration("mine.npz").actions[:, 0]
    moves = [Move.WALK] * 3 + [Move.STAY] * 2 + [Move.RUN, Move.STAY, Move.BACK, 0, 0]
    assert actions[:, Branch.MOVE].tolist() == moves
    assert actions[:, Branch.TURN].tolist() == [2, 2, 2, 3, 3, 2, 0, 2, 2, 2]
    assert actions[:, Branch.LOOK].tolist() == [Look.LEVEL] * 9 + [Look.UP]
    code, out, err = heedful("--replay", "mine.npz")
    assert (code, err) == (0, "")
    assert out == "Replayed 10 decisions: every observation and reward is as recorded.\n"


def test_recordings_without_a_name_get_a_new_one_each(heedful, tmp_path):
    for name in ("navigation-named_place-0.npz", "navigation-named_place-0-2.npz"):
        code, out, _ = heedful("--keys", "w")
        assert code == 0 and f"Recording: runs/play/{name}" in out
    assert "nothing is recorded" in heedful("--keys", "h")[1]
    assert len(list((tmp_path / "runs/play").iterdir())) == 2


@pytest.mark.usefixtures("no_screen")
def test_a_window_plays_and_replays(heedful):
    code, out, _ = heedful("--mode", "window", "--keys", "w*4 d", "--record", "mine.npz")
    assert code == 0 and "Stopped after 5 decisions." in out
    options = ("--mode", "window", "--speed", 100, "--no-top")
    code, out, _ = heedful("--replay", "mine.npz", *options)
    assert code == 0 and "Replayed 5 decisions" in out


@pytest.mark.usefixtures("no_screen")
def test_the_keys_of_a_window_drive_in_real_time(tmp_path):
    import pygame

    header, file = NAMED_PLACE, tmp_path / "mine.npz"
    window = WindowScreen(plan=False)
    for key, unicode in ((pygame.K_w, "w"), (pygame.K_RIGHT, ""), (pygame.K_LSHIFT, "")):
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=unicode))
    listener, began = Listener(), time.monotonic()

    class Quitter(WindowScreen):
        def __init__(self) -> None:
            self._window = window._window
            self.ticks = 0

        def held(self) -> frozenset[str]:
            self.ticks += 1
            if self.ticks == 4:
                pygame.event.post(pygame.event.Event(pygame.QUIT))
            return super().held()

    keys = Quitter()
    with Session(header, None, file) as session:
        Game(session, keys, window, listener, by_turns=False, plan=False).play()
    assert time.monotonic() - began >= 0.4  # ten decisions a second
    window.close()
    actions = load_demonstration(file).actions[:, 0]
    assert len(actions) == 4 and len(listener.heard) == 5
    assert actions[:, Branch.MOVE].tolist() == [Move.WALK, 0, 0, 0]
    assert actions[:, Branch.TURN].tolist() == [3, 2, 2, 2]
    assert np.abs(np.stack(listener.heard)).max() <= 1.0


def test_a_typed_question_is_asked(tmp_path):
    header = Header(
        task="navigation/ask_then_go", seed=1, map="known", drivers=("person",)
    )  # fmt: skip
    shown = play(". q", tmp_path / "a.npz", header).moments[-1]
    topic = shown.goal.split("where the ")[1].split(" is")[0]
    file = tmp_path / "b.npz"
    moments = play(f't "type:where is the {topic}?" enter .*6', file, header).moments
    said = load_demonstration(file).actions[0, 0]
    assert said[Branch.SAY] == Say.ASK and said[Branch.ABOUT] > 0
    lines = [line for line in moments[-1].subtitles if "You" in line]
    assert len(lines) == 1 and lines[0].endswith(f": where is the {topic}")
    assert "Say: where is" in moments[15].prompt[0]


def test_a_partner_drives_the_others(tmp_path):
    class Partner:
        senses = ()
        outlook = None

        def reset(self, rows):
            assert rows.tolist() == [1]

        def act(self, observations, infos, world):
            assert infos.keys[0] is None and infos.keys[1] == "coordination/two_know_halves/3/npc1"
            return oracle(world)

    header = Header(
        task="coordination/two_know_halves", seed=3, npcs=2, drivers=("person", "oracle")
    )
    play(".*5", tmp_path / "a.npz", header, Partner())
    demonstration = load_demonstration(tmp_path / "a.npz")
    assert not demonstration.actions[:, 0, Branch.MOVE].any()
    assert demonstration.actions[:, 1, Branch.MOVE].any()
    assert len(list(replay(demonstration))) == 5


def test_the_end_is_told(tmp_path):
    shown = play("f 1 .", tmp_path / "a.npz").moments[-1]
    assert "Failed after 1 decisions: the answer was wrong. Press any key." in shown.status
    assert load_demonstration(tmp_path / "a.npz").is_finished


def test_a_replay_shows_what_was_seen(tmp_path):
    played = play("w*3 d*3", tmp_path / "a.npz").moments
    screen = Recorder()
    shown = watch(
        Replay(load_demonstration(tmp_path / "a.npz")), screen, NoSound(), None,
        speed=1.0, plan=False,
    )  # fmt: skip
    assert shown == 6 == len(screen.moments)
    for number in range(6):
        assert np.array_equal(screen.moments[number].camera, played[2 * number].camera)
        assert screen.moments[number].status[0] == played[2 * number].status[0]


def test_a_scene_that_was_given_is_recorded_inside():
    header = Request(
        scene="home:7", task="named_place", seed=4, family="museum", map=None, npcs=None,
        partner="brain", perturbations=(), action_delay=0,
    ).header()  # fmt: skip
    assert header.family == "home" and header.scene is not None
    assert header.make_episode().scene.family == "home"


class OracleHands:
    """Presses the keys that the oracle's action takes: menus where the space bar will not do."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def held(self) -> frozenset[str]:
        return frozenset()

    def read(self, seconds: float | None) -> list[str]:
        view = self._session.view
        move, turn, _, act, target, say, about, where = oracle(self._session.world)[0].tolist()
        if say:
            told = make_sentence(say, view.name_of(about), view.name_of(where))
            return ["t", *f"{view.name_of(target)}: {told}", "enter"]
        if act == Act.FINISH:
            return ["f", *["down"] * targets_of(view, Act.FINISH).index(target), "enter"]
        if act and choose_ahead(view) == Choice(Act(act), target):
            return ["space"]
        if act:
            targets = targets_of(view, Act(act))
            first = ["m", *["down"] * allowed_acts(view).index(Act(act)), "enter"]
            more = ["down"] * targets.index(target) if target in targets else []
            return [*first, *more, "enter"] if len(targets) > 1 else first
        if turn != 2:
            return ["AaxdD"[turn]]
        return [".wWszcj"[move]]


@pytest.mark.parametrize(
    ("task", "seed"),
    [("navigation/ask_then_go", 1), ("interaction/fetch_and_put", 0),
     ("interaction/key_and_lock", 1), ("interaction/switch_off_beeping", 2)],
)  # fmt: skip
def test_keys_are_enough_to_succeed(tmp_path, task, seed):
    header = Header(task=task, seed=seed, drivers=("person",))
    with Session(header, None, tmp_path / "a.npz") as session:
        hands = OracleHands(session)
        Game(session, hands, NoScreen(), NoSound(), by_turns=True, plan=False).play()
    outcome = session.outcome()
    assert outcome.success and str(outcome).startswith("Success after ")
    demonstration = load_demonstration(tmp_path / "a.npz")
    assert [step.terminated for step in replay(demonstration)][-1]


# -- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--mode", "terminal"], "There is no terminal to play in: run heedful in one, or give"),
        (["--mode", "windw"], "No mode is called 'windw': did you mean 'window'?"),
        (["--keys", "w spice"], "No key is called 'spice': did you mean 'space'?"),
        (["--keys", "t 'type:a"], 'The keys "t \'type:a" lack a closing quotation mark'),
        (["--keys", "w", "--task", "named_plce"], "No task is called 'named_plce': did you mean"),
        (["--keys", "w", "--partner", "brian"], "No policy is called 'brian': did you mean"),
        (["--keys", "w", "--perturbation", "def"], "No perturbation is called 'def': did you mean"),
        (["--keys", "w", "--speech", "voices"], "There is no speech 'voices': did you mean"),
        (["--keys", "w", "--family", "musem"], "No family"),
        (["musem", "--keys", "w"], "No scene is called 'musem': did you mean 'museum'?"),
        (["--keys", "w", "--npcs", "3"], "navigation/named_place cannot be played by 3 NPCs"),
        (["--keys", "w", "--record", "/proc/no/a.npz"], "/proc/no/a.npz cannot be written"),
        (["--replay", "no.npz"], "no.npz cannot be read (No such file or directory)"),
        (["--replay", __file__], f"{__file__} is not a demonstration"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(heedful, arguments, sentence):
    code, out, err = heedful(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("heedful: " + sentence)
    assert len(err.strip().splitlines()) == 1 and err.rstrip().endswith((".", "?"))


def test_a_recording_is_not_overwritten(heedful):
    assert heedful("--keys", "w", "--record", "mine.npz")[0] == 0
    code, _, err = heedful("--keys", "w", "--record", "mine.npz")
    assert code == 2 and "mine.npz exists already" in err


def test_replay_goes_alone(heedful):
    code, _, err = heedful("--replay", "mine.npz", "--keys", "w")
    assert code == 2 and "--replay goes without" in " ".join(err.split())


def test_without_pygame_a_window_is_refused_and_a_terminal_is_not(heedful, monkeypatch):
    real = builtins.__import__

    def no_pygame(name, *rest, **more):
        if name == "pygame":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", no_pygame)
    code, _, err = heedful("--mode", "window")
    assert code == 1
    assert err.startswith("heedful: A window needs pygame, which is not installed: pip install")
    assert len(err.strip().splitlines()) == 1
    assert heedful("--keys", "w")[0] == 0


# -- a real terminal -----------------------------------------------------------------------------


class Terminal:
    """A child process in a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.shown = b""
        self._master, slave = pty.openpty()
        self.child = subprocess.Popen(
            [sys.executable, "-m", "agent.cli", "play", *arguments],
            stdin=slave, stdout=slave, stderr=slave, cwd=folder, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor",
                 "PYTHONPATH": os.getcwd(), "SDL_AUDIODRIVER": "cathode"},
        )  # fmt: skip
        os.close(slave)

    def wait_for(self, text: str, seconds: float = 90.0) -> None:
        deadline = time.monotonic() + seconds
        while text.encode() not in self.shown:
            assert time.monotonic() < deadline, self.shown[-2000:]
            if select.select([self._master], [], [], 0.2)[0]:
                try:
                    self.shown += os.read(self._master, 1 << 16)
                except OSError:  # the child has gone
                    assert text.encode() in self.shown, self.shown[-2000:]
                    return

    def press(self, keys: bytes) -> None:
        self.shown = b""
        os.write(self._master, keys)

    def leave(self, text: str) -> int:
        self.wait_for(text)
        return self.child.wait(30)


def test_a_terminal_is_played_key_by_key(tmp_path):
    terminal = Terminal(tmp_path, "--mode", "terminal", "--record", "mine.npz")
    terminal.wait_for("There is no sound, since no device plays it")
    terminal.wait_for("h: help")
    assert "\u2580".encode() in terminal.shown
    terminal.press(b"w\x1b[Ad")
    terminal.wait_for("0.3 s of")
    terminal.press(b"tok\x1b")
    terminal.wait_for("h: help")
    terminal.press(b"q")
    assert terminal.leave("Recording: mine.npz") == 0
    actions = load_demonstration(tmp_path / "mine.npz").actions[:, 0]
    assert actions[:, Branch.MOVE].tolist() == [Move.WALK, Move.WALK, Move.STAY]
    watched = Terminal(tmp_path, "--mode", "terminal", "--replay", "mine.npz", "--speed", "50")
    assert watched.leave("Replayed 3 decisions: every observation") == 0
    assert "\u2580".encode() in watched.shown


def test_control_c_keeps_the_recording_so_far(tmp_path):
    terminal = Terminal(
        tmp_path, "--mode", "terminal", "--real-time", "--no-sound", "--record", "mine.npz"
    )
    terminal.wait_for("1.0 s of")
    terminal.child.send_signal(signal.SIGINT)
    assert terminal.leave("heedful: stopped.") == 130
    assert b"Recording: mine.npz" in terminal.shown
    demonstration = load_demonstration(tmp_path / "mine.npz")
    assert demonstration.decisions >= 10
    assert len(list(replay(demonstration))) == demonstration.decisions
