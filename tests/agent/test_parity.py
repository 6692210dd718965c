"""The same seeds and weights give the same actions in process and over gRPC."""

import asyncio
import json
import subprocess
import sys
import threading
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from agent.checkpoint import SHIPPED
from agent.mind import Mind
from agent.policies.adapters import MindPolicy
from agent.rollout import play
from agent.serving import Minds, join_infos
from envs.tasks import make_episode
from unity_bridge.host import Host

SEEDS = (1_700_000, 1_700_001)


def load_mind():
    """The shipped brain, whose episodes are short; a fresh one where there is none."""
    return Mind.load() if SHIPPED.exists() else Mind.untrained()


class Witness(Minds):
    """Keeps every action of every NPC, by episode."""

    def __init__(self, mind):
        super().__init__(mind)
        self.actions = defaultdict(list)
        self._names = {}

    async def decide(self, batch):
        reply = await super().decide(batch)
        names = join_infos([batch]).keys
        for npc, name, action in zip(batch.npcs, names, reply.actions, strict=True):
            if name != npc:
                self._names[npc] = name
            self.actions[self._names[npc]].append(action.tolist())
        return reply


class Notes:
    """Keeps the same of a rollout."""

    def __init__(self):
        self.actions = defaultdict(list)

    def wants(self, task, seed):
        return True

    def decided(self, moment):
        for row in range(moment.rows.start, moment.rows.stop):
            self.actions[moment.infos.keys[row]].append(moment.actions[row].tolist())

    def ended(self, moment, result):
        pass


@pytest.fixture
def host():
    """A host of ours with a witness, in a thread: (witness, port)."""
    witness, ready, loop = Witness(load_mind()), threading.Event(), asyncio.new_event_loop()
    server, stop = Host(witness, port=0), asyncio.Event()

    async def serve():
        await server.start()
        ready.set()
        await stop.wait()
        await server.stop(grace=0.5)
        await witness.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(30)
    yield witness, server.port
    loop.call_soon_threadsafe(stop.set)
    thread.join(60)
    loop.close()


@pytest.mark.parametrize(
    ("task", "areas"), [("named_place", 2), ("coloured_object", 1), ("two_know_halves", 1)]
)
def test_actions_in_process_and_over_grpc_are_the_same(host, tmp_path, task, areas):
    witness, port = host
    file = tmp_path / "results.jsonl"
    player = subprocess.run(
        [
            sys.executable, "-m", "unity_bridge.player", "--mlagents-port", str(port),
            "--task", task, "--seeds", f"{SEEDS[0]}:{SEEDS[1] + 1}", "--areas", str(areas),
            "--results", str(file),
        ],
        capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert player.returncode == 0, player.stderr
    notes = Notes()
    played = play(MindPolicy(load_mind()), [(task, seed) for seed in SEEDS], areas, recorder=notes)
    told = sorted((json.loads(line) for line in file.read_text().splitlines()), key=seed_of)
    assert notes.actions.keys() == witness.actions.keys()
    for name, actions in notes.actions.items():
        np.testing.assert_array_equal(actions, witness.actions[name], err_msg=name)
    for ours, theirs in zip(played.results, told, strict=True):
        assert ours.decisions == theirs["decisions"]
        assert ours.path == pytest.approx(theirs["walked"])
        assert ours.success == theirs["success"]


def seed_of(result):
    return result["seed"]


def test_moves_do_not_depend_on_the_seat():
    """The same episode alone and as the second of two gives the same results up to rounding."""
    tickets = [("named_place", seed) for seed in SEEDS]
    alone = play(MindPolicy(load_mind()), tickets[1:], make=make_short).results[0]
    second = play(MindPolicy(load_mind()), tickets, 1, make=make_short).results[1]
    assert alone.path == pytest.approx(second.path)
    assert alone.decisions == second.decisions


def make_short(task, seed):
    return replace(make_episode(task, seed), step_limit=40)
