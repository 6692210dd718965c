"""Checks of what NPCs are shown and told: spaces, observations, masks, names, texts, goals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from gymnasium import spaces

from envs import contract
from envs.contract import CatalogueEntry, GoalColumn, Utterance
from envs.spaces import observation_space
from envs.testing.players import read_mask
from envs.testing.report import WorldError
from envs.testing.rules import SlotBook, check_mask, check_observation, check_texts
from envs.testing.session import Session
from envs.words import encode_words, split_words


def check_spaces(session: Session) -> None:
    """The spaces are the contract's, with images of any size."""
    subject = session.subject
    for agent in subject.agents:
        actions, shown = subject.action_space(agent), subject.observation_space(agent)
        sizes = actions.nvec.tolist() if isinstance(actions, spaces.MultiDiscrete) else actions
        if sizes != list(contract.BRANCH_SIZES):
            raise WorldError(
                f"The action space of {agent} is {sizes}: it must be a MultiDiscrete of "
                f"{list(contract.BRANCH_SIZES)}, the contract's branches."
            )
        if not isinstance(shown, spaces.Dict):
            raise WorldError(f"The observation space of {agent} is {shown}: it must be a Dict.")
        camera = shown.spaces.get("camera")
        size = camera.shape[-1] if camera is not None and camera.shape else contract.CAMERA_SIZE
        for name, part in observation_space(size).items():
            own = shown.spaces.get(name)
            if own is None:
                raise WorldError(
                    f"The observation space of {agent} lacks '{name}': it must have "
                    f"{part.dtype} {part.shape}."
                )
            if own.shape != part.shape or own.dtype != part.dtype:
                raise WorldError(
                    f"'{name}' in the observation space of {agent} is {own.dtype} {own.shape}: "
                    f"it must be {part.dtype} {part.shape}."
                )


def check_observations(session: Session) -> None:
    """At every decision the observation is in its space, and its rows are kept as agreed."""
    for moment in session.shown:
        for agent, where, observation, _ in moment.each():
            if not isinstance(observation, dict):
                kind = type(observation).__name__
                raise WorldError(f"At {where} the observation is a {kind}: it must be a dict.")
            batch = {
                name: values[None] if isinstance(values, np.ndarray) else values
                for name, values in observation.items()
            }
            space: Any = session.subject.observation_space(agent)
            with _at(where):
                check_observation(batch, 1, space)


def check_infos(session: Session) -> None:
    """Every info has catalogue, text and action mask; after a reset, and only then, ``restart``."""
    for moment in session.shown:
        for _, where, _, info in moment.each():
            for name, kind in (("catalogue", CatalogueEntry), ("text", Utterance)):
                entries = info.get(name)
                is_list = isinstance(entries, list | tuple)
                if not is_list or not all(isinstance(entry, kind) for entry in entries):
                    raise WorldError(
                        f"At {where} info['{name}'] is {_short(entries)}: it must be a list of "
                        f"contract.{kind.__name__}, empty where there is nothing new."
                    )
            if "action_mask" not in info:
                raise WorldError(f"At {where} the info has no 'action_mask': give it every time.")
            if bool(info.get("restart", False)) != moment.is_first:
                raise WorldError(
                    f"At {where} info['restart'] is {info.get('restart')}: it must be True after "
                    "a reset, and nowhere else."
                )


def check_masks(session: Session) -> None:
    """At every decision the mask is a bool for each branch value and allows to do nothing."""
    for moment in session.shown:
        for _, where, _, info in moment.each():
            mask = info.get("action_mask")
            if mask is None:
                continue  # check_infos says so
            if not isinstance(mask, np.ndarray):
                kind = type(mask).__name__
                raise WorldError(f"At {where} the action mask is a {kind}: it must be an array.")
            with _at(where):
                check_mask(mask[None], 1)


def check_names(session: Session) -> None:
    """Every slot that is seen, named or allowed has a catalogue entry, in order and without gap."""
    books: dict[str, SlotBook] = {}
    for moment in session.busy:
        for agent, where, observation, info in moment.each():
            book = books.setdefault(agent, SlotBook(0, agent))
            entries, mask = info.get("catalogue"), read_mask(info)
            if not isinstance(entries, list | tuple):
                continue  # check_infos says so
            with _at(where):
                book.read(entries, moment.decision * contract.DECISION_SECONDS)
                if mask is not None and _is_contract(observation):
                    names = ("entities", "dialogue", "self")
                    book.check_row({name: observation[name][None] for name in names}, mask[None])


def check_sentences(session: Session) -> None:
    """Every row of ``dialogue`` has its text in the info, and every text its row."""
    for moment in session.busy:
        for agent, where, observation, info in moment.each():
            texts = info.get("text")
            if isinstance(texts, list | tuple) and _is_contract(observation):
                with _at(where):
                    check_texts(observation["dialogue"], texts, agent)


def check_goal(session: Session) -> None:
    """After a reset the info has the instruction as text, and ``goal`` has its words."""
    for _, where, observation, info in session.busy[0].each():
        text = info.get("goal")
        if not isinstance(text, str) or not split_words(text):
            raise WorldError(
                f"At {where} info['goal'] is {_short(text)}: it must be the instruction as text."
            )
        if not _is_contract(observation):
            continue  # check_observations says so
        goal = observation["goal"]
        if goal[GoalColumn.PRESENT] != 1:
            raise WorldError(
                f"At {where} 'goal' says that there is none (PRESENT is "
                f"{goal[GoalColumn.PRESENT]:g}), but the instruction is '{text}': write 1."
            )
        first = int(GoalColumn.WORDS)
        words = goal[first : first + contract.MAX_WORDS]
        if not np.array_equal(words, encode_words(text, contract.MAX_WORDS)):
            raise WorldError(
                f"At {where} 'goal' does not have the words of the instruction '{text}': write "
                "envs.words.encode_words(text, MAX_WORDS) into its columns WORDS."
            )
        count = min(len(split_words(text)), contract.MAX_WORDS)
        if goal[GoalColumn.WORD_COUNT] != count:
            raise WorldError(
                f"At {where} 'goal' counts {goal[GoalColumn.WORD_COUNT]:g} words, but the "
                f"instruction '{text}' has {count}."
            )


def _is_contract(observation: Any) -> bool:
    """Whether the contract's fields can be read."""
    return isinstance(observation, dict) and all(
        isinstance(observation.get(name), np.ndarray) and observation[name].shape == part.shape
        for name, part in observation_space().items()
        if name != "camera"
    )


@contextmanager
def _at(where: str) -> Iterator[None]:
    """What a rule raises in it then says where."""
    try:
        yield
    except WorldError as error:
        raise WorldError(f"At {where}: {error}") from None


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
