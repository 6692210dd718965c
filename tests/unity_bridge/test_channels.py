import struct
from uuid import UUID

import pytest

from unity_bridge import channels
from unity_bridge.errors import BridgeError


def test_a_frame_is_uuid_in_dotnet_order_length_payload():
    frame = channels.encode_frames([(channels.STATS, b"abc")])
    assert frame.hex() == "b7f7d8a1c8ce" + "f950b78bd3e165a78520" + "03000000" + b"abc".hex()


def test_frames_come_back_in_order():
    frames = [(channels.HELLO, b""), (UUID(int=5), b"\0" * 1000), (channels.GOAL, "é".encode())]
    assert channels.decode_frames(channels.encode_frames(frames)) == frames
    assert channels.decode_frames(b"") == []


@pytest.mark.parametrize("cut", [1, 15, 17, 19, 21])
def test_a_cut_frame_gets_a_sentence(cut):
    data = channels.encode_frames([(channels.HELLO, b"{}")])
    with pytest.raises(BridgeError, match="side channel"):
        channels.decode_frames(data[:cut])


def test_a_negative_length_gets_a_sentence():
    data = channels.HELLO.bytes_le + struct.pack("<i", -4)
    with pytest.raises(BridgeError, match="says -4 bytes where 0 are left"):
        channels.decode_frames(data)


def test_our_channels_have_fixed_and_different_ids():
    assert str(channels.HELLO) == "24f7cd7e-a408-575c-817e-dea6ab477b1b"
    assert len({*channels.OUR_CHANNELS, channels.STATS, channels.ENGINE_CONFIGURATION}) == 8


def test_parts_for_npcs_survive_in_utf8():
    parts = {1: [{"text": "wo ist das 馆?"}], 12: []}
    data = channels.encode_npcs(parts)
    assert "馆".encode() in data
    assert channels.decode_npcs(channels.DIALOGUE, data) == parts


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (b"{", "the dialogue channel holds no JSON"),
        (b"\xff\xfe", "the dialogue channel holds no JSON"),
        (b"[1]", "the dialogue channel holds a JSON list, not an object"),
        (b'{"npcs": {"one": 1}}', "the dialogue channel's npcs is not an object"),
        (b'{"npcs": 3}', "the dialogue channel's npcs is not an object"),
    ],
)
def test_a_bad_payload_gets_a_sentence(payload, sentence):
    with pytest.raises(BridgeError) as error:
        channels.decode_npcs(channels.DIALOGUE, payload)
    assert str(error.value).startswith(sentence)


def test_engine_settings():
    setting = channels.EngineSetting
    data = channels.encode_engine_setting(setting.RESOLUTION, 84, 60)
    assert data == struct.pack("<iii", 0, 84, 60)
    assert channels.decode_engine_setting(data) == (setting.RESOLUTION, (84, 60))
    data = channels.encode_engine_setting(setting.TIME_SCALE, 20.0)
    assert data == struct.pack("<if", 2, 20.0)
    assert channels.decode_engine_setting(data) == (setting.TIME_SCALE, (20.0,))
    data = channels.encode_engine_setting(setting.TARGET_FRAME_RATE, -1)
    assert channels.decode_engine_setting(data) == (setting.TARGET_FRAME_RATE, (-1,))
    assert channels.decode_engine_setting(struct.pack("<ii", 99, 1)) is None
    with pytest.raises(BridgeError, match="cut off"):
        channels.decode_engine_setting(struct.pack("<ii", 0, 1))


def test_environment_parameters():
    data = channels.encode_parameter("seed", 7.0)
    assert data == struct.pack("<i", 4) + b"seed" + struct.pack("<if", 0, 7.0)
    assert channels.decode_parameter(data) == ("seed", 7.0)
    key = struct.pack("<i", 1) + b"k"
    uniform = key + struct.pack("<iiiff", 1, 3, 0, 0.5, 1.5)
    assert channels.decode_parameter(uniform) == (
        "k",
        channels.SampledParameter(3, channels.Sampler.UNIFORM, (0.5, 1.5)),
    )
    ranges = key + struct.pack("<iiiiffff", 1, 3, 2, 4, 0, 1, 4, 5)
    assert channels.decode_parameter(ranges) == (
        "k",
        channels.SampledParameter(3, channels.Sampler.MULTIRANGE, (0, 1, 4, 5)),
    )
    assert channels.decode_parameter(key + struct.pack("<i", 9)) is None
    with pytest.raises(BridgeError, match="cut off"):
        channels.decode_parameter(struct.pack("<i", 50) + b"seed")


def test_stats_are_ascii_as_official_clients_read_it():
    data = channels.encode_stat("Läuft", 0.5, channels.Aggregation.SUM)
    assert data == struct.pack("<i", 5) + b"L?uft" + struct.pack("<fi", 0.5, 2)
    assert channels.decode_stat(data) == ("L?uft", 0.5, 2)
