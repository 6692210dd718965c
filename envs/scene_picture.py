"""Scenes seen from above: a labelled plan of a scene, and frames for videos of a running world.

Plans have x to the right and z up, as the scene's frame has. Everything is drawn larger than asked
for and scaled down, which smooths the edges.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from envs.classes import CLASSES
from envs.palette import RGB
from envs.plan_brush import (
    DOOR,
    GATE,
    INK,
    LIT,
    NPC_COLORS,
    PALE_INK,
    PAPER,
    PERSON_RADIUS,
    ROLE_COLORS,
    Brush,
    Paper,
    flat,
    font_of,
)
from envs.scene import WALL_THICKNESS, Object, Person, Point, Scene
from envs.world.layout import Layout, build_layout


def draw_scene(scene: Scene, size: int = 800) -> Image.Image:
    """A labelled plan of a scene.

    Args:
        scene: a valid scene.
        size: pixels of the picture's width.

    Returns:
        An RGB picture, as high as the scene asks for.
    """
    layout = build_layout(scene)
    return _Plan(scene, layout, size).image()


class TopView:
    """Frames of one world from above: what stands still is drawn once, the rest per frame."""

    SMOOTHING = 2

    def __init__(self, layout: Layout, size: int = 384) -> None:
        """Draw the rooms.

        Args:
            layout: the world's layout at the start.
            size: height and width of the frames, pixels.
        """
        self._layout = layout
        self._size = size
        large = size * self.SMOOTHING
        self._paper = Paper.around(layout, large, large, margin=0.3)
        self._base = Image.new("RGB", (large, large), PAPER)
        brush = Brush(self._base, self._paper)
        brush.rooms(layout)
        spots = layout.object_position[:, ::2].tolist()
        brush.room_names(layout, max(9, round(size / 34)) * self.SMOOTHING, spots)

    def frame(
        self,
        person_position: ArrayLike | None = None,
        person_yaw: ArrayLike | None = None,
        *,
        door_state: ArrayLike | None = None,
        object_position: ArrayLike | None = None,
        trails: Sequence[ArrayLike] = (),
        routes: Sequence[ArrayLike] = (),
        targets: Sequence[int] = (),
    ) -> NDArray[np.uint8]:
        """One frame; whatever is left out is as the layout has it.

        Args:
            person_position: (Q, 2) x, z or (Q, 3) x, y, z, metres.
            person_yaw: (Q,) radians.
            door_state: (D,) index into DOOR_STATES.
            object_position: (O, 3) x, y, z, metres.
            trails: where NPCs have walked, (N, 2) x, z each, in the order of the NPCs.
            routes: where NPCs mean to walk, (N, 2) x, z each, in the order of the NPCs.
            targets: thing numbers to highlight.

        Returns:
            (size, size, 3) uint8 RGB.
        """
        layout = self._layout
        people = flat(layout.person_position if person_position is None else person_position)
        yaws = np.asarray(layout.person_yaw if person_yaw is None else person_yaw)
        states = np.asarray(layout.door_state if door_state is None else door_state)
        objects = flat(layout.object_position if object_position is None else object_position)
        image = self._base.copy()
        brush = Brush(image, self._paper)
        for thing in targets:
            if thing < layout.place_count:
                brush.glow_place(layout, thing)
        brush.doors(layout, states)
        for number, trail in enumerate(trails):
            brush.trail(flat(trail), NPC_COLORS[number % len(NPC_COLORS)])
        for number, route in enumerate(routes):
            brush.route(flat(route), NPC_COLORS[number % len(NPC_COLORS)])
        for thing in targets:
            brush.glow_thing(layout, thing, objects, people)
        brush.objects(layout, objects)
        brush.people(layout, people, yaws)
        small = image.reduce(self.SMOOTHING)
        return np.asarray(small, np.uint8)


class _Plan:
    """The labelled plan of a scene with title and legend."""

    SMOOTHING = 3

    def __init__(self, scene: Scene, layout: Layout, size: int) -> None:
        self._scene, self._layout = scene, layout
        self._unit = size * self.SMOOTHING / 800  # lengths on paper are for 800 pixels
        self._width = size * self.SMOOTHING
        low, high = layout.place_rect[:, :2].min(0), layout.place_rect[:, 2:].max(0)
        margin = 0.25
        extent = high - low + 2 * margin
        self._head, self._foot = 62 * self._unit, 74 * self._unit
        height = min(self._width * 1.15, self._width * float(extent[1] / extent[0]))
        self._height = round(height + self._head + self._foot)
        self._canvas = Image.new("RGB", (self._width, self._height), PAPER)
        self._paper = Paper.around(layout, self._width, height, margin, top=self._head)
        self._brush = Brush(self._canvas, self._paper)

    def image(self) -> Image.Image:
        """Draw everything."""
        layout, brush = self._layout, self._brush
        brush.rooms(layout)
        scene = self._scene
        spots = [thing.position for thing in scene.objects]
        spots += [person.position for person in scene.people]
        spots += [spawn.position for spawn in scene.spawns]
        brush.room_names(layout, round(17 * self._unit), spots)
        brush.doors(layout, layout.door_state)
        self._paths()
        self._spawns()
        self._sounds()
        brush.objects(layout, layout.object_position[:, ::2])
        brush.people(layout, layout.person_position, layout.person_yaw)
        self._labels()
        self._title()
        self._legend()
        return self._canvas.reduce(self.SMOOTHING)

    def _write(self, at: Point, text: str, size: float, color: RGB, anchor: str = "mm") -> None:
        font = font_of(round(size * self._unit))
        self._brush.draw.text(at, text, color, font, anchor,
                              stroke_width=round(1.5 * self._unit) if anchor == "mm" else 0,
                              stroke_fill=(*PAPER, 215))  # fmt: skip

    def _labels(self) -> None:
        """Class names beside the objects, towards the middle of the room; names at people.

        Signs and what an object carries are named with it.
        """
        for thing, size in zip(self._scene.objects, self._layout.object_size, strict=True):
            if thing.inside or thing.upon:
                continue
            text = self._label(thing)
            width, _, depth = size.tolist()
            tall = width if round(thing.yaw_degrees / 90) % 2 else depth
            x, z = self._paper.at(*thing.position)
            place = self._scene.place_at(*thing.position)
            below = place is None or thing.position[1] > place.center[1]
            offset = tall / 2 * self._paper.scale + 9 * self._unit
            half = font_of(round(11 * self._unit)).getlength(text) / 2
            if place is not None:
                left, _, right, _ = self._paper.box(place.floor)
                wall = WALL_THICKNESS / 2 * self._paper.scale + 2 * self._unit + half
                x = min(max(x, left + wall), right - wall)
            self._write((x, z + offset if below else z - offset), text, 11, INK)
        for person in self._scene.people:
            x, z = self._paper.at(*person.position)
            offset = PERSON_RADIUS * self._paper.scale + 11 * self._unit
            self._write((x, z + offset), person.name.removeprefix("the "), 12, INK)

    def _label(self, thing: Object) -> str:
        carried = [
            other.class_name for other in self._scene.objects
            if thing.id in (other.inside, other.upon)
        ]  # fmt: skip
        words = [thing.class_name, thing.sign or "", f"({', '.join(carried)})" if carried else ""]
        return " ".join(word for word in words if word)

    def _paths(self) -> None:
        """Where people and things go for ever, and what each switch powers."""
        scene = self._scene
        moving: tuple[Object | Person, ...] = (*scene.objects, *scene.people)
        for thing in moving:
            if thing.path:
                points = np.asarray((*thing.path, thing.path[0]), np.float32)
                self._brush.route(points, PALE_INK)
        spots = {thing.id: scene.position_of(thing.id) for thing in scene.objects}
        spots |= {door.id: door.position for door in scene.doors}
        for thing in scene.objects:
            for powered in thing.powers:
                line = [self._paper.at(*spots[thing.id]), self._paper.at(*spots[powered])]
                self._brush.draw.line(line, (*GATE, 90), round(1.5 * self._unit))

    def _spawns(self) -> None:
        for number, spawn in enumerate(self._scene.spawns, 1):
            self._spawn(self._paper.at(*spawn.position), math.radians(spawn.yaw_degrees), number)

    def _spawn(self, at: Point, yaw: float, number: int) -> None:
        (x, y), radius = at, 9 * self._unit
        color = NPC_COLORS[0]
        tip = (x + math.sin(yaw) * 2 * radius, y - math.cos(yaw) * 2 * radius)
        width = round(1.6 * self._unit)
        self._brush.draw.line([at, tip], color, width)
        self._brush.draw.ellipse(
            (x - radius, y - radius, x + radius, y + radius), PAPER, color, width
        )
        self._brush.draw.text(at, str(number), color, font_of(round(11 * self._unit)), "mm")

    def _sounds(self) -> None:
        for thing in self._scene.objects:
            if thing.sounding:
                self._sound(self._paper.at(*thing.position), 0.34 * self._paper.scale)

    def _sound(self, at: Point, radius: float) -> None:
        x, y = at
        for ring in (1.0, 1.35, 1.7):
            far = radius * ring
            for start in (-35, 145):
                self._brush.draw.arc((x - far, y - far, x + far, y + far), start, start + 70,
                                     NPC_COLORS[1], round(1.8 * self._unit))  # fmt: skip

    def _title(self) -> None:
        scene, unit = self._scene, self._unit
        left = 18 * unit
        self._brush.draw.text((left, 12 * unit), scene.name, INK, font_of(round(22 * unit)))
        facts = (
            f"{len(scene.places)} places, {len(scene.doors)} doorways, "
            f"{len(scene.objects)} objects, "
            f"{len(scene.people)} {'person' if len(scene.people) == 1 else 'people'}, "
            f"{'map known' if scene.map == 'known' else 'no map'}"
        )  # fmt: skip
        self._brush.draw.text((left, 40 * unit), facts, PALE_INK, font_of(round(13 * unit)))
        metre, right = self._paper.scale, self._width - left
        line = [(right - metre, 36 * unit), (right, 36 * unit)]
        self._brush.draw.line(line, INK, round(2 * unit))
        for x, y in line:
            self._brush.draw.line([(x, y - 4 * unit), (x, y + 4 * unit)], INK, round(2 * unit))
        middle = (right - metre / 2, 24 * unit)
        self._brush.draw.text(middle, "1 m", PALE_INK, font_of(round(12 * unit)), "mm")

    def _legend(self) -> None:
        """What the signs mean, as far as they occur."""
        unit, draw = self._unit, self._brush.draw
        y = self._height - self._foot / 2
        entries = self._legend_entries()
        step = (self._width - 20 * unit) / max(7, len(entries))
        for number, text in enumerate(entries):
            x = step * number + 24 * unit
            bar = (x - 13 * unit, y - 4 * unit, x + 13 * unit, y + 4 * unit)
            if text in DOOR:
                draw.rounded_rectangle(bar, 2 * unit, DOOR[text])
            elif text == "gate":
                self._brush.gate(bar)
            elif text == "barrier":
                self._brush.barrier(bar)
            elif text in ROLE_COLORS:
                paper = Paper(x, y, 46 * unit)
                Brush(self._canvas, paper).person((0.0, 0.0), 0.6, ROLE_COLORS[text])
            elif text == "start":
                self._spawn((x, y), 0.6, 1)
            elif text == "lit":
                radius = 11 * unit
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), LIT)
            else:
                self._sound((x, y), 6 * unit)
            draw.text((x + 21 * unit, y), text, INK, font_of(round(13 * unit)), "lm")

    def _legend_entries(self) -> list[str]:
        scene = self._scene
        present: set[str] = {door.state for door in scene.doors if door.kind == "door"}
        present |= {door.kind for door in scene.doors} & {"gate", "barrier"}
        present |= {person.role for person in scene.people}
        if any(thing.sounding for thing in scene.objects):
            present.add("sounding")
        if any(thing.on and CLASSES[thing.class_name].glows for thing in scene.objects):
            present.add("lit")
        present.add("start")
        order = (*DOOR, "gate", "barrier", *ROLE_COLORS, "start", "lit", "sounding")
        return [text for text in order if text in present]
