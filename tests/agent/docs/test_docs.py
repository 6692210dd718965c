"""The pages in the repository are what the code would write now."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agent.docs.pictures import picture_episode
from agent.docs.text import example, task_page
from agent.docs.write import DocsError, pages, pictures, run
from envs.generate import FAMILIES
from envs.tasks import TASKS

DOCS = Path(__file__).parents[3] / "docs"


def test_the_pages_are_true():
    for name, text in pages().items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, f"run `heedful docs` for {name}"


def test_every_page_has_its_picture():
    assert len(list(pictures())) == len(FAMILIES) + len(TASKS)
    for name, _ in pictures():
        assert (DOCS / name).stat().st_size > 1000, f"run `heedful docs` for {name}"


def test_a_task_page_says_what_is_asked():
    task = TASKS["interaction/fetch_and_put"]
    text = task_page(task)
    assert example(task, 0).npcs[0].instruction in text
    assert "do: put, what:" in text and "-0.5 for a wrong commit" in text


def test_a_picture_shows_the_eye_and_the_plan():
    picture = np.asarray(picture_episode(example(TASKS["navigation/named_place"], 0)))
    assert picture.shape[1] > picture.shape[0]
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 50


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DocsError, match=r"cannot be written.*--out another folder"):
        run(tmp_path / "file")
