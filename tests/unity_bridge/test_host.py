import asyncio
import logging
import re
import socket
import subprocess
import sys
import threading
import time

import grpc
import numpy as np
import pytest

from envs.contract import (
    EAR_SAMPLES,
    EARS,
    NO_OP,
    CatalogueEntry,
    Utterance,
    contract_hash,
)
from tests.unity_bridge.helpers import (
    RECORDED,
    RecordingMind,
    Serving,
    make_infos,
    make_step,
    random_observations,
    recorded,
)
from unity_bridge import channels
from unity_bridge.batch import WorldReply
from unity_bridge.client import Client
from unity_bridge.codec import decode_actions
from unity_bridge.errors import BridgeError
from unity_bridge.game import BEHAVIOR, make_greeting, make_waiting
from unity_bridge.host import Host, check_loopback
from unity_bridge.limits import Limits
from unity_bridge.protocol import METHOD, SERVICE, messages


@pytest.fixture
def serving():
    with Serving() as server:
        yield server


def raw_call(port):
    """A call that sends and returns plain bytes."""
    channel = grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.use_local_subchannel_pool", 1)])
    return channel.unary_unary(
        f"/{SERVICE}/{METHOD}", request_serializer=None, response_deserializer=None
    )


def wait_until(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert condition()


def actions_of(reply, behavior=BEHAVIOR):
    return reply.unity_input.rl_input.agent_actions[behavior].value


# ------------------------------------------------------------------------------------- conversation


def test_the_handshake_offers_all_seven_capabilities(serving):
    reply = Client("127.0.0.1", serving.port).exchange(make_greeting())
    answer = reply.unity_input.rl_initialization_input
    assert reply.header.status == 200
    assert answer.communication_version == "1.5.0"
    assert answer.num_areas == 1
    assert len(answer.capabilities.ListFields()) == 7
    assert serving.mind.worlds == ["world-1"]


def test_the_second_call_is_answered_with_reset_and_hello(serving):
    client = Client("127.0.0.1", serving.port)
    client.exchange(make_greeting())
    reply = client.exchange(make_waiting()).unity_input.rl_input
    assert reply.command == messages.RESET
    ((channel, payload),) = channels.decode_frames(reply.side_channel)
    assert channel == channels.HELLO
    assert channels.decode_json(channel, payload)["contract"] == 1


def test_a_step_reaches_the_mind_and_comes_back(serving):
    client = serving.connect()
    message = make_step(make_infos(3))
    rl_output = message.unity_output.rl_output
    rl_output.agentInfos[BEHAVIOR].value[1].reward = 0.5
    rl_output.agentInfos[BEHAVIOR].value[1].group_reward = 0.25
    reply = client.exchange(message)
    assert (decode_actions(actions_of(reply)) == NO_OP).all()
    (batch,) = serving.mind.batches
    assert batch.world == "world-1"
    assert batch.behavior == BEHAVIOR
    assert batch.agents.tolist() == [1, 2, 3]
    assert batch.npcs == ["Heedful#1", "Heedful#2", "Heedful#3"]
    assert batch.reward.tolist() == [0, 0.75, 0]
    assert batch.first.all()
    assert batch.action_mask.shape == (3, 229)
    for name, value in random_observations(3).items():
        assert (batch.observations[name] == value).all()


def test_endings_are_told_and_the_next_decision_is_a_first_one(serving):
    client = serving.connect()
    client.exchange(make_step(make_infos(2)))
    infos = make_infos(2)
    over = messages.AgentInfoProto(id=2, done=True, max_step_reached=True, reward=1.0)
    reply = client.exchange(make_step([over, *infos], brain=False))
    assert len(actions_of(reply)) == 2
    batch = serving.mind.batches[-1]
    assert batch.first.tolist() == [False, True]
    (ending,) = batch.endings
    assert (ending.agent, ending.npc, ending.interrupted) == (2, "Heedful#2", True)
    client.exchange(make_step(make_infos(2), brain=False))
    assert serving.mind.batches[-1].endings == []


def test_only_endings_need_no_decision(serving):
    client = serving.connect()
    over = messages.AgentInfoProto(id=2, done=True)
    reply = client.exchange(make_step([over]))
    assert not reply.unity_input.rl_input.agent_actions
    assert serving.mind.batches == []


def test_endings_that_nobody_takes_do_not_pile_up(monkeypatch, serving):
    monkeypatch.setattr("unity_bridge.session._MOST_ENDINGS", 5)
    client = serving.connect()
    for agent in range(2, 12):
        client.exchange(make_step([messages.AgentInfoProto(id=agent, done=True)]))
    client.exchange(make_step(make_infos(1)))
    assert [ending.agent for ending in serving.mind.batches[0].endings] == [7, 8, 9, 10, 11]


def test_npcs_with_the_same_key_have_minds_of_their_own(serving, caplog):
    client = serving.connect()
    hello = (channels.HELLO, channels.encode_json({"npcs": {"1": "Ada", "2": "Ada"}}))
    message = make_step(make_infos(3))
    message.unity_output.rl_output.side_channel = channels.encode_frames([hello])
    client.exchange(message)
    assert serving.mind.batches[0].npcs == ["Ada", "Ada#2", "Heedful#3"]
    assert "two of its NPCs have the key Ada at once" in caplog.text
    assert "give every NPC another key" in caplog.text


def test_our_channels_reach_the_mind(serving):
    client = serving.connect()
    entry = CatalogueEntry(1, "add", 5, "place", "the amber hall", "hall", ((0.0, 1.0), (2.0, 1.5)))
    frames = [
        (channels.HELLO, channels.encode_json({"npcs": {"1": "Ada"}, "later": 1})),
        (channels.CATALOGUE, channels.encode_npcs({1: [entry.to_json()]})),
        (channels.DIALOGUE, channels.encode_npcs({1: [
            {"utterance": 7, "speaker": 5, "to_me": True, "text": "où?", "voice": None}]})),
        (channels.GOAL, channels.encode_npcs({1: [{"op": "set", "text": "go"}]})),
        (channels.EPISODE, channels.encode_npcs({2: [{"op": "start"}]})),
        (channels.STATS, b"whatever"),
    ]  # fmt: skip
    message = make_step(make_infos(2))
    message.unity_output.rl_output.side_channel = channels.encode_frames(frames)
    client.exchange(message)
    client.exchange(make_step(make_infos(2), brain=False))
    first, second = serving.mind.batches
    assert first.npcs == ["Ada", "Heedful#2"]
    assert first.catalogue == [[entry], []]
    assert first.texts == [[Utterance(7, 5, True, "où?")], []]
    assert first.goals == [[{"op": "set", "text": "go"}], []]
    assert first.episodes == [[], [{"op": "start"}]]
    assert second.catalogue == second.texts == second.goals == second.episodes == [[], []]


def test_the_mind_is_shown_to_players_that_said_hello():
    class ShowingMind(RecordingMind):
        async def decide(self, batch):
            reply = await super().decide(batch)
            return WorldReply(reply.actions, [{"strategy": "policy"}, None])

    with Serving(ShowingMind()) as serving:
        client = serving.connect()
        message = make_step(make_infos(2))
        assert client.exchange(message).unity_input.rl_input.side_channel == b""
        message.unity_output.rl_output.side_channel = channels.encode_frames(
            [(channels.HELLO, channels.encode_json({"npcs": {"1": "Ada"}}))]
        )
        data = client.exchange(message).unity_input.rl_input.side_channel
        ((channel, payload),) = channels.decode_frames(data)
        assert channel == channels.MIND
        assert channels.decode_npcs(channel, payload) == {1: {"strategy": "policy"}}


def test_players_are_told_apart(serving):
    one, two = serving.connect(), Client("127.0.0.1", serving.port)
    two._channel.close()
    two._channel = grpc.insecure_channel(two.target, [("grpc.use_local_subchannel_pool", 1)])
    two._exchange = two._channel.unary_unary(
        f"/{SERVICE}/{METHOD}", request_serializer=None, response_deserializer=None
    )
    two.exchange(make_greeting())
    two.exchange(make_waiting())
    two.exchange(make_step(make_infos(1)))
    one.exchange(make_step(make_infos(2)))
    assert [batch.world for batch in serving.mind.batches] == ["world-2", "world-1"]
    two.leave()
    wait_until(lambda: serving.mind.gone == ["world-2"])
    one.exchange(make_step(make_infos(2), brain=False))


def test_a_world_may_begin_anew_on_its_connection(serving):
    client = serving.connect()
    client.exchange(make_step(make_infos(1)))
    client.exchange(make_greeting())
    client.exchange(make_waiting())
    client.exchange(make_step(make_infos(1)))
    assert serving.mind.gone == ["world-1"]
    assert serving.mind.batches[-1].world == "world-2"
    assert serving.mind.batches[-1].first.all()


# -------------------------------------------------------------------------------- games that differ


@pytest.mark.peer
@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_sdk_game_gets_an_answer_that_fits_to_everything(path, serving, caplog):
    call = raw_call(serving.port)
    for request, official in recorded(path)[:-1]:
        reply = messages.UnityMessageProto.FromString(call(request))
        expected = messages.UnityMessageProto.FromString(official)
        assert reply.header.status == 200
        ours, theirs = reply.unity_input.rl_input, expected.unity_input.rl_input
        assert ours.command == theirs.command
        for name, listed in theirs.agent_actions.items():
            answer = actions_of(reply, name)
            assert len(answer) == len(listed.value)
            for given, wanted in zip(answer, listed.value, strict=True):
                assert len(given.discrete_actions) == len(wanted.discrete_actions)
                assert len(given.continuous_actions) == len(wanted.continuous_actions)
    assert serving.mind.batches == []
    warnings = [r.message for r in caplog.records if r.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "behaviour Line?team=0 gets actions that do nothing" in warnings[0]


def test_a_behaviour_of_another_name_is_ours_when_it_speaks_the_contract(serving):
    reply = serving.connect().exchange(make_step(make_infos(1), behavior="Guard?team=3"))
    assert len(actions_of(reply, "Guard?team=3")) == 1
    assert serving.mind.batches[0].npcs == ["Guard#1"]


# ------------------------------------------------------------------------- what goes wrong


def test_garbage_bytes_are_refused_and_the_server_lives_on(serving, caplog):
    reply = messages.UnityMessageProto.FromString(raw_call(serving.port)(b"\xff\xff garbage"))
    assert reply.header.status == 400
    assert "its bytes are not an ML-Agents message" in caplog.text
    assert len(actions_of(serving.connect().exchange(make_step(make_infos(1))))) == 1


def test_garbage_in_the_middle_releases_the_npcs(serving, caplog):
    call = raw_call(serving.port)
    call(make_greeting().SerializeToString())
    call(b"\xff\xff garbage")
    assert serving.mind.gone == ["world-1"]
    assert len([r for r in caplog.records if r.levelno >= logging.WARNING]) == 1


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (messages.UnityMessageProto(), "its message has no status"),
        (make_waiting(), "it did not begin with ML-Agents' handshake"),
    ],
)
def test_a_wrong_beginning_is_refused(serving, message, sentence, caplog):
    reply = Client("127.0.0.1", serving.port).exchange(message)
    assert reply.header.status == 400
    assert reply.header.message.startswith(sentence)
    assert sentence in caplog.text


def test_another_api_version_is_refused(serving, caplog):
    greeting = make_greeting()
    greeting.unity_output.rl_initialization_output.communication_version = "2.0.0"
    reply = Client("127.0.0.1", serving.port).exchange(greeting)
    assert reply.header.status == 400
    assert "it speaks ML-Agents communicator 2.0.0, and this server 1.5.0" in caplog.text


def test_a_bad_observation_stops_its_npcs_until_it_is_mended(serving, caplog):
    client = serving.connect()
    infos = make_infos(2)
    infos[1].observations[0].float_data.data[5] = float("nan")
    for _ in range(2):
        reply = client.exchange(make_step(infos))
        assert (decode_actions(actions_of(reply)) == NO_OP).all()
    warnings = [r.message for r in caplog.records if r.levelno == logging.WARNING]
    assert warnings == [
        "world-1: behaviour Heedful?team=0: agent 2, observation 'audio': it holds a number that "
        "is not finite; its NPCs stand still until that is mended"
    ]
    client.exchange(make_step(make_infos(2)))
    assert len(serving.mind.batches) == 1


def test_bad_side_channels_are_told_once_and_ignored(serving, caplog):
    client = serving.connect()
    for data in (
        b"cut off",
        channels.encode_frames([(channels.CATALOGUE, b"[]")]),
        channels.encode_frames([(channels.CATALOGUE, b'{"npcs": {"1": [{}]}}')]),
        channels.encode_frames([(channels.HELLO, b'{"hash": "other", "npcs": {}}')]),
    ):
        message = make_step(make_infos(1))
        message.unity_output.rl_output.side_channel = data
        assert len(actions_of(client.exchange(message))) == 1
        assert len(actions_of(client.exchange(message))) == 1
    warnings = [r.message for r in caplog.records if r.levelno == logging.WARNING]
    assert len(warnings) == 3  # one for each cause: the two of the catalogue are one
    assert "side channel is ignored" in warnings[0]
    assert "a message of the catalogue channel is ignored" in warnings[1]
    assert "update the older of the two" in warnings[2]


class WrongMind(RecordingMind):
    def __init__(self, actions):
        super().__init__()
        self.actions = actions

    async def decide(self, batch):
        if self.actions is None:
            raise RuntimeError("out of ideas")
        return WorldReply(np.array(self.actions))


@pytest.mark.parametrize(
    ("actions", "sentence"),
    [
        (None, "the mind failed (RuntimeError: out of ideas); its NPCs stand still"),
        ([[0, 0]], "its actions have shape (1, 2) instead of (1, 8)"),
        ([[99, 2, 1, 0, 0, 0, 0, 0]], "the mind chose a masked action"),
    ],
)
def test_whatever_a_mind_does_the_game_gets_an_answer(actions, sentence, caplog):
    with Serving(WrongMind(actions)) as serving:
        reply = serving.connect().exchange(make_step(make_infos(1)))
        assert (decode_actions(actions_of(reply)) == NO_OP).all()
    assert sentence in caplog.text


def test_a_mistake_of_the_server_is_told_and_the_player_is_let_go(caplog):
    class ShyMind(RecordingMind):
        def connected(self, world):
            raise RuntimeError("not today")

    with Serving(ShyMind()) as serving:
        reply = Client("127.0.0.1", serving.port).exchange(make_greeting())
        assert reply.header.status == 400
        assert serving.host.worlds == []
    assert "this is a mistake of the server, please report it" in caplog.text


def test_a_masked_action_never_leaves_the_server():
    with Serving(WrongMind([[1, 4, 2, 3, 9, 1, 9, 0]])) as serving:
        infos = make_infos(1)
        infos[0].action_mask[16 + 3] = True  # act 3: take
        infos[0].action_mask[16 + 13 + 9] = True  # target 9
        reply = serving.connect().exchange(make_step(infos))
        assert decode_actions(actions_of(reply)).tolist() == [[1, 4, 2, 0, 0, 1, 9, 0]]


def test_a_player_that_vanishes_is_let_go_and_the_server_lives_on(serving, caplog):
    program = f"""
import os
from tests.unity_bridge.helpers import *
client = Client("127.0.0.1", {serving.port})
client.exchange(make_greeting()); client.exchange(make_waiting())
client.exchange(make_step(make_infos(1)))
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", program])
    wait_until(lambda: serving.mind.gone == ["world-1"])
    assert "world-1: vanished" in caplog.text
    assert serving.host.worlds == []
    serving.connect().exchange(make_step(make_infos(1)))


def test_a_player_that_vanishes_in_the_middle_of_a_call_is_let_go():
    class SlowMind(RecordingMind):
        async def decide(self, batch):
            await asyncio.sleep(30)

    with Serving(SlowMind()) as serving:
        client = serving.connect()
        with pytest.raises(grpc.RpcError):
            client._exchange(make_step(make_infos(1)).SerializeToString(), timeout=0.2)
        wait_until(lambda: serving.mind.gone == ["world-1"])


def test_a_silent_player_is_let_go_where_the_system_tells_nothing(monkeypatch, caplog):
    monkeypatch.setattr("unity_bridge.host.connected_ports", lambda port: None)
    with Serving(idle_seconds=0.3) as serving:
        client = serving.connect()
        wait_until(lambda: serving.mind.gone == ["world-1"])
        assert "was silent" in caplog.text
        assert client.exchange(make_step(make_infos(1))).header.status == 400


def test_while_everybody_calls_nobody_is_looked_for(monkeypatch):
    looks: list[int] = []
    monkeypatch.setattr("unity_bridge.host.connected_ports", looks.append)
    with Serving(watch_seconds=0.4) as serving:
        client = serving.connect()
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            client.exchange(make_step(make_infos(1)))
            time.sleep(0.02)
        assert looks == []
        wait_until(lambda: looks)


def test_who_came_while_it_was_looked_for_others_stays(monkeypatch):
    looking, came = threading.Event(), threading.Event()

    def look(port):
        looking.set()
        came.wait(5.0)
        return set()  # as it was before the second one came

    monkeypatch.setattr("unity_bridge.host.connected_ports", look)
    with Serving(watch_seconds=0.2) as serving:
        serving.connect()
        assert looking.wait(5.0)
        serving.connect()  # answered although it is being looked for the other one
        came.set()
        wait_until(lambda: serving.mind.gone == ["world-1"])
        assert serving.host.worlds == ["world-2"]


def test_a_message_that_is_too_large_is_told_to_the_player(caplog):
    with Serving(limits=Limits(max_message_bytes=2**18)) as serving:
        client = serving.connect()
        reply = client.exchange(make_step(make_infos(8)))
        assert reply.header.status == 400
        assert reply.header.message in caplog.text
        assert re.fullmatch(
            r"its message of 0\.[34] MiB is over the limit of 0\.25 MiB: play fewer areas or NPCs "
            "at once, or give heedful serve more --max-message-mb", reply.header.message,
        )  # fmt: skip
        assert serving.mind.gone == ["world-1"]
        assert serving.host.read_meters().refused == {"too_large": 1}
        with pytest.raises(BridgeError, match="more than the server takes: play fewer areas"):
            client.exchange(make_step(make_infos(24)))
        assert serving.connect().exchange(make_step(make_infos(1))).header.status == 200


def test_a_busy_port_gets_a_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(BridgeError) as error:
            asyncio.run(Host(RecordingMind(), port=port).start())
    assert str(error.value) == (
        f"cannot listen on 127.0.0.1:{port}: another program has that port, or the address is not "
        "this machine's; stop that program or give another --port"
    )


def test_two_hosts_do_not_share_a_port(serving):
    with pytest.raises(BridgeError, match="another program has that port"):
        asyncio.run(Host(RecordingMind(), port=serving.port).start())


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.0.7", "somewhere.example"])
def test_other_addresses_than_loopback_are_refused(address):
    with pytest.raises(BridgeError) as error:
        asyncio.run(Host(RecordingMind(), address=address, port=0).start())
    assert str(error.value) == (
        f"lock-step worlds are served on this machine only and {address} would let others in, "
        "without a password: leave --host out, and let games on other machines use the live link, "
        "which has TLS and a token"
    )


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_is_fine(address):
    check_loopback(address)


def apart(serving):
    """A client that shares its connection with no other."""
    client = Client("127.0.0.1", serving.port)
    client._channel.close()
    client._exchange = raw_call(serving.port)
    return client


def greet(client):
    reply = client.exchange(make_greeting())
    if reply.header.status == 200:
        client.exchange(make_waiting())
    return reply


def test_one_world_too_many_is_told_to_quit_and_ends_no_other(caplog):
    with Serving(limits=Limits(max_worlds=2)) as serving:
        one, two, three = (apart(serving) for _ in range(3))
        assert greet(one).header.status == greet(two).header.status == 200
        for _ in range(2):
            reply = greet(three)
            assert reply.header.status == 400
            assert reply.header.message == (
                "this server has 2 worlds and takes no more: stop one, or give heedful serve more "
                "--max-worlds"
            )
        assert len(warnings_of(caplog)) == 1
        assert len(actions_of(one.exchange(make_step(make_infos(1))))) == 1
        two.leave()
        assert greet(three).header.status == 200
        assert serving.mind.worlds == ["world-1", "world-2", "world-3"]


def warnings_of(caplog):
    return [r.message for r in caplog.records if r.levelno >= logging.WARNING]


def test_npcs_beyond_the_limit_stand_still_and_the_first_keep_their_minds(caplog):
    class Walking(RecordingMind):
        async def decide(self, batch):
            self.batches.append(batch)
            return WorldReply(np.tile([1, *NO_OP[1:]], (len(batch.agents), 1)))

    with Serving(Walking(), limits=Limits(max_npcs=2)) as serving:
        client = serving.connect()
        infos = make_infos(3)
        for turn in (infos, infos[::-1]):
            reply = client.exchange(make_step(turn))
            moves = decode_actions(actions_of(reply))[:, 0]
            assert {info.id for info, move in zip(turn, moves, strict=True) if move} == {1, 2}
        assert warnings_of(caplog) == [
            "world-1: 1 of its NPCs stand still: this server decides for 2 of one world (heedful "
            "serve --max-npcs-per-world)"
        ]
        over = messages.AgentInfoProto(id=1, done=True)
        client.exchange(make_step([over, *infos[1:]], brain=False))
        assert serving.mind.batches[-1].agents.tolist() == [2, 3]
        assert serving.host.read_meters().npcs == 2
        assert serving.host.read_meters().idle == {"too_many_npcs": 2}


def test_a_world_that_asks_too_often_waits_and_no_other_does(caplog):
    with Serving(limits=Limits(messages_per_second=20)) as serving:
        fast, calm = apart(serving), apart(serving)
        greet(fast), greet(calm)
        begun = time.monotonic()
        for _ in range(30):
            assert len(actions_of(fast.exchange(make_step(make_infos(1))))) == 1
        assert 0.5 < time.monotonic() - begun < 3.0
        begun = time.monotonic()
        calm.exchange(make_step(make_infos(1)))
        assert time.monotonic() - begun < 0.5
        assert warnings_of(caplog) == [
            "world-1: its answers are held back: it sends more than 20 messages a second (heedful "
            "serve --max-rate)"
        ]


def test_a_world_whose_side_channels_take_long_to_read_waits_and_is_told_once(monkeypatch, caplog):
    monkeypatch.setattr("unity_bridge.session._read", lambda inbox, data: ([], 0.6))
    with Serving(limits=Limits(reading_share=4.0)) as serving:
        client = serving.connect()
        begun = time.monotonic()
        client.exchange(make_step(make_infos(1)))  # a second may be taken at once
        first = time.monotonic() - begun
        for _ in range(3):
            client.exchange(make_step(make_infos(1)))
        assert first < 0.3
        assert time.monotonic() - begun > 4 * 0.6 / 4.0 - 1.0 / 4.0 - 0.01
    assert warnings_of(caplog) == [
        "world-1: its answers are held back: reading its side channels takes more than 400% of the "
        "server's time; send shorter or fewer messages"
    ]


def test_while_long_side_channels_are_read_other_worlds_are_answered(monkeypatch):
    began = threading.Event()

    def read(inbox, data):
        if data:
            began.set()
            time.sleep(0.8)
        return [], 0.0

    monkeypatch.setattr("unity_bridge.session._read", read)
    with Serving() as serving:
        wordy, calm = apart(serving), apart(serving)
        greet(wordy), greet(calm)
        message = make_step(make_infos(1))
        message.unity_output.rl_output.side_channel = bytes(100_000)
        thread = threading.Thread(target=wordy.exchange, args=(message,))
        thread.start()
        assert began.wait(5)
        begun = time.monotonic()
        calm.exchange(make_step(make_infos(1)))
        assert time.monotonic() - begun < 0.5
        thread.join(10)


def test_too_many_behaviours_are_no_game(caplog):
    with Serving() as serving:
        message = make_waiting()
        for number in range(300):
            message.unity_output.rl_output.agentInfos[f"b{number}"].value.add(id=1, done=True)
        assert serving.connect().exchange(message).header.status == 400
        assert "it names more than 256 behaviours" in caplog.text


def test_an_unknown_behaviour_is_told_which_sensor_is_expected(serving, caplog):
    infos = make_infos(1)
    del infos[0].observations[0]
    client = serving.connect()
    for _ in range(2):
        reply = client.exchange(make_step(infos))
        assert decode_actions(actions_of(reply)).tolist() == [[0] * 8]
    (warning,) = warnings_of(caplog)
    assert warning == (
        "world-1: behaviour Heedful?team=0 gets actions that do nothing, because it has no "
        f"observation named audio; the contract says audio float32 ({EARS * EAR_SAMPLES},) "
        f"(contract 1, {contract_hash()})"
    )


def test_a_wrong_shape_is_told_with_the_one_that_is_expected(serving, caplog):
    infos = make_infos(1)
    infos[0].observations[5].shape[0] += 1
    serving.connect().exchange(make_step(infos))
    assert "agent 1, observation 'self': its shape is" in caplog.text
    assert "the contract says" in caplog.text


def test_the_link_as_the_player_measured_it_is_counted(serving, caplog):
    client = serving.connect()
    message = make_step(make_infos(1))
    for content in ({"round_trip_ms": 12.0, "staleness_ms": 30.0}, {"round_trip_ms": -1}):
        message.unity_output.rl_output.side_channel = channels.encode_frames(
            [(channels.HELLO, channels.encode_json(content))]
        )
        client.exchange(message)
    meters = serving.host.read_meters()
    assert (meters.round_trip_seconds.count, meters.staleness_seconds.count) == (1, 1)
    assert meters.round_trip_seconds.total == pytest.approx(0.012)
    assert "round_trip_ms is -1.0, not a time of 0 to 3600000 ms" in caplog.text


def test_what_goes_on_is_counted(serving):
    client = serving.connect()
    client.exchange(make_step(make_infos(3)))
    meters = serving.host.read_meters()
    assert (meters.messages, meters.worlds, meters.worlds_connected, meters.npcs) == (3, 1, 1, 3)
    assert meters.answer_seconds.count == 1
    assert meters.bytes_received > 3 * 10_000
    assert meters.bytes_sent > 100


def test_a_call_that_is_given_up_leaves_no_world_behind():
    class SlowMind(RecordingMind):
        async def decide(self, batch):
            await asyncio.sleep(30)

    with Serving(SlowMind()) as serving:
        client = serving.connect()
        data = make_step(make_infos(1)).SerializeToString()
        calls = [client._exchange.future(data, timeout=0.3) for _ in range(3)]
        calls += [client._exchange.future(make_greeting().SerializeToString(), timeout=0.3)]
        assert isinstance(calls[0].exception(), grpc.RpcError)
        for call in calls:
            call.exception()  # the later ones may have been refused meanwhile
        client._channel.close()
        wait_until(lambda: serving.mind.gone == serving.mind.worlds)


def test_stopping_tells_players_to_quit_and_lets_them_go(serving):
    client = serving.connect()
    client.exchange(make_step(make_infos(1)))
    stopping = asyncio.run_coroutine_threadsafe(serving.host.stop(5.0), serving._loop)
    time.sleep(0.05)
    reply = client.exchange(make_step(make_infos(1), brain=False))
    assert reply.header.status == 400
    stopping.result(5)
    assert serving.mind.gone == ["world-1"]


def test_stopping_does_not_wait_for_ever(serving):
    serving.connect()
    begin = time.monotonic()
    serving.stop(0.2)
    assert time.monotonic() - begin < 2
    assert serving.mind.gone == ["world-1"]


def test_decisions_in_flight_are_answered_while_it_stops():
    asked = threading.Event()

    class SlowMind(RecordingMind):
        async def decide(self, batch):
            asked.set()
            await asyncio.sleep(0.5)
            return await super().decide(batch)

    with Serving(SlowMind()) as serving:
        client = serving.connect()
        answers = []
        ask = threading.Thread(
            target=lambda: answers.append(client.exchange(make_step(make_infos(1))))
        )
        ask.start()
        assert asked.wait(5)
        stopping = asyncio.run_coroutine_threadsafe(serving.host.stop(5.0), serving._loop)
        ask.join(5)
        assert len(actions_of(answers[0])) == 1
        assert client.exchange(make_step(make_infos(1), brain=False)).header.status == 400
        stopping.result(5)
        serving._thread.join(5)


def test_no_new_world_is_taken_while_it_stops():
    with Serving() as serving:
        old = serving.connect()
        stopping = asyncio.run_coroutine_threadsafe(serving.host.stop(5.0), serving._loop)
        time.sleep(0.05)
        reply = messages.UnityMessageProto.FromString(
            raw_call(serving.port)(make_greeting().SerializeToString())
        )
        assert reply.header.status == 400
        assert reply.header.message == "the server is stopping"
        assert serving.mind.worlds == ["world-1"]
        old.leave()
        stopping.result(5)
        serving._thread.join(5)
