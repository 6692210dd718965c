"""Saving and restoring minds on the mind channel."""

import asyncio
import base64
import time

import pytest

from tests.unity_bridge.helpers import RecordingMind, Serving, make_infos, make_step
from unity_bridge import channels, keeping


class KeepingMind(RecordingMind):
    def __init__(self, blob=b"a mind"):
        super().__init__()
        self.blob = blob
        self.restored = []

    async def save(self, world, npc):
        if npc == "Bo":
            raise ValueError("it does not fit.")
        return self.blob

    async def restore(self, world, npc, blob):
        if blob == b"broken":
            raise ValueError("The saved mind is damaged: use an older save.")
        self.restored.append((npc, blob))


def ask(client, agent, *requests, key="Ada"):
    """Send requests about a mind; what came back on the mind channel."""
    message = make_step(make_infos(2))
    message.unity_output.rl_output.side_channel = channels.encode_frames([
        (channels.HELLO, channels.encode_json({"npcs": {"1": key}})),
        (channels.MIND, channels.encode_npcs({agent: list(requests)})),
    ])  # fmt: skip
    frames = channels.decode_frames(client.exchange(message).unity_input.rl_input.side_channel)
    return [channels.decode_npcs(*frame) for frame in frames]


def test_a_mind_is_saved_and_restored():
    with Serving(KeepingMind()) as serving:
        client = serving.connect()
        blob = base64.b64encode(b"a mind").decode()
        assert ask(client, 1, {"op": "save", "request": 3}, {"op": "persona", "text": "?"}) == [
            {1: {"op": "saved", "request": 3, "mind": blob}}
        ]
        assert ask(client, 1, {"op": "restore", "mind": blob}) == []
        assert serving.mind.restored == [("Ada", b"a mind")]
        assert len(serving.mind.batches) == 2  # decisions went on


@pytest.mark.parametrize("mind", [KeepingMind(None), RecordingMind()])
def test_where_there_is_no_mind_there_is_nothing_to_save(mind):
    with Serving(mind) as serving:
        answers = ask(serving.connect(), 1, {"op": "save", "request": 1})
        assert answers == [{1: {"op": "saved", "request": 1, "mind": None}}]


@pytest.mark.parametrize(
    ("mind", "key", "request_", "sentence"),
    [
        (KeepingMind(), "Bo", {"op": "save"}, "the mind of 'Bo' is not saved: it does not fit."),
        (KeepingMind(), "Ada", {"op": "restore"}, "it is no base64 text of one"),
        (KeepingMind(), "Ada", {"op": "restore", "mind": "A" * 140_000}, "no base64 text"),
        (KeepingMind(), "Ada", {"op": "restore", "mind": "a?"}, "is not restored"),
        (
            KeepingMind(), "Ada", {"op": "restore", "mind": base64.b64encode(b"broken").decode()},
            "The saved mind is damaged: use an older save.",
        ),
        (RecordingMind(), "Ada", {"op": "restore", "mind": ""}, "this server keeps none"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_told_and_the_game_goes_on(mind, key, request_, sentence, caplog):
    with Serving(mind) as serving:
        assert ask(serving.connect(), 1, request_, key=key) == []
        assert len(serving.mind.batches) == 1
    assert sentence in caplog.text


def test_an_npc_that_nobody_knows_gets_no_answer():
    with Serving(KeepingMind()) as serving:
        assert ask(serving.connect(), 2, {"op": "save", "request": 1}) == []


class SlowMind(KeepingMind):
    """Minds that are busy with something else at first."""

    def __init__(self, seconds):
        super().__init__()
        self.seconds = seconds
        self.introduced = []

    async def save(self, world, npc):
        await asyncio.sleep(self.seconds)
        return await super().save(world, npc)

    async def introduce(self, world, npc, persona):
        await asyncio.sleep(self.seconds)
        self.introduced.append(persona)


def test_a_game_does_not_wait_for_minds_that_are_busy_and_its_answers_come_later():
    with Serving(SlowMind(0.4)) as serving:
        client = serving.connect()
        begun = time.perf_counter()
        asked = ({"op": "save", "request": 3}, {"op": "persona", "text": "You are Ada."})
        assert ask(client, 1, *asked) == []
        assert time.perf_counter() - begun < 0.3
        deadline = begun + 10.0
        answers: list = []
        while not answers and time.perf_counter() < deadline:
            answers = ask(client, 1)
        ((answer,),) = [[part[1] for part in answers]]
        assert (answer["op"], answer["request"]) == ("saved", 3)
        assert serving.mind.introduced == ["You are Ada."]


def test_a_mind_that_fails_at_a_request_is_told_and_the_game_goes_on(caplog):
    class FailingMind(KeepingMind):
        async def save(self, world, npc):
            raise RuntimeError("no such drawer")

    with Serving(FailingMind()) as serving:
        assert ask(serving.connect(), 1, {"op": "save", "request": 1}) == []
        assert len(serving.mind.batches) == 1
    assert "the mind of 'Ada' failed (RuntimeError: no such drawer)" in caplog.text


def test_requests_to_minds_that_hang_do_not_pile_up(monkeypatch, caplog):
    monkeypatch.setattr(keeping, "MOST_OPEN", 2)
    with Serving(SlowMind(60.0)) as serving:
        client = serving.connect()
        for _ in range(2):
            assert ask(client, 1, {"op": "save", "request": 1}, {"op": "save", "request": 2}) == []
        assert len(serving.mind.batches) == 2
    assert "a request for the mind of 'Ada' is left out: the minds do not answer" in caplog.text
