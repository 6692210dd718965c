"""The headless world as a player, against our host and against servers that are not ours."""

import json
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import numpy as np
import pytest

from envs.contract import BRANCH_STARTS, NO_OP, SLOTS, Act, Branch
from envs.tasks import make_episode
from envs.world.world import BatchWorld
from tests.unity_bridge.helpers import RecordingMind, Serving
from tests.unity_bridge.live import counting
from unity_bridge import channels, client, playing
from unity_bridge.batch import WorldReply
from unity_bridge.codec import encode_actions
from unity_bridge.errors import BridgeError
from unity_bridge.game import BEHAVIOR, Game, make_greeting, make_waiting
from unity_bridge.limits import Limits
from unity_bridge.player import main
from unity_bridge.playing import parse_arguments, run_player
from unity_bridge.programme import PlayerOptions, Programme
from unity_bridge.protocol import METHOD, SERVICE, messages
from unity_bridge.session import STOPPING, make_reply

TARGETS = slice(BRANCH_STARTS[Branch.TARGET], BRANCH_STARTS[Branch.TARGET] + SLOTS)
HEEDFUL_PLAYER = Path(sys.executable).with_name("heedful-player")


class FinishingMind(RecordingMind):
    """Walks, and finishes with slot 1 at every fifth decision of an NPC."""

    def __init__(self):
        super().__init__()
        self.counts = {}
        self.replies = []

    async def decide(self, batch):
        self.batches.append(batch)
        actions = np.tile(NO_OP, (len(batch.agents), 1))
        for row, npc in enumerate(batch.npcs):
            self.counts[npc] = 1 if batch.first[row] else self.counts[npc] + 1
            actions[row, Branch.MOVE] = 1
            if self.counts[npc] == 5:
                actions[row, Branch.ACT] = Act.FINISH
                actions[row, Branch.TARGET] = np.flatnonzero(batch.action_mask[row, TARGETS])[-1]
        self.replies.append(actions)
        return WorldReply(actions, [{"strategy": "policy"}] * len(batch.agents))


def options(port, **others):
    return PlayerOptions(port=port, threads=1, **others)


# ------------------------------------------------------------------------- with our own host


def test_all_episodes_are_played_and_written_down(tmp_path):
    mind = FinishingMind()
    told: list = []
    with Serving(mind) as serving:
        file = tmp_path / "new" / "results.jsonl"
        finished = run_player(
            options(serving.port, areas=2, seeds=range(2), results=file,
                    tasks=("named_place", "ringing", "two_know_halves")),
            told.append,
        )  # fmt: skip
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert finished == len(lines) == len(told) == 6
    assert sorted(line["number"] for line in lines) == list(range(6))
    assert {line["task"] for line in lines if line["number"] >= 4} == {
        "coordination/two_know_halves"
    }
    assert all(line["decisions"] == 5 for line in lines if line["number"] < 4)
    assert mind.gone == ["world-1"]


def test_what_an_npc_is_told_travels_beside_its_observations():
    mind = FinishingMind()
    with Serving(mind) as serving:
        run_player(options(serving.port, seeds=range(0, 2), tasks=("two_know_halves",)))
    first = mind.batches[0]
    assert first.npcs == ["area0/npc0", "area0/npc1"]
    assert first.first.all()
    for npc in range(2):
        (goal,) = first.goals[npc]
        assert goal["op"] == "set"
        assert "then go to" in goal["text"] or goal["text"]
        assert goal["goal"] == first.observations["goal"][npc, 1]
        assert [entry.sequence for entry in first.catalogue[npc]] == list(
            range(1, len(first.catalogue[npc]) + 1)
        )
        assert any(entry.kind == "place" and entry.polygon for entry in first.catalogue[npc])
        (briefing,) = first.texts[npc]
        assert briefing.utterance == first.observations["dialogue"][npc, 0, 0]
        assert first.episodes[npc] == [
            {"op": "start", "task": "coordination/two_know_halves", "seed": 0, "map": "known"}
        ]
    second = next(batch for batch in mind.batches[1:] if batch.first.any())
    assert [ending.npc for ending in second.endings] == first.npcs
    assert [event["op"] for event in second.episodes[0]] == ["end", "start"]


def test_a_server_of_ours_says_itself_what_is_too_large(monkeypatch):
    """It may take less than the official one or more than anybody thought of here."""
    limits = []

    class Noting(client.Client):
        def exchange(self, message):
            limits.append(self.max_message_bytes)
            return super().exchange(message)

    monkeypatch.setattr(playing, "Client", Noting)
    let_go = pytest.raises(BridgeError, match=r"let this player go: its message .* is over")
    with Serving(limits=Limits(max_message_bytes=2**16)) as serving, let_go:
        run_player(options(serving.port, areas=4, tasks=("ringing",)))
    assert limits == [client.OFFICIAL_MESSAGE_BYTES] * 2 + [None]


def test_the_same_seeds_give_the_same_observations_whatever_the_run():
    def play():
        mind = FinishingMind()
        with Serving(mind) as serving:
            run_player(options(serving.port, areas=2, seeds=range(3), tasks=("ringing",)))
        return mind.batches

    one, two = play(), play()
    assert len(one) == len(two)
    for a, b in zip(one, two, strict=True):
        assert (a.npcs, a.catalogue, a.texts) == (b.npcs, b.catalogue, b.texts)
        for name, value in a.observations.items():
            assert np.array_equal(value, b.observations[name])


def test_a_mind_behind_the_wire_gets_what_the_world_shows_bit_by_bit():
    mind = FinishingMind()
    with Serving(mind) as serving:
        run_player(options(serving.port, areas=1, seeds=range(3, 5), tasks=("ask_then_go",)))
    world = BatchWorld(1, 1, threads=1)
    replies = iter(mind.replies)
    for batch in mind.batches:
        if batch.first[0]:
            seed = batch.episodes[0][-1]["seed"]
            world.reset(0, make_episode("ask_then_go", seed))
        for name, value in world.observe().items():
            assert np.array_equal(value, batch.observations[name]), name
            assert value.dtype == batch.observations[name].dtype
        assert np.array_equal(world.action_mask(), batch.action_mask)
        assert world.take_catalogue(0) == batch.catalogue[0]
        assert world.texts(0) == batch.texts[0]
        world.step(next(replies))
    assert sum(batch.first.sum() for batch in mind.batches) == 2


def test_the_command_plays_and_says_how_it_ended(tmp_path):
    mind = FinishingMind()
    with Serving(mind) as serving:
        log = tmp_path / "Player-0.log"
        run = subprocess.run(
            [HEEDFUL_PLAYER, "-nographics", "-batchmode", "--mlagents-port", str(serving.port),
             "-logFile", log, "--task", "ringing", "--seeds", "4:6", "--threads", "1"],
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stderr == "heedful-player: 2 episodes finished\n"
    assert log.read_text() == run.stderr


# --------------------------------------------------------------------------- what goes wrong


def test_nobody_listens(caplog):
    with Serving() as serving:
        port = serving.port
    assert main(["--mlagents-port", str(port), "--task", "ringing"]) == 1
    assert caplog.messages == [
        f"nothing listens on 127.0.0.1:{port}; start `heedful serve --port {port}` first, "
        "or give --port"
    ]


VANISHING_SERVER = """
import asyncio, os
from unity_bridge.bench import InstantMind
from unity_bridge.host import Host

class VanishingMind(InstantMind):
    calls = 0

    async def decide(self, batch):
        self.calls += 1
        if self.calls == 3:
            os._exit(1)
        return await super().decide(batch)

async def serve():
    host = Host(VanishingMind(), port=0)
    await host.start()
    print(host.port, flush=True)
    await host.wait()

asyncio.run(serve())
"""


def test_the_server_goes_away(caplog):
    command = [sys.executable, "-c", VANISHING_SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        port = int(server.stdout.readline())
        assert main(["--port", str(port), "--task", "ringing", "--threads", "1"]) == 1
    assert caplog.messages == [f"the server at 127.0.0.1:{port} went away: see what it printed"]


def test_a_wrong_scene_name(caplog):
    assert main(["--port", "1", "--scene", "musem"]) == 2
    assert "museum" in caplog.messages[-1]


def test_a_wrong_speech(caplog):
    assert main(["--port", "1", "--scene", "museum", "--speech", "voices"]) == 2
    assert caplog.messages[-1] == "There is no speech 'voices': did you mean 'voice'?"


def test_results_that_cannot_be_written(caplog, tmp_path):
    (tmp_path / "file").write_text("")
    results = tmp_path / "file" / "results.jsonl"
    assert main(["--port", "1", "--task", "ringing", "--results", str(results)]) == 2
    assert caplog.messages == [
        f"results cannot be written to {results} (File exists): give another --results"
    ]


def test_a_log_file_that_cannot_be_written_keeps_nobody_from_playing(capsys, tmp_path):
    log = tmp_path / "no" / "such" / "folder.log"
    assert main(["--port", "1", "--task", "ringing", "-logFile", str(log)]) == 1
    assert f"messages cannot be written to {log}" in capsys.readouterr().err


NO_ANSWER = (
    "what listens on 127.0.0.1:{} does not answer as ML-Agents does: it hangs, or is something "
    "else, such as the live link of `heedful serve`; then give its --port, not its --live-port"
)


def test_the_port_of_the_live_link(caplog):
    command = [sys.executable, counting.__file__, "0"]
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **path}
    ) as server:
        assert server.stdout
        port = int(server.stdout.readline())
        try:
            assert main(["--port", str(port), "--task", "ringing"]) == 1
        finally:
            server.kill()
    assert caplog.messages[-1] == NO_ANSWER.format(port)


def test_a_server_that_hangs(caplog, monkeypatch):
    """Connections are taken, as the system does for a process that is stopped; nothing comes."""
    quickly = [(f"grpc.{name}_reconnect_backoff_ms", 100) for name in ("initial", "min")]
    monkeypatch.setattr(client, "_NO_LIMIT", client._NO_LIMIT + quickly)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        assert main(["--port", str(port), "--task", "ringing"]) == 1
    assert caplog.messages[-1] == NO_ANSWER.format(port)


def test_a_server_of_another_kind(caplog):
    server = grpc.server(ThreadPoolExecutor(1))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        assert main(["--port", str(port), "--task", "ringing"]) == 1
    finally:
        server.stop(None).wait()
    assert caplog.messages[-1] == (
        f"the server at 127.0.0.1:{port} does not speak ML-Agents: give the --port of "
        "`heedful serve`"
    )


@pytest.mark.parametrize("seeds", ["5", "a:b", "9:3", "-1:4", ":"])
def test_wrong_seeds(seeds, capsys):
    with pytest.raises(SystemExit) as stop:
        parse_arguments([f"--seeds={seeds}"])
    assert stop.value.code == 2
    assert "eeds" in capsys.readouterr().err


# ------------------------------------------------------------ with servers that are not ours


def official_greeting(version="1.1.0", api="1.5.0", seed=0):
    reply = make_reply()
    reply.unity_input.rl_initialization_input.communication_version = api
    reply.unity_input.rl_initialization_input.package_version = version
    reply.unity_input.rl_initialization_input.seed = seed
    return reply


def official_reset(*frames):
    reply = make_reply()
    reply.unity_input.rl_input.command = messages.RESET
    reply.unity_input.rl_input.side_channel = channels.encode_frames(frames)
    return reply


def official_step(actions):
    reply = make_reply()
    listed = reply.unity_input.rl_input.agent_actions[BEHAVIOR]
    listed.value.extend(encode_actions(np.array(actions)))
    return reply


def make_game(greeting=None, **others):
    programme = Programme(options(1, tasks=("ringing",), **others))
    return Game(programme, greeting or official_greeting())


def infos_of(message):
    return message.unity_output.rl_output.agentInfos[BEHAVIOR].value


def test_an_official_server_sees_standard_messages_only():
    game = make_game()
    first = game.answer(official_reset((channels.TRAINING_ANALYTICS, b"any")))
    (brain,) = first.unity_output.rl_initialization_output.brain_parameters
    assert brain.brain_name == "Heedful?team=0"
    assert first.unity_output.rl_output.side_channel == b""
    (info,) = infos_of(first)
    assert info.id == 1
    assert len(info.action_mask) == 229
    assert list(info.observations[1].shape) == [3, 64, 64]
    second = game.answer(official_step([NO_OP]))
    assert not second.unity_output.HasField("rl_initialization_output")


def test_the_old_official_server_gets_channels_last():
    game = make_game(official_greeting("0.28.0"))
    (info,) = infos_of(game.answer(official_reset()))
    assert list(info.observations[1].shape) == [64, 64, 3]


def test_an_ended_episode_and_the_next_decision_share_a_message_and_an_id():
    game = make_game()
    (first,) = infos_of(game.answer(official_reset()))
    finish = [*NO_OP]
    finish[Branch.ACT] = Act.FINISH
    finish[Branch.TARGET] = list(first.action_mask[TARGETS]).index(False, 1)
    message = game.answer(official_step([finish]))
    over, fresh = infos_of(message)
    assert (over.id, over.done, over.max_step_reached) == (1, True, False)
    assert over.reward == pytest.approx(-0.501)
    assert len(over.observations) == 6
    assert not over.action_mask
    assert (fresh.id, fresh.done, fresh.reward) == (1, False, 0.0)
    frames = channels.decode_frames(message.unity_output.rl_output.side_channel)
    assert [(c, channels.decode_stat(p)[0]) for c, p in frames] == [
        (channels.STATS, "Heedful/Success"), (channels.STATS, "Heedful/SPL"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("greeting", "frames", "seed"),
    [
        (official_greeting(seed=12), [], 12),
        (official_greeting(seed=12),
         [(channels.ENVIRONMENT_PARAMETERS, channels.encode_parameter("seed", 77.0))], 77),
        (official_greeting(),
         [(channels.ENVIRONMENT_PARAMETERS, channels.encode_parameter("gravity", 9.8)),
          (channels.ENGINE_CONFIGURATION,
           channels.encode_engine_setting(channels.EngineSetting.TIME_SCALE, 20.0))], 0),
    ],
)  # fmt: skip
def test_the_first_seed_is_the_servers(greeting, frames, seed):
    game = make_game(greeting)
    game.answer(official_reset(*frames))
    assert game._areas.episode(0).seed == seed
    game.answer(official_reset())
    assert game._areas.episode(0).seed == seed + 1


def test_the_server_may_ask_for_several_areas():
    greeting = official_greeting()
    greeting.unity_input.rl_initialization_input.num_areas = 3
    assert len(infos_of(make_game(greeting).answer(official_reset()))) == 3
    assert len(infos_of(make_game(greeting, areas=2).answer(official_reset()))) == 2


@pytest.mark.parametrize(
    "reply",
    [make_reply(400), make_reply(500), official_reset()],
    ids=["status 400", "status 500", "QUIT"],
)
def test_the_player_leaves_when_it_is_told_to(reply):
    game = make_game()
    game.answer(official_reset())
    if reply.header.status == 200:
        reply.unity_input.rl_input.command = messages.QUIT
    assert game.answer(reply) is None
    assert game.dismissed


def test_the_player_says_why_it_was_let_go():
    game = make_game()
    game.answer(official_reset())
    with pytest.raises(BridgeError, match=r"^the server let this player go: it is too large$"):
        game.answer(make_reply(400, "it is too large"))
    assert game.answer(make_reply(400, STOPPING)) is None


def test_a_server_of_ours_is_told_how_long_its_answers_took():
    with Serving() as serving:
        options = PlayerOptions(serving.port, tasks=("ringing",), seeds=range(1), threads=1)
        threading.Timer(0.3, serving.stop).start()
        run_player(options)
        told = serving.host.read_meters().round_trip_seconds
    assert told.count > 1
    assert 0.0 < told.total / told.count < 1.0


@pytest.mark.parametrize(
    ("greeting", "sentence"),
    [
        (make_reply(400, "no room"), "the server refused: no room"),
        (official_greeting(api="2.0.0"), "the server speaks ML-Agents communicator 2.0.0 and this"),
    ],
)
def test_a_server_that_does_not_fit(greeting, sentence):
    with pytest.raises(BridgeError, match=sentence):
        make_game(greeting)


@pytest.mark.parametrize(
    ("actions", "sentence"),
    [
        ([NO_OP, NO_OP], "the server sent 2 actions for 1 NPCs"),
        ([[0, 9, 0, 0, 0, 0, 0, 0]], "an action has 9 in branch 'turn', which takes 0 to 4"),
    ],
)
def test_wrong_actions(actions, sentence):
    game = make_game()
    game.answer(official_reset())
    with pytest.raises(BridgeError, match=sentence):
        game.answer(official_step(actions))


def test_a_message_that_the_official_server_would_never_see_is_not_sent(monkeypatch):
    monkeypatch.setattr("unity_bridge.client.OFFICIAL_MESSAGE_BYTES", 2**14)

    def exchange(request, context):
        message = messages.UnityMessageProto.FromString(request)
        greets = message.unity_output.HasField("rl_initialization_output")
        return (official_greeting() if greets else official_reset()).SerializeToString()

    server = grpc.server(ThreadPoolExecutor(2))
    handler = grpc.unary_unary_rpc_method_handler(exchange)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(SERVICE, {METHOD: handler}),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with pytest.raises(BridgeError, match=r"0\.0 MiB is more than .* fewer areas at once"):
            run_player(options(port, tasks=("ringing",)))
    finally:
        server.stop(None).wait()


def test_another_contract_is_told():
    game = make_game()
    hello = channels.encode_json({"contract": 9, "hash": "0123"})
    with pytest.raises(BridgeError, match=r"contract 9 \(0123\) .* update the older of the two"):
        game.answer(official_reset((channels.HELLO, hello)))


def test_greetings_are_those_of_a_unity_player():
    greeting = make_greeting().unity_output.rl_initialization_output
    assert greeting.communication_version == "1.5.0"
    assert len(greeting.capabilities.ListFields()) == 7
    assert not greeting.brain_parameters
    assert make_waiting().ListFields() == [
        (messages.UnityMessageProto.DESCRIPTOR.fields_by_name["header"], make_waiting().header)
    ]
