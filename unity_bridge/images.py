"""Image observations of any Unity build: PNG files in a row, channel mappings, both layouts."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from unity_bridge.codec import Layout
from unity_bridge.errors import BridgeError
from unity_bridge.pictures import CHANNELS, SIGNATURE, read_scaled_pictures
from unity_bridge.png import decode_png, read_header

_RGBA = 6
"""The colour type of a PNG file with red, green, blue and opacity."""


def usual_layout(shape: tuple[int, ...], preferred: Layout) -> Layout | None:
    """The layout in which a shape is one of whole RGB pictures; None when it is in neither."""
    if len(shape) != 3:
        return None
    fitting: list[Layout] = []
    if shape[0] and shape[0] % CHANNELS == 0:
        fitting.append("CHW")
    if shape[2] and shape[2] % CHANNELS == 0:
        fitting.append("HWC")
    if not fitting:
        return None
    return preferred if preferred in fitting else fitting[0]


def decode_usual(
    files: Sequence[bytes], shape: tuple[int, int, int], layout: Layout
) -> tuple[NDArray[np.float32], Sequence[int]] | None:
    """Read compressed observations of n agents at once, without channel mappings.

    Args:
        files: each agent's PNG files, one after the other.
        shape: the declared shape of each.
        layout: what the shape is.

    Returns:
        ``(n, *shape)`` float32, 0 to 1, and the rows that hold nothing as ``decode_image`` must
        read them; None when it must read all of them.
    """
    channels, height, width = shape if layout == "CHW" else (shape[2], *shape[:2])
    read = read_scaled_pictures(files, channels, height, width)
    if read is None:
        return None
    pictures, state = read
    left = np.flatnonzero(state).tolist() if state.any() else ()
    return (pictures if layout == "CHW" else pictures.transpose(0, 2, 3, 1)), left


def decode_image(
    data: bytes, shape: tuple[int, int, int], mapping: Sequence[int], preferred: Layout
) -> NDArray[np.float32]:
    """Read a compressed observation as ML-Agents means it.

    Args:
        data: PNG files, one after the other, of three channels each (or four, with opacity).
        shape: the declared shape; the result has it.
        mapping: for each channel of the files, the channel of the result that it belongs to, -1 for
            none; those that share one are averaged. Empty: as they come.
        preferred: the layout where the shape fits both.

    Returns:
        ``shape`` float32, 0 to 1.

    Raises:
        BridgeError: when the files do not hold what the shape says.
    """
    files = split_png_files(data)
    height, width = read_header(files[0])[0]
    layout = _layout(shape, height, width, preferred)
    channels = shape[0] if layout == "CHW" else shape[2]
    pixels = [_decode_file(file, height, width) for file in files]
    planes = np.concatenate(pixels, axis=2).transpose(2, 0, 1)  # (channels of all files, h, w)
    if mapping:
        image = _map_channels(planes, mapping)
    elif channels == 1:
        image = np.mean(_scale(planes[: pixels[0].shape[2]]), axis=0, keepdims=True)
    else:
        image = _scale(planes[:channels])
    if len(image) != channels:
        raise BridgeError(f"its PNG files hold {len(image)} channels, its shape {shape} {channels}")
    return image if layout == "CHW" else image.transpose(1, 2, 0)


def split_png_files(data: bytes) -> list[bytes]:
    """Cut PNG files that stand in a row apart."""
    files = []
    start = 0
    while start < len(data):
        if not data.startswith(SIGNATURE, start):
            break
        position = start + len(SIGNATURE)
        kind = b""
        while kind != b"IEND":
            if position + 12 > len(data):
                raise BridgeError("the PNG is damaged (it is cut off)")
            length, kind = struct.unpack_from(">I4s", data, position)
            position += 12 + length
        files.append(data[start:position])
        start = position
    if not files:
        raise BridgeError("its bytes are not a PNG file")
    return files


def _layout(shape: tuple[int, int, int], height: int, width: int, preferred: Layout) -> Layout:
    fitting: list[Layout] = []
    if shape[1:] == (height, width):
        fitting.append("CHW")
    if shape[:2] == (height, width):
        fitting.append("HWC")
    if not fitting:
        raise BridgeError(f"its PNG is {width} x {height} pixels, which its shape {shape} is not")
    return preferred if preferred in fitting else fitting[0]


def _decode_file(data: bytes, height: int, width: int) -> NDArray[np.uint8]:
    """``(height, width, 3 or 4)``."""
    size, header = read_header(data)
    if header[1] != _RGBA:
        return decode_png(data, height, width)
    if size != (height, width):
        raise BridgeError(f"the PNG is {size[1]} x {size[0]} pixels instead of {width} x {height}")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            return np.asarray(image.convert("RGBA"))
    except UnidentifiedImageError:
        raise BridgeError("the PNG is damaged (its header makes no sense)") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BridgeError(f"the PNG is damaged ({error})") from None


def _map_channels(planes: NDArray[np.uint8], mapping: Sequence[int]) -> NDArray[np.float32]:
    if len(mapping) != len(planes):
        raise BridgeError(
            f"its channel mapping has {len(mapping)} entries for the {len(planes)} channels of its "
            "PNG files"
        )
    wanted = sorted({channel for channel in mapping if channel >= 0})
    if wanted != list(range(len(wanted))) or not wanted:
        raise BridgeError(f"its channel mapping {list(mapping)} leaves channels out")
    of_channel = np.array(mapping)
    if len(wanted) == (of_channel >= 0).sum():  # one to one: the usual case
        sources = [int(np.flatnonzero(of_channel == channel)[0]) for channel in wanted]
        return _scale(planes[sources])
    scaled = _scale(planes)
    return np.stack([np.mean(scaled[of_channel == channel], axis=0) for channel in wanted])


def _scale(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(pixels, np.float32) / np.float32(255.0)
