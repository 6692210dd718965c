"""People and things that move by themselves."""

from __future__ import annotations

import numpy as np

from envs.contract import Act
from envs.scene import Person
from tests.envs.world.stage import Stage, make_object, make_scene


def walker(**more) -> Person:
    return Person(id="walker", name="the visitor", position=(2.0, 6.0),
                  path=((5.0, 6.0), (2.0, 6.0)), speed=1.0, **more)  # fmt: skip


def place_of(stage: Stage, person: str) -> tuple[float, float]:
    x, _, z = stage.state.person_position[0, stage.item(person)].tolist()
    return round(x, 3), round(z, 3)


def test_a_person_walks_a_path_for_ever() -> None:
    stage = Stage(make_scene(people=(walker(),)))
    stage.place_body(1.0, 4.0, 30.0)
    stage.step()
    assert place_of(stage, "walker") == (2.1, 6.0)
    assert stage.bit("walker", "moving") == 1.0
    seen = set()
    for _ in range(80):
        stage.step()
        seen.add(place_of(stage, "walker"))
    assert {(5.0, 6.0), (2.0, 6.0)} <= seen
    assert all(z == 6.0 and 2.0 <= x <= 5.0 for x, z in seen)


def test_a_walker_stops_before_a_body_and_turns_back_after_a_while() -> None:
    stage = Stage(make_scene(people=(walker(),)))
    stage.place_body(3.5, 6.0)
    for _ in range(25):
        stage.step()
    x, _ = place_of(stage, "walker")
    assert 2.5 < x < 3.5 - 0.44
    later = []
    for _ in range(40):
        stage.step()
        later.append(place_of(stage, "walker")[0])
    assert min(later) == 2.0
    assert stage.state.person_position[0, stage.state.person[0], 0] == 3.5  # nobody is pushed


def vacuum(**more):
    return make_object("vacuum", "vacuum", 3.0, 6.0, path=((6.0, 6.0), (3.0, 6.0)), **more)


def test_a_thing_with_a_switch_drives_only_while_it_is_on() -> None:
    stage = Stage(make_scene(vacuum()))
    stage.place_body(2.2, 5.2, 45.0)
    for _ in range(5):
        stage.step()
    assert stage.position("vacuum") == [3.0, 0.0, 6.0]
    assert stage.bit("vacuum", "moving") == 0.0
    stage.act(Act.SWITCH, "vacuum")
    for _ in range(5):
        stage.step()
    assert stage.position("vacuum")[0] > 3.2
    assert stage.bit("vacuum", "moving") == 1.0
    stage.act(Act.SWITCH, "vacuum")
    there = stage.position("vacuum")
    stage.step()
    assert stage.position("vacuum") == there


def test_movers_never_overlap_walls_things_or_bodies() -> None:
    wild = make_object("cart", "vacuum", 4.0, 3.0, path=((12.0, 3.0), (4.0, -3.0), (4.0, 9.0)),
                       on=True, speed=2.0)  # fmt: skip
    through = Person(id="walker", name="the visitor", position=(6.0, 6.0), speed=2.0,
                     path=((6.0, 12.0), (14.0, 6.0), (1.0, 1.0)))  # fmt: skip
    stage = Stage(make_scene(wild, make_object("table", "table", 4.0, 5.0), people=(through,)))
    for _ in range(300):
        stage.step()
        for x, z, radius in (
            (*np.array(stage.position("cart"))[[0, 2]], 0.18), (*place_of(stage, "walker"), 0.22),
        ):  # fmt: skip
            assert radius + 0.06 <= x <= 8.0 - 0.06 - radius + 1e-3
            assert radius + 0.06 <= z <= 8.0 - 0.06 - radius + 1e-3
            assert abs(x - 4.0) > 0.44 or abs(z - 5.0) > 0.34
