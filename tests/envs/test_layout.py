"""The arrays of a world agree with its scene."""

from __future__ import annotations

import time

import numpy as np
import pytest

from envs.classes import CLASS_NAMES, CLASSES, SOUND_NAMES
from envs.contract import Kind
from envs.generate import generate
from envs.palette import COLOR_NAMES, COLORS, DOOR_COLOR, FITTING_COLOR
from envs.scene import DOOR_HEIGHT, Door, Place, Scene, Spawn, load_scene
from envs.scene_checks import object_footprint
from envs.world.boxes import merge_spans
from envs.world.layout import (
    SEMANTIC_DOOR,
    SEMANTIC_OBJECT,
    SEMANTIC_WALL,
    Layout,
    build_layout,
)


@pytest.fixture(scope="module")
def museum() -> Scene:
    return load_scene("museum")


@pytest.fixture(scope="module")
def layout(museum) -> Layout:
    return build_layout(museum)


def test_things_are_numbered_places_doors_objects_people_topics(museum, layout):
    counts = (layout.place_count, layout.door_count, layout.object_count, layout.person_count,
              layout.topic_count)  # fmt: skip
    assert counts == (7, 8, 14, 3, 2)
    assert layout.ids == list(museum.thing_ids())
    assert layout.kinds == [kind for kind, count in zip(
        (Kind.PLACE, Kind.DOOR, Kind.OBJECT, Kind.NPC, Kind.TOPIC), counts, strict=True)
        for _ in range(count)]  # fmt: skip
    assert layout.names[layout.index["amber"]] == "the amber gallery"
    assert layout.names[layout.index["fire_door"]] == "the door"
    assert layout.names[layout.index["vase_3"]] == "the vase"
    assert layout.names[layout.index["carla"]] == "Carla"
    assert layout.class_names[layout.index["guide"]] == "person"
    assert layout.first_topic == layout.index["concert"]
    assert len(layout.names) == len(layout.class_names) == len(layout.kinds) == len(layout.ids)


def test_every_array_has_the_promised_type(layout):
    expected = {
        "float32": ("place_rect", "door_position", "door_width", "object_position", "object_yaw",
                    "object_size", "object_color", "person_position", "person_yaw",
                    "person_color", "person_tells_every", "boxes", "box_color", "floor_color",
                    "wall_color", "ceiling_color"),
        "int32": ("door_places", "object_class", "object_color_index", "object_sound",
                  "fact_person", "fact_about", "fact_where"),
        "int8": ("door_state", "person_role"),
        "uint8": ("object_affordance", "box_semantic"),
        "bool": ("door_along_x", "object_on", "object_sounding", "object_surface"),
    }  # fmt: skip
    for dtype, names in expected.items():
        for name in names:
            array = getattr(layout, name)
            assert array.dtype == dtype, name
            assert array.flags.c_contiguous, name


def test_objects_are_as_the_scene_has_them(museum, layout):
    for number, thing in enumerate(museum.objects):
        info = CLASSES[thing.class_name]
        assert layout.object_position[number] == pytest.approx(
            (thing.position[0], 0, thing.position[1])
        )
        assert CLASS_NAMES[layout.object_class[number]] == thing.class_name
        assert COLOR_NAMES[layout.object_color_index[number]] == thing.color
        assert tuple(layout.object_color[number]) == COLORS[thing.color]
        assert tuple(layout.object_size[number]) == pytest.approx(info.size)
        assert np.degrees(layout.object_yaw[number]) == pytest.approx(thing.yaw_degrees)
        assert bool(layout.object_affordance[number, 2]) == info.portable
        assert bool(layout.object_affordance[number, 7]) == info.switchable
        assert bool(layout.object_surface[number]) == info.surface
    radio = [thing.id for thing in museum.objects].index("radio_1")
    assert SOUND_NAMES[layout.object_sound[radio]] == "music"
    assert layout.object_sounding[radio]
    assert layout.object_on[radio]
    assert layout.object_sound[0] == -1


def test_own_size_and_affordances_replace_those_of_the_class(museum):
    thing = museum.objects[0].model_copy(
        update={"size": (0.5, 0.9, 0.3), "affordances": ("touch",), "yaw_degrees": 90.0}
    )
    layout = build_layout(museum.model_copy(update={"objects": (thing,), "people": ()}))
    assert tuple(layout.object_size[0]) == pytest.approx((0.5, 0.9, 0.3))
    assert layout.object_affordance[0].tolist() == [0, 1, *[0] * 10]
    body = layout.boxes[layout.first_object_box]
    assert body[3] - body[0] == pytest.approx(0.3)  # turned by 90 degrees
    assert body[5] - body[2] == pytest.approx(0.5)


def test_boxes_are_walls_then_leaves_then_two_an_object(museum, layout):
    walls, doors, objects = layout.wall_count, layout.door_count, layout.object_count
    assert len(layout.boxes) == walls + doors + 2 * objects
    assert len(layout.box_color) == len(layout.box_semantic) == len(layout.boxes)
    assert (layout.boxes[:, :3] < layout.boxes[:, 3:]).all()
    assert (layout.box_semantic[:walls] == SEMANTIC_WALL).all()
    assert (layout.box_semantic[walls : walls + doors] == SEMANTIC_DOOR).all()
    assert (layout.box_color[walls] == DOOR_COLOR).all()
    first = layout.first_object_box
    assert first == walls + doors
    for number, thing in enumerate(museum.objects):
        body, fitting = layout.boxes[first + 2 * number], layout.boxes[first + 2 * number + 1]
        assert tuple(layout.box_color[first + 2 * number]) == COLORS[thing.color]
        assert tuple(layout.box_color[first + 2 * number + 1]) == FITTING_COLOR
        semantic = SEMANTIC_OBJECT + CLASS_NAMES.index(thing.class_name)
        assert (layout.box_semantic[first + 2 * number : first + 2 * number + 2] == semantic).all()
        together = np.concatenate((np.minimum(body, fitting)[:3], np.maximum(body, fitting)[3:]))
        assert together[1] == 0
        assert together[4] == pytest.approx(CLASSES[thing.class_name].size[1])
        assert together[[0, 2, 3, 5]] == pytest.approx(object_footprint(thing), abs=1e-5)
        assert max(body[1], fitting[1]) == pytest.approx(min(body[4], fitting[4]))


def test_leaves_fill_their_doorways_and_lintels_are_above(museum, layout):
    for number, door in enumerate(museum.doors):
        x0, y0, z0, x1, y1, z1 = layout.boxes[layout.wall_count + number]
        assert ((x0 + x1) / 2, (z0 + z1) / 2) == pytest.approx(door.position)
        assert (y0, y1) == pytest.approx((0, DOOR_HEIGHT))
        along, thin = (x1 - x0, z1 - z0) if layout.door_along_x[number] else (z1 - z0, x1 - x0)
        assert along == pytest.approx(door.width, abs=1e-5)
        assert thin == pytest.approx(0.06, abs=1e-5)
        x, z = door.position
        assert not solid(layout, x, 1.0, z)
        assert solid(layout, x, 2.3, z)
        places = [layout.ids[thing] for thing in layout.door_places[number]]
        assert tuple(places) == door.between


def solid(layout: Layout, x: float, y: float, z: float) -> bool:
    """True when a point is inside a wall."""
    walls, point = layout.boxes[: layout.wall_count], np.array((x, y, z))
    return bool(((walls[:, :3] <= point) & (point <= walls[:, 3:])).all(1).any())


@pytest.mark.parametrize("name", ["museum", "museum:3", "museum:4", "museum:2000005"])
def test_walls_stand_on_every_edge_but_in_doorways_and_nowhere_else(name):
    scene = load_scene(name)
    layout = build_layout(scene)
    for place in scene.places:
        x0, z0, x1, z1 = place.floor
        for share in np.linspace(0.003, 0.997, 83):
            x, z = x0 + share * (x1 - x0), z0 + share * (z1 - z0)
            for spot in ((x, z0), (x, z1), (x0, z), (x1, z)):
                in_gap = any(
                    abs(spot[0] - door.position[0]) + abs(spot[1] - door.position[1])
                    < door.width / 2 - 1e-4
                    and (spot[0] == door.position[0] or spot[1] == door.position[1])
                    for door in scene.doors
                )
                assert solid(layout, spot[0], 1.0, spot[1]) != in_gap
        assert not solid(layout, *place.center[:1], 1.0, place.center[1])
        for corner in ((x0, z0), (x1, z1)):
            assert solid(layout, corner[0] - 0.05, 1.0, corner[1] - 0.05) or solid(
                layout, corner[0] + 0.05, 1.0, corner[1] + 0.05
            )


def test_people_and_their_facts(museum, layout):
    assert layout.person_role.tolist() == [1, 2, 2]
    assert layout.person_position[0] == pytest.approx(museum.people[0].position)
    assert layout.person_tells_every.tolist() == [0, 12, 0]
    told = [
        (int(person), layout.ids[about], layout.ids[where])
        for person, about, where in zip(
            layout.fact_person, layout.fact_about, layout.fact_where, strict=True
        )
    ]
    assert told == [
        (0, "concert", "court"), (0, "lecture", "studio"), (1, "globe_1", "harbor"),
        (2, "clock_1", "entrance"), (2, "radio_1", "studio"),
    ]  # fmt: skip
    assert len({tuple(color) for color in layout.person_color.tolist()}) == 3


def test_an_empty_room_has_arrays_of_no_rows():
    scene = Scene(
        name="empty",
        places=(Place(id="a", name="the room", floor=(0, 0, 3, 3)),),
        spawns=(Spawn(position=(1, 1)),),
    )
    layout = build_layout(scene)
    assert layout.boxes.shape == (4, 6)
    assert layout.door_position.shape == (0, 2)
    assert layout.object_position.shape == layout.object_color.shape == (0, 3)
    assert layout.object_affordance.shape == (0, 12)
    assert layout.person_color.shape == (0, 3)
    assert layout.fact_person.shape == (0,)


def test_a_door_between_places_of_different_size():
    """The wall of the longer place goes on beyond the shared edge."""
    scene = Scene(
        name="two",
        places=(
            Place(id="a", name="the long room", floor=(0, 0, 3, 8)),
            Place(id="b", name="the small room", floor=(3, 2, 6, 5)),
        ),
        doors=(Door(id="d", between=("b", "a"), position=(3, 3), state="locked"),),
        spawns=(Spawn(position=(1, 1)),),
    )
    layout = build_layout(scene)
    assert not layout.door_along_x[0]
    assert layout.door_state.tolist() == [2]
    for z, expected in ((0.5, True), (2.4, True), (3.0, False), (3.6, True), (7.5, True)):
        assert solid(layout, 3.0, 1.0, z) == expected


def test_spans_are_merged():
    assert merge_spans([(3, 4), (0, 1), (1, 2), (3.5, 3.7)]) == [(0, 2), (3, 4)]


def test_scenes_and_layouts_are_made_quickly():
    """Bounds are ten times what was measured, for slow machines."""
    scenes = [generate("museum", seed) for seed in range(20)]
    start = time.process_time()
    for scene in scenes:
        build_layout(scene)
    assert (time.process_time() - start) / len(scenes) < 0.005
