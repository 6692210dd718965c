"""Our inflating beside zlib's: the same bytes, and the same refusals."""

import random
import zlib

import numpy as np
import pytest

from tests.unity_bridge.test_fuzz import spoil
from unity_bridge.inflate import OK, SLACK, WORK_SIZE, WRONG_SIZE, inflate

GUARD = 0xA5


def unpack(packed, size):
    """(How it ended, what came out); sees that nothing beyond the slack is written."""
    out = np.full(size + SLACK + 8, GUARD, np.uint8)
    data = np.frombuffer(packed + bytes(SLACK), np.uint8)
    state = inflate(data, len(packed), out[: size + SLACK], size, np.zeros(WORK_SIZE, np.int32))
    assert (out[size + SLACK :] == GUARD).all()
    return state, out[:size].tobytes()


def texts():
    rng = random.Random(3)
    yield "empty", b""
    yield "one", b"x"
    yield "zeros", bytes(100_000)
    yield "noise", rng.randbytes(70_000)
    yield (
        "words",
        b" ".join(rng.choice((b"attention", b"is", b"a", b"budget")) for _ in range(9000)),
    )
    yield (
        "near repeats",
        b"".join(bytes([rng.randrange(256)] * rng.randrange(20)) for _ in range(3000)),
    )
    yield "skewed", bytes(min(255, int(rng.expovariate(0.05))) for _ in range(50_000))
    for distance in range(1, 20):
        yield f"every {distance}", rng.randbytes(distance) * 300
    # so skewed that its code has lengths beyond the lookup table
    yield "long codes", b"".join(bytes([n]) * int(1.6**n) for n in range(24))


STRATEGIES = {
    "default": zlib.Z_DEFAULT_STRATEGY, "filtered": zlib.Z_FILTERED, "runs": zlib.Z_RLE,
    "huffman": zlib.Z_HUFFMAN_ONLY, "fixed": zlib.Z_FIXED,
}  # fmt: skip


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_what_zlib_packs_is_unpacked(strategy, level):
    for name, text in texts():
        pack = zlib.compressobj(level, strategy=STRATEGIES[strategy])
        packed = pack.compress(text) + pack.flush()
        state, out = unpack(packed, len(text))
        assert state == OK, name
        assert out == text, name
        assert unpack(packed, len(text) + 1)[0] == WRONG_SIZE
        if text:
            assert unpack(packed, len(text) - 1)[0] == WRONG_SIZE


def test_flushed_pieces_are_unpacked():
    pack = zlib.compressobj(6)
    packed = b"".join(
        pack.compress(bytes([n]) * n) + pack.flush(zlib.Z_FULL_FLUSH) for n in range(99)
    )
    text = b"".join(bytes([n]) * n for n in range(99))
    assert unpack(packed + pack.flush(), len(text)) == (OK, text)


def by_zlib(packed, size):
    """What zlib makes of it; None when it is damaged or of another size."""
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, size + 1)
    except zlib.error:
        return None
    return text if unpacker.eof and len(text) == size else None


def test_spoilt_data_are_refused_where_zlib_refuses_them():
    rng = random.Random(11)
    good = [(zlib.compress(text, level), len(text)) for _, text in texts() for level in (1, 6)]
    accepted = 0
    for _ in range(6000):
        packed, size = rng.choice(good)
        packed = packed[: rng.choice((60, 300, len(packed)))]
        packed = spoil(packed, rng) if rng.random() < 0.9 else packed
        if rng.random() < 0.3:
            size = rng.randrange(200)
        expected = by_zlib(packed, size)
        state, out = unpack(packed, size)
        assert (state == OK) == (expected is not None)
        if expected is not None:
            accepted += 1
            assert out == expected
    assert accepted > 50
