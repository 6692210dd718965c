"""When a step counts, when a commit is right, when it is wrong, and what is no commit at all."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest

from envs.contract import Act
from envs.generate import generate
from envs.goals import Goal, Step, Verb
from envs.scene import Person
from envs.tasks import Episode, Judge, NpcTask
from envs.tasks.judging import DoneAct

LOOK_ALIKES = ("vase_1", "vase_2", "vase_3", "vase_4")
SCENE = generate("museum", 0)
HALL = SCENE.places[0].id
ROOM = SCENE.places[1].id


def step(do: str, what: str = "", where: str = "", who: str = "", after=()) -> Step:
    return Step(do=Verb(do), what=what, where=where, who=who, after=after)


ENTER = Goal((step("enter", HALL),), HALL)
REACH = Goal((step("reach", "vase_1"),), "vase_1", look_alikes=LOOK_ALIKES)
DELIVER = Goal((step("put", "vase_1", HALL),), "vase_1", look_alikes=LOOK_ALIKES)


@dataclass
class Truth:
    """A world in which only what a test says is so."""

    acts: dict[int, DoneAct] = field(default_factory=dict)
    bodies: dict[int, str] = field(default_factory=dict)
    distances: dict[str, float] = field(default_factory=dict)
    held: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lying: dict[str, tuple[str, ...]] = field(default_factory=dict)
    on: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)
    told: set[tuple[str, str, str, str]] = field(default_factory=set)

    def act_done(self, npc):
        return self.acts.get(npc)

    def place_of_body(self, npc):
        return self.bodies.get(npc)

    def distance(self, npc, thing):
        return self.distances.get(thing, math.inf)

    def holders(self, item):
        return self.held.get(item, ())

    def lies_in(self, item):
        return self.lying.get(item, ())

    def is_on(self, item):
        return item in self.on

    def is_open(self, thing):
        return thing in self.opened

    def is_locked(self, thing):
        return thing in self.locked

    def was_told(self, listener, speaker, what, where):
        return any(
            (listener, speaker, what) == words[:3] and where in (None, words[3])
            for words in self.told
        )


def make_judge(*goals: Goal) -> Judge:
    people = tuple(
        Person(id=f"npc{number}", name=f"Npc {number}", role="npc", position=(1.0, 1.0))
        for number in range(len(goals))
    )
    scene = SCENE.model_copy(update={"people": people})
    tasks = tuple(NpcTask("go", goal, ()) for goal in goals)
    return Judge(Episode(scene, "test/test", 0, tasks, len(goals) > 1, 10))


def verdict(goal: Goal, act: Act, target: str, item: str | None = None, **truth) -> str | None:
    judge = make_judge(goal)
    now = Truth(acts={0: DoneAct(act, target, item)}, **truth)
    judge.advance(now, [True])
    return judge.judge_commit(0, now)


@pytest.mark.parametrize(
    ("target", "body", "expected"),
    [(HALL, HALL, "success"), (HALL, ROOM, "wrong"), (ROOM, ROOM, "wrong"),
     ("concert", HALL, "wrong")],
)  # fmt: skip
def test_enter(target, body, expected):
    assert verdict(ENTER, Act.FINISH, target, bodies={0: body}) == expected


@pytest.mark.parametrize(
    ("target", "distance", "expected"),
    [("vase_1", 1.5, "success"), ("vase_1", 1.51, "wrong"), ("vase_2", 0.1, "wrong"),
     (HALL, math.inf, "wrong")],
)  # fmt: skip
def test_reach(target, distance, expected):
    distances = {target: distance, "vase_1": distance}
    assert verdict(REACH, Act.FINISH, target, distances=distances) == expected


@pytest.mark.parametrize(
    ("lies", "body", "distance", "expected"),
    [(HALL, HALL, 3.0, "success"), (HALL, ROOM, 1.2, "success"), (HALL, ROOM, 3.0, "wrong"),
     (ROOM, HALL, 1.0, "wrong"), (None, HALL, 0.0, "wrong")],
)  # fmt: skip
def test_finish_of_a_delivery(lies, body, distance, expected):
    lying = {"vase_1": (lies,)} if lies else {}
    given = verdict(
        DELIVER, Act.FINISH, "vase_1", "vase_1", lying=lying, bodies={0: body},
        distances={"vase_1": distance},
    )  # fmt: skip
    assert given == expected


@pytest.mark.parametrize(
    ("item", "lies", "expected"),
    [("vase_1", HALL, "success"), ("vase_2", HALL, "wrong"), ("vase_1", ROOM, None),
     ("vase_2", ROOM, None), ("radio_1", HALL, None)],
)  # fmt: skip
def test_put_commits_in_the_goal_place(item, lies, expected):
    lying = {item: (lies,)}
    assert verdict(DELIVER, Act.PUT, HALL, item, lying=lying, bodies={0: HALL}) == expected


@pytest.mark.parametrize("act", [Act.SWITCH, Act.GIVE])
@pytest.mark.parametrize("goal", [REACH, DELIVER])
def test_switching_or_giving_a_wrong_look_alike_commits(act, goal):
    assert verdict(goal, act, "vase_2", "vase_2") == "wrong"
    assert verdict(goal, act, "vase_1", "vase_1") is None
    assert verdict(goal, act, "radio_1", "radio_1") is None


def test_switching_the_right_one_is_success():
    goal = Goal((step("switch_off", "vase_1"),), "vase_1", look_alikes=LOOK_ALIKES)
    assert verdict(goal, Act.SWITCH, "vase_1", "vase_1") == "success"
    assert verdict(goal, Act.SWITCH, "vase_1", "vase_1", on={"vase_1"}) is None


def test_without_look_alikes_only_finish_commits():
    assert verdict(Goal(REACH.steps, "vase_1"), Act.SWITCH, "vase_2", "vase_2") is None
    assert verdict(ENTER, Act.PUT, HALL, "vase_2", lying={"vase_2": (HALL,)}) is None


def test_steps_count_in_their_order_and_stay_achieved():
    judge = make_judge(Goal((step("enter", HALL), step("enter", ROOM)), ROOM))
    for body, achieved in ((ROOM, 0), (HALL, 1), (None, 1), (ROOM, 2)):
        judge.advance(Truth(bodies={0: body} if body else {}), [True])
        assert judge.achieved == [achieved]


def test_a_step_waits_for_those_of_others():
    first = Goal((step("enter", HALL),), HALL)
    second = Goal((step("enter", ROOM, after=((0, 0),)),), ROOM)
    judge = make_judge(first, second)
    judge.advance(Truth(bodies={1: ROOM}), [True, True])
    assert judge.achieved == [0, 0]
    judge.advance(Truth(bodies={0: HALL, 1: ROOM}), [True, True])
    assert judge.achieved == [1, 1]


def test_what_was_made_must_still_be_so_at_the_end():
    goal = Goal((step("open", "chest"), step("enter", HALL)), HALL)
    judge = make_judge(goal)
    judge.advance(Truth(opened={"chest"}, bodies={0: HALL}), [True])
    done = {0: DoneAct(Act.FINISH, HALL, None)}
    assert judge.judge_commit(0, Truth(acts=done, bodies={0: HALL})) == "wrong"
    assert judge.judge_commit(0, Truth(acts=done, bodies={0: HALL}, opened={"chest"})) == "success"


@pytest.mark.parametrize(
    ("wanted", "truth"),
    [
        (step("touch", "a"), {"acts": {0: DoneAct(Act.TOUCH, "a", "a")}}),
        (step("examine", "a"), {"acts": {0: DoneAct(Act.EXAMINE, "a", "a")}}),
        (step("take", "a"), {"held": {"a": ("npc0",)}}),
        (step("give", "a", who="ada"), {"held": {"a": ("ada",)}}),
        (step("switch_on", "a"), {"on": {"a"}}),
        (step("open", "a"), {"opened": {"a"}}),
        (step("ask", "topic", who="ada"), {"told": {("npc0", "ada", "topic", HALL)}}),
        (step("tell", "topic", HALL, "ada"), {"told": {("ada", "npc0", "topic", HALL)}}),
    ],
)
def test_each_verb_is_achieved_by_its_own_fact(wanted, truth):
    for now, achieved in ((Truth(locked={"a"}), 0), (Truth(**truth), 1)):
        judge = make_judge(Goal((wanted,), "a"))
        judge.advance(now, [True])
        assert judge.achieved == [achieved]


@pytest.mark.parametrize(
    ("wanted", "before"),
    [(step("switch_off", "a"), {"on": {"a"}}), (step("close", "a"), {"opened": {"a"}}),
     (step("unlock", "a"), {"locked": {"a"}})],
)  # fmt: skip
def test_undoing_verbs_are_achieved_once_it_is_so(wanted, before):
    judge = make_judge(Goal((wanted,), "a"))
    judge.advance(Truth(**before), [True])
    assert judge.achieved == [0]
    judge.advance(Truth(), [True])
    assert judge.achieved == [1]


def test_after_telling_it_does_not_matter_where_they_are():
    goal = Goal((step("tell", "topic", HALL, "ada"),), "ada")
    told = {("ada", "npc0", "topic", HALL)}
    assert verdict(goal, Act.FINISH, "ada", told=told) == "success"
    assert verdict(goal, Act.FINISH, "ada") == "wrong"
    assert verdict(goal, Act.FINISH, HALL, told=told) == "wrong"


LIFT = Goal((step("lift", "crate", HALL),), "crate")
IN_HANDS = Truth(held={"crate": ("npc0", "ada")})


def lying(place: str, act: Act = Act.NONE) -> Truth:
    """The crate lies somewhere, after an act that was done to it."""
    return Truth(lying={"crate": (place,)}, acts={0: DoneAct(act, "crate", "crate")},
                 distances={"crate": 0.5})  # fmt: skip


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        ((lying(ROOM), IN_HANDS, lying(HALL, Act.PUT)), "success"),
        ((lying(HALL), IN_HANDS, lying(HALL, Act.DROP)), "success"),
        ((IN_HANDS, lying(HALL, Act.PUT), lying(HALL, Act.PUSH)), "success"),
        ((lying(HALL),), "wrong"),
        ((lying(ROOM), lying(HALL, Act.PUSH)), "wrong"),
        ((Truth(held={"crate": ("npc0",)}), lying(HALL, Act.PUT)), "wrong"),
        ((IN_HANDS, lying(ROOM, Act.PUT), lying(HALL, Act.PUSH)), "wrong"),
        ((IN_HANDS, lying(HALL, Act.PUSH)), "wrong"),  # the other has put it down just before
        ((IN_HANDS, lying(HALL), lying(ROOM, Act.PUSH), lying(HALL, Act.PUSH)), "wrong"),
        ((IN_HANDS, lying(HALL), lying(ROOM, Act.PUSH), IN_HANDS, lying(HALL)), "success"),
    ],
)
def test_lifting_needs_two_since_it_last_lay_elsewhere(happened, expected):
    judge = make_judge(LIFT)
    for truth in (*happened, lying(HALL, Act.FINISH)):
        judge.advance(truth, [True])
    assert judge.judge_commit(0, lying(HALL, Act.FINISH)) == expected


def test_a_thing_may_be_lifted_to_one_place_and_then_to_another():
    judge = make_judge(Goal((step("lift", "crate", HALL), step("lift", "crate", ROOM)), "crate"))
    for truth, achieved in (
        (IN_HANDS, 0), (lying(HALL), 1), (IN_HANDS, 1), (lying(ROOM), 2), (lying(ROOM), 2),
    ):  # fmt: skip
        judge.advance(truth, [True])
        assert judge.achieved == [achieved]
    assert judge.judge_commit(0, lying(ROOM, Act.FINISH)) == "success"
