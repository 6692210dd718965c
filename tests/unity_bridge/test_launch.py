"""Players that are programs: started, watched, stopped, and their logs read."""

import shlex
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from tests.unity_bridge.builds import BEHAVIOR, free_port
from unity_bridge import UnityEnvironment, conversation, launch, llapi
from unity_bridge.errors import BridgeError

ROOT = Path(__file__).parents[2]
HEEDFUL_PLAYER = Path(sys.executable).with_name("heedful-player")


@pytest.fixture
def player(tmp_path):
    """The path of a program that plays as tests/peers/odd_player.py says."""
    path = tmp_path / "Odd.x86_64"
    python = f"PYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)}"
    path.write_text(f'#!/bin/sh\n{python} -m tests.peers.odd_player "$@"\n')
    path.chmod(0o755)
    return path


def start(player, mode, *arguments, **options):
    return UnityEnvironment(
        str(player), base_port=free_port(), additional_args=[*arguments, mode],
        **{"timeout_wait": 30, **options},
    )  # fmt: skip


def play_on(env):
    env.reset()
    for _ in range(5):
        env.step()


def is_running(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("ending", ["", ".x86_64"])
def test_a_program_is_launched_played_with_and_ended(player, ending):
    env = start(player.with_suffix(ending), "good", no_graphics=True)
    process = env._conversation._player._process
    play_on(env)
    assert env.get_steps(BEHAVIOR)[0].obs[0][0, 0] == 5.0
    assert process.args[1:] == [
        "-nographics", "-batchmode", "--mlagents-port", process.args[4], "good",
    ]  # fmt: skip
    env.close()
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("die", "ended with return code 3.*end of what it printed.*NullReferenceException"),
        ("crash", "died of signal SIGSEGV"),
    ],
)
def test_a_player_that_dies_is_reported_in_seconds(player, mode, words):
    env = start(player, mode)
    begin = time.monotonic()
    with pytest.raises(llapi.UnityEnvironmentException, match=f"(?s){words}"):
        play_on(env)
    assert time.monotonic() - begin < 5
    env.close()


def test_the_end_of_the_log_file_is_shown(player, tmp_path):
    env = start(player, "die", log_folder=str(tmp_path / "logs"), worker_id=3)
    with pytest.raises(llapi.UnityException, match=r"(?s)Player-3\.log:\n *NullRef.* \(log\)"):
        play_on(env)


def test_a_player_that_ends_before_it_connects_is_reported_in_seconds(player):
    begin = time.monotonic()
    with pytest.raises(
        llapi.UnityEnvironmentException, match=r"(?s)return code 127.*Missing library"
    ):
        start(player, "early")
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize(
    ("mode", "reason", "written"),
    [
        ("hang", "it hangs, or needs a longer timeout_wait.", "a dialog waits for a click"),
        ("stop", "its process is stopped (Ctrl-Z or a debugger): ", "Breakpoint reached"),
    ],
)
@pytest.mark.parametrize("log_file", [False, True])
def test_a_player_that_hangs_is_warned_of_once_then_reported_and_killed(
    player, mode, reason, written, log_file, caplog, monkeypatch, tmp_path
):
    """In seconds a warning, at timeout_wait one error: both with the reason and the log's end."""
    env = start(player, mode, log_folder=str(tmp_path) if log_file else None)
    monkeypatch.setattr(conversation, "WARNING_SECONDS", 0.5)
    monkeypatch.setattr(conversation, "KILL_SECONDS", 0.5)
    env._conversation._timeout_wait = 2
    process = env._conversation._player._process
    env.reset()
    env.step()
    env.step()
    begun = time.monotonic()
    with pytest.raises(llapi.UnityTimeOutException) as told:
        env.step()
    assert 2 <= time.monotonic() - begun < 5
    end = f"Player-0.log:\n    {written} (log)" if log_file else f"it printed:\n    {written}"
    (warning,) = [record.getMessage() for record in caplog.records]
    assert warning.startswith(f"the Unity player has said nothing for 1 s: {reason}"), warning
    assert warning.endswith(end), warning
    error = str(told.value)
    assert error.startswith("The Unity player is let go: it said nothing for 2 s: " + reason), error
    assert error.endswith(end), error
    assert process.returncode == -9
    with pytest.raises(llapi.UnityEnvironmentException, match="No Unity environment is loaded"):
        env.step()


def test_a_player_that_goes_on_after_the_warning_plays_on(player, caplog, monkeypatch):
    env = start(player, "good")
    env.reset()
    monkeypatch.setattr(conversation, "WARNING_SECONDS", 0.5)
    process = env._conversation._player._process
    process.send_signal(signal.SIGSTOP)
    threading.Timer(1.5, process.send_signal, [signal.SIGCONT]).start()
    env.step()
    assert "its process is stopped" in caplog.text
    env.step()
    assert env.get_steps(BEHAVIOR)[0].obs[0][0, 0] == 2.0
    env.close()
    assert process.returncode == 0


def test_a_player_that_never_connects_says_what_to_try(player, monkeypatch):
    monkeypatch.setattr(conversation, "KILL_SECONDS", 0.5)
    with pytest.raises(
        llapi.UnityTimeOutException, match=r"(?s)did not connect.*no_graphics=True.*No display"
    ):
        start(player, "never", timeout_wait=2)


def test_what_a_player_started_ends_with_it(player, tmp_path):
    note = tmp_path / "child"
    env = start(player, "child", str(note))
    play_on(env)
    child = int(note.read_text())
    assert is_running(child)
    env.close()
    time.sleep(0.2)
    assert not is_running(child)


def test_a_player_that_prints_a_lot_is_not_held_up(player):
    env = start(player, "chatty")
    play_on(env)
    assert len(env._conversation._player._printed) <= launch.TAIL_BYTES
    env.close()


def test_a_player_that_ignores_the_goodbye_is_killed(player):
    env = start(player, "deaf", timeout_wait=30)
    play_on(env)
    env._conversation._timeout_wait = 1
    begin = time.monotonic()
    env.close()
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize("how", ["raise RuntimeError('mine')", "sys.exit(5)", "del env"])
def test_a_program_that_ends_without_close_ends_at_once_and_takes_its_player_along(player, how):
    code = f"""
        import sys
        from unity_bridge import UnityEnvironment
        env = UnityEnvironment({str(player)!r}, base_port={free_port()}, additional_args=["good"])
        env.reset()
        print(env._conversation._player._process.pid, flush=True)
        {how}
    """
    begin = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert time.monotonic() - begin < 30
    assert run.returncode == {"r": 1, "s": 5, "d": 0}[how[0]], run.stderr
    assert not is_running(int(run.stdout))


def test_what_cannot_be_started_is_said(tmp_path):
    with pytest.raises(llapi.UnityEnvironmentException, match="there is no Unity build at"):
        UnityEnvironment(str(tmp_path / "Nothing"), base_port=free_port())
    text = tmp_path / "Text.x86_64"
    text.write_text("#!/bin/sh\n")
    with pytest.raises(llapi.UnityEnvironmentException, match=r"cannot be started .*chmod -R 755"):
        UnityEnvironment(str(text), base_port=free_port())


@pytest.mark.parametrize(
    ("platform", "files", "name", "found"),
    [
        ("linux", ["Game.x86_64", "Game"], "Game", "Game.x86_64"),
        ("linux", ["my.app.game"], "my.app.game", "my.app.game"),
        ("darwin", ["Game.app/Contents/MacOS/Game"], "Game.app", "Game.app/Contents/MacOS/Game"),
        ("darwin", ["Game.app/Contents/MacOS/Other"], "Game", "Game.app/Contents/MacOS/Other"),
        ("win32", ["Game/UnityCrashHandler64.exe", "Game/Z.exe"], "Game", "Game/Z.exe"),
        ("win32", ["Game.exe"], "Game.exe", "Game.exe"),
    ],
)
def test_builds_are_found_as_the_platforms_have_them(
    tmp_path, monkeypatch, platform, files, name, found
):
    monkeypatch.setattr(sys, "platform", platform)
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    assert launch.find_executable(str(tmp_path / name)) == (tmp_path / found).resolve()
    with pytest.raises(BridgeError, match="no Unity build"):
        launch.find_executable(str(tmp_path / "Other"))


def test_the_log_that_unity_keeps_unasked_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    build = tmp_path / "Game.x86_64"
    log = tmp_path / ".config/unity3d/Acme/My Game/Player.log"
    build.write_text(f"#!/bin/sh\nmkdir -p '{log.parent}'; echo 'Crash!!!' > '{log}'; exit 4\n")
    build.chmod(0o755)
    (tmp_path / "Game_Data").mkdir()
    (tmp_path / "Game_Data" / "app.info").write_text("Acme\nMy Game")
    with pytest.raises(
        llapi.UnityEnvironmentException, match=r"(?s)code 4.*Player\.log:.*Crash!!!"
    ):
        UnityEnvironment(str(build), base_port=free_port())


@pytest.mark.skipif(not HEEDFUL_PLAYER.exists(), reason="make setup installs heedful-player")
def test_our_own_player_is_played_with_as_any_unity_build():
    env = UnityEnvironment(
        str(HEEDFUL_PLAYER), base_port=free_port(), seed=3, no_graphics=True, num_areas=2,
        additional_args=["--threads", "1"],
    )  # fmt: skip
    try:
        env.reset()
        (name,) = env.behavior_specs
        spec = env.behavior_specs[name]
        assert {o.name: o.shape for o in spec.observation_specs}["camera"] == (3, 64, 64)
        for _ in range(20):
            decisions, _ = env.get_steps(name)
            assert len(decisions) == 2
            env.set_actions(name, spec.action_spec.empty_action(2))
            env.step()
    finally:
        env.close()
