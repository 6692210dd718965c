"""Words as numbers: how every world writes language into arrays.

A text is normalised to Unicode NFC, lower-cased and split on white space and punctuation; CJK
characters are words of their own. A word is hashed over its UTF-8 bytes with 32-bit FNV-1a
(Fowler, Noll, Vo), which is short enough to be written the same way in C#. ``tests/envs`` and the
C# package share the test vectors in ``WORD_VECTORS``.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

WORD_ID_LIMIT = 1 << 24
"""Word ids are below this, so that they are exact in float32."""

_FNV_OFFSET = 0x811C9DC5
_FNV_PRIME = 0x01000193
_CJK_RANGES = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))

WORD_VECTORS: dict[str, int] = {
    "the": 963281,
    "hall": 12500995,
    "musée": 12977880,
    "馆": 5671523,
    "2": 830477,
}
"""Test vectors shared with C#: word -> word id."""


def split_words(text: str) -> list[str]:
    """Split a text into normalised words; punctuation is dropped, CJK is split per character."""
    return list(_split(text))


@lru_cache(maxsize=65536)
def _split(text: str) -> tuple[str, ...]:
    found: list[str] = []
    letters: list[str] = []
    for character in unicodedata.normalize("NFC", text).lower():
        if _is_cjk(character):
            _flush(letters, found)
            found.append(character)
        elif character.isalnum() or unicodedata.category(character).startswith("M"):
            letters.append(character)
        elif character == "'":  # "don't" stays one word
            continue
        else:
            _flush(letters, found)
    _flush(letters, found)
    return tuple(found)


def _flush(letters: list[str], found: list[str]) -> None:
    if letters:
        found.append("".join(letters))
        letters.clear()


def _is_cjk(character: str) -> bool:
    point = ord(character)
    return any(low <= point <= high for low, high in _CJK_RANGES)


def fnv1a(data: bytes) -> int:
    """32-bit FNV-1a hash of some bytes."""
    value = _FNV_OFFSET
    for byte in data:
        value = ((value ^ byte) * _FNV_PRIME) & 0xFFFFFFFF
    return value


@lru_cache(maxsize=65536)
def word_id(word: str) -> int:
    """Id of one normalised word, 1 to 2**24 - 1 (0 means no word)."""
    return 1 + fnv1a(word.encode("utf-8")) % (WORD_ID_LIMIT - 1)


@lru_cache(maxsize=65536)
def bag_place(word: str, size: int) -> tuple[int, float]:
    """Dimension and sign of a word in a signed feature hash (Weinberger et al., 2009)."""
    value = fnv1a(b"bag:" + word.encode("utf-8"))
    return value % size, 1.0 if value & 0x80000000 else -1.0


def encode_words(text: str, max_words: int) -> NDArray[np.float32]:
    """Ordered word ids of a text, ``(max_words,)`` float32, zero-padded, longer texts are cut."""
    ids = np.zeros(max_words, np.float32)
    for position, word in enumerate(split_words(text)[:max_words]):
        ids[position] = word_id(word)
    return ids


def encode_bag(text: str, size: int) -> NDArray[np.float32]:
    """Signed feature-hash bag of a text, ``(size,)`` float32, of unit length unless empty."""
    return _bag(text, size).copy()


@lru_cache(maxsize=16384)
def _bag(text: str, size: int) -> NDArray[np.float32]:
    bag = np.zeros(size, np.float32)
    for word in split_words(text):
        dimension, sign = bag_place(word, size)
        bag[dimension] += sign
    length = float(np.linalg.norm(bag))
    return bag / np.float32(length) if length > 0 else bag
