"""The component Live Link in real time against `heedful serve` with the shipped brain."""

import json
import os
import shutil
import signal
import socket
import time

import pytest

from tests.unity_package.build import why_not
from tests.unity_package.live_game import RoomsGame, Serve, make_certificate, trust_certificate

pytestmark = [
    pytest.mark.slow,
    pytest.mark.peer,
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
]
TOKEN = "0123456789abcdef-token"
BOX_IN_HALL = "the box is in the amber hall"
"""False, and Ada does not see the corridor from where she begins."""


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    """A server that shows beliefs too, since it records."""
    with Serve("--record", tmp_path_factory.mktemp("record")) as server:
        yield server


def believes(game, npc="Ada", seconds=10.0):
    """Whether an NPC comes to believe what it was told of the box."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if game.believes(npc, "box", "hall"):
            return True
        time.sleep(0.1)
    return False


def test_npcs_walk_by_the_brain_and_reach_a_place_that_is_named(serve):
    with RoomsGame(serve.port) as game:
        assert game.wait_for("connected")[0] == "True"
        game.obey("go Ada corridor")
        assert game.wait_for("goal")[0] == "Ada accepted"
        assert game.wait_for("goal", 40.0)[0] == "Ada succeeded"
        state = game.state()
        assert state["place"] == "corridor"
        assert state["mind"]["strategy"]
        assert state["answers"] > 0.5 * state["decisions"]
        assert 0.0 < state["round_trip"] < 0.5
        assert not state["waiting"]
        game.obey("go Bo hall")
        assert game.wait_for("goal")[0] == "Bo accepted"
        game.leave()


def test_the_server_s_words_about_goals_become_events(serve):
    """In words and by verbs: accepted, progress, succeeded, failed and refused."""
    with RoomsGame(serve.port) as game:
        game.wait_for("connected")
        game.obey("ask Ada paint the vase")
        assert game.wait_for("goal")[0] == (
            "Ada refused It does not know how to 'paint': say it with a verb that it knows, such "
            "as go, take, put, open or tell."
        )
        game.obey("ask Ada drop the vase")
        assert game.wait_for("goal")[0] == "Ada accepted"
        assert game.wait_for("goal")[0] == "Ada failed it cannot let go: it does not hold that"
        game.obey("ask Ada go to the corridor, then go to the amber hall")
        assert game.wait_for("goal")[0] == "Ada accepted"
        assert game.wait_for("step", 40.0)[0] == "Ada 2/2 go to the amber hall"
        assert game.wait_for("goal", 40.0)[0] == "Ada succeeded"
        for verb, end in (
            ("use vase", "failed it cannot use it: that cannot be done with this"),
            ("push vase", "succeeded"), ("switch lamp", "succeeded"),
            ("take vase corridor", "succeeded"), ("bring vase hall", "succeeded"),
            ("pick_up vase", "succeeded"), ("put_down vase", "succeeded"),
        ):  # fmt: skip
            game.obey(f"do Ada {verb}")
            assert game.wait_for("goal")[0] == "Ada accepted", verb
            assert game.wait_for("goal", 90.0)[0] == f"Ada {end}", verb
        game.leave()


def test_while_the_game_is_paused_npcs_hear_and_think(serve):
    with RoomsGame(serve.port) as game:
        game.wait_for("connected")
        game.obey("hold Ada")
        game.until(lambda state: state["mind"])
        game.obey("scale 0")
        before = game.state("Bo")
        assert not game.believes("Ada", "box", "hall")
        game.obey(f"say {BOX_IN_HALL}")
        assert believes(game)
        time.sleep(1.0)
        after = game.state("Bo")
        assert (after["x"], after["z"]) == (before["x"], before["z"])
        assert after["clock"] > before["clock"] + 1.0
        assert after["answers"] > before["answers"]
        game.obey("scale 1")
        game.leave()


def test_the_game_holds_a_mind_and_takes_its_place(serve):
    with RoomsGame(serve.port) as game:
        game.wait_for("connected")
        game.until(lambda state: state["answers"] > 3, "Bo")
        game.obey("pause Bo")
        before = game.state("Bo")
        time.sleep(1.0)
        held = game.state("Bo")
        for name in ("clock", "x", "z", "decisions", "answers"):
            assert held[name] == before[name]
        assert held["paused"]
        game.obey("resume Bo")
        game.until(lambda state: state["answers"] > held["answers"] + 3, "Bo")
        game.obey("back Bo")
        before = game.state("Bo")
        time.sleep(0.5)
        after = game.state("Bo")
        assert abs(after["x"] - before["x"]) + abs(after["z"] - before["z"]) > 0.1
        assert after["decisions"] > before["decisions"]
        game.obey("release Bo")
        game.leave()


def test_play_mode_is_left_cleanly_and_entered_again_in_the_same_process(serve):
    """As in an editor that reloads no domain: nothing of the first time is left."""
    with RoomsGame(serve.port) as game:
        for _ in range(3):
            game.wait_for("playing")
            assert game.wait_for("connected")[0] == "True"
            game.until(lambda state: state["answers"] > 5)
            game.obey("again")
            assert int(game.wait_for("quit ms")[0]) < 1000
            assert game.wait_for("threads")[0] == "0"
        game.wait_for("playing")
        game.obey("second-link")
        game.until(lambda state: state["answers"] > 5)
        assert any("there is a Live Link already" in line for _, line in game.lines)
        game.obey("link off")
        assert game.wait_for("connected")[0] == "False"
        game.until(lambda state: state["waiting"])
        game.obey("link on")
        assert game.wait_for("connected")[0] == "True"
        game.until(lambda state: not state["waiting"])
        game.leave()


def test_npcs_come_and_go_and_their_minds_with_them(serve):
    with RoomsGame(serve.port) as game:
        game.wait_for("connected")
        game.obey("hold Ada")
        game.until(lambda state: state["mind"])
        game.obey(f"say {BOX_IN_HALL}")
        assert believes(game)
        time.sleep(1.5)  # until the game was given the mind
        game.obey("save Ada")
        assert int(next(line for _, line in game.lines if line.startswith("saved"))[7:]) > 100

        game.obey("destroy Ada")
        game.obey("create Ada")
        game.until(lambda state: state["mind"])
        assert not believes(game, seconds=2.0), "another NPC has the mind of one that is gone"

        game.obey("create-loaded Ada")
        assert believes(game), "what was loaded is lost"
        game.obey("hide Ada")
        time.sleep(0.5)
        game.obey("show Ada")
        assert believes(game), "an NPC that was disabled comes back without its mind"
        game.obey("create Eve")
        game.until(lambda state: state["answers"] > 3, "Eve")
        game.leave()


def test_of_two_npcs_with_one_key_the_second_stands_until_the_first_has_gone(serve):
    """And neither its coming nor its going touches the first one's mind."""
    with RoomsGame(serve.port) as game:
        game.wait_for("connected")
        game.obey("hold Ada")
        game.until(lambda state: state["mind"])
        game.obey(f"say {BOX_IN_HALL}")
        assert believes(game)
        game.obey("create Ada")
        before = game.state()
        time.sleep(1.5)
        assert any("two NPCs have the key 'Ada'" in line for _, line in game.lines)
        assert game.state()["answers"] > before["answers"] + 5  # of the first
        game.obey("destroy-twin Ada")
        time.sleep(1.5)
        assert game.believes("Ada", "box", "hall"), "a twin took the mind with it"
        game.obey("create Ada")
        before = game.state()
        game.obey("destroy Ada")
        game.until(lambda state: state["decisions"] < before["decisions"])
        begun = game.state()["answers"]
        game.until(lambda state: state["answers"] > begun + 5)  # of the second
        assert not believes(game, seconds=2.0), "the second has the mind of the first"
        game.leave(errors=2)


def test_npcs_wait_for_a_disabled_live_link_and_take_the_next_when_theirs_is_destroyed(serve):
    with RoomsGame(serve.port) as game:
        game.wait_for("connected")
        game.obey("link off")
        assert game.wait_for("connected")[0] == "False"
        game.obey("create Eve")
        game.until(lambda state: state["waiting"], "Eve")
        game.obey("link on")
        assert game.wait_for("connected")[0] == "True"
        game.until(lambda state: not state["waiting"], "Eve")
        game.obey("destroy-link")
        for npc in ("Ada", "Eve"):
            game.until(lambda state: state["waiting"], npc)
        game.obey("new-link")
        for npc in ("Ada", "Eve"):
            game.until(lambda state: not state["waiting"], npc)
        game.leave()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def wait_for_minds(server, count, seconds):
    """Wait until a server has said of so many minds that they go on."""
    while count:
        count -= "goes on" in server.wait_for_line("heedful: live-Stub", seconds)


def test_no_frame_waits_for_the_server_and_minds_are_back_within_two_seconds(record_property):
    """Killed and started again, frozen for five seconds, and once more."""
    port, times = free_port(), []
    server = Serve(port=port)
    try:
        with RoomsGame(port, "--npcs", "6", "--measure", "yes") as game:
            game.wait_for("connected")
            time.sleep(4.0)  # warm, and minds are kept
            game.obey("measure on")
            for _ in range(int(os.environ.get("LIVE_RESTARTS", "1"))):
                time.sleep(4.0)
                server.kill()
                assert game.wait_for("connected")[0] == "False"
                server = Serve(port=port)
                _, back = game.wait_for("connected")
                wait_for_minds(server, 8, 5.0)
                times.append((back - server.listening, time.monotonic() - server.listening))
            for _ in range(2):
                time.sleep(3.0)
                os.kill(server.pid, signal.SIGSTOP)
                frozen = time.monotonic()
                assert game.wait_for("connected")[0] == "False"
                assert game.lines[-1][0] - frozen < 4.0
                time.sleep(3.0)
                os.kill(server.pid, signal.SIGCONT)
                awake = time.monotonic()
                assert game.wait_for("connected")[0] == "True"
                assert game.lines[-1][0] - awake < 2.0
            said = game.leave()
    finally:
        server.stop()
    figures = {name: said[name] for name in said if name.split()[-1] in ("raw", "quiet")}
    figures |= {name: said[name] for name in ("frames", "disturbed", "collections", "waits")}
    figures["restarts"] = [[round(value, 2) for value in each] for each in times]
    record_property("live link", figures)
    print(json.dumps(figures, indent=1), "load", os.getloadavg())
    assert all(minds < 2.0 for _, minds in times), times
    link, control = json.loads(said["link raw"]), json.loads(said["control raw"])
    # What a machine that is busy takes from a loop of the same length it takes from us too.
    assert link["over_2"] <= 3 * control["over_2"] + 5
    assert json.loads(said["link quiet"])["max"] < 2.0


needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None or shutil.which("cert-sync") is None,
    reason="needs openssl and Mono's cert-sync: apt-get install openssl ca-certificates-mono",
)


def protect(folder, days=1):
    """The options of a server for other machines, with a certificate of its own.

    Returns:
        The options, and what games say: the certificate's fingerprint and the token.
    """
    certificate, key, fingerprint = make_certificate(folder, days=days)
    token = folder / "token"
    token.write_text(TOKEN + "\n")
    options = ("--live-host", "0.0.0.0", "--tls-cert", certificate, "--tls-key", key,
               "--token-file", token)  # fmt: skip
    return options, fingerprint, certificate


def check_refused(port, arguments, sentence):
    """A game is told once why it is refused, asks again, and goes on."""
    with RoomsGame(port, *arguments) as game:
        assert game.wait_for("refused")[0] == sentence
        before = game.state()
        time.sleep(6.0)  # it has asked again
        after = game.state()
        assert after["clock"] > before["clock"] + 5.0
        assert after["waiting"]
        game.leave(errors=1)
        refusals = [line for _, line in game.lines if line.startswith("[Unity:error]")]
        assert len(refusals) == 1
        assert not any(line.startswith("connected") for _, line in game.lines)


def check_welcome(port, arguments):
    """A game is served."""
    with RoomsGame(port, *arguments) as game:
        assert game.wait_for("connected")[0] == "True"
        game.until(lambda state: state["answers"] > 5)
        game.leave()


@needs_openssl
def test_over_tls_with_a_token_and_what_is_said_when_either_is_wrong(tmp_path, monkeypatch):
    options, fingerprint, certificate = protect(tmp_path)
    other = ("11" if fingerprint.startswith("00") else "00") + fingerprint[2:]
    not_trusted = "the server's certificate is not trusted: "
    with Serve(*options) as server:
        check_welcome(server.port, ("--fingerprint", fingerprint, "--token", TOKEN))
        check_refused(
            server.port, ("--fingerprint", fingerprint, "--token", "another-token-of-24-bytes"),
            "its token is wrong: give the game the server's token",
        )  # fmt: skip
        check_refused(
            server.port, ("--fingerprint", other, "--token", TOKEN),
            not_trusted + f"its SHA-256 fingerprint is {fingerprint.replace(':', '')}, another one "
            "than the live link has; give it this one if that server is yours",
        )  # fmt: skip
        by_system = ("--token", TOKEN, "--fingerprint", "")
        check_refused(
            server.port, by_system,
            not_trusted + "nobody whom this machine trusts has signed it; give the live link its "
            "SHA-256 fingerprint, or the server one that this machine trusts",
        )  # fmt: skip
        trust_certificate(certificate, tmp_path)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        check_welcome(server.port, by_system)
        check_refused(
            server.port, ("--host", "127.0.0.1", *by_system),
            not_trusted + "it is not for '127.0.0.1'; set the live link's Host to a name that "
            "stands in it",
        )  # fmt: skip


@needs_openssl
def test_a_certificate_that_has_ended_is_taken_by_its_fingerprint_only(tmp_path, monkeypatch):
    options, fingerprint, certificate = protect(tmp_path, days=-1)
    ended = time.strftime("%Y-%m-%d", time.localtime(time.time() - 86400))
    trust_certificate(certificate, tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with Serve(*options) as server:
        check_refused(
            server.port, ("--token", TOKEN, "--fingerprint", ""),
            f"the server's certificate is not trusted: it ended on {ended}; give the server a new "
            "one",
        )  # fmt: skip
        check_welcome(server.port, ("--fingerprint", fingerprint, "--token", TOKEN))
