"""The camera against a slow ray caster, views that can be worked out by hand, and independence."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from envs.palette import COLORS
from envs.world.camera import render_cameras
from envs.world.draw import DrawnWorlds
from envs.world.layout import (
    SEMANTIC_CEILING,
    SEMANTIC_DOOR,
    SEMANTIC_FLOOR,
    SEMANTIC_OBJECT,
    SEMANTIC_PERSON,
    SEMANTIC_WALL,
)

SIZE = 64
EYE = (0.0, 1.5, 0.0, 0.0, 0.0)
RED, GREEN = (214.0, 36.0, 40.0), (38.0, 158.0, 58.0)
HIDDEN = (0.0, -100.0, 0.0, 0.0, -100.0, 0.0)

Box = tuple[float, float, float, float, float, float]


@dataclass
class View:
    rgb: NDArray[np.uint8]
    depth: NDArray[np.float32]
    semantic: NDArray[np.uint8]


@dataclass
class Room:
    """One world to look at: boxes with colour and semantic id, and people."""

    boxes: list[tuple[Box, tuple[float, float, float], int]] = field(default_factory=list)
    people: list[tuple[float, float, float, float]] = field(default_factory=list)
    height: float = 2.6

    def look(self, *eyes: tuple[float, ...], me: int = -1, size: int = SIZE) -> View:
        return render([self], np.array(eyes, np.float32), np.zeros(len(eyes)), me, size)


def pack(rooms: list[Room]) -> DrawnWorlds:
    """The rooms as worlds of one place each, whose boxes all count as its walls."""
    most_boxes = max(1, *(len(room.boxes) for room in rooms))
    most_people = max(1, *(len(room.people) for room in rooms))
    worlds = len(rooms)
    boxes = np.zeros((worlds, most_boxes, 6), np.float32)
    color = np.zeros((worlds, most_boxes, 3), np.float32)
    semantic = np.zeros((worlds, most_boxes), np.uint8)
    people = np.zeros((worlds, most_people, 4), np.float32)
    for world, room in enumerate(rooms):
        for place, (box, rgb, identity) in enumerate(room.boxes):
            boxes[world, place], color[world, place] = box, rgb
            semantic[world, place] = identity
        for place, person in enumerate(room.people):
            people[world, place] = person
    counts = [len(room.boxes) for room in rooms]
    return DrawnWorlds(
        boxes=boxes,
        color=color,
        semantic=semantic,
        look=np.zeros((worlds, most_boxes), np.uint8),
        front=np.zeros((worlds, most_boxes), np.uint8),
        sign=np.zeros((worlds, 1, 3), np.uint8),
        first_object_box=np.array(counts, np.int32),
        place_count=np.ones(worlds, np.int32),
        place_rect=np.tile(np.array([-90, -90, 90, 90], np.float32), (worlds, 1, 1)),
        wall_start=np.array([[0, count] for count in counts], np.int32),
        wall_item=np.tile(np.arange(most_boxes, dtype=np.int32), (worlds, 1)),
        object_start=np.zeros((worlds, 3), np.int32),
        object_item=np.zeros((worlds, 1), np.int32),
        people=people,
        people_color=np.full((worlds, most_people, 3), 90.0, np.float32),
        people_count=np.array([len(room.people) for room in rooms], np.int32),
        floor_color=np.full((worlds, 3), 110.0, np.float32),
        ceiling_color=np.full((worlds, 3), 190.0, np.float32),
        height=np.array([room.height for room in rooms], np.float32),
    )


def pack_objects(room: Room, walls: int) -> DrawnWorlds:
    """The same, but the boxes after the first `walls` are those of objects, two for each."""
    packed, objects = pack([room]), (len(room.boxes) - walls) // 2
    return packed._replace(
        sign=np.zeros((1, objects, 3), np.uint8),
        first_object_box=np.array([walls], np.int32),
        wall_start=np.array([[0, walls]], np.int32),
        object_start=np.array([[0, objects, objects]], np.int32),
        object_item=np.arange(objects, dtype=np.int32)[None],
    )


def render(rooms: list[Room], eyes: NDArray, row_world: NDArray, me: int, size: int) -> View:
    rows = len(eyes)
    view = View(
        np.full((rows, 3, size, size), 7, np.uint8),
        np.full((rows, size, size), np.nan, np.float32),
        np.full((rows, size, size), 99, np.uint8),
    )
    viewer = np.full(rows, me, np.int32)
    world_of_row = row_world.astype(np.int32)
    render_cameras(
        0, rows, eyes, world_of_row, viewer, pack(rooms), size, view.rgb, view.depth,
        view.semantic,
    )  # fmt: skip
    return view


def cast_rays(room: Room, eye: tuple[float, ...], me: int) -> tuple[NDArray, NDArray]:
    """Depth and semantic ids by tracing every pixel against everything, in float64."""
    x, y, z, yaw, pitch = eye
    right = np.array([np.cos(yaw), 0.0, -np.sin(yaw)])
    forward = np.array([np.cos(pitch) * np.sin(yaw), np.sin(pitch), np.cos(pitch) * np.cos(yaw)])
    up = np.cross(forward, right)
    slope = (np.arange(SIZE) + 0.5) / (SIZE / 2) - 1.0
    ways = forward + slope[None, :, None] * right - slope[:, None, None] * up
    start = np.array([x, y, z])
    with np.errstate(divide="ignore", invalid="ignore"):
        to_floor, to_ceiling = -y / ways[..., 1], (room.height - y) / ways[..., 1]
        depth = np.where(ways[..., 1] < 0, to_floor, to_ceiling)
        semantic = np.where(ways[..., 1] < 0, SEMANTIC_FLOOR, SEMANTIC_CEILING)
        for box, _, identity in room.boxes:
            low = (np.array(box[:3]) - start) / ways
            high = (np.array(box[3:]) - start) / ways
            enter = np.minimum(low, high).max(axis=-1)
            leave = np.maximum(low, high).min(axis=-1)
            hit = (enter < leave) & (enter > 0.05) & (enter < depth)
            depth = np.where(hit, enter, depth)
            semantic = np.where(hit, identity, semantic)
    for person, (feet_x, feet_y, feet_z, present) in enumerate(room.people):
        if person == me or not present:
            continue
        low, high = (
            np.array([feet_x, feet_y + 0.25, feet_z]),
            np.array([feet_x, feet_y + 1.45, feet_z]),
        )
        length = np.linalg.norm(ways, axis=-1)
        travelled = np.zeros_like(depth)
        for _ in range(200):  # sphere tracing: step by the distance to the capsule
            points = start + ways * travelled[..., None]
            height = np.clip(points[..., 1], low[1], high[1])
            axis = np.stack(
                (np.full_like(height, feet_x), height, np.full_like(height, feet_z)), -1
            )
            gap = np.linalg.norm(points - axis, axis=-1) - 0.25
            travelled = travelled + gap / length
        hit = (np.abs(gap) < 1e-4) & (travelled < depth)
        depth = np.where(hit, travelled, depth)
        semantic = np.where(hit, SEMANTIC_PERSON, semantic)
    return depth, semantic


def random_room(seed: int) -> tuple[Room, tuple[float, ...]]:
    """A room with walls, hanging and standing boxes, people, and an eye outside of them all."""
    generator = np.random.default_rng(seed)
    room = Room(height=float(generator.uniform(2.2, 3.2)))
    for x0, z0, x1, z1 in ((-4, -4, 4, -3.9), (-4, 3.9, 4, 4), (-4, -4, -3.9, 4), (3.9, -4, 4, 4)):
        room.boxes.append(((x0, 0.0, z0, x1, room.height, z1), RED, SEMANTIC_WALL))
    for _ in range(16):
        x, y, z = generator.uniform((-4, 0, -4), (3.5, 1.8, 3.5))
        wide, tall, deep = generator.uniform(0.1, 0.9, 3)
        y = 0.0 if generator.random() < 0.5 else y
        identity = SEMANTIC_OBJECT + int(generator.integers(12))
        room.boxes.append(((x, y, z, x + wide, y + tall, z + deep), GREEN, identity))
    room.boxes.append((HIDDEN, GREEN, SEMANTIC_DOOR))
    for _ in range(3):
        x, z = generator.uniform(-3.5, 3.5, 2)
        room.people.append((float(x), float(generator.choice((0.0, 0.3))), float(z), 1.0))
    while True:
        x, z = generator.uniform(-3.5, 3.5, 2)
        eye = (
            float(x),
            1.5,
            float(z),
            float(generator.uniform(-7, 7)),
            float(generator.uniform(-0.6, 0.4)),
        )
        apart = min(np.hypot(px - x, pz - z) for px, _, pz, _ in room.people)
        inside = any(
            b[0] - 0.1 < x < b[3] + 0.1
            and b[1] - 0.1 < 1.5 < b[4] + 0.1
            and b[2] - 0.1 < z < b[5] + 0.1
            for b, _, _ in room.boxes
        )
        if apart > 0.45 and not inside:
            return room, eye


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_a_ray_caster(seed):
    room, eye = random_room(seed)
    me = seed % 4 - 1  # nobody, or one of the three
    view = room.look(eye, me=me)
    depth, semantic = cast_rays(room, tuple(float(np.float32(part)) for part in eye), me)
    same = view.semantic[0] == semantic
    assert np.mean(same) > 0.995
    close = np.abs(view.depth[0] - depth) < 0.002 * depth
    assert np.mean(close) > 0.99
    assert np.mean(close[same]) > 0.995


@pytest.mark.parametrize("size", [SIZE, 100])
def test_objects_that_are_left_out_early_would_have_won_no_pixel(size):
    generator = np.random.default_rng(5)
    room = Room()
    for x in (-6.0, 0.5, 7.0):  # walls with gaps, behind which things are seen in part
        room.boxes.append(((x, 0.0, 6.0, x + 5.5, room.height, 6.1), RED, SEMANTIC_WALL))
    for _ in range(200):  # from under a pixel to a large part of the image
        low = generator.uniform((-9, 0, -2), (9, 2, 14))
        side = generator.choice((0.03, 0.2, 1.0)) * generator.uniform(0.5, 1.5, 3)
        color = tuple(generator.integers(0, 256, 3).tolist())
        box = (*low.tolist(), *(low + side).tolist())
        room.boxes.append((box, color, SEMANTIC_OBJECT + int(generator.integers(12))))
    eyes = np.array([(0.1, 1.5, z, yaw, 0.2 * yaw) for z in (-2.0, 1.0) for yaw in (-0.7, 0, 0.6)])
    views = []
    objects = pack_objects(room, walls=3)
    none = objects._replace(object_start=np.zeros((1, 3), np.int32))
    for worlds in (pack([room]), objects, none):
        images = (np.zeros((6, 3, size, size), np.uint8), np.zeros((6, size, size), np.float32),
                  np.zeros((6, size, size), np.uint8))  # fmt: skip
        row_world, me = np.zeros(6, np.int32), np.full(6, -1, np.int32)
        render_cameras(0, 6, eyes.astype(np.float32), row_world, me, worlds, size, *images)
        views.append([image.tobytes() for image in images])
    assert views[0] == views[1] != views[2]


def center(image: NDArray) -> NDArray:
    return image[..., SIZE // 2, SIZE // 2]


def test_red_box_straight_ahead_is_in_the_centre():
    view = Room([((-0.3, 1.2, 2.0, 0.3, 1.8, 2.5), RED, 13)]).look(EYE)
    assert center(view.semantic[0]) == 13
    assert center(view.depth[0]) == pytest.approx(2.0, abs=1e-4)
    red, green, blue = center(view.rgb[0]).astype(int)
    assert red > 150 and green < 60 and blue < 60
    rows, columns = np.nonzero(view.semantic[0] == 13)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(31.5)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(31.5)
    # 0.6 m at 2 m with 90 degrees over 64 pixels: 0.6 / 2 * 32 = 9.6 pixels
    assert 9 <= columns.max() - columns.min() + 1 <= 10


@pytest.mark.parametrize("yaw", [0.0, np.pi / 2, np.pi, -np.pi / 2, 1.0])
def test_box_to_the_right_is_in_the_right_half(yaw):
    x = 2 * np.sin(yaw) + 1.0 * np.cos(yaw)
    z = 2 * np.cos(yaw) - 1.0 * np.sin(yaw)
    box = (x - 0.1, 1.4, z - 0.1, x + 0.1, 1.6, z + 0.1)
    view = Room([(box, RED, 13)]).look((0.0, 1.5, 0.0, yaw, 0.0))
    _, columns = np.nonzero(view.semantic[0] == 13)
    assert columns.mean() == pytest.approx(32 + 16 - 0.5, abs=1.0)


def test_positive_pitch_shows_more_ceiling():
    room = Room()
    share = [
        np.mean(room.look((0, 1.5, 0, 0, pitch)).semantic == SEMANTIC_CEILING)
        for pitch in (-0.5, 0.0, 0.5)
    ]
    assert share[0] < share[1] < share[2]
    assert share[1] == 0.5
    assert room.look(EYE).semantic[0, 0, 0] == SEMANTIC_CEILING


def test_floor_depth_is_along_the_view_axis():
    view = Room().look(EYE)
    # the last image row looks down by (64 - 0.5 - 32) / 32 for every metre ahead
    assert view.depth[0, -1] == pytest.approx(1.5 / (31.5 / 32), rel=1e-5)


def doorway(leaf: Box) -> Room:
    """A wall 2 m ahead with a doorway of 1 m, its lintel, a leaf, and a red box behind."""
    return Room(
        [
            ((-4, 0, 2, -0.5, 2.6, 2.12), (160, 160, 160), SEMANTIC_WALL),
            ((0.5, 0, 2, 4, 2.6, 2.12), (160, 160, 160), SEMANTIC_WALL),
            ((-0.5, 2.1, 2, 0.5, 2.6, 2.12), (160, 160, 160), SEMANTIC_WALL),
            (leaf, (96, 70, 50), SEMANTIC_DOOR),
            ((-0.4, 0.9, 4, 0.4, 1.9, 4.5), RED, 13),
        ]
    )


def test_lintel_above_an_open_door_and_what_is_behind():
    view = doorway(HIDDEN).look(EYE)
    assert center(view.semantic[0]) == 13
    assert center(view.depth[0]) == pytest.approx(4.0, rel=1e-4)
    lintel_row = int(32 - 0.8 / 2 * 32)  # 0.8 m above the eye, 2 m ahead
    assert view.semantic[0, lintel_row, 32] == SEMANTIC_WALL
    assert not np.any(view.semantic == SEMANTIC_DOOR)


def test_closed_leaf_hides_what_is_behind():
    view = doorway((-0.5, 0, 2.03, 0.5, 2.1, 2.09)).look(EYE)
    assert center(view.semantic[0]) == SEMANTIC_DOOR
    assert not np.any(view.semantic == 13)


def test_person_is_where_it_stands_and_has_a_head():
    view = Room(people=[(1.0, 0.0, 3.0, 1.0)]).look(EYE)
    rows, columns = np.nonzero(view.semantic[0] == SEMANTIC_PERSON)
    assert columns.mean() == pytest.approx(31.5 + 32 / 3, abs=0.6)
    feet_row = 31.5 + 1.5 / 3 * 32
    top_row = 31.5 - 0.2 / 3 * 32
    assert rows.max() == pytest.approx(feet_row, abs=1.0)
    assert rows.min() == pytest.approx(top_row, abs=1.0)
    column = round(columns.mean())
    head, body = view.rgb[0, :, rows.min() + 1, column], view.rgb[0, :, rows.max() - 2, column]
    assert int(head[0]) - int(body[0]) > 40


def test_viewer_and_absent_people_are_not_drawn():
    room = Room(people=[(0.0, 0.0, 0.0, 1.0), (0.0, 0.0, 2.0, 0.0)])
    assert not np.any(room.look(EYE, me=0).semantic == SEMANTIC_PERSON)


def test_nothing_behind_is_drawn():
    room = Room([((-1, 0, -3, 1, 2, -2), RED, 13)], people=[(0.0, 0.0, -1.0, 1.0)])
    assert set(np.unique(room.look(EYE).semantic)) == {SEMANTIC_FLOOR, SEMANTIC_CEILING}


def test_box_that_reaches_past_the_eye_is_cut_at_the_near_plane():
    view = Room([((0.3, 0.0, -5.0, 0.4, 2.6, 5.0), RED, SEMANTIC_WALL)]).look(EYE)
    assert np.all(view.semantic[0, 31, 36:] == SEMANTIC_WALL)
    assert view.semantic[0, 31, 31] != SEMANTIC_WALL
    assert view.depth[0, 31, 63] == pytest.approx(0.3 / (31.5 / 32), rel=1e-4)


@pytest.mark.parametrize("depth", [0.8, 3.0, 9.0])
def test_named_colors_stay_apart_on_every_face(depth):
    faces = {}
    for name, rgb in COLORS.items():
        color = float(rgb[0]), float(rgb[1]), float(rgb[2])
        box = ((-0.5, 1.0, depth, 0.5, 2.0, depth + 1), color, 13)
        side = ((depth, 1.0, -0.5, depth + 1, 2.0, 0.5), color, 13)
        view = Room([box]).look(EYE), Room([side]).look((0, 1.5, 0, np.pi / 2, 0))
        faces[name] = [center(one.rgb[0]).astype(float) for one in view]
    for name, seen in faces.items():
        for pixel in seen:
            hue = {
                other: np.linalg.norm(pixel / pixel.max() - np.array(rgb) / max(rgb))
                for other, rgb in COLORS.items()
            }
            assert min(hue, key=hue.__getitem__) == name


def test_floor_moves_under_a_walking_eye():
    room = Room()
    here, there = room.look(EYE).rgb, room.look((0.0, 1.5, 0.14, 0.0, 0.0)).rgb
    assert np.mean(np.any(here != there, axis=1)) > 0.02


def batch() -> tuple[list[Room], NDArray, NDArray]:
    rooms, eyes = zip(*(random_room(seed) for seed in range(3)), strict=True)
    row_world = np.arange(75) % 3
    turned = np.array(eyes, np.float32)[row_world]
    turned[:, 3] += np.arange(75) * 0.31
    return list(rooms), turned, row_world


def test_same_bytes_for_any_batch_size():
    rooms, eyes, row_world = batch()
    whole = render(rooms, eyes, row_world, 0, SIZE)
    for row in (0, 1, 41, 74):
        alone = render([rooms[row_world[row]]], eyes[row : row + 1], np.zeros(1), 0, SIZE)
        assert alone.rgb.tobytes() == whole.rgb[row].tobytes()
        assert alone.depth.tobytes() == whole.depth[row].tobytes()
        assert alone.semantic.tobytes() == whole.semantic[row].tobytes()


@pytest.mark.parametrize("size", [16, 33, 96, 509])
def test_other_sizes_show_the_same_view(size):
    room, eye = random_room(1)
    small = room.look(eye, size=size).semantic[0]
    large = room.look(eye).semantic[0]
    step = np.arange(size) * SIZE // size
    assert np.mean(small == large[np.ix_(step, step)]) > 0.75
