"""What goes wrong on purpose: each perturbation does what it says and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from envs import contract
from envs.contract import Act, Move, SelfColumn
from envs.scene import Door, Fact, Person, Place, Scene, Spawn, Topic
from envs.spaces import observation_space
from envs.tasks import TASKS, make_episode
from envs.world.perturbations import PERTURBATIONS, Perturber, check_perturbations
from envs.world.perturbations.staging import CROWD
from envs.world.state import DOOR_LOCKED, DOOR_OPEN
from envs.world.world import BatchWorld
from tests.envs.world.stage import Stage, make_object, make_scene

SEED = 1_000_200


def ring_of_rooms() -> Scene:
    """Four rooms of 4 m in a ring, so that no door is the only way."""
    corners = {"left": (0, 0), "back": (0, 4), "right": (4, 4), "side": (4, 0)}
    ways = (("left", "back", 2, 4), ("back", "right", 4, 6), ("right", "side", 6, 4),
            ("side", "left", 4, 2))  # fmt: skip
    return Scene(
        name="ring",
        places=tuple(
            Place(id=name, name=f"the {name} room", floor=(x, z, x + 4, z + 4))
            for name, (x, z) in corners.items()
        ),
        doors=tuple(
            Door(id=f"{a}_{b}", between=(a, b), position=(x, z)) for a, b, x, z in ways
        ),
        objects=(make_object("radio", "radio", 0.6, 3.2, sound="music", sounding=True),),
        people=(
            Person(id="guide", name="the guide", role="guide", position=(6.0, 1.0),
                   facts=(Fact(about="concert", where="right"),)),
            Person(id="npc_0", name="Ada", role="npc", position=(2.0, 2.0)),
        ),
        topics=(Topic(id="concert", name="the concert"),),
        spawns=(Spawn(position=(2.0, 2.0)),),
    )  # fmt: skip


def stage_with(*names: str, scene: Scene | None = None, seed: int = 7, **more) -> Stage:
    return Stage(scene or ring_of_rooms(), seed=seed, perturbations=names, **more)


def test_unknown_names_are_refused_with_a_suggestion() -> None:
    with pytest.raises(ValueError, match=r"perturbation 'crowds'; did you mean 'crowd'\?"):
        check_perturbations(("crowds",))
    with pytest.raises(ValueError, match="unknown perturbation 'flood'; known are"):
        Perturber(("flood",), 1, 1)


def frames(stage: Stage, decisions: int) -> list[np.ndarray]:
    taken = [stage.world.observation["camera"][0].copy()]
    for _ in range(decisions - 1):
        stage.step({"turn": 4})
        taken.append(stage.world.observation["camera"][0].copy())
    return taken


def test_a_dark_camera_is_black_for_six_seconds() -> None:
    shown, real = (
        frames(stage_with(*names, senses=("camera",)), 100) for names in (("camera_dark",), ())
    )
    black = np.array([not frame.any() for frame in shown])
    first = int(np.argmax(black))
    assert black.sum() == 60 and black[first : first + 60].all()
    assert all(
        np.array_equal(a, b) for a, b, dark in zip(shown, real, black, strict=True) if not dark
    )
    assert not any(not frame.any() for frame in real)


def test_a_door_on_the_way_locks_once_somebody_comes_near() -> None:
    trapped = set()
    for seed in range(10):
        stage = stage_with("door_closes", seed=seed)
        door = int(stage.state.trap_door[0])
        trapped.add(stage.world.layouts[0].ids[stage.number("left_back") + door])  # type: ignore[union-attr]
        stage.place_body(0.5, 0.5)  # farther than 2.5 m from every door
        stage.step()
        assert (stage.state.door_state[0, :4] == DOOR_OPEN).all()
        x, z = (float(value) for value in stage.state.door_position[0, door])
        stage.place_body(x, z)  # in the doorway: it waits
        stage.step()
        assert (stage.state.door_state[0, :4] == DOOR_OPEN).all()
        stage.place_body(2.0, 2.0)
        stage.step()
        stage.place_body(6.0, 6.0)
        stage.step()
        expected = [DOOR_LOCKED if other == door else DOOR_OPEN for other in range(4)]
        assert stage.state.door_state[0, :4].tolist() == expected
    assert trapped <= {"left_back", "back_right", "right_side", "side_left"}
    assert len(trapped) > 1


def test_no_door_closes_where_there_is_but_one_way() -> None:
    stage = stage_with("door_closes", scene=make_scene())
    assert stage.state.trap_door[0] == -1


def test_a_frozen_camera_keeps_its_frame_for_three_seconds_and_nothing_says_so() -> None:
    stage = stage_with("camera_frozen", senses=("camera",))
    clear = stage_with(senses=("camera",))
    shown, real = frames(stage, 70), frames(clear, 70)
    same = [np.array_equal(a, b) for a, b in zip(shown, real, strict=True)]
    first = same.index(False)
    frozen = shown[first - 1]
    still = [np.array_equal(frame, frozen) for frame in shown[first : first + 29]]
    assert still == [True] * 29
    assert all(same[: first - 1]) and all(same[first + 29 :])
    body = stage.world.observation["self"][0]
    assert body[SelfColumn.CAMERA_VALID] == 1.0 and body[SelfColumn.CAMERA_AGE] == 0.0


def test_a_noisy_camera_is_noisy_in_every_frame_and_the_same_every_time() -> None:
    noisy = [frames(stage_with("camera_noise", senses=("camera",)), 5) for _ in range(2)]
    clear = frames(stage_with(senses=("camera",)), 5)
    assert np.array_equal(noisy[0], noisy[1])
    for shown, real in zip(noisy[0], clear, strict=True):
        assert 4.0 < np.abs(shown.astype(float) - real).mean() < 25.0


def test_the_deaf_hear_nothing_for_six_seconds_and_feel_it() -> None:
    stage = stage_with("deaf", senses=("audio",))
    valid, loud, ages = [], [], []
    for _ in range(100):
        stage.step()
        body = stage.world.observation["self"][0]
        valid.append(bool(body[SelfColumn.AUDIO_VALID]))
        ages.append(float(body[SelfColumn.AUDIO_AGE]))
        loud.append(bool(stage.world.observation["audio"][0].any()))
    assert valid == loud
    assert valid.count(False) == 60
    assert max(ages) == pytest.approx(6.0)


def test_hissing_ears_stay_in_range() -> None:
    stage, clear = (stage_with(*names, senses=("audio",)) for names in (("audio_noise",), ()))
    noise = stage.world.observation["audio"] - clear.world.observation["audio"]
    assert 0.008 < noise.std() < 0.06
    assert np.abs(stage.world.observation["audio"]).max() <= 1.0


def test_actions_come_late_by_an_amount_of_the_seed() -> None:
    delays = {}
    for seed in range(20):
        stage = stage_with("action_delay", seed=seed)
        told = int(stage.world.observation["self"][0, SelfColumn.ACTION_DELAY])
        start = stage.state.person_position[0, 1, 2]
        moved = 0
        while stage.state.person_position[0, 1, 2] == start:
            stage.walk()
            moved += 1
        delays[seed] = told
        assert moved == told + 1
    assert set(delays.values()) == {0, 1, 2, 3}


def test_the_last_of_a_team_stops() -> None:
    stage = stage_with("partner_stops", scene=make_scene(npcs=2))
    walking = {"move": Move.WALK, "turn": 4}
    moved = []
    for _ in range(80):
        stage.step(walking, walking)
        moved.append(stage.world.observation["self"][:, SelfColumn.VELOCITY_FORWARD] != 0)
    first, last = np.array(moved).T
    assert first.all()
    stops = int(np.argmin(last))
    assert 10 <= stops < 60 and not last[stops:].any()


def test_one_npc_alone_is_no_partner() -> None:
    stage = stage_with("partner_stops")
    for _ in range(70):
        stage.step({"turn": 4})
    assert stage.world.observation["self"][0, SelfColumn.TURN_RATE] != 0


def test_things_change_places_only_while_nobody_looks() -> None:
    cups = [make_object(f"cup_{n}", "cup", 5.0, z, color=color)
            for n, (z, color) in enumerate(((3.0, "red"), (5.0, "blue")))]  # fmt: skip
    stage = stage_with("moved_objects", scene=make_scene(*cups))
    before = [stage.position("cup_0"), stage.position("cup_1")]
    stage.place_body(2.0, 4.0)  # looks at both
    for _ in range(40):
        stage.step()
    assert [stage.position("cup_0"), stage.position("cup_1")] == before
    stage.place_body(2.0, 4.0, -90.0)
    stage.step()
    assert [stage.position("cup_1"), stage.position("cup_0")] == before


def test_what_is_held_or_told_stays_where_it_is() -> None:
    cups = [make_object(f"cup_{n}", "cup", x, 4.0) for n, x in enumerate((3.0, 6.0))]
    guide = Person(id="guide", name="the guide", position=(5.0, 2.0),
                   facts=(Fact(about="cup_1", where="left"),))  # fmt: skip
    stage = stage_with("moved_objects", scene=make_scene(*cups, people=(guide,)))
    stage.place_body(2.0, 4.0, -90.0)
    for _ in range(40):
        stage.step()
    assert stage.position("cup_1") == [6.0, 0.0, 4.0]
    stage = stage_with("moved_objects", scene=make_scene(*cups))
    stage.place_body(2.2, 4.0)
    stage.act(Act.TAKE, "cup_0")
    stage.place_body(2.0, 4.0, -90.0)
    for _ in range(40):
        stage.step()
    assert stage.position("cup_1") == [6.0, 0.0, 4.0]


def test_a_blocked_doorway_leaves_another_way() -> None:
    kinds = set()
    for seed in range(12):
        stage = stage_with("blocked_doors", seed=seed)
        scene = stage.world.episodes[0].scene  # type: ignore[union-attr]
        locked = [door.id for door in scene.doors if door.state == "locked"]
        crates = [thing for thing in scene.objects if thing.class_name == "crate"]
        assert len(locked) + len(crates) == 1
        assert all(crate.position in {door.position for door in scene.doors} for crate in crates)
        kinds.add(bool(crates))
    assert kinds == {True, False}


def test_nothing_is_blocked_where_there_is_but_one_way() -> None:
    stage = stage_with("blocked_doors", scene=make_scene())
    assert stage.world.episodes[0].scene == make_scene()  # type: ignore[union-attr]


@pytest.mark.parametrize("alone", [True, False])
def test_a_wrong_speaker_is_contradicted_by_another(alone: bool) -> None:
    scene = ring_of_rooms()
    if not alone:
        visitor = Person(id="visitor", name="the visitor", position=(1.0, 6.0))
        scene = scene.model_copy(update={"people": (*scene.people, visitor)})
    stage = stage_with("wrong_speaker", scene=scene)
    people = stage.world.episodes[0].scene.people  # type: ignore[union-attr]
    told = {person.id: fact.where for person in people for fact in person.facts}
    assert told.pop("guide") == "right"
    ((liar, where),) = told.items()
    assert where != "right"
    assert (liar == "visitor") is not alone
    assert next(person for person in people if person.id == liar).tells_every


def test_a_crowd_walks_and_pushes_nobody() -> None:
    stage = stage_with("crowd")
    count = int(stage.state.person_count[0])
    assert count == 2 + CROWD
    start = stage.state.person_position[0, :count].copy()
    walked = np.zeros(count)
    for _ in range(150):
        before = stage.state.person_position[0, :count].copy()
        stage.step()
        walked += np.abs(stage.state.person_position[0, :count] - before).sum(axis=1)
        points = stage.state.person_position[0, :count][:, [0, 2]]
        apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
        assert apart[~np.eye(count, dtype=bool)].min() > 2 * contract.BODY_RADIUS - 1e-3
    assert (walked[2:] > 2.0).all()
    assert np.array_equal(stage.state.person_position[0, :2], start[:2])


def test_any_mix_of_all_is_the_same_for_the_same_seed() -> None:
    def play(names: tuple[str, ...]) -> list[np.ndarray]:
        episode = make_episode("coordination/two_know_halves", SEED)
        world = BatchWorld(1, len(episode.npcs), perturbations=names, threads=1)
        world.reset(0, episode)
        random, seen = np.random.default_rng(1), []
        for _ in range(40):
            seen.append(world.observe()["self"].copy())
            actions = random.integers(0, contract.BRANCH_SIZES, (world.num_rows, 8))
            actions[:, 3] %= Act.FINISH
            world.step(actions)
        return seen

    names = tuple(PERTURBATIONS)
    assert np.array_equal(play(names), play(names[::-1]))


@pytest.mark.parametrize("number", range(30))
def test_a_random_mix_runs_and_what_is_observed_stays_in_its_space(number: int) -> None:
    random = np.random.default_rng(number)
    names = random.permutation(list(PERTURBATIONS))[: random.integers(2, len(PERTURBATIONS))]
    task = TASKS[list(TASKS)[number % len(TASKS)]]
    family = str(random.choice(task.families))
    episode = make_episode(task.name, 610_000 + number, family)
    world = BatchWorld(1, len(episode.npcs), perturbations=names.tolist(), threads=1)
    world.reset(0, episode)
    space = observation_space()
    for _ in range(40):
        seen = world.observe()
        for name, values in seen.items():
            assert np.isfinite(values).all(), name
            for row in values:
                assert space[name].contains(row), name
        actions = random.integers(0, contract.BRANCH_SIZES, (world.num_rows, 8))
        actions[:, 3] %= Act.FINISH
        result = world.step(actions)
        assert np.isfinite(result.reward).all()
    assert world.state.clock[0] == 40
