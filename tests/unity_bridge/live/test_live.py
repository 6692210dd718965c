"""The live link's conversation: one server and one client in this process, over real sockets."""

import asyncio
import json
import logging
import math
import re
import struct

import numpy as np
import pytest

from envs.contract import CONTRACT_VERSION, FIELDS, MASK_SIZE, NO_OP, Branch, contract_hash
from tests.unity_bridge.fuzzing_live import KeepingMind
from tests.unity_bridge.helpers import RecordingMind, random_observations
from tests.unity_bridge.live.counting import CountingMind
from unity_bridge.batch import WorldReply
from unity_bridge.errors import BridgeError
from unity_bridge.limits import Throttle
from unity_bridge.live import LiveClient, LiveLimits, LiveServer, RefusedError
from unity_bridge.live.framing import frame
from unity_bridge.live.observations import Rows, encode_observation
from unity_bridge.live.world import LiveWorld
from unity_bridge.meters import HostMeters
from unity_bridge.protocol import live_pb2 as live

OBSERVATIONS = random_observations(4, seed=3)


class Talk:
    """A server and a client that is connected to it, for ``async with``."""

    def __init__(self, mind=None, limits=None, **options):
        self.mind = mind or CountingMind()
        self.server = LiveServer(self.mind, port=0, limits=limits)
        self._options = options

    async def __aenter__(self):
        await self.server.start()
        self.client = LiveClient("127.0.0.1", self.server.port, **self._options)
        self.welcome = await self.client.connect()
        return self

    async def __aexit__(self, *error):
        self.client.drop()
        await self.server.stop(grace=0.2)

    def other(self, **options):
        return LiveClient("127.0.0.1", self.server.port, **options)


def run(talk):
    """Run a coroutine within ten seconds."""

    async def limited():
        async with asyncio.timeout(10):
            await talk

    asyncio.run(limited())


async def until(condition):
    while not condition():
        await asyncio.sleep(0.01)


async def say(port, data):
    """Send raw bytes and read what the server says until it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    answer = await reader.read()
    writer.close()
    if not answer:
        return ""
    message = live.Message.FromString(answer[4:])
    return message.refusal.reason


# ------------------------------------------------------------------------------------ observations


def test_an_observation_arrives_as_it_was():
    allowed = np.random.default_rng(1).random(MASK_SIZE) < 0.5
    message = encode_observation("guard", 7, 1.5, OBSERVATIONS, 2, allowed)
    rows = Rows(2)
    rows.fill(1, live.Observation.FromString(message.SerializeToString()))
    arrays = rows.observations(2)
    for field in FIELDS:
        assert np.array_equal(arrays[field.name][1], OBSERVATIONS[field.name][2]), field.name
        assert arrays[field.name].dtype == field.dtype
        assert not arrays[field.name][0].any()
    for name in ("entities_mask", "dialogue_mask"):
        assert np.array_equal(arrays[name][1], OBSERVATIONS[name][2])
    assert np.array_equal(rows.allowed[1], allowed)
    assert rows.allowed[0].all()


def test_absent_rows_are_not_sent():
    message = encode_observation("guard", 1, 0.0, OBSERVATIONS, 0)
    assert len(message.entities) == 3 * 50 * 4
    assert len(message.dialogue) == 3 * 64 * 4


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("audio", bytes(12), "observation 'audio': it has 12 bytes, the contract says 12800"),
        ("entities", bytes(199), "observation 'entities': it has 199 bytes, the contract says rows "
         "of 200, at most 6400"),
        ("entities", bytes(6600), "observation 'entities': it has 6600 bytes, the contract says "
         "rows of 200, at most 6400"),
        ("self", struct.pack("<32f", *[float("nan")] * 32),
         "observation 'self': it holds a number that is not finite"),
        ("self", struct.pack("<32f", *[3e38] * 32), r"observation 'self': it holds 3e\+38, and no "
         r"number may be larger than 1e\+09 either way"),
        ("camera_png", b"GIF89a", "observation 'camera': its bytes are not a PNG file"),
        ("forbidden", bytes(28), "its action mask has 28 bytes, the contract says 29"),
    ],
)  # fmt: skip
def test_a_wrong_observation_is_named(name, data, sentence):
    message = encode_observation("guard", 1, 0.0, OBSERVATIONS, 0)
    setattr(message, name, data)
    with pytest.raises(BridgeError, match="^" + sentence.replace("(", r"\(") + "$"):
        Rows(1).fill(0, message)


# ------------------------------------------------------------------------------------- conversation


def test_the_server_says_who_it_is():
    async def talk():
        async with Talk() as t:
            assert t.welcome.contract_version == CONTRACT_VERSION
            assert t.welcome.contract_hash == contract_hash()

    run(talk())


def test_each_observation_is_answered_and_reaches_the_mind():
    async def talk():
        async with Talk() as t:
            for number in (1, 2, 3):
                assert t.client.observe("guard", OBSERVATIONS) == number
                action = await t.client.action()
                assert (action.npc, action.sequence) == ("guard", number)
                expected = list(NO_OP)
                expected[Branch.TARGET] = number
                assert list(action.indices) == expected
            firsts = [batch.first.tolist() for batch in t.mind.batches]
            assert firsts == [[True], [False], [False]]
            seen = t.mind.batches[0].observations
            assert np.array_equal(seen["camera"][0], OBSERVATIONS["camera"][0])
            assert t.client.round_trip > 0.0

    run(talk())


def test_what_is_displayed_of_a_mind_is_sent_when_it_changes():
    async def talk():
        async with Talk() as t:
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).mind == b'{"strategy":"count"}'
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).mind == b""

    run(talk())


class MoodyMind(CountingMind):
    """What it shows is another thing at every decision."""

    async def decide(self, batch):
        reply = await super().decide(batch)
        return WorldReply(reply.actions, [{"count": len(self.batches)}] * len(batch.npcs))


def test_a_mind_that_changes_all_the_time_is_displayed_four_times_a_second():
    async def talk():
        async with Talk(MoodyMind()) as t:
            shown = {}
            for number in range(1, 15):
                t.client.observe("guard", OBSERVATIONS)
                mind = (await t.client.action()).mind
                if mind:
                    shown[number] = json.loads(mind)["count"]
                await asyncio.sleep(0.05)
            assert 2 <= len(shown) <= 4  # in 0.7 s
            assert all(number == count for number, count in shown.items())  # never an old one
            assert 1 in shown

    run(talk())


def test_while_a_mind_thinks_the_newest_observation_wins():
    async def talk():
        async with Talk() as t:
            t.mind.delay = 0.1
            t.client.observe("guard", OBSERVATIONS)
            await until(lambda: t.mind.batches)
            for _ in range(5):
                t.client.observe("guard", OBSERVATIONS)
            answered = [(await t.client.action()).sequence for _ in range(2)]
            assert answered == [1, 6]
            assert t.server.worlds[0].superseded == 4

    run(talk())


def test_news_come_with_the_next_observation():
    async def talk():
        async with Talk() as t:
            entry = {"sequence": 1, "op": "add", "slot": 5, "kind": "object", "name": "the vase"}
            t.client.tell("guard", "catalogue", [entry])
            t.client.tell("guard", "goal", [{"op": "set", "goal": 1, "text": "find the vase"}])
            t.client.tell("guard", "weather", "an unknown channel")
            t.client.observe("guard", OBSERVATIONS)
            await t.client.action()
            t.client.observe("guard", OBSERVATIONS)
            await t.client.action()
            first, second = t.mind.batches
            assert [e.name for e in first.catalogue[0]] == ["the vase"]
            assert first.goals[0][0]["text"] == "find the vase"
            assert second.catalogue == [[]]

    run(talk())


def test_news_that_cannot_be_read_are_ignored_with_one_sentence(caplog):
    async def talk():
        async with Talk() as t:
            for _ in range(3):
                t.client.tell("guard", "catalogue", [{"slot": "none"}])
            t.client.observe("guard", OBSERVATIONS)
            await t.client.action()

    run(talk())
    said = [record.message for record in caplog.records if "catalogue channel" in record.message]
    assert len(said) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'[{"utterance":1e999,"speaker":1,"to_me":true,"text":""}]', "utterance is inf"),
        (b"[" * 15_000, "it is nested too deeply"),
        (b'["\xed\xa0\x80"]', "can't decode"),
        (b'[{"utterance":"' + b"A" * 9999 + b'","text":""}]', "AAA"),
        (b"7", "not iterable"),
    ],
)
def test_news_that_no_text_can_be_cost_a_game_nothing(content, reason, caplog):
    async def talk():
        async with Talk() as t:
            for _ in range(3):
                news = live.News(npc="guard", channel="dialogue", content=content)
                t.client.send(live.Message(news=news))
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).sequence == 1
            assert t.mind.batches[0].texts == [[]]

    run(talk())
    (said,) = [record.message for record in caplog.records]
    assert "of the dialogue channel is ignored" in said
    assert reason in said and len(said) < 400


def test_half_a_character_in_news_is_replaced_so_that_it_can_be_written_down():
    async def talk():
        async with Talk() as t:
            content = b'[{"utterance":1,"speaker":2,"to_me":true,"text":"Ad\\ud83da"}]'
            news = live.News(npc="guard", channel="dialogue", content=content)
            t.client.send(live.Message(news=news))
            t.client.observe("guard", OBSERVATIONS)
            await t.client.action()
            ((text,),) = t.mind.batches[0].texts
            assert text.text == "Ad?a"

    run(talk())


def test_names_with_line_breaks_write_no_lines_of_their_own_in_the_log(caplog):
    async def talk():
        async with Talk(world="shop\nroot: all is well") as t:
            wrong = encode_observation("thief\nroot: all is well", 1, 0.0, OBSERVATIONS, 0)
            wrong.goal = b"abc"
            t.client.send(live.Message(observation=wrong))
            t.client.observe("guard", OBSERVATIONS)
            await t.client.action()

    with caplog.at_level(logging.INFO):
        run(talk())
    said = [record.message for record in caplog.records]
    assert any("gets no action" in sentence for sentence in said)
    assert all(sentence.isprintable() for sentence in said)


def test_a_wrong_observation_stops_only_its_own_npc(caplog):
    async def talk():
        async with Talk() as t:
            wrong = encode_observation("thief", 1, 0.0, OBSERVATIONS, 0)
            wrong.goal = b"abc"
            t.client.send(live.Message(observation=wrong))
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).npc == "guard"

    run(talk())
    assert any("'thief' gets no action until this is mended" in r.message for r in caplog.records)


def test_a_mind_that_fails_does_not_end_the_connection(caplog):
    class Failing(RecordingMind):
        async def decide(self, batch):
            if not self.batches:
                self.batches.append(batch)
                raise ZeroDivisionError("oh")
            return await super().decide(batch)

    async def talk():
        async with Talk(Failing()) as t:
            t.client.observe("guard", OBSERVATIONS)
            await until(lambda: t.mind.batches)
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).sequence == 2

    run(talk())
    assert any("the mind failed (ZeroDivisionError: oh)" in r.message for r in caplog.records)


def test_a_ping_is_answered_and_tells_the_round_trip():
    async def talk():
        async with Talk() as t:
            t.client.round_trip = 0.25
            t.client.ping(9)
            assert (await t.client.receive()).pong.number == 9
            assert t.server.worlds[0].round_trip == 0.25

    run(talk())


def test_what_is_sent_and_how_old_it_is_when_it_is_applied_are_counted():
    async def talk():
        async with Talk() as t:
            t.client.observe("guard", OBSERVATIONS)
            action = await t.client.action()
            while not t.client.minds:
                await t.client.receive()
            before = t.server.read_meters().bytes_sent
            assert before == sum(
                len(frame(message))
                for message in (
                    live.Message(welcome=t.welcome), live.Message(action=action),
                    *(live.Message(mind=mind) for mind in t.client.minds.values()),
                )
            )  # fmt: skip
            for staleness in (0.04, 0.0, -1.0, math.nan, 1e9):
                t.client.send(live.Message(ping=live.Ping(number=1, staleness=staleness)))
                await t.client.receive()
            meters = t.server.read_meters()
            assert meters.bytes_sent > before
            assert meters.staleness_seconds.count == 1
            assert abs(meters.staleness_seconds.total - 0.04) < 1e-6

    run(talk())


# ------------------------------------------------------------------------------------------- minds


def test_minds_outlive_a_connection():
    async def talk():
        async with Talk() as t:
            for _ in range(3):
                t.client.observe("guard", OBSERVATIONS)
                await t.client.action()
            t.client.minds.clear()
            await t.client.connect()
            t.client.observe("guard", OBSERVATIONS)
            action = await t.client.action()
            assert (action.sequence, action.indices[Branch.TARGET]) == (4, 4)
            stranger = t.other()
            await stranger.connect()
            stranger.observe("guard", OBSERVATIONS)
            assert (await stranger.action()).indices[Branch.TARGET] == 1

    run(talk())


def test_what_became_of_goals_while_the_game_was_away_is_said_when_it_is_back():
    class GoalMind(CountingMind):
        async def decide(self, batch):
            reply = await super().decide(batch)
            number = len(self.batches)
            goals = {"guard": [{"op": "succeeded", "goal": number}]} if number == 1 else {}
            return WorldReply(reply.actions, reply.mind, goals)

    async def talk():
        async with Talk(GoalMind()) as t:
            t.mind.delay = 0.2
            t.client.observe("guard", OBSERVATIONS)
            await until(lambda: t.mind.batches)
            t.client.drop()
            await asyncio.sleep(0.3)  # it is decided while nobody is there
            await t.client.connect()
            t.client.observe("guard", OBSERVATIONS)
            said = []
            while (message := await t.client.receive()).WhichOneof("body") != "action":
                said += [json.loads(message.news.content)] * message.HasField("news")
            assert said == [{"op": "succeeded", "goal": 1}]
            t.client.observe("guard", OBSERVATIONS)
            message = await t.client.receive()
            while message.WhichOneof("body") != "action":
                assert not message.HasField("news"), "it was said twice"
                message = await t.client.receive()

    run(talk())


def test_minds_go_after_the_grace_time_and_with_a_goodbye():
    async def talk():
        async with Talk(limits=LiveLimits(grace_seconds=0.2)) as t:
            t.client.drop()
            assert not t.mind.gone
            await until(lambda: t.mind.gone)
            await t.client.connect()
            await t.client.leave()
            await until(lambda: len(t.mind.gone) == 2)
            assert not t.server.worlds

    run(talk())


def test_a_restarted_server_gets_the_minds_back():
    async def talk():
        async with Talk() as t:
            t.client.observe("guard", OBSERVATIONS)
            await t.client.action()
            t.client.observe("guard", OBSERVATIONS)
            await t.client.action()
            stopping = asyncio.create_task(t.server.stop())
            with pytest.raises(BridgeError, match="ended"):
                while True:
                    await t.client.receive()
            await stopping
            second = LiveServer(CountingMind(), port=0)
            await second.start()
            t.client.port = second.port
            await t.client.connect()
            t.client.observe("guard", OBSERVATIONS)
            action = await t.client.action()
            assert (action.sequence, action.indices[Branch.TARGET]) == (3, 3)
            t.client.drop()
            await second.stop()

    run(talk())


def test_a_kept_mind_is_replaced_only_when_the_game_says_so():
    async def talk():
        async with Talk() as t:
            for _ in range(3):
                t.client.observe("guard", OBSERVATIONS)
                await t.client.action()
            old = live.Mind(npc="guard", blob=b"mind" + struct.pack("<I", 40))
            t.client.send(live.Message(mind=old))
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).indices[Branch.TARGET] == 4
            old.replace = True
            t.client.send(live.Message(mind=old))
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).indices[Branch.TARGET] == 41

    run(talk())


def test_a_mind_that_cannot_be_restored_begins_anew_and_the_game_hears_why():
    async def talk():
        async with Talk() as t:
            t.client.send(live.Message(mind=live.Mind(npc="guard", blob=b"not one")))
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).indices[Branch.TARGET] == 1
            assert t.client.news[0].channel == "mind"
            assert t.client.news[0].content == b'{"error":"it is no saved mind"}'

    run(talk())


def test_a_server_that_cannot_restore_goes_on(caplog):
    async def talk():
        async with Talk(RecordingMind()) as t:
            t.client.send(live.Message(mind=live.Mind(npc="guard", blob=b"anything")))
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).sequence == 1

    run(talk())
    assert any("this server cannot restore minds" in r.message for r in caplog.records)


def test_an_npc_that_left_makes_room():
    async def talk():
        async with Talk(limits=LiveLimits(npcs=1)) as t:
            t.client.observe("guard", OBSERVATIONS)
            await t.client.action()
            t.client.send(live.Message(leave=live.Leave(npc="guard")))
            t.client.observe("thief", OBSERVATIONS)
            assert (await t.client.action()).npc == "thief"

    run(talk())


def test_the_mind_of_an_npc_that_left_is_let_go():
    """Another one may come with its key at once."""

    async def talk():
        async with Talk() as t:
            (world,) = (world.name for world in t.server.worlds)
            assert t.mind.staying == {world}
            for count in (1, 2):
                t.client.observe("guard", OBSERVATIONS)
                assert (await t.client.action()).indices[Branch.TARGET] == count
            t.mind.delay = 0.2
            t.client.observe("guard", OBSERVATIONS)
            await until(lambda: len(t.mind.batches) == 3)
            t.client.send(live.Message(leave=live.Leave(npc="guard")))
            t.client.observe("guard", OBSERVATIONS)
            assert [(await t.client.action()).indices[Branch.TARGET] for _ in range(2)] == [3, 1]
            t.client.send(live.Message(leave=live.Leave(npc="guard")))
            await until(lambda: not t.mind.counts)

    run(talk())


# ----------------------------------------------------------------------------------------- refusals


def test_a_newer_connection_of_a_game_takes_over():
    async def talk():
        async with Talk() as t:
            later = t.other(session=t.client.session)
            await later.connect()
            with pytest.raises(RefusedError, match="another connection of the same game took over"):
                await t.client.receive()
            await later.connect()
            with pytest.raises(RefusedError, match="a later connection of the same game is here"):
                await t.other(session=t.client.session).connect()

    run(talk())


def test_another_contract_is_refused():
    async def talk():
        async with Talk() as t:
            with pytest.raises(RefusedError, match=r"its contract is 1 \(0123456789ab\) and this "):
                await t.other(contract="0123456789ab").connect()

    run(talk())


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "a message of 542393671 bytes is over the limit of 4096 bytes, "
         "or it does not speak the live link"),
        (struct.pack("<I", 5) + b"\xff" * 5, "its bytes are not a message of the live link"),
        (frame(live.Message(ping=live.Ping())), "it did not begin with the live link's hello"),
        (frame(live.Message(hello=live.Hello(contract_hash=contract_hash(), session=b"short"))),
         "its session key has not 8 to 64 bytes"),
    ],
)  # fmt: skip
def test_garbage_closes_only_its_own_connection(data, sentence, caplog):
    async def talk():
        async with Talk() as t:
            t.client.observe("guard", OBSERVATIONS)
            assert await say(t.server.port, data) == sentence
            assert (await t.client.action()).sequence == 1
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).sequence == 2

    with caplog.at_level(logging.WARNING):
        run(talk())
    assert sum("is let go" in record.message for record in caplog.records) == 1


@pytest.mark.parametrize(
    ("message", "limits", "sentence"),
    [
        (live.Message(observation=live.Observation(npc="a", audio=bytes(5000))),
         LiveLimits(message_bytes=5000), "a message of 50.. bytes is over the limit of 5000"),
        (live.Message(mind=live.Mind(npc="a", blob=bytes(65537))), LiveLimits(),
         "the mind of 'a' has 65537 bytes, and 65536 is the most"),
        (live.Message(action=live.Action()), LiveLimits(), "it sent .action. where only"),
        (live.Message(hello=live.Hello()), LiveLimits(), "it sent .hello. where only"),
    ],
)  # fmt: skip
def test_what_goes_over_a_limit_is_refused(message, limits, sentence):
    async def talk():
        async with Talk(limits=limits) as t:
            t.client.tell("a", "goal", [])
            t.client.send(message)
            with pytest.raises(RefusedError, match=sentence):
                await t.client.action()

    run(talk())


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("thief", "some of its NPCs stand still: this server decides for 1 of one world .heedful"),
        ("", "an NPC with a key of 0 characters stands still: give it one of 1 to 128"),
        ("x" * 129, "an NPC with a key of 129 characters stands still"),
    ],
)
def test_an_npc_that_cannot_be_taken_stands_still_and_the_others_go_on(key, sentence, caplog):
    async def talk():
        async with Talk(limits=LiveLimits(npcs=1)) as t:
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).npc == "guard"
            t.client.tell(key, "goal", [])
            t.client.send(live.Message(mind=live.Mind(npc=key, blob=b"x")))
            t.client.observe(key, OBSERVATIONS)
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).sequence == 2

    with caplog.at_level(logging.WARNING):
        run(talk())
    assert len([line for line in caplog.messages if re.search(sentence, line)]) == 1


def test_what_a_paused_npc_is_told_is_left_out_past_a_limit_and_nothing_ends(caplog):
    async def talk():
        async with Talk(limits=LiveLimits(pending_news=5)) as t:
            t.client.observe("thief", OBSERVATIONS)
            assert (await t.client.action()).npc == "thief"
            for number in range(20):
                t.client.tell("guard", "dialogue", [{"voice": "chunk", "utterance": number}])
            t.client.observe("thief", OBSERVATIONS)
            assert (await t.client.action()).npc == "thief"
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).npc == "guard"

    with caplog.at_level(logging.WARNING):
        run(talk())
    told = [line for line in caplog.messages if "the later ones are left out" in line]
    assert len(told) == 1 and "more than 5 messages of side channels for 'guard'" in told[0]


def test_a_flood_is_refused():
    async def talk():
        async with Talk(limits=LiveLimits(messages_per_second=50)) as t:
            for number in range(200):
                t.client.ping(number)
            with pytest.raises(RefusedError, match="more than 50 messages a second"):
                await t.client.action()

    run(talk())


def test_a_world_with_large_side_channel_messages_is_held_back_and_told_once(monkeypatch, caplog):
    """By bytes of side channels alone, so that no clock decides this test."""
    counted = []

    class Counted(Throttle):
        def take(self, units=1.0):
            counted.append(units)
            return 0.001 if len(counted) > 1 else 0.0

    monkeypatch.setattr("unity_bridge.live.server.Throttle", Counted)

    async def talk():
        async with Talk(limits=LiveLimits(channel_bytes_per_second=1000)) as t:
            for _ in range(3):
                t.client.tell("guard", "goal", ["x" * 5000])
            t.client.observe("guard", OBSERVATIONS)
            await t.client.action()

    run(talk())
    assert len(counted) == 3
    assert all(5000 < size < 5100 for size in counted)
    said = [record.message for record in caplog.records if "held back" in record.message]
    assert len(said) == 1
    assert said[0].endswith(
        "it is held back: its messages of side channels have more than 1000 bytes a second; send "
        "shorter or fewer"
    )


def test_a_world_that_takes_more_than_its_share_of_the_time_is_held_back_and_told_once(
    monkeypatch, caplog
):
    monkeypatch.setattr("unity_bridge.live.turns.SHARE", 0.002)  # of what a few messages take
    monkeypatch.setattr("unity_bridge.live.turns.BURST_SECONDS", 0.0)
    monkeypatch.setattr("unity_bridge.live.server.PATIENCE_SECONDS", 0.02)

    async def talk():
        async with Talk() as t:
            for _ in range(5):
                t.client.observe("guard", OBSERVATIONS)
            while (await t.client.action()).sequence < 5:
                pass

    run(talk())
    said = [record.message for record in caplog.records if "held back" in record.message]
    assert len(said) == 1
    assert said[0].endswith(
        "it is held back: reading what it says takes more than 15% of the server's time; send "
        "fewer or shorter messages"
    )


def test_a_message_of_very_many_lists_for_one_npc_is_ignored_and_told(caplog):
    async def talk():
        async with Talk() as t:
            t.client.tell("guard", "goal", [[]] * 20_000)
            t.client.observe("guard", OBSERVATIONS)
            await t.client.action()

    run(talk())
    said = [record.message for record in caplog.records if "lists and objects" in record.message]
    assert len(said) == 1
    assert said[0].endswith(
        "a message of the goal channel is ignored: it has 20001 lists and objects and may have "
        "20000: send them in several messages"
    )


def test_too_many_worlds_are_refused_and_one_that_is_away_gives_way():
    async def talk():
        async with Talk(limits=LiveLimits(worlds=1)) as t:
            with pytest.raises(RefusedError, match="the server has 1 worlds, which is its limit"):
                await t.other().connect()
            t.client.drop()
            await until(lambda: t.server.worlds[0].outlet is None)
            await t.other().connect()
            assert len(t.mind.gone) == 1

    run(talk())


def test_who_does_not_say_hello_is_let_go():
    async def talk():
        limits = LiveLimits(hello_seconds=0.1, strangers=1)
        async with Talk(limits=limits) as t:
            first = asyncio.create_task(say(t.server.port, b""))
            await asyncio.sleep(0.03)
            assert "too many connections" in await say(t.server.port, b"")
            assert "it has not said hello within" in await first

    run(talk())


def test_a_game_that_falls_silent_is_let_go_and_may_come_back():
    async def talk():
        async with Talk(limits=LiveLimits(silence_seconds=0.1)) as t:
            t.client.observe("guard", OBSERVATIONS)
            await t.client.action()
            await until(lambda: t.server.worlds[0].outlet is None)
            await t.client.connect()
            t.client.observe("guard", OBSERVATIONS)
            assert (await t.client.action()).indices[Branch.TARGET] == 2

    run(talk())


def test_a_game_that_does_not_read_gets_no_actions_and_takes_no_memory():
    class Talkative(CountingMind):
        async def save(self, world, npc):
            return bytes(60_000)

    async def talk():
        limits = LiveLimits(unsent_bytes=100_000)
        async with Talk(Talkative(), limits=limits) as t:
            t.server.worlds[0].outlet.writer.transport.set_write_buffer_limits(high=1)
            t.client._reader._transport.pause_reading()
            world = t.server.worlds[0]
            t.client.observe("guard", OBSERVATIONS)
            await until(lambda: world.npcs and world._npcs["guard"].sequence == 1)
            for _ in range(200):
                await world._save("guard", world._npcs["guard"])
            assert world.outlet.writer.transport.get_write_buffer_size() < 300_000
            assert world.outlet.skipped > 50
            t.client._reader._transport.resume_reading()
            while (await t.client.receive()).WhichOneof("body") != "action":
                pass
            reading = asyncio.create_task(t.client.action())
            await until(lambda: not world.outlet.writer.transport.get_write_buffer_size())
            t.client.observe("guard", OBSERVATIONS)
            assert (await reading).sequence == 2

    run(talk())


def test_whoever_leaves_while_all_minds_are_saved_takes_no_other_mind_along():
    worlds: list[LiveWorld] = []
    sent: list[str] = []

    class Leaving(KeepingMind):
        async def save(self, world, npc):
            worlds[0].take(live.Message(leave=live.Leave(npc="b")))
            return await super().save(world, npc)

    class Outlet:
        def send(self, message, *, may_skip=False):
            sent.append(message.mind.npc)

    async def play():
        one = LiveWorld("w", Leaving(), LiveLimits(), HostMeters())
        worlds.append(one)
        one.outlet = Outlet()
        for npc in "abc":
            one.take(live.Message(mind=live.Mind(npc=npc, sequence=1)))
        await one.save_all()
        one.close()

    run(play())
    assert sent == ["a", "b", "c"]
