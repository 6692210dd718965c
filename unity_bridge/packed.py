"""Arrays of float32 <-> ``FloatData``, without a Python number in between.

Its serialized form is one tag, one length and the little-endian numbers back to back.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from unity_bridge.errors import BridgeError
from unity_bridge.protocol import messages

if sys.byteorder != "little":
    raise ImportError("the bridge copies float32 arrays as they are, which needs little-endian")

_TAG = b"\x0a"
"""Of the numbers in ``FloatData``: field 1, with a length."""


def write_floats(values: NDArray) -> bytes:
    """A serialized ``FloatData`` with these numbers."""
    return _head(values.size) + np.ascontiguousarray(values, np.float32).tobytes()


def read_floats(message: messages.ObservationProto, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The numbers of a float observation, in ``shape``.

    Raises:
        BridgeError: when it holds another count of them.
    """
    count = math.prod(shape)
    numbers = message.float_data.data
    if len(numbers) != count:
        raise BridgeError(f"it holds {len(numbers)} numbers instead of {count}")
    data = message.float_data.SerializeToString()
    start = len(_head(count))
    if len(data) == start + 4 * count:
        return np.frombuffer(data, np.float32, count, start).reshape(shape)
    return np.array(numbers, np.float32).reshape(shape)  # fields of a later protocol follow


def read_float_rows(
    observed: Sequence[messages.ObservationProto], shape: tuple[int, ...]
) -> NDArray[np.float32] | None:
    """The same of n agents at once, ``(n, *shape)``; None when one holds another count."""
    count = math.prod(shape)
    head = _head(count)
    size = len(head) + 4 * count
    parts = [message.float_data.SerializeToString() for message in observed]
    if not count or any(len(part) != size or not part.startswith(head) for part in parts):
        return None
    rows = np.frombuffer(b"".join(parts), np.uint8).reshape(len(parts), size)
    numbers = rows[:, len(head) :].copy()  # aligned and writable, of a single row too
    return numbers.view(np.float32).reshape(len(parts), *shape)


def _head(count: int) -> bytes:
    """What stands before the numbers of a serialized ``FloatData``."""
    size = 4 * count
    head = bytearray(_TAG)
    while size > 0x7F:
        head.append(0x80 | size & 0x7F)
        size >>= 7
    head.append(size)
    return bytes(head)
