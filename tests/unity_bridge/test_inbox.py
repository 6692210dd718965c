import pytest

from envs.contract import contract_hash
from unity_bridge import channels
from unity_bridge.inbox import Inbox


def send(inbox, channel, content):
    """The sentences about what was ignored."""
    frame = (channel, channels.encode_json(content))
    return [sentence for _, _, sentence in inbox.read(channels.encode_frames([frame]))]


def test_messages_wait_for_their_npc_in_order():
    inbox = Inbox()
    for number in range(3):
        assert send(inbox, channels.GOAL, {"npcs": {"1": [{"op": "set", "goal": number}]}}) == []
    assert [goal["goal"] for goal in inbox.goals[1]] == [0, 1, 2]


def test_a_flood_of_messages_for_one_npc_keeps_the_newest():
    inbox = Inbox()
    for number in range(0, 3000, 100):
        goals = [{"op": "set", "goal": number + part} for part in range(100)]
        assert send(inbox, channels.GOAL, {"npcs": {"1": goals}}) == []
    assert [goal["goal"] for goal in inbox.goals[1]] == list(range(2000, 3000))


@pytest.mark.parametrize(
    "channel",
    [channels.CATALOGUE, channels.GOAL, channels.DIALOGUE, channels.EPISODE, channels.MIND],
)
def test_a_part_with_too_many_entries_is_not_read_at_all(channel):
    """Reading half a million of them took 0.7 s, in which every other world waited."""
    inbox = Inbox()
    assert send(inbox, channel, {"npcs": {"1": [0] * 1001}}) == [
        f"a message of the {channels.OUR_CHANNELS[channel]} channel is ignored: an NPC's part has "
        "1001 entries and may have 1000: send them in several messages"
    ]
    most = [{"op": "set", "goal": number} for number in range(1000)]
    assert send(inbox, channels.GOAL, {"npcs": {"1": most}}) == []
    assert len(inbox.goals[1]) == 1000


def test_a_message_of_very_many_lists_is_not_read():
    """Making them took 0.2 s for a megabyte, in which every other world waited."""
    inbox = Inbox()
    assert send(inbox, channels.GOAL, {"npcs": {"1": [{"op": "set", "x": [[]] * 200_000}]}}) == [
        "a message of the goal channel is ignored: it has 200005 lists and objects and may have "
        "200000: send them in several messages"
    ]
    assert send(inbox, channels.GOAL, {"npcs": {"1": [{"op": "set", "x": [[]] * 199_995}]}}) == []
    assert len(inbox.goals[1]) == 1


GOAL = b'{"npcs":{"1":[{"op":"set"}]}}'


HELLO = (channels.HELLO, channels.encode_json({"npcs": {"1": "Ada"}, "hash": contract_hash()}))
CATALOGUE = (channels.CATALOGUE, b'{"npcs":{"1":[]}}')


@pytest.mark.parametrize(
    ("frames", "most"),
    [
        ([CATALOGUE] * 10_001, "10000 messages"),
        ([(channels.DIALOGUE, b" " * 9 * 2**20)] * 2, "16 MiB"),
        ([(channels.DIALOGUE, b" " * (16 * 2**20 + 1))], "16 MiB"),
        ([(channels.DIALOGUE, b"," * 250_001)] * 2, "500000 values"),
    ],
)
def test_what_would_take_very_long_to_read_is_left_out_and_the_rest_is_read(
    frames, most, monkeypatch
):
    """A step of so many messages took 80 s to read, in which every other world waited."""
    read = []

    def note(self, *frame):
        read.append(frame)
        return ()

    monkeypatch.setattr(Inbox, "_read_npcs", note)
    inbox = Inbox()
    said = list(inbox.read(channels.encode_frames([*frames, HELLO])))
    sentence = f"it has more than {most}, the most for one step: send it in several steps"
    assert said == [("channel_ignored", "", f"part of its side channel is ignored: {sentence}")]
    assert read == frames[:-1]
    assert inbox.npc_keys == {1: "Ada"}  # it comes once, and is read whatever else comes


def test_a_message_that_is_left_out_takes_none_of_the_room_of_the_others():
    inbox = Inbox()
    list(
        inbox.read(
            channels.encode_frames([(channels.MIND, b" " * 17 * 2**20), (channels.GOAL, GOAL)])
        )
    )
    assert len(inbox.goals[1]) == 1


@pytest.mark.parametrize(
    ("frames", "most"),
    [
        ([(channels.STATS, b"")] * 20_001, "20000 messages"),
        ([HELLO] * 101, "100 messages"),
        ([(channels.HELLO, b" " * (4 * 2**20 + 1))], "4 MiB"),
    ],
)
def test_not_even_hellos_may_be_without_end(frames, most):
    (said,) = Inbox().read(channels.encode_frames(frames))
    assert f"it has more than {most}, the most for one step" in said[2]


def test_other_channels_may_be_long():
    frames = [(channels.STATS, b"," * 20 * 2**20), (channels.GOAL, GOAL)]
    inbox = Inbox()
    assert list(inbox.read(channels.encode_frames(frames))) == []
    assert len(inbox.goals[1]) == 1


def test_a_message_for_more_npcs_than_there_may_be_is_not_read():
    inbox = Inbox()
    assert send(inbox, channels.GOAL, {"npcs": {str(agent): [] for agent in range(4097)}}) == [
        "a message of the goal channel is ignored: it is for 4097 NPCs and may be for 4096"
    ]


def test_messages_for_ever_new_npcs_push_out_the_oldest():
    inbox = Inbox()
    for first in (0, 2500):
        some = {str(agent): [{"op": "set"}] for agent in range(first, first + 2500)}
        assert send(inbox, channels.GOAL, {"npcs": some}) == []
    assert list(inbox.goals) == list(range(5000 - 4096, 5000))


def test_an_npc_with_a_new_id_for_each_episode_keeps_its_key():
    inbox = Inbox()
    for episode in range(10_000):
        list(inbox._read_hello({"npcs": {str(episode): "Ada"}}))
    assert inbox.npc_keys[9_999] == "Ada"
    assert len(inbox.npc_keys) == 4096


@pytest.mark.parametrize(
    "payload",
    [
        b'{"npcs":{"1":[{"utterance":1e999,"speaker":1,"to_me":true,"text":""}]}}',
        b"[" * 100_000,
    ],
)
def test_numbers_and_depths_beyond_all_bounds_are_ignored_with_a_sentence(payload):
    frame = (channels.DIALOGUE, payload)
    (told,) = Inbox().read(channels.encode_frames([frame]))
    assert told[0] == "channel_ignored"


def test_half_a_character_is_replaced_so_that_it_can_be_written_down():
    inbox = Inbox()
    hello = (channels.HELLO, b'{"npcs":{"1":"Ad\\uD83Da","2":"\\uD83D\\uDE00"}}')
    list(inbox.read(channels.encode_frames([hello])))
    assert inbox.npc_keys == {1: "Ad?a", 2: "\N{GRINNING FACE}"}


def test_a_key_that_is_too_long_is_refused():
    inbox = Inbox()
    (sentence,) = send(inbox, channels.HELLO, {"npcs": {"1": "A" * 201}})
    assert "has 201 characters and may have 200: shorten it" in sentence
    assert inbox.npc_keys == {}
