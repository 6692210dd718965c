"""The conformance checks: our world passes, and each way to break the contract is noticed."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from envs.contract import BRANCH_STARTS, CatalogueEntry, Utterance
from envs.tasks import make_episode
from envs.testing import WorldError, check_batch
from envs.world.world import BatchWorld


def ours(task="ask_then_go", npcs=1, rows=2):
    world = BatchWorld(rows, npcs, senses=(), threads=1)
    for index in range(rows):
        world.reset(index, make_episode(task, 30 + index))
    return world


@pytest.mark.parametrize(
    ("task", "npcs"), [("ask_then_go", 1), ("fetch_and_put", 1), ("two_know_halves", 2)]
)
def test_our_world_passes(task, npcs):
    check_batch(lambda: ours(task, npcs), decisions=60)


class Broken:
    """Our world, with one answer changed."""

    def __init__(self, method, change):
        self._world = ours()
        self._method, self._change = method, change
        self.num_rows = self._world.num_rows
        self.decision = 0

    def step(self, actions):
        self.decision += 1
        self._world.step(actions)

    def _answer(self, method, *arguments):
        answer = getattr(self._world, method)(*arguments)
        if method == self._method:
            changed = self._change(answer, self.decision)
            return answer if changed is None else changed
        return answer

    def observe(self):
        return self._answer("observe")

    def action_mask(self):
        return self._answer("action_mask")

    def take_catalogue(self, row):
        return self._answer("take_catalogue", row)

    def texts(self, row):
        return self._answer("texts", row)


def without_audio(answer, decision):
    return {name: value for name, value in answer.items() if name != "audio"}


def wide_camera(answer, decision):
    return answer | {"camera": answer["camera"].astype(np.int32)}


def loud(answer, decision):
    answer["audio"][0, 0] = np.nan


def dirty_row(answer, decision):
    answer["entities"][0, 31, 5] = 1.0


def nameless_row(answer, decision):
    answer["dialogue_mask"][0, 0] = 1
    answer["dialogue"][0, 0] = 0


def gap(answer, decision):
    answer["dialogue"][0, 3, :3] = (1, 0, 1)
    answer["dialogue_mask"][0, 3] = 1


def unordered(answer, decision):
    answer["entities"][:, 0, 0], answer["entities"][:, 1, 0] = 9, 8
    answer["entities_mask"][:, :2] = 1


def unknown_slot(answer, decision):
    answer["self"][1, 11] = 60  # this NPC knows no map, so few of its slots are taken


def small_mask(answer, decision):
    return answer[:, 1:]


def nothing_allowed(answer, decision):
    answer[:, BRANCH_STARTS[3]] = False


def mute(answer, decision):
    return [*answer, Utterance(77, 0, False, "never heard")]


def added(number, **changes):
    return replace(CatalogueEntry(number, "add", 5, "object", "the vase", "vase"), **changes)


class Script:
    """A catalogue that is told entry by entry, one a decision."""

    def __init__(self, *entries):
        self.entries = entries

    def __call__(self, answer, decision):
        return [self.entries[decision]] if decision < len(self.entries) else []


@pytest.mark.parametrize(
    ("method", "change", "message"),
    [
        ("observe", without_audio, "The observation lacks 'audio'"),
        ("observe", wide_camera, "'camera' is int32 (2, 3, 64, 64): it must be uint8"),
        ("observe", loud, "'audio' has values outside its range"),
        ("observe", dirty_row, "'entities' has an absent row that is not all zero"),
        ("observe", nameless_row, "'dialogue' has a real row without its number"),
        ("observe", gap, "'dialogue' has a gap: put real rows first"),
        ("observe", unordered, "'entities' is not in the order of its slots"),
        ("observe", unknown_slot, "Row 1: self has slot 60, which the catalogue does not name"),
        ("action_mask", small_mask, "The action mask is bool"),
        ("action_mask", nothing_allowed, "forbids to do nothing in branch 'act'"),
        ("texts", mute, "has utterances [] but texts of [77]"),
        ("take_catalogue", Script(added(2)), "it must be number 1, without a gap"),
        ("take_catalogue", Script(added(1, slot=64)), "slot 64 is not one of 1 to 63"),
        ("take_catalogue", Script(added(1, op="change")), "slot 5, which was never added"),
    ],
)
def test_a_broken_world_is_noticed(method, change, message):
    with pytest.raises(WorldError, match=re.escape(message)):
        check_batch(lambda: Broken(method, change), decisions=3)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ((added(1), added(2)), "slot 5 has a thing already: remove it first"),
        ((added(1), added(2, op="change", kind="door")), "slot 5 changed its kind"),
        ((added(1), added(2, op="remove"), added(3)), "slot 5 is used again before 60 s"),
    ],
)
def test_a_broken_catalogue_is_noticed(entries, message):
    from envs.testing import SlotBook

    book = SlotBook(0)
    with pytest.raises(WorldError, match=re.escape(message)):
        for decision, entry in enumerate(entries):
            book.read([entry], decision * 0.1)


def test_a_slot_may_be_used_again_later():
    from envs.testing import SlotBook

    book = SlotBook(0)
    book.read([added(1), added(2, op="remove")], 1.0)
    book.read([added(3, name="the clock")], 62.0)
    assert book.names == {5: "the clock"}


def test_chance_that_does_not_come_from_the_seed_is_noticed():
    draws = np.random.default_rng(0)

    def shaky(answer, decision):
        answer["audio"][0, 0] = draws.random()

    with pytest.raises(WorldError, match="'audio' differs between two runs with the same seed"):
        check_batch(lambda: Broken("observe", shaky), decisions=2)
