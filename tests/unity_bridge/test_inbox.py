"""What comes on the dialogue channel: texts are kept, a voice is left to who hears."""

from envs.contract import Utterance
from unity_bridge import channels
from unity_bridge.inbox import Inbox


def test_pieces_of_a_voice_are_no_texts_and_do_not_hide_them():
    inbox = Inbox()
    text = {"utterance": 5, "speaker": 3, "to_me": True, "text": "hello"}
    entries = [
        {"voice": "start", "utterance": 4, "speaker": 3, "to_me": True, "rate": 16000},
        {"voice": "chunk", "utterance": 4, "pcm": "AAAA"},
        text,
        {"voice": "stop", "utterance": 4},
    ]
    frame = (channels.DIALOGUE, channels.encode_npcs({7: entries}))
    assert list(inbox.read(channels.encode_frames([frame]))) == []
    assert inbox.texts[7] == [Utterance(5, 3, True, "hello")]
