"""What things look like: lamps, signs, containers, doorways; what is asked of the camera."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from envs.classes import OBJECT_CLASSES
from envs.contract import CAMERA_SIZE, NO_OP, Branch, Move
from envs.goals import Goal, Step, Verb
from envs.palette import COLORS, GLOW_COLOR
from envs.scene import Door, Object, Person, Place, Scene, Spawn
from envs.tasks import make_episode
from envs.tasks.episode import Episode, NpcTask
from envs.world.camera import render_cameras
from envs.world.layout import GLYPHS, SEMANTIC_DOOR, SEMANTIC_OBJECT, semantic_names
from envs.world.world import BatchWorld

ROOM = (Place(id="room", name="the room", floor=(0, 0, 8, 8)),)
ROOM_AND_YARD = (
    Place(id="room", name="the room", floor=(0, 0, 8, 4)),
    Place(id="yard", name="the yard", floor=(0, 4, 8, 10)),
)
IMAGES = ("camera", "depth", "semantic")


def stage(
    *objects: Object, doors: tuple[Door, ...] = (), places: tuple[Place, ...] = ROOM, **settings
) -> BatchWorld:
    """One NPC at (4, 1), facing z, in a world with these things."""
    me = Person(id="me", name="Ada", role="npc", position=(4, 1))
    scene = Scene(
        name="looks", places=places, doors=doors, objects=objects, people=(me,),
        spawns=(Spawn(position=(4, 1)),),
    )  # fmt: skip
    goal = Goal((Step(do=Verb.ENTER, what="room"),), target="room")
    task = NpcTask("go to the room", goal, ("room",))
    world = BatchWorld(1, 1, **{"senses": IMAGES} | settings)
    world.reset(0, Episode(scene, "test", 7, (task,), False, 50))
    return world


def look(world: BatchWorld, x: float = 4.0, z: float = 1.0, yaw: float = 0.0) -> NDArray[np.uint8]:
    """(S, S, 3) what the NPC sees from somewhere."""
    me = world.state.person[0]
    world.state.person_position[0, me] = (x, 0.0, z)
    world.state.person_yaw[0, me] = np.deg2rad(yaw)
    return world.observe()["camera"][0].transpose(1, 2, 0).copy()


def thing(class_name: str, color: str, z: float = 3.0, x: float = 4.0, **more) -> Object:
    """An object that faces the NPC."""
    return Object(
        id=more.pop("id", "thing"), class_name=class_name, color=color, position=(x, z),
        yaw_degrees=more.pop("yaw_degrees", 180.0), **more,
    )  # fmt: skip


def pixels_of(world: BatchWorld, class_name: str) -> NDArray[np.bool_]:
    """(S, S) where things of a class are."""
    return world.semantic[0] == SEMANTIC_OBJECT + OBJECT_CLASSES.index(class_name)


# -- lamps and screens -------------------------------------------------------------------------


@pytest.mark.parametrize("class_name", ["lamp", "television", "projector", "terminal"])
@pytest.mark.parametrize("color", COLORS)
def test_lit_and_unlit_are_far_apart_in_every_color(class_name, color):
    world = stage(thing(class_name, color))
    world.state.object_on[0, 0] = False
    dark = look(world).astype(int)
    world.state.object_on[0, 0] = True
    lit = look(world).astype(int)
    changed = np.abs(lit - dark).sum(axis=-1) > 300
    assert changed.sum() >= 6
    assert not (changed & ~pixels_of(world, class_name)).any()
    assert np.median(lit[changed], axis=0) == pytest.approx(GLOW_COLOR, abs=25)
    frame = pixels_of(world, class_name) & ~changed
    assert np.abs(lit[frame] - np.array(COLORS[color])).sum(axis=-1).min() < 90


def test_what_glows_is_no_named_color():
    glow = np.array(GLOW_COLOR) / max(GLOW_COLOR)
    assert min(np.linalg.norm(glow - np.array(rgb) / max(rgb)) for rgb in COLORS.values()) > 0.35


# -- signs -------------------------------------------------------------------------------------


def sign_crops(color: str, starts: NDArray) -> NDArray[np.float64]:
    """(glyphs, views, 12 x 12) a note with each glyph, seen from about 2 m."""
    crops = []
    for glyph in GLYPHS:
        world = stage(thing("note", color, sign=glyph))
        seen = []
        for x, z in starts:
            grey = look(world, x, z).astype(float).mean(axis=-1)
            rows, columns = np.nonzero(pixels_of(world, "note"))
            top, left = rows.min(), columns.min()
            seen.append(grey[top : top + 10, left : left + 8])
        crops.append(seen)
    flat = np.array(crops).reshape(len(GLYPHS), len(starts), -1)
    return flat - flat.mean(axis=-1, keepdims=True)


@pytest.mark.parametrize("color", ["blue", "yellow"])
def test_a_glyph_can_be_read_from_two_metres(color):
    starts = np.random.default_rng(0).uniform((3.8, 0.9), (4.2, 1.1), (40, 2))
    crops = sign_crops(color, starts)
    known, asked = crops[:, :30], crops[:, 30:]
    gaps = ((asked[:, :, None, None] - known) ** 2).sum(axis=-1).min(axis=-1)
    right = gaps.argmin(axis=-1) == np.arange(len(GLYPHS))[:, None]
    in_tasks = [GLYPHS.index(glyph) for glyph in "ABCDEFHKTX"]
    assert right.mean() > 0.75  # 36 glyphs, five pixels wide
    few = gaps[in_tasks][:, :, in_tasks].argmin(axis=-1) == np.arange(len(in_tasks))[:, None]
    assert few.mean() > 0.93


def test_a_sign_is_on_the_front_face_only():
    front = stage(thing("signpost", "red", sign="H"))
    plain = stage(thing("signpost", "red"))
    back = stage(thing("signpost", "red", sign="H", yaw_degrees=0.0))
    assert (look(front) != look(plain)).any()
    assert (look(back) == look(plain)).all()


def test_three_glyphs_stand_in_reading_order():
    words = {
        sign: look(stage(thing("blackboard", "blue", sign=sign))) for sign in ("ABC", "A", "C")
    }
    bright = {sign: frame.min(axis=-1) > 120 for sign, frame in words.items()}
    left, right = bright["ABC"][:, :27], bright["ABC"][:, 37:]
    assert left.any() and right.any()
    assert (words["ABC"] != words["A"]).any()


# -- containers --------------------------------------------------------------------------------


@pytest.mark.parametrize("class_name", ["fridge", "oven", "locker", "mailbox", "box", "toolbox"])
def test_open_and_closed_containers_look_so(class_name):
    world = stage(thing(class_name, "green", z=2.6))
    shut = look(world)
    world.state.object_open[0, 0] = True
    assert np.mean((look(world) != shut).any(axis=-1)[pixels_of(world, class_name)]) > 0.2


def test_what_is_in_a_container_is_seen_when_it_is_open():
    for is_open in (False, True):
        fridge = thing("fridge", "white", open=is_open)
        world = stage(fridge, thing("cup", "red", id="cup", inside="thing"))
        look(world)
        assert pixels_of(world, "cup").any() == is_open


# -- doorways ----------------------------------------------------------------------------------


def doorway(
    kind: Literal["door", "opening", "gate", "barrier"],
    state: Literal["open", "closed"] = "open",
) -> BatchWorld:
    """A doorway straight ahead between a room and a yard with a tree."""
    door = Door(id="way", between=("room", "yard"), position=(4, 4), width=1.6, kind=kind,
                state=state)  # fmt: skip
    return stage(thing("tree", "green", z=7.0), doors=(door,), places=ROOM_AND_YARD)


def test_a_gate_has_bars_and_a_door_has_none():
    gate, door = doorway("gate", "closed"), doorway("door", "closed")
    contrast = []
    for world in (gate, door):
        frame = look(world).astype(float)
        leaf = frame[world.semantic[0] == SEMANTIC_DOOR]
        assert len(leaf) > 100
        contrast.append(leaf.mean(axis=1).std())
    assert contrast[0] > 2 * contrast[1]


def test_a_barrier_is_low_and_striped_and_can_be_looked_over():
    world = doorway("barrier")
    frame = look(world, z=2.4).astype(float)
    rows, _ = np.nonzero(world.semantic[0] == SEMANTIC_DOOR)
    assert rows.min() > CAMERA_SIZE * 0.6
    assert frame[world.semantic[0] == SEMANTIC_DOOR].std() > 25
    assert pixels_of(world, "tree").any()


def test_an_opening_has_neither_leaf_nor_lintel():
    opening, door = doorway("opening"), doorway("door")
    for world in (opening, door):
        look(world, z=2.0)
    assert not (opening.semantic == SEMANTIC_DOOR).any()
    above = slice(0, 14), slice(26, 38)  # straight ahead above the height of a door
    assert opening.depth[0][above].max() > 1.4 * door.depth[0][above].max()


# -- what is asked of the camera ---------------------------------------------------------------


def test_only_what_is_asked_for_is_drawn():
    world = stage(thing("vase", "red"), senses=("camera",))
    assert look(world).any()
    for sense in ("depth", "semantic"):
        with pytest.raises(ValueError, match=f"{sense} was not asked for; make the world with"):
            getattr(world, sense)
    blind = stage(thing("vase", "red"), senses=("depth",))
    assert not look(blind).any()
    assert blind.depth.max() > 1


def test_an_unknown_sense_and_size_are_refused():
    with pytest.raises(ValueError, match="unknown sense 'semantics'; did you mean 'semantic'"):
        BatchWorld(1, senses=("semantics",))
    with pytest.raises(ValueError, match="camera_size is 8; an image has 16 to 512 pixels a side"):
        BatchWorld(1, camera_size=8)


@pytest.mark.parametrize("size", [16, 50, 128])
def test_any_size_shows_the_same(size):
    small = stage(thing("vase", "red"), camera_size=size)
    assert look(small).shape == (size, size, 3)
    share = np.mean(pixels_of(small, "vase"))
    world = stage(thing("vase", "red"))
    look(world)
    assert share == pytest.approx(np.mean(pixels_of(world, "vase")), rel=0.35)


def test_semantic_ids_name_every_class():
    names = semantic_names()
    assert len(set(names.values())) == len(names)
    assert max(names) < 256
    assert {names[SEMANTIC_OBJECT + number] for number in range(len(OBJECT_CLASSES))} == set(
        OBJECT_CLASSES
    )


def test_leaving_places_out_changes_no_image():
    """Against all boxes of the world drawn as if they were the walls of one boundless place."""
    world = BatchWorld(1, senses=IMAGES)
    world.reset(0, make_episode("navigation/ringing", 100))
    random, state = np.random.default_rng(5), world.state
    for _ in range(40):
        rgb = world.observe()["camera"]
        drawn = world.camera.worlds(state)
        boxes = int(state.box_count[0])
        everything = drawn._replace(
            place_count=np.ones(1, np.int32),
            place_rect=np.array([[[-90, -90, 90, 90]]], np.float32),
            wall_start=np.array([[0, boxes]], np.int32),
            wall_item=np.arange(boxes, dtype=np.int32)[None],
            object_start=np.zeros((1, 3), np.int32),
        )
        images = [np.zeros_like(image) for image in (rgb, world.depth, world.semantic)]
        render_cameras(
            0, 1, world.eyes, np.zeros(1, np.int32), state.person, everything, 64, *images
        )
        for image, seen in zip(images, (rgb, world.depth, world.semantic), strict=True):
            assert (image == seen).all()
        action = np.array([NO_OP], np.int32)
        action[0, Branch.MOVE] = Move.WALK
        action[0, Branch.TURN] = random.integers(0, 5)
        world.step(action)
