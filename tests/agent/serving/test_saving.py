import asyncio
import json
import struct
import zlib

import numpy as np
import pytest

from agent.belief.columns import BodyColumn, NodeColumn
from agent.belief.state import ARRAY_SHAPES, BLOB_LIMIT
from agent.checkpoint import SHIPPED
from agent.metacognition.regulator import Regulator
from agent.mind import Mind
from agent.serving import Minds, SaveError
from agent.serving.saving import read_mind, restore_mind, save_mind
from tests.agent.serving.worlds import PATIENT, Stage, make_batch

TASKS = (
    "navigation/named_place", "navigation/coloured_object", "coordination/two_know_halves"
)  # fmt: skip


def load_mind():
    """The shipped brain; a fresh one with metacognition where there is none."""
    if SHIPPED.exists():
        return Mind.load()
    mind = Mind.untrained()
    mind.regulator = Regulator()
    return mind


@pytest.fixture(scope="module")
def mind():
    return load_mind()


async def play(minds, stage, decisions):
    actions = []
    for _ in range(decisions):
        reply = await minds.decide(stage.batch())
        actions.append(reply.actions.tolist())
        stage.step(reply.actions)
    return actions


@pytest.mark.parametrize("task", TASKS)
def test_a_restored_mind_acts_as_if_nothing_had_happened(mind, task):
    async def go_on(moved):
        minds, others = Minds(load_mind(), options=PATIENT), Minds(load_mind(), options=PATIENT)
        await others.decide(make_batch("else", ["x", "y"]))
        stage = Stage("world-1", task)
        await play(minds, stage, 25)
        if moved:
            for npc in stage.batch().npcs:
                blob = await minds.save("world-1", npc)
                assert blob is not None
                assert len(blob) <= BLOB_LIMIT
                await others.restore("world-1", npc, blob)
        actions = await play(others if moved else minds, stage, 25)
        await minds.close()
        await others.close()
        return actions

    assert asyncio.run(go_on(True)) == asyncio.run(go_on(False))


def lived(mind):
    """A blob of an NPC that has lived a while, which metacognition has looked at."""

    async def live():
        minds = Minds(mind, options=PATIENT)
        await play(minds, Stage("w", TASKS[0]), 5)
        blob = await minds.save("w", "npc0")
        await minds.close()
        return blob

    mind.memories.drop_all()
    return asyncio.run(live())


def test_an_unknown_npc_has_no_mind_to_save(mind):
    async def ask():
        minds = Minds(mind, options=PATIENT)
        blob = await minds.save("nowhere", "nobody")
        await minds.close()
        return blob

    assert asyncio.run(ask()) is None


def sign(body):
    return struct.pack("<4sHI", b"HFDM", 1, zlib.crc32(body)) + body


def change_rest(blob, change):
    """The blob with its counters changed, checksum right."""
    body = blob[10:]
    end = 4 + struct.unpack_from("<I", body)[0]
    rest = json.loads(zlib.decompress(body[end:]))
    change(rest)
    return sign(body[:end] + zlib.compress(json.dumps(rest).encode()))


def change_goal(blob, **fields):
    """The blob with fields of its first goal changed."""
    return change_rest(blob, lambda rest: rest["goals"]["open"][0].update(fields))


def change_belief(blob, array, column, value):
    """The blob with one number of its belief changed, checksums right."""
    body = blob[10:]
    end = 4 + struct.unpack_from("<I", body)[0]
    belief = bytearray(zlib.decompress(body[14:end]))
    offset = 4 + struct.unpack_from("<I", belief)[0]
    for name, shape in ARRAY_SHAPES.items():
        if name == array:
            break
        offset += 4 * int(np.prod(shape))
    struct.pack_into("<f", belief, offset + 4 * column, value)
    packed = zlib.compress(bytes(belief))
    packed = body[4:10] + struct.pack("<I", zlib.crc32(packed)) + packed
    return sign(struct.pack("<I", len(packed)) + packed + body[end:])


BAD = {
    "other file": (lambda b: b"JUNK" + b[4:], "not a saved mind: give the bytes that saving"),
    "cut head": (lambda b: b[:9], "cut off: use an older save"),
    "cut tail": (lambda b: b[:-3], "damaged: use an older save"),
    "a flipped bit": (lambda b: b[:60] + bytes([b[60] ^ 1]) + b[61:], "damaged"),
    "version": (lambda b: b[:4] + b"\x63\0" + b[6:], "version 99 and this package reads version 1"),
    "too long": (lambda b: b + bytes(BLOB_LIMIT), "longer than 65536 bytes"),
    "no belief": (lambda b: sign(bytes(20)), "not a saved belief"),
    "not a number": (lambda b: change_belief(b, "body", BodyColumn.X, np.nan), "damaged"),
    "slot": (lambda b: change_belief(b, "body", BodyColumn.HELD, 1e6), "damaged"),
    "place": (lambda b: change_belief(b, "nodes", NodeColumn.PLACE, -5.0), "damaged"),
    "count": (lambda b: change_rest(b, lambda r: r.update(decisions=-1)), "damaged"),
    "dice": (lambda b: change_rest(b, lambda r: r.update(number=2**80)), "damaged"),
    "size": (lambda b: change_rest(b, lambda r: r.update(utterances=[1.0])), "damaged"),
    "kind": (lambda b: change_rest(b, lambda r: r.update(regulator=[])), "damaged"),
    "goals": (lambda b: change_rest(b, lambda r: r.update(goals=[1])), "damaged"),
    "goal": (lambda b: change_rest(b, lambda r: r["goals"].update(present=9)), "damaged"),
    "goal's number": (lambda b: change_goal(b, goal=2**60), "damaged"),
    "goal's step": (lambda b: change_goal(b, step=10**400), "damaged"),
    "time": (lambda b: change_rest(b, lambda r: r["goals"].update(finished=1e999)), "damaged"),
    "missing": (lambda b: change_rest(b, lambda r: r.pop("decisions")), "damaged"),
    "strategy": (
        lambda b: change_rest(b, lambda r: r["regulator"]["memory"].update(strategy=9)), "damaged"
    ),
    "focus": (
        lambda b: change_rest(b, lambda r: r["regulator"]["memory"].update(focus=64)), "damaged"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def blob(mind):
    return lived(mind)


@pytest.mark.parametrize("how", BAD)
def test_a_bad_blob_is_refused_in_a_sentence_and_changes_nothing(mind, blob, how):
    damage, message = BAD[how]
    mind.memories.drop_all()
    restore_mind(mind, 0, read_mind(blob))
    with pytest.raises(SaveError, match=message):
        restore_mind(mind, 0, read_mind(damage(blob)))
    assert save_mind(mind, 0, read_mind(blob).goals) == blob


def test_what_a_blob_unpacks_to_is_bounded(blob):
    body = blob[10:]
    end = 4 + struct.unpack_from("<I", body)[0]
    bomb = zlib.compress(b" " * 80_000_000, 9)
    with pytest.raises(SaveError, match="longer than 65536"):
        read_mind(sign(body[:end] + bomb))
    with pytest.raises(SaveError, match="damaged"):
        read_mind(sign(body[:end] + zlib.compress(b" " * 20_000_000, 9)))


def test_a_mind_without_metacognition_takes_what_it_can(mind, blob):
    plain = Mind.untrained()
    restore_mind(plain, "a", read_mind(blob))
    assert plain.memories.decisions.tolist() == [5]
    mind.memories.drop_all()
    restore_mind(mind, 3, read_mind(save_mind(plain, "a")))
    assert mind.memories.decisions.tolist() == [5]
