"""Who an NPC is: told over both links, kept with its mind, gone with it."""

import asyncio

from agent.dialogue.persona import MOST_CHARACTERS
from agent.mind import Mind
from agent.serving import Minds, blank_observations
from tests.agent.serving.worlds import PATIENT, START, make_batch
from tests.unity_bridge.helpers import RecordingMind, Serving, make_infos, make_step
from unity_bridge import channels
from unity_bridge.live import LiveClient, LiveServer

ADA = "You are Ada, who tends the garden."
SAY = {"op": "persona", "text": ADA}


def persona_of(minds, world, npc):
    """What a mind knows of who it is."""
    resident = minds.residents.known(world, npc)
    (index,) = minds.mind.memories.find([resident.seat]).tolist()
    return minds.mind.memories.belief.memory[index].persona


def run(play):
    async def go():
        minds = Minds(Mind.untrained(), options=PATIENT)
        try:
            return await play(minds)
        finally:
            await minds.close()

    return asyncio.run(go())


def test_a_persona_outlives_an_episode_and_goes_with_its_npc():
    async def play(minds):
        await minds.introduce("w", "a", ADA)
        await minds.decide(make_batch("w", ["a"], first=True, episodes=[[START]]))
        kept = persona_of(minds, "w", "a")
        minds.released("w")
        await minds.decide(make_batch("v", ["b"]))  # takes the seat that is free
        return kept, persona_of(minds, "v", "b")

    assert run(play) == (ADA, "")


def test_a_persona_is_saved_and_one_that_the_game_has_said_is_not_lost_to_an_older_save():
    async def play(minds):
        await minds.decide(make_batch("w", ["a"]))
        older = await minds.save("w", "a")
        await minds.introduce("w", "a", ADA)
        saved = await minds.save("w", "a")
        await minds.restore("w", "a", older)
        await minds.restore("v", "b", saved)
        return persona_of(minds, "w", "a"), persona_of(minds, "v", "b")

    assert run(play) == (ADA, ADA)


def test_a_long_persona_is_cut():
    async def play(minds):
        await minds.introduce("w", "a", "x" * 5000)
        return persona_of(minds, "w", "a")

    assert run(play) == "x" * MOST_CHARACTERS


def test_a_persona_comes_over_grpc():
    minds = Minds(Mind.untrained(), options=PATIENT)
    with Serving(minds) as serving:
        message = make_step(make_infos(1))
        message.unity_output.rl_output.side_channel = channels.encode_frames([
            (channels.HELLO, channels.encode_json({"npcs": {"1": "Ada"}})),
            (channels.MIND, channels.encode_npcs({1: [SAY, {"op": "persona", "text": 5}]})),
        ])  # fmt: skip
        serving.connect().exchange(message)
        (world,) = minds.residents.worlds
        assert persona_of(minds, world, "Ada") == ADA


def test_a_mind_that_takes_no_persona_goes_on():
    with Serving(RecordingMind()) as serving:
        message = make_step(make_infos(1))
        message.unity_output.rl_output.side_channel = channels.encode_frames([
            (channels.HELLO, channels.encode_json({"npcs": {"1": "Ada"}})),
            (channels.MIND, channels.encode_npcs({1: [SAY]})),
        ])  # fmt: skip
        serving.connect().exchange(message)
        assert len(serving.mind.batches) == 1


def test_a_persona_comes_over_the_live_link():
    async def play(minds):
        server = LiveServer(minds, port=0)
        await server.start()
        client = LiveClient("127.0.0.1", server.port)
        try:
            await client.connect()
            client.tell("Ada", "mind", [SAY, {"op": "save", "request": 1}])
            client.observe("Ada", blank_observations(1))
            await client.action(60.0)
            (world,) = minds.residents.worlds
            return persona_of(minds, world, "Ada")
        finally:
            client.drop()
            await server.stop(grace=0.2)

    assert run(play) == ADA
