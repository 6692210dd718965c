"""What every task needs to turn a scene into an episode.

All draws come from one stream of the task's name and the seed, and each answer is drawn uniformly
from its candidates, so that nothing but the answer's own carrier betrays it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from envs.classes import CLASSES
from envs.goals import Reward
from envs.scene import Fact, Object, Person, Place, Scene, Spawn, Topic
from envs.stream import Stream
from envs.tasks.episode import Episode, NpcTask, TaskError
from envs.tasks.true_map import TrueMap, Way, object_area

SHORTEST = 1.5
"""A task takes at least this way, metres."""
LOOK_ALIKES = 4
"""Look-alikes that a task with look-alikes needs at least."""
TOPIC_NAMES = (
    "the picnic", "the parade", "the quiz", "the tasting", "the dance", "the race", "the sale",
    "the vote",
)  # fmt: skip
"""Topics that tasks add to a scene."""
NPC_NAMES = ("Anna", "Bruno", "Chloe", "Daniel", "Elena", "Farid", "Gwen", "Henrik")

T = TypeVar("T")


class Stage:
    """A scene that is being prepared for one episode.

    Attributes:
        scene: as changed so far.
        stream: the episode's random draws.
        true_map: ways in the scene; objects and doors must not be moved any more.
        own_npcs: ids of the controlled NPCs that the scene brings along.
    """

    def __init__(
        self, task: str, seed: int, scene: Scene, npcs: int, step_limit: int, reward: Reward
    ) -> None:
        self.task = task
        self.seed = seed
        self.stream = Stream(f"{task}:{seed}")
        npc_people = [person for person in scene.people if person.role == "npc"]
        self._actors = [self._actor(scene, npc_people, number) for number in range(npcs)]
        self.own_npcs = {person.id for person in npc_people}
        others = tuple(person for person in scene.people if person.role != "npc")
        self.scene = scene.model_copy(update={"people": others})
        self.true_map = TrueMap(self.scene)
        self._step_limit = step_limit
        self._reward = reward

    @staticmethod
    def _actor(scene: Scene, npc_people: Sequence[Person], number: int) -> Person:
        """The scene's own controlled NPC of this number, or a new one."""
        if number < len(npc_people):
            return npc_people[number]
        taken = {person.name for person in scene.people}
        ids = set(scene.thing_ids())
        free = [name for name in NPC_NAMES if name not in taken and name.lower() not in ids]
        name = free[number - len(npc_people)]
        return Person.model_construct(id=name.lower(), name=name, role="npc", position=(0.0, 0.0))

    @property
    def actors(self) -> Sequence[Person]:
        """The controlled NPCs, where they start once `begin_at` was called."""
        return self._actors

    def fail(self, need: str) -> TaskError:
        """The error that says what the scene lacks for this task."""
        return TaskError(
            f"The scene '{self.scene.name}' cannot stage {self.task}: it needs {need}."
        )

    def place(self, place_id: str) -> Place:
        """A place by its id."""
        return next(place for place in self.scene.places if place.id == place_id)

    def place_under(self, thing: Object | Person | Spawn) -> Place:
        """The place that something stands in."""
        position = thing.position
        if isinstance(thing, Object):
            position = self.scene.position_of(thing.id)
        place = self.scene.place_at(*position)
        if place is None:
            x, z = position
            raise self.fail(f"everything to be in a place, and ({x:g}, {z:g}) is in none")
        return place

    def begin_at(self, *spawns: Spawn) -> None:
        """Let the controlled NPCs start there, in order."""
        self._actors = [
            actor.model_copy(update={"position": spawn.position, "yaw_degrees": spawn.yaw_degrees})
            for actor, spawn in zip(self._actors, spawns, strict=True)
        ]

    def best_start(self, ways_from: Callable[[Spawn], dict[str, Way]], need: str) -> dict[str, Way]:
        """Begin at a spawn point, drawn from those with the most candidates.

        Args:
            ways_from: the candidates for a start and the way to each; too short ones are left out
                here.
            need: what the scene lacks when there are fewer than two candidates.

        Returns:
            The candidates from that start.
        """
        best: dict[str, Way] = {}
        chosen = self.scene.spawns[0]
        for spawn in self.stream.shuffled(self.scene.spawns):
            ways = {i: way for i, way in ways_from(spawn).items() if way.length >= SHORTEST}
            if len(ways) > len(best):
                best, chosen = ways, spawn
        if len(best) < 2:
            raise self.fail(need)
        self.begin_at(chosen)
        return best

    def ways_to_places(self, places: Iterable[Place]) -> dict[str, Way]:
        """Ways into places from where the true map was started; unreachable ones are left out."""
        found = {place.id: self.true_map.to_place(place) for place in places}
        return {place: way for place, way in found.items() if way is not None}

    def open_places(self) -> list[Place]:
        """Places that can be walked into from the first spawn point without a key."""
        self.true_map.start_from(self.scene.spawns[0].position)
        reached = self.ways_to_places(self.scene.places)
        return [place for place in self.scene.places if place.id in reached]

    def ways_to_objects(self, objects: Iterable[Object]) -> dict[str, Way]:
        """Ways to within reach of objects; unreachable ones are left out."""
        found = {
            thing.id: self.true_map.to_thing(object_area(thing), self.place_under(thing))
            for thing in objects
        }
        return {thing: way for thing, way in found.items() if way is not None}

    def look_alikes(self, affordance: str | None = None) -> list[Object]:
        """One class of at least four objects of different colours, drawn if there are several."""
        standing = [thing for thing in self.scene.objects if not (thing.inside or thing.upon)]
        classes = Counter(thing.class_name for thing in standing)
        groups = []
        for name, count in classes.items():
            group = [thing for thing in standing if thing.class_name == name]
            colors = {thing.color for thing in group}
            if count >= LOOK_ALIKES and len(colors) == count and can_all(group, affordance):
                groups.append(group)
        if not groups:
            kind = f" that offer '{affordance}'" if affordance else ""
            raise self.fail(
                f"at least {LOOK_ALIKES} objects of one class{kind}, each of another colour"
            )
        return self.stream.choice(groups)

    def replace_object(self, thing_id: str, **changes: object) -> None:
        """Change fields of an object that its geometry does not depend on."""
        self.scene = self.scene.model_copy(
            update={
                "objects": tuple(
                    thing.model_copy(update=changes) if thing.id == thing_id else thing
                    for thing in self.scene.objects
                )
            }
        )

    def add_topics(self, count: int) -> Sequence[Topic]:
        """So many topics: the scene's, and new ones where it has too few."""
        topics = list(self.scene.topics)
        taken = {topic.name for topic in topics}
        free = [name for name in TOPIC_NAMES if name not in taken]
        for name in self.stream.sample(free, max(0, count - len(topics))):
            topics.append(Topic.model_construct(id=name.removeprefix("the "), name=name))
        self.scene = self.scene.model_copy(update={"topics": tuple(topics)})
        return topics[:count]

    def forget_topics(self, *topics: str) -> None:
        """Take all knowledge about topics from the people of the scene."""
        self._change_people(
            lambda person: {
                "facts": tuple(fact for fact in person.facts if fact.about not in topics)
            }
        )

    def tell_person(self, person_id: str, about: str, where: str) -> None:
        """Let a person know a fact and keep what they know until asked."""
        fact = Fact.model_construct(about=about, where=where)
        self._change_people(
            lambda person: (
                {"facts": (*person.facts, fact), "tells_every": None}
                if person.id == person_id
                else {}
            )
        )

    def _change_people(self, changes: Callable[[Person], dict[str, object]]) -> None:
        people = tuple(person.model_copy(update=changes(person)) for person in self.scene.people)
        self.scene = self.scene.model_copy(update={"people": people})

    def episode(self, *npcs: NpcTask) -> Episode:
        """The finished episode; every NPC has to walk at least ``SHORTEST``."""
        npcs = tuple(replace(npc, shortest_path=max(SHORTEST, npc.shortest_path)) for npc in npcs)
        people = (*self.scene.people, *self._actors)
        return Episode(
            scene=self.scene.model_copy(update={"people": people}),
            task=self.task,
            seed=self.seed,
            npcs=npcs,
            team=len(npcs) > 1,
            step_limit=self._step_limit,
            reward=self._reward,
        )


def can_all(objects: Iterable[Object], affordance: str | None) -> bool:
    """Whether every object offers an act; True when none is asked for."""
    return affordance is None or all(
        affordance
        in (
            CLASSES[thing.class_name].affordances
            if thing.affordances is None
            else thing.affordances
        )
        for thing in objects
    )
