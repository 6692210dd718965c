"""Saving and restoring minds on the mind channel."""

import base64

import pytest

from tests.unity_bridge.helpers import RecordingMind, Serving, make_infos, make_step
from unity_bridge import channels


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
