"""The generated messages are ML-Agents' messages."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unity_bridge.helpers import RECORDED, recorded
from unity_bridge.protocol import generate, messages

pytestmark = pytest.mark.peer


def test_there_are_four_recorded_conversations():
    assert len(RECORDED) == 4
    assert all(len(recorded(path)) == 43 for path in RECORDED)


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_recorded_messages_round_trip_byte_by_byte(path):
    for pair in recorded(path):
        for data in pair:
            message = messages.UnityMessageProto.FromString(data)
            assert message.SerializeToString(deterministic=True) == data


def test_recorded_messages_leave_no_unknown_field():
    def check(message):
        for field, value in message.ListFields():
            if field.message_type is None:
                continue
            if field.message_type.GetOptions().map_entry:
                parts = [value[key] for key in value]
            else:
                parts = value if field.is_repeated else [value]
            for part in parts:
                check(part)
        known = type(message)()
        known.CopyFrom(message)
        known.DiscardUnknownFields()
        assert known.ByteSize() == message.ByteSize()

    for pair in recorded(RECORDED[0]):
        for data in pair:
            check(messages.UnityMessageProto.FromString(data))


def test_the_generated_code_is_that_of_the_proto_file(tmp_path):
    pytest.importorskip("grpc_tools")
    generate.generate(tmp_path)
    folder = Path(generate.PROTO).parent
    for name in ("mlagents_pb2.py", "mlagents_pb2.pyi", "live_pb2.py", "live_pb2.pyi"):
        expected = (tmp_path / folder / name).read_text()
        assert (generate.ROOT / folder / name).read_text() == expected, "run make protocol"


def test_messages_can_be_pickled():
    message = messages.UnityMessageProto(header=messages.HeaderProto(status=7))
    assert pickle.loads(pickle.dumps(message)) == message


def test_the_same_message_names_may_be_in_the_default_pool_too(tmp_path):
    pytest.importorskip("grpc_tools")
    program = f"""
import sys
from grpc_tools import protoc
assert protoc.main(["", "-I{generate.ROOT}", "--python_out={tmp_path}", "{generate.PROTO}"]) == 0
sys.path.insert(0, "{tmp_path}/unity_bridge/protocol")
import mlagents_pb2
from unity_bridge.protocol import messages
data = messages.UnityMessageProto(header=messages.HeaderProto(status=7)).SerializeToString()
assert mlagents_pb2.UnityMessageProto.FromString(data).header.status == 7
"""
    subprocess.run([sys.executable, "-c", program], check=True)
