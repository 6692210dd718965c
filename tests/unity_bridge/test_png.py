import io
import zlib

import numpy as np
import pytest
from numba.extending import is_jitted
from PIL import Image

from unity_bridge import png, png_kernels
from unity_bridge.errors import BridgeError
from unity_bridge.pictures import CUT_OFF, DAMAGED, OK, read_pictures, read_scaled_pictures
from unity_bridge.png import decode_png, encode_png

NOISE = np.random.default_rng(0).integers(0, 256, (64, 48, 3), np.uint8)
SMOOTH = np.add.outer(np.arange(64), np.arange(48))[:, :, None].repeat(3, 2).astype(np.uint8)


def filtered(pixels, filters):
    """A PNG whose rows use the given filters, by the words of PNG's specification."""
    lines = []
    for row in range(len(pixels)):
        value = pixels[row].astype(int)
        above = pixels[row - 1].astype(int) if row else np.zeros_like(value)
        left, corner = (np.vstack([np.zeros((1, 3), int), line[:-1]]) for line in (value, above))
        lines.append(bytes([filters[row]]))
        lines.append(
            taken_away(filters[row], value, left, above, corner).astype(np.uint8).tobytes()
        )
    return packed(encode_png(pixels), zlib.compress(b"".join(lines)))


def taken_away(kind, value, left, above, corner):
    if kind == 4:
        plane = left + above - corner
        far = [abs(plane - other) for other in (left, above, corner)]
        nearest = np.where(far[1] <= far[2], above, corner)
        nearest = np.where((far[0] <= far[1]) & (far[0] <= far[2]), left, nearest)
        return (value - nearest) % 256
    return (value - (0, left, above, (left + above) // 2)[kind]) % 256


def packed(data, *parts):
    """The same file with other packed pixels, in one chunk or several."""
    chunks = b"".join(png._chunk(b"IDAT", part) for part in parts)
    return data[:33] + chunks + png._chunk(b"IEND", b"")


def resized(data, height):
    return data[:20] + height.to_bytes(4, "big") + data[24:]


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


@pytest.mark.parametrize("kind", range(5))
@pytest.mark.parametrize("pixels", [NOISE, SMOOTH], ids=["noise", "smooth"])
def test_every_row_filter_is_undone(kind, pixels):
    data = filtered(pixels, [kind] * len(pixels))
    assert (decode_png(data, 64, 48) == pixels).all()
    assert (np.asarray(Image.open(io.BytesIO(data))) == pixels).all()


def test_mixed_row_filters_are_undone():
    data = filtered(NOISE, np.random.default_rng(1).integers(0, 5, 64).tolist())
    assert (decode_png(data, 64, 48) == NOISE).all()


@pytest.mark.parametrize("width", [1, 2, 3, 4, 5, 7, 8, 9, 31])
def test_rows_are_undone_alike_however_many_at_a_time(width):
    """Runs of 1 to 17 rows of filter 4, whose first row is the picture's first or not."""
    rng = np.random.default_rng(width)
    for run in range(1, 18):
        for before in (0, 1):
            filters = [2] * before + [4] * run + [1, 4]
            pixels = rng.integers(0, 256, (len(filters), width, 3), np.uint8)
            read = decode_png(filtered(pixels, filters), len(filters), width)
            assert (read == pixels).all(), (run, before)


def test_an_unknown_row_filter_is_refused():
    rows = np.zeros((64, 1 + 48 * 3), np.uint8)
    rows[7, 0] = 5
    with pytest.raises(BridgeError, match="its packed pixels make no sense"):
        decode_png(packed(encode_png(NOISE), zlib.compress(rows.tobytes())), 64, 48)


def test_pixels_may_come_in_many_chunks():
    data = encode_png(SMOOTH, 6)
    whole = data[41 : 41 + int.from_bytes(data[33:37], "big")]
    parts = [whole[start : start + 7] for start in range(0, len(whole), 7)]
    assert (decode_png(packed(data, *parts), 64, 48) == SMOOTH).all()


def test_pictures_of_agents_are_read_together_and_scaled_as_mlagents_does():
    several = [encode_png(NOISE) + encode_png(SMOOTH), encode_png(SMOOTH) + encode_png(NOISE)]
    files = [several[0][:-9], *several]
    read, scaled = read_pictures(files, 6, 64, 48), read_scaled_pictures(files, 6, 64, 48)
    assert read is not None and scaled is not None
    pictures, state = read[0][1:], read[1]
    assert state.tolist() == scaled[1].tolist() == [CUT_OFF, OK, OK]
    planes = [pixels.transpose(2, 0, 1) for pixels in (NOISE, SMOOTH)]
    assert (pictures[0] == np.concatenate(planes)).all()
    assert (pictures[1] == np.concatenate(planes[::-1])).all()
    assert (scaled[0][1:] == pictures.astype(np.float32) / np.float32(255)).all()


def test_every_brightness_is_scaled_to_the_bits_that_a_division_gives():
    every = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    read = read_scaled_pictures([encode_png(every)], 3, 16, 16)
    assert read is not None
    planes = every.transpose(2, 0, 1)[None]
    assert (read[0].view(np.int32) == (planes / np.float32(255)).view(np.int32)).all()


def test_every_kernel_is_kept_so_that_no_start_waits_for_the_compiler():
    kernels = [thing for thing in vars(png_kernels).values() if is_jitted(thing)]
    assert kernels
    for kernel in kernels:
        assert kernel.stats.cache_path, kernel


def test_nothing_is_allocated_for_pixels_that_cannot_be_there():
    assert read_pictures([encode_png(NOISE)], 3, 10**6, 10**6) is None
    assert read_scaled_pictures([encode_png(NOISE)], 3, 10**6, 10**6) is None


def test_a_gray_file_becomes_rgb():
    gray = NOISE[:, :, 0]
    decoded = decode_png(saved_by_pillow(Image.fromarray(gray)), 64, 48)
    assert (decoded == gray[:, :, None]).all()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "its bytes are not a PNG file"),
        (b"GIF89a", "its bytes are not a PNG file"),
        (encode_png(NOISE)[:33], "the PNG is damaged (it is cut off)"),
        (encode_png(NOISE)[:-1], "the PNG is damaged (it is cut off)"),
        (
            resized(encode_png(NOISE[:32]), 64),
            "the PNG is damaged (its packed pixels make no sense, or are not as many as it says)",
        ),
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


@pytest.mark.parametrize("missing", [1, 145, 4640, 9279])
def test_a_file_that_unpacks_to_less_than_its_rows_never_reaches_the_kernels(missing, monkeypatch):
    reached = []
    monkeypatch.setattr(png_kernels, "lay_out", lambda rows, *_: reached.append(len(rows)))
    rows = b"\0" * (64 * (1 + 3 * 48) - missing)
    short = packed(encode_png(NOISE), zlib.compress(rows))
    files = [encode_png(NOISE), short]
    read = read_pictures(files, 3, 64, 48)
    assert read is not None and read[1].tolist() == [OK, DAMAGED]
    assert reached == [64 * (1 + 3 * 48) + 1]


def test_a_file_that_inflates_to_more_than_it_says_is_refused():
    data = encode_png(NOISE)
    bomb = png._chunk(b"IDAT", zlib.compress(bytes(50_000_000)))
    with pytest.raises(BridgeError):
        decode_png(data[:33] + bomb + png._chunk(b"IEND", b""), 64, 48)
