"""Plays a game of ours under Mono against a host whose mind a test writes."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from envs.contract import NO_OP, Branch
from tests.unity_bridge.helpers import Serving
from tests.unity_package.build import HERE, build_game
from unity_bridge.batch import WorldBatch, WorldReply

Choose = Callable[[str, int, "Moment"], dict[str, int]]
"""(NPC key, number of its decision from 0, what it perceives) -> branches that do something."""


@dataclass(frozen=True)
class Moment:
    """What one NPC perceived at one decision, as the host decoded it."""

    observations: dict[str, np.ndarray]
    allowed: np.ndarray
    """(MASK_SIZE,) bool."""
    texts: list
    goals: list
    names: dict[int, str]
    """Its catalogue so far: slot -> name."""

    def slot(self, name: str) -> int:
        """The slot of a thing by its name, 0 when it is not known."""
        return next((slot for slot, known in self.names.items() if known == name), 0)


class ScriptedMind:
    """Acts as a function says and remembers everything that came."""

    def __init__(self, choose: Choose):
        self.choose = choose
        self.moments: dict[str, list[Moment]] = {}
        self.catalogue: dict[str, list] = {}
        self.names: dict[str, dict[int, str]] = {}
        self.behaviors: set[str] = set()

    async def decide(self, batch: WorldBatch) -> WorldReply:
        """Note what came and do what ``choose`` says."""
        self.behaviors.add(batch.behavior)
        actions = np.tile(NO_OP, (len(batch.npcs), 1))
        for row, npc in enumerate(batch.npcs):
            names = self.names.setdefault(npc, {})
            for entry in batch.catalogue[row]:
                self.catalogue.setdefault(npc, []).append(entry)
                if entry.op == "remove":
                    names.pop(entry.slot, None)
                else:
                    names[entry.slot] = entry.name
            moment = Moment(
                {name: array[row].copy() for name, array in batch.observations.items()},
                batch.action_mask[row].copy(), batch.texts[row], batch.goals[row], dict(names),
            )  # fmt: skip
            past = self.moments.setdefault(npc, [])
            past.append(moment)
            for branch, value in self.choose(npc, len(past) - 1, moment).items():
                actions[row, Branch[branch.upper()]] = value
        return WorldReply(actions)

    def connected(self, world: str) -> None:
        """Nothing to prepare."""

    def released(self, world: str) -> None:
        """Nothing to let go."""


@dataclass
class Played:
    """How a game went."""

    output: str
    """Everything that it printed."""
    mind: ScriptedMind
    """Who decided; it was asked nothing when another server did."""
    said: dict[str, str] = field(default_factory=dict)
    """Its lines "name: value"; of lines of one name, the last."""
    events: list[str] = field(default_factory=list)
    """Its lines "event: ...", in order."""


def command(sdk: str, port: int, *arguments: str, game: str = "rooms") -> list[str]:
    """The command that plays a game."""
    program = build_game(sdk, HERE / "games" / game)
    return ["mono", "--debug", str(program), "--mlagents-port", str(port), *arguments]


def play(sdk: str, choose: Choose, *arguments: str, game: str = "rooms") -> Played:
    """Play a game to its end against a host in this process, and check that nothing went wrong."""
    mind = ScriptedMind(choose)
    with Serving(mind) as serving:
        return run(command(sdk, serving.port, *arguments, game=game), mind)


def run(words: list[str], mind: ScriptedMind | None = None, seconds: float = 120.0) -> Played:
    """Run a game to its end; it must log no error and touch Unity on its main thread only."""
    done = subprocess.run(words, capture_output=True, text=True, timeout=seconds)
    output = done.stdout + done.stderr
    assert done.returncode == 0, output[-6000:]
    said = dict(re.findall(r"^([\w ]+): (.*)$", done.stdout, re.MULTILINE))
    assert said["errors"] == "0", output[-6000:]
    assert said["violations"] == "0", output[-6000:]
    events = re.findall(r"^event: (.*)$", done.stdout, re.MULTILINE)
    return Played(output, mind or ScriptedMind(lambda *_: {}), said, events)
