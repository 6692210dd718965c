"""Checks of whole episodes: rewards, ends, seeds, batches, arrays handed out, pictures, closing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from gymnasium.utils import seeding

from envs.contract import NO_OP
from envs.settings import perceived
from envs.testing.players import act_busily, act_idly
from envs.testing.report import WorldError
from envs.testing.session import Moment, Session, play
from envs.testing.shown_checks import check_spaces
from envs.testing.subject import Subject
from envs.window import has_display

MEASURES = ("success", "spl")
"""What an info has at the end of an episode, each from 0 to 1."""
SEEDS = 3
"""Other seeds that are tried."""


def check_playing(session: Session) -> None:
    """``reset`` and ``step`` can be called and give what gymnasium or PettingZoo says."""
    try:
        shown = session.shown
    except Exception:
        check_spaces(session)  # where they are others, that is why, whatever was raised
        raise
    for moment in shown:
        for agent in moment.seen if not moment.is_first else ():
            for name in ("terminated", "truncated"):
                flag = getattr(moment, name)[agent]
                if not isinstance(flag, bool | np.bool_):
                    raise WorldError(
                        f"At {moment.where(agent)} '{name}' is {flag!r}: it must be True or False."
                    )


def check_rewards(session: Session) -> None:
    """Every reward is a finite number."""
    for moment in session.shown:
        for agent, reward in moment.rewards.items():
            is_number = isinstance(reward, int | float | np.integer | np.floating)
            if not is_number or not np.isfinite(reward):
                raise WorldError(
                    f"At {moment.where(agent)} the reward is {reward!r}: it must be a finite "
                    "number."
                )


def check_measures(session: Session) -> None:
    """``success`` and ``spl`` come with the end of an episode, and nowhere else."""
    for moment in session.shown:
        for _, where, _, info in moment.each():
            for name in MEASURES:
                if not moment.is_last and name in info:
                    raise WorldError(
                        f"At {where} the info has '{name}' although the episode goes on: give it "
                        "at the end only."
                    )
                if moment.is_last and not _is_share(info.get(name)):
                    raise WorldError(
                        f"At {where}, the end of the episode, info['{name}'] is "
                        f"{info.get(name)!r}: it must be a number from 0 to 1."
                    )


def check_end(session: Session) -> None:
    """An episode in which nothing is done ends by the step limit, terminated or truncated."""
    limit = session.step_limit
    if session.source.settings is not None:
        limit = session.subject.env.world.episodes[0].step_limit
    idle = session.idle
    if not idle.is_last or idle.decision > limit:
        raise WorldError(
            f"At decision {idle.decision} of an episode without an act it "
            f"{'ended' if idle.is_last else 'had not ended'}: it must be truncated by its step "
            f"limit, {limit} (say step_limit=N to check_world if it is longer)."
        )


def check_after_the_end(session: Session) -> None:
    """A step after the end is refused, or begins a new episode and says ``restart``."""
    subject = session.make()
    for last in play(subject, session.seed, session.step_limit, act_idly):
        moment = last
    if not moment.is_last:
        return  # check_end says so
    actions = {agent: np.array(NO_OP, np.int64) for agent in subject.agents}
    try:
        observations, *_, infos = subject.step(actions)
    except Exception:
        return
    for agent in observations:
        if not infos.get(agent, {}).get("restart", False):
            raise WorldError(
                f"A step after the end of the episode, decision {moment.decision + 1}, went on as "
                "if there were one: raise an error that says to call reset, or begin a new "
                "episode and say info['restart']."
            )


def check_earlier_arrays(session: Session) -> None:
    """Nothing is written into arrays that were handed out at earlier decisions."""
    for moment in session.busy:
        for agent, given in moment.given.items():
            name = _first_difference(given, moment.seen[agent])
            if name is not None:
                raise WorldError(
                    f"'{name}' that was handed out at {moment.where(agent)} was written into "
                    "later: hand out a copy."
                )


def check_same_seed(session: Session) -> None:
    """The same seed and actions give the same bytes, played twice in one process."""
    subject = session.make()
    again = play(subject, session.seed, session.decisions, act_busily)
    first = session.busy
    for one, other in zip(first, again, strict=False):
        name = _difference_of(one, other)
        if name is not None:
            raise WorldError(
                f"{name} at decision {one.decision} differs between two episodes with the same "
                "seed and actions: draw every random number from the seed that reset is given."
            )


def check_other_seeds(session: Session) -> None:
    """Different seeds give different episodes."""
    subject = session.make()
    shown = []
    for seed in range(session.seed, session.seed + SEEDS + 1):
        moments = play(subject, seed, 3, act_idly)
        shown.append([_fingerprint(moment) for moment in moments])
    if all(moments == shown[0] for moments in shown):
        raise WorldError(
            f"The seeds {session.seed} to {session.seed + SEEDS} give the same episode, decision "
            "by decision: use the seed that reset is given."
        )


def check_batches(session: Session) -> str | None:
    """The same bytes alone, among other worlds, and on one thread and two (our worlds only)."""
    settings = session.source.settings
    if settings is None:
        return "Only worlds of ours are played in batches."
    npcs = len(session.subject.agents)
    source = settings.make_source(npcs)
    for worlds, threads in ((1, 1), (3, 1), (3, 2)):
        batch = settings.make_world(worlds, npcs, threads)
        own = worlds // 2
        for index in range(worlds):
            random, _ = seeding.np_random(session.seed + (index - own) % worlds)
            batch.reset(index, source.draw(random))
        rows = range(own * npcs, (own + 1) * npcs)
        for moment in session.busy:
            batch.observe()
            for row, (agent, seen) in zip(rows, moment.seen.items(), strict=True):
                alone = {name: values[row] for name, values in perceived(batch).items()}
                name = _first_difference(alone, seen)
                if name is not None:
                    raise WorldError(
                        f"'{name}' at {moment.where(agent)} differs in a batch of {worlds} worlds "
                        f"on {threads} threads: worlds of a batch must share nothing."
                    )
            following = session.busy[moment.decision + 1 : moment.decision + 2]
            if following:
                actions = np.tile(np.array(NO_OP), (batch.num_rows, 1))
                actions[rows] = list(following[0].actions.values())
                batch.step(actions)
    return None


def check_pictures(session: Session) -> None:
    """Each render mode gives what it says: pictures, text, or nothing for a window."""
    make = session.source.make_to_render
    subject = session.subject
    modes = [subject.env.render_mode]
    if make is not None:
        modes = list(subject.env.metadata.get("render_modes", ()))
    for mode in modes:
        if mode == "human" and not has_display():
            continue
        shown = make(mode) if make is not None and mode is not None else subject
        try:
            moments = play(shown, session.seed, 2, act_idly)
            for moment in moments:
                _check_picture(mode, shown.env.render() if mode is not None else None, moment)
        finally:
            if shown is not subject:
                shown.env.close()


def _check_picture(mode: str | None, frame: Any, moment: Moment) -> None:
    expected = {"human": "None, as pictures are in a window", "ansi": "text"}.get(
        mode or "human", "a picture (H, W, 3) uint8"
    )
    if mode in (None, "human"):
        is_right = frame is None
    elif mode == "ansi":
        is_right = isinstance(frame, str)
    else:
        is_right = (
            isinstance(frame, np.ndarray) and frame.dtype == np.uint8
            and frame.ndim == 3 and frame.shape[2] == 3
        )  # fmt: skip
    if not is_right:
        came = f"{frame.dtype} {frame.shape}" if isinstance(frame, np.ndarray) else repr(frame)[:60]
        raise WorldError(
            f"render() in mode '{mode}' at decision {moment.decision} gave {came}: it must give "
            f"{expected}."
        )


def check_closing(session: Session) -> None:
    """An environment can be closed twice."""
    subject: Subject = session.make()
    subject.env.close()
    try:
        subject.env.close()
    except Exception as error:
        raise WorldError(
            f"The second close raised {type(error).__name__} ({error}): it must do nothing."
        ) from error


def _is_share(value: object) -> bool:
    is_number = isinstance(value, int | float | np.integer | np.floating)
    return is_number and 0 <= float(value) <= 1  # type: ignore[arg-type]


def _first_difference(one: Any, other: Any) -> str | None:
    """The first field whose bytes differ."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return None if repr(one) == repr(other) else "the observation"
    if one.keys() != other.keys():
        return sorted(one.keys() ^ other.keys())[0]
    return next((name for name in one if _bytes(one[name]) != _bytes(other[name])), None)


def _difference_of(one: Moment, other: Moment) -> str | None:
    """What differs between two moments, in words."""
    for agent, seen in one.seen.items():
        name = _first_difference(seen, other.seen.get(agent))
        if name is not None:
            return f"'{name}'"
        told = _first_difference(one.infos.get(agent), other.infos.get(agent))
        if told is not None:
            return f"info['{told}']"
    for word in ("rewards", "terminated", "truncated"):
        if repr(getattr(one, word)) != repr(getattr(other, word)):
            return f"'{word}'"
    return None


def _fingerprint(moment: Moment) -> list[Any]:
    return [
        (agent, name, _bytes(values))
        for agent, _, observation, info in moment.each()
        for name, values in [*_items(observation), ("text of the goal", info.get("goal"))]
    ]


def _items(observation: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(observation, dict):
        yield from observation.items()
    else:
        yield "observation", observation


def _bytes(values: Any) -> Any:
    if isinstance(values, np.ndarray):
        return values.dtype.str, values.shape, values.tobytes()
    return repr(values)
