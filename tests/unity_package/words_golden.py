"""Writes ``golden/words.json``: texts as words, word ids and bags, for the package's C#."""

import json
from pathlib import Path

from envs.contract import CLASS_BAG_SIZE, MAX_WORDS, TEXT_BAG_SIZE
from envs.words import encode_bag, split_words, word_id

GOLDEN = Path(__file__).parent / "golden" / "words.json"
TEXTS = (
    "", "vase", "the amber hall", "Where is the concert?", "don't -- stop, please!",
    "Muse\u0301e d\u2019Orsay", "MUSÉE", "博物馆在2楼", "ひらがな and カタカナ", "Straße 12½ ²",
    "ΟΔΟΣ ΣΟΦΟΣ Σ", "İstanbul", "नमस्ते", "naïve\tco-operate\nline", "e-mail: a_b@c.de",
    "🙂 smile", "word " * 30, "Ⅷ Ⅷ viii", "٣ ثلاثة",
)  # fmt: skip


def make_golden():
    """What Python makes of the texts."""
    return [
        {
            "text": text,
            "words": split_words(text),
            "ids": [word_id(word) for word in split_words(text)[:MAX_WORDS]],
            "bag": [round(float(value), 6) for value in encode_bag(text, TEXT_BAG_SIZE)],
            "class_bag": [round(float(value), 6) for value in encode_bag(text, CLASS_BAG_SIZE)],
        }
        for text in TEXTS
    ]


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(make_golden(), ensure_ascii=False, indent=0) + "\n")
