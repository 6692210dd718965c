"""An NPC that its game has paused for very long gives its seat up and loses nothing by that."""

import asyncio
import time

from agent.mind import Mind
from agent.serving import Minds, SaveError, ServingOptions
from agent.serving.residents import MOST_UNCLAIMED, Residents
from envs.contract import CatalogueEntry
from tests.agent.serving.test_persona import ADA, persona_of
from tests.agent.serving.worlds import make_batch
from tests.unity_bridge.helpers import Serving, make_infos, make_step
from unity_bridge import channels

VASE = CatalogueEntry(0, "add", 7, "object", "the red vase", "vase")
SET = {"op": "set", "goal": 3, "text": "find the red vase"}
OPTIONS = ServingOptions(deadline_seconds=60.0, forget_paused_seconds=0.2)


def names_of(minds, world, npc):
    """What a mind calls the slots that an NPC knows."""
    resident = minds.residents.known(world, npc)
    (index,) = minds.mind.memories.find([resident.seat]).tolist()
    return {
        slot: each.name for slot, each in minds.mind.memories.belief.memory[index].names.items()
    }


async def meet(minds, world="w"):
    """Ada, who is told of the vase, and Bo."""
    batch = make_batch(world, ["Ada", "Bo"], first=True, goals=[[SET], []])
    batch.catalogue[0] = [VASE]
    await minds.introduce(world, "Ada", ADA)
    await minds.decide(batch)


async def pause(minds, world="w"):
    """Bo goes on while Ada is paused, until her seat is free."""
    end = time.monotonic() + 20.0
    while minds.residents.known(world, "Ada") is not None:
        assert time.monotonic() < end, "she kept her seat"
        await asyncio.sleep(0.02)
        await minds.decide(make_batch(world, ["Bo"]))


def run(play):
    async def go():
        minds = Minds(Mind.untrained(), options=OPTIONS)
        try:
            return await play(minds)
        finally:
            await minds.close()

    return asyncio.run(go())


def test_over_grpc_it_still_knows_what_things_are_called():
    minds = Minds(Mind.untrained(), options=OPTIONS)
    with Serving(minds) as serving:
        client = serving.connect()
        both, alone = make_step(make_infos(2)), make_step(make_infos(2)[1:])
        both.unity_output.rl_output.side_channel = channels.encode_frames([
            (channels.HELLO, channels.encode_json({"npcs": {"1": "Ada", "2": "Bo"}})),
            (channels.CATALOGUE, channels.encode_npcs({1: [
                {"sequence": 0, "op": "add", "slot": 7, "kind": "object", "name": "the red vase",
                 "class_name": "vase"}]})),
        ])  # fmt: skip
        client.exchange(both)
        (world,) = minds.residents.worlds
        end = time.monotonic() + 20.0
        while minds.residents.known(world, "Ada") is not None:
            assert time.monotonic() < end, "she kept her seat"
            client.exchange(alone)
            time.sleep(0.02)
        client.exchange(make_step(make_infos(2)))
        assert names_of(minds, world, "Ada") == {7: "the red vase"}


def test_its_seat_is_free_meanwhile_and_it_goes_on_with_names_goal_and_persona():
    async def play(minds):
        await meet(minds)
        await pause(minds)
        await minds.decide(make_batch("v", ["Cy"]))
        seats = {resident.npc: resident.seat for resident in minds.residents.everybody()}
        nothing = names_of(minds, "v", "Cy")
        blob = await minds.save("w", "Ada")
        kept = set(await minds.save_all())
        await minds.decide(make_batch("w", ["Bo", "Ada"]))
        goals = minds._decider._goals.save(
            minds.mind.memories, minds.residents.known("w", "Ada").seat
        )
        return (
            seats, nothing, blob, kept, names_of(minds, "w", "Ada"), persona_of(minds, "w", "Ada"),
            goals["open"][0]["text"],
        )  # fmt: skip

    seats, nothing, blob, kept, names, persona, goal = run(play)
    assert seats == {"Bo": 1, "Cy": 0}
    assert nothing == {}
    assert blob is not None  # the game may save it meanwhile, and the snapshot has it
    assert kept == {("w", "Ada"), ("w", "Bo"), ("v", "Cy")}
    assert names == {7: "the red vase"}
    assert persona == ADA
    assert goal == "find the red vase"


def test_what_the_game_says_of_it_meanwhile_is_newer():
    async def play(minds):
        await meet(minds)
        await pause(minds)
        await minds.introduce("w", "Ada", "You are Ada, who keeps the keys.")
        await minds.decide(make_batch("w", ["Bo", "Ada"]))
        return persona_of(minds, "w", "Ada"), names_of(minds, "w", "Ada")

    assert run(play) == ("You are Ada, who keeps the keys.", {7: "the red vase"})


def test_with_its_world_it_is_forgotten():
    async def play(minds):
        await meet(minds)
        await pause(minds)
        minds.released("w")
        assert await minds.save("w", "Ada") is None
        await minds.decide(make_batch("w", ["Ada"]))
        return names_of(minds, "w", "Ada")

    assert run(play) == {}


def hotel(*npcs):
    """Residents of one world, and the world."""
    residents = Residents(ServingOptions())
    world = residents.world("w", 0.0)
    assert world is not None
    for npc in npcs:
        assert residents.find(world, npc) is not None
    return residents, world


def test_what_was_not_decided_yet_is_not_lost():
    """A question that its game did not wait for told it of the vase."""
    residents, world = hotel("Ada")
    ada = world.residents["Ada"]
    batch = make_batch("w", ["Ada"])
    batch.catalogue[0] = [VASE]
    ada.news.keep(batch, 0)
    world.clock = 4000.0
    assert residents.paused() == [ada]
    assert residents.put_by(ada, None) == [ada]
    assert residents.count == 0
    residents.find(world, "Ada")
    assert world.residents["Ada"].news.catalogue == [VASE]


def test_whoever_asks_or_is_loaded_while_it_is_saved_keeps_its_seat():
    residents, world = hotel("Ada")
    ada = world.residents["Ada"]
    world.clock = 4000.0
    assert residents.paused() == [ada]
    residents.find(world, "Ada")
    assert residents.put_by(ada, b"old") == []
    assert residents.known("w", "Ada") is ada


def test_those_who_wait_are_bounded():
    residents, world = hotel()
    for number in range(MOST_UNCLAIMED + 1):
        residents.find(world, f"n{number}")
        world.clock += 4000.0
        residents.put_by(world.residents[f"n{number}"], b"mind")
    kept = residents.saved()
    assert len(kept) == MOST_UNCLAIMED
    assert ("w", "n0") not in kept


def test_one_that_cannot_be_saved_keeps_its_seat_and_its_game_is_told_once(monkeypatch, caplog):
    def refuse(*_):
        raise SaveError("The mind takes too much: shorten the names.")

    async def play(minds):
        await meet(minds)
        for _ in range(30):
            await asyncio.sleep(0.02)
            await minds.decide(make_batch("w", ["Bo"]))
        return names_of(minds, "w", "Ada")

    monkeypatch.setattr("agent.serving.decider.save_mind", refuse)
    assert run(play) == {7: "the red vase"}
    (line,) = caplog.messages
    assert line == (
        "w, Ada keeps its place though it is paused for long, as it is not saved: The mind takes "
        "too much: shorten the names."
    )


def test_one_that_was_only_introduced_keeps_its_seat_and_who_it_is():
    async def play(minds):
        await minds.introduce("w", "Ada", ADA)
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            await minds.decide(make_batch("w", ["Bo"]))
            await asyncio.sleep(0.05)
        await minds.decide(make_batch("w", ["Ada", "Bo"]))
        assert persona_of(minds, "w", "Ada") == ADA

    run(play)
