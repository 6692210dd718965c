import io
import zlib

import numpy as np
import pytest
from PIL import Image

from unity_bridge import png
from unity_bridge.errors import BridgeError
from unity_bridge.png import decode_png, encode_png

NOISE = np.random.default_rng(0).integers(0, 256, (64, 48, 3), np.uint8)
SMOOTH = np.add.outer(np.arange(64), np.arange(48))[:, :, None].repeat(3, 2).astype(np.uint8)


def filtered(pixels, filters):
    """A PNG whose rows use the given filters (0 none, 1 left, 2 above)."""
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)
    for row in range(height):
        value = pixels[row].copy()
        if filters[row] == 1:
            value[1:] -= pixels[row, :-1]
        elif filters[row] == 2 and row:
            value -= pixels[row - 1]
        rows[row, 0] = filters[row]
        rows[row, 1:] = value.reshape(-1)
    data = encode_png(pixels)
    head = data[:33]
    return head + png._chunk(b"IDAT", zlib.compress(rows.tobytes())) + png._chunk(b"IEND", b"")


def saved_by_pillow(image):
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


@pytest.mark.parametrize("pixels", [NOISE, SMOOTH], ids=["noise", "smooth"])
@pytest.mark.parametrize("level", [0, 1, 6])
def test_a_picture_survives(pixels, level):
    data = encode_png(pixels, level)
    assert (decode_png(data, 64, 48) == pixels).all()
    assert (np.asarray(Image.open(io.BytesIO(data))) == pixels).all()


@pytest.mark.parametrize("pixels", [NOISE, SMOOTH], ids=["noise", "smooth"])
def test_files_of_other_writers_are_read(pixels):
    assert (decode_png(saved_by_pillow(Image.fromarray(pixels)), 64, 48) == pixels).all()


def test_simple_row_filters_are_undone():
    filters = np.random.default_rng(1).integers(0, 3, 64)
    data = filtered(NOISE, filters)
    assert (decode_png(data, 64, 48) == NOISE).all()
    assert (np.asarray(Image.open(io.BytesIO(data))) == NOISE).all()


def test_a_gray_file_becomes_rgb():
    gray = NOISE[:, :, 0]
    decoded = decode_png(saved_by_pillow(Image.fromarray(gray)), 64, 48)
    assert (decoded == gray[:, :, None]).all()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "its bytes are not a PNG file"),
        (b"GIF89a", "its bytes are not a PNG file"),
        (encode_png(NOISE)[:33], "the PNG is damaged (it does not hold as many pixels as it says)"),
        (encode_png(NOISE)[:-600], "the PNG is damaged"),
        (encode_png(NOISE[:32]), "the PNG is 48 x 32 pixels instead of 48 x 64"),
        (encode_png(NOISE).replace(b"IDAT\x78", b"IDAT\x00"), "the PNG is damaged"),
        (saved_by_pillow(Image.fromarray(SMOOTH).convert("P"))[:60], "the PNG is damaged"),
    ],
)
def test_a_damaged_file_gets_a_sentence(data, sentence):
    with pytest.raises(BridgeError) as error:
        decode_png(data, 64, 48)
    assert str(error.value).startswith(sentence)


def test_a_file_that_inflates_to_more_than_it_says_is_refused():
    data = encode_png(NOISE)
    bomb = png._chunk(b"IDAT", zlib.compress(bytes(50_000_000)))
    with pytest.raises(BridgeError):
        decode_png(data[:33] + bomb + png._chunk(b"IEND", b""), 64, 48)
