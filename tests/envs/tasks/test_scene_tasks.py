"""Tasks of scene files: what is said, what is asked, how far it is, and that it can be done."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from envs.episodes import EpisodeSource
from envs.goals import NpcGoal, Reward, Step, TaskSpec, Verb
from envs.policies import oracle
from envs.scene import Door, Fact, Object, Person, Place, Scene, Spawn, Topic
from envs.tasks import TaskError, find_task, make_episode
from envs.tasks.wording import Wording, WordingError
from envs.world.world import BatchWorld

VASES = tuple(
    Object(id=f"vase_{number}", class_name="vase", color=color, position=(1.0 + number, 0.6))
    for number, color in enumerate(("red", "green", "blue", "yellow"))
)
RADIOS = (
    Object(id="radio_1", class_name="radio", color="red", position=(5.5, 0.6), on=True,
           sound="hum"),
    Object(id="radio_2", class_name="radio", color="red", position=(7.0, 0.6), on=True,
           sound="tick"),
    Object(id="radio_3", class_name="radio", color="red", position=(0.6, 2.0)),
)  # fmt: skip


def step(do: str, what: str = "", where: str = "", who: str = "", after=()) -> Step:
    return Step(do=Verb(do), what=what, where=where, who=who, after=after)


def goal(*steps: Step, **more) -> NpcGoal:
    return NpcGoal(steps=steps, **more)


def scene_with(*npcs: NpcGoal, people=(), **more) -> Scene:
    """Two rooms and a task called ``errand``."""
    return Scene(
        name="two rooms",
        places=(
            Place(id="left", name="the left room", floor=(0, 0, 5, 5)),
            Place(id="right", name="the right room", floor=(5, 0, 10, 5)),
        ),
        doors=(Door(id="door", between=("left", "right"), position=(5, 2.5)),),
        objects=(
            *VASES, *RADIOS,
            Object(id="table", class_name="table", color="white", position=(9.0, 4.0)),
            Object(id="fridge", class_name="fridge", color="white", position=(9.4, 1.2)),
        ),
        people=(
            Person(id="guide", name="the guide", role="guide", position=(8.0, 3.0),
                   facts=(Fact(about="party", where="left"),)),
            *people,
        ),
        topics=(Topic(id="party", name="the party"),),
        spawns=(Spawn(position=(2.0, 2.5)), Spawn(position=(3.0, 4.0))),
        tasks=(TaskSpec(id="errand", npcs=npcs, **more),),
    )  # fmt: skip


def instruction(*steps: Step) -> str:
    return make_episode("scene/errand", 0, scene=scene_with(goal(*steps))).npcs[0].instruction


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (step("enter", "right"), "go to the right room"),
        (step("touch", "table"), "touch the table"),
        (step("reach", "vase_0"), "go to the red vase"),
        (step("take", "vase_1"), "take the green vase"),
        (step("put", "vase_1", "right"), "put the green vase in the right room"),
        (step("put", "vase_1", "fridge"), "put the green vase in the fridge"),
        (step("put", "vase_1", "table"), "put the green vase on the table"),
        (step("give", "vase_1", who="guide"), "give the green vase to the guide"),
        (step("switch_off", "radio_1"), "switch off the radio that is humming"),
        (step("switch_on", "radio_3"), "switch on the radio in the left room"),
        (step("open", "fridge"), "open the fridge"),
        (step("close", "door"), "close the door"),
        (step("examine", "guide"), "examine the guide"),
        (step("ask", "party", who="guide"), "ask the guide where the party is"),
        (step("tell", "party", "left", "guide"), "tell the guide where the party is"),
    ],
)
def test_each_step_is_a_clause(asked, said):
    assert instruction(asked) == said


def test_clauses_are_joined_in_order():
    said = instruction(step("take", "vase_2"), step("put", "vase_2", "table"))
    assert said == "take the blue vase, then put the blue vase on the table"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sign": "K"}, "the vase with the sign K"),
        ({"class_name": "lamp", "on": True}, "the lit lamp"),
        ({"class_name": "lamp", "position": (9.0, 2.5)}, "the lamp in the right room"),
    ],
)
def test_look_alikes_are_told_apart_by_what_can_be_perceived(changes, said):
    kind = changes.get("class_name", "vase")
    things = tuple(
        vase.model_copy(update={"color": "red", "class_name": kind, **(changes if n == 0 else {})})
        for n, vase in enumerate(VASES)
    )
    assert Wording(scene_with(goal(step("enter", "left"))).model_copy(
        update={"objects": things})).name("vase_0") == said  # fmt: skip


def test_what_nothing_tells_apart_says_the_cure():
    twins = tuple(vase.model_copy(update={"color": "red"}) for vase in VASES)
    scene = scene_with(goal(step("take", "vase_0"))).model_copy(update={"objects": twins})
    with pytest.raises(WordingError, match="give it a colour, a sign or a sound of its own"):
        Wording(scene).name("vase_0")
    with pytest.raises(TaskError, match=r"scene/errand cannot be asked in 'two rooms'\. Nothing"):
        make_episode("scene/errand", 0, scene=scene)


def test_doorways_that_nothing_tells_apart_say_the_cure():
    scene = scene_with(goal(step("close", "door")))
    second = scene.doors[0].model_copy(update={"id": "door_2", "position": (5, 4.2)})
    with pytest.raises(WordingError, match="Nothing tells 'door' from other doorways"):
        Wording(scene.model_copy(update={"doors": (*scene.doors, second)})).name("door")


def test_the_seed_chooses_what_one_stands_for_evenly():
    ids = tuple(vase.id for vase in VASES)
    spec = goal(step("take", "$one"), step("put", "$one", "right"), one_of=ids)
    chosen: Counter[str] = Counter()
    for seed in range(80):
        (npc,) = make_episode("scene/errand", seed, scene=scene_with(spec)).npcs
        color = next(vase.color for vase in VASES if vase.id == npc.goal.target)
        assert npc.instruction.startswith(f"take the {color} vase, then put the {color} vase in")
        assert npc.goal.candidates == npc.goal.look_alikes == ids
        assert npc.goal.secret == npc.goal.target == npc.goal.steps[0].what
        assert not set(ids) & set(npc.known_things)
        chosen[npc.goal.target] += 1
    assert min(chosen.values()) >= 10 and len(chosen) == 4


def test_own_words_finish_and_knowledge_are_taken():
    spec = goal(
        step("examine", "$one"), one_of=("vase_0", "vase_1"), finish="left",
        instruction="look at $one", knows=("The party is in the left room.",),
    )  # fmt: skip
    (npc,) = make_episode("scene/errand", 1, scene=scene_with(spec)).npcs
    assert re.fullmatch("look at the (red|green) vase", npc.instruction)
    assert npc.goal.target == "left"
    assert npc.briefings[0].mentions == ("left", "party")


def test_what_is_asked_of_a_team_names_the_mates_and_pays_as_written():
    first = goal(step("lift", "table", "left"), step("tell", "party", "left", "npc_1"))
    second = goal(step("lift", "table", "left", after=((0, 0),)), step("enter", "right"))
    scene = scene_with(first, second, reward=Reward(success=3.0), step_limit=77)
    episode = make_episode("scene/errand", 2, scene=scene)
    people = {person.id: person for person in episode.scene.people if person.role == "npc"}
    anna, bruno = people.values()
    assert episode.team and episode.step_limit == 77 and episode.reward.success == 3.0
    assert anna.position != bruno.position
    assert episode.npcs[0].instruction == (
        f"carry the table to the left room with {bruno.name}, then tell {bruno.name} where the "
        "party is"
    )
    assert episode.npcs[0].goal.steps[1].who == bruno.id == episode.npcs[0].goal.target
    assert episode.npcs[1].goal.steps[0].after == ((0, 0),)


def test_an_npc_of_the_scene_starts_where_it_stands():
    ada = Person(id="ada", name="Ada", role="npc", position=(1.0, 4.0))
    scene = scene_with(goal(step("enter", "right")), people=(ada,))
    (npc,) = [p for p in make_episode("scene/errand", 3, scene=scene).scene.people
              if p.role == "npc"]  # fmt: skip
    assert (npc.id, npc.position) == ("ada", (1.0, 4.0))


def test_the_shortest_way_leads_through_all_steps():
    def length(*steps: Step) -> float:
        ada = Person(id="ada", name="Ada", role="npc", position=(2.0, 2.5))
        scene = scene_with(goal(*steps), people=(ada,))
        return make_episode("scene/errand", 0, scene=scene).npcs[0].shortest_path

    right = length(step("enter", "right"))
    assert right == pytest.approx(3.3, abs=0.2)
    assert length(step("enter", "right"), step("enter", "left")) > right + 0.3
    assert length(step("put", "vase_0", "right")) > right + 0.3
    assert length(step("ask", "party", who="guide"), step("enter", "left")) > 5.0


def test_a_locked_door_needs_a_step_that_opens_it():
    scene = scene_with(goal(step("enter", "right")))
    locked = scene.doors[0].model_copy(update={"state": "locked", "key": "vase_0"})
    shut = scene.model_copy(update={"doors": (locked,)})
    with pytest.raises(TaskError, match="a way to 'right', with every locked door on it opened"):
        make_episode("scene/errand", 0, scene=shut)
    opened = goal(step("take", "vase_0"), step("unlock", "door"), step("enter", "right"))
    tasks = (TaskSpec(id="errand", npcs=(opened,)),)
    episode = make_episode("scene/errand", 0, scene=shut.model_copy(update={"tasks": tasks}))
    assert episode.npcs[0].shortest_path > 3.0


@pytest.mark.parametrize(
    ("name", "scene", "message"),
    [
        ("scene/errand", None, "'scene/errand' is a task of a scene file: give that scene as well"),
        ("scene/erand", scene_with(goal(step("enter", "left"))), "did you mean 'scene/errand'?"),
        (
            "scene/errand",
            scene_with(goal(step("enter", "left"))).model_copy(update={"tasks": ()}),
            "has no task 'scene/errand': it has no tasks of its own.",
        ),
    ],
)
def test_an_unknown_task_of_a_scene_says_the_cure(name, scene, message):
    with pytest.raises(TaskError, match=re.escape(message)):
        find_task(name, scene)


def test_too_few_spawn_points_say_so():
    scene = scene_with(*(goal(step("enter", "left")),) * 3)
    with pytest.raises(TaskError, match="it needs 3 spawn points"):
        make_episode("scene/errand", 0, scene=scene)


def test_a_gym_face_draws_from_the_scene():
    scene = scene_with(goal(step("enter", "right")))
    source = EpisodeSource.make(1, "scene/errand", scene=scene)
    episode = source.draw(np.random.default_rng(0))
    assert episode.task == "scene/errand" and episode.scene.places == scene.places


@pytest.mark.parametrize(
    "steps",
    [
        (step("take", "vase_1"), step("put", "vase_1", "right")),
        (step("ask", "party", who="guide"), step("enter", "left")),
        (step("switch_off", "radio_1"), step("close", "door")),
    ],
)
def test_the_oracle_does_what_a_scene_asks(steps):
    world = BatchWorld(1, 1, senses=())
    world.reset(0, make_episode("scene/errand", 0, scene=scene_with(goal(*steps))))
    for _ in range(400):
        world.observe()
        result = world.step(oracle(world))
        if result.terminated[0] or result.truncated[0]:
            break
    assert result.success.all(), world.referee.steps_done
