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


def test_messages_for_ever_new_npcs_push_out_the_oldest():
    inbox = Inbox()
    everybody = {str(agent): [{"op": "set"}] for agent in range(5000)}
    assert send(inbox, channels.GOAL, {"npcs": everybody}) == []
    assert list(inbox.goals) == list(range(5000 - 4096, 5000))


def test_an_npc_with_a_new_id_for_each_episode_keeps_its_key():
    inbox = Inbox()
    for episode in range(10_000):
        list(inbox._read_hello({"npcs": {str(episode): "Ada"}}))
    assert inbox.npc_keys[9_999] == "Ada"
    assert len(inbox.npc_keys) == 4096
