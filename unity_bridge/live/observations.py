"""Contract arrays <-> observations of the live link."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from envs.contract import CAMERA_SIZE, FIELDS, MASK_SIZE, Field
from unity_bridge.codec import is_measurable, tell_unmeasurable
from unity_bridge.errors import BridgeError
from unity_bridge.png import decode_png, encode_png
from unity_bridge.protocol import live_pb2 as live

_CAMERA = "camera"
_FLOAT_FIELDS = tuple(field for field in FIELDS if field.name != _CAMERA)
_FLOAT = np.dtype("<f4")
_MASK_BYTES = (MASK_SIZE + 7) // 8


class Rows:
    """Contract arrays with room for a number of NPCs, filled row by row.

    Args:
        count: rows.
    """

    def __init__(self, count: int) -> None:
        self.arrays: dict[str, NDArray] = {
            field.name: np.zeros((count, *field.shape), field.dtype) for field in FIELDS
        }
        self.allowed = np.ones((count, MASK_SIZE), bool)

    def fill(self, row: int, message: live.Observation) -> None:
        """Read one NPC's observation; what was in the row is overwritten.

        Raises:
            BridgeError: when it is not what the contract says.
        """
        for field in _FLOAT_FIELDS:
            try:
                _read_floats(self.arrays[field.name][row], getattr(message, field.name), field)
            except BridgeError as error:
                raise BridgeError(f"observation '{field.name}': {error}") from None
        camera = self.arrays[_CAMERA][row]
        if message.camera_png:
            try:
                pixels = decode_png(message.camera_png, CAMERA_SIZE, CAMERA_SIZE)
            except BridgeError as error:
                raise BridgeError(f"observation '{_CAMERA}': {error}") from None
            camera[:] = pixels.transpose(2, 0, 1)
        else:
            camera[:] = 0
        self.allowed[row] = _read_mask(message.forbidden)

    def observations(self, rows: int) -> dict[str, NDArray]:
        """The first rows with the masks of real entities and utterances, as minds take them."""
        arrays = {name: array[:rows] for name, array in self.arrays.items()}
        for field in FIELDS:
            if field.variable:
                real = np.any(arrays[field.name], axis=2)
                arrays[f"{field.name}_mask"] = real.astype(np.int8)
        return arrays


def encode_observation(
    npc: str, sequence: int, time: float, observations: Mapping[str, NDArray], row: int,
    allowed: NDArray[np.bool_] | None = None,
) -> live.Observation:  # fmt: skip
    """One row of contract arrays as a game sends it.

    Args:
        npc: the NPC's key.
        sequence: number of the observation.
        time: the game's unscaled clock, seconds.
        observations: contract arrays ``(rows, ...)``; other keys are ignored.
        row: which row to take.
        allowed: flat mask ``(MASK_SIZE,)``, true = allowed; None allows all.
    """
    message = live.Observation(npc=npc, sequence=sequence, time=time)
    for field in _FLOAT_FIELDS:
        value = observations[field.name][row]
        if field.variable:
            value = value[: _real_rows(value)]
        setattr(message, field.name, np.ascontiguousarray(value, _FLOAT).tobytes())
    pixels = observations[_CAMERA][row].transpose(1, 2, 0)
    message.camera_png = encode_png(np.ascontiguousarray(pixels))
    if allowed is not None:
        message.forbidden = np.packbits(~allowed, bitorder="little").tobytes()
    return message


def warm_up() -> None:
    """Compile what reads pictures, so that the first observation does not wait for it."""
    blank = np.zeros((CAMERA_SIZE, CAMERA_SIZE, 3), np.uint8)
    decode_png(encode_png(blank), CAMERA_SIZE, CAMERA_SIZE)


def _real_rows(value: NDArray) -> int:
    """Rows up to the last real one."""
    real: Sequence[int] = np.flatnonzero(value.any(axis=1)).tolist()
    return real[-1] + 1 if real else 0


def _read_floats(target: NDArray, data: bytes, field: Field) -> None:
    row_bytes = _FLOAT.itemsize * math.prod(field.shape[1:])
    whole = row_bytes * field.shape[0]
    if field.variable:
        if len(data) > whole or len(data) % row_bytes:
            raise BridgeError(
                f"it has {len(data)} bytes, the contract says rows of {row_bytes}, at most {whole}"
            )
    elif len(data) != whole:
        raise BridgeError(f"it has {len(data)} bytes, the contract says {whole}")
    values = np.frombuffer(data, _FLOAT)
    if not is_measurable(values):
        raise BridgeError(tell_unmeasurable(values))
    flat = target.reshape(-1)
    flat[: len(values)] = values
    flat[len(values) :] = 0.0


def _read_mask(data: bytes) -> NDArray[np.bool_] | bool:
    if not data:
        return True
    if len(data) != _MASK_BYTES:
        raise BridgeError(f"its action mask has {len(data)} bytes, the contract says {_MASK_BYTES}")
    bits = np.unpackbits(np.frombuffer(data, np.uint8), count=MASK_SIZE, bitorder="little")
    return bits == 0
