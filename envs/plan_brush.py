"""The strokes of a plan seen from above: rooms, doors, objects, people, trails."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFont

from envs.classes import CLASS_NAMES, CLASSES
from envs.palette import RGB
from envs.reach import distance_to
from envs.scene import WALL_THICKNESS, Point, Rectangle
from envs.world.layout import DOOR_KINDS, DOOR_STATES, ROLES, Layout

PAPER: RGB = (250, 248, 244)
INK: RGB = (52, 54, 62)
PALE_INK: RGB = (132, 130, 128)
WALL: RGB = (74, 78, 88)
FLOORS: tuple[RGB, ...] = (
    (240, 234, 222), (228, 235, 232), (236, 229, 234), (241, 238, 226), (226, 232, 239),
    (238, 230, 224),
)  # fmt: skip
DOOR: dict[str, RGB] = {"open": (176, 150, 120), "closed": (148, 98, 52), "locked": (128, 30, 36)}
GATE: RGB = (38, 96, 120)
BARRIER: tuple[RGB, RGB] = ((204, 46, 46), (250, 248, 244))
BARRIER_STRIPE = 0.3
"""Length of each stripe of a barrier, metres."""
GLOW: RGB = (255, 186, 30)
NPC_COLORS: tuple[RGB, ...] = ((14, 116, 128), (178, 52, 108), (92, 78, 190), (150, 98, 16))
ROLE_COLORS: dict[str, RGB] = {
    "guide": (40, 48, 92), "visitor": (128, 108, 92), "resident": (96, 66, 40),
    "teacher": (44, 84, 60), "clerk": (92, 52, 96), "worker": (122, 96, 22),
}  # fmt: skip
ROUND_CLASSES = frozenset({
    "vase", "globe", "helmet", "drum", "telephone", "cup", "plant", "tree", "fountain", "gear",
    "vacuum", "lamp", "streetlight", "hydrant",
})  # fmt: skip
LIT: RGB = (255, 214, 92)

PERSON_RADIUS = 0.2
VIEW_LENGTH = 1.1
"""Length of the cone that shows where an NPC looks, metres."""
FIELD_OF_VIEW = 90.0
NAME_GAP = 0.42
"""Wanted between a room's name and whatever stands there, metres."""
_NAME_OFFSETS = tuple(
    (down, right) for down in (0.0, 0.12, -0.12, 0.24, -0.24, 0.36, -0.36)
    for right in (0.0, 0.15, -0.15)
)  # fmt: skip


class Paper:
    """Maps metres to pixels."""

    def __init__(self, left: float, top: float, scale: float) -> None:
        self.left, self.top, self.scale = left, top, scale

    @staticmethod
    def around(
        layout: Layout, width: float, height: float, margin: float, top: float = 0.0
    ) -> Paper:
        """Fit the layout into a width and height, centred, with a margin in metres."""
        low, high = layout.place_rect[:, :2].min(0), layout.place_rect[:, 2:].max(0)
        extent = high - low + 2 * margin
        scale = float(min(width / extent[0], height / extent[1]))
        middle = (low + high) / 2
        return Paper(
            width / 2 - float(middle[0]) * scale, top + height / 2 + float(middle[1]) * scale, scale
        )

    def at(self, x: float, z: float) -> Point:
        """Where on paper a point is, pixels."""
        return self.left + x * self.scale, self.top - z * self.scale

    def box(self, area: Rectangle) -> Rectangle:
        """Where on paper an area is: left, top, right, bottom, pixels."""
        (x0, y1), (x1, y0) = self.at(area[0], area[1]), self.at(area[2], area[3])
        return x0, y0, x1, y1


class Brush:
    """Draws the parts of a plan; all lengths in metres."""

    def __init__(self, image: Image.Image, paper: Paper) -> None:
        self.draw = ImageDraw.Draw(image, "RGBA")
        self.paper = paper

    def thick(self, metres: float) -> int:
        """Width of a line in pixels."""
        return max(1, round(metres * self.paper.scale))

    def rooms(self, layout: Layout) -> None:
        """Floors, then walls with gaps at the doors."""
        for number, floor in enumerate(layout.place_rect.tolist()):
            self.draw.rectangle(self.paper.box(floor), FLOORS[number % len(FLOORS)])
        for x0, y0, z0, x1, _, z1 in layout.boxes[: layout.wall_count].tolist():
            if y0 == 0.0:  # not a lintel
                self.draw.rectangle(self.paper.box((x0, z0, x1, z1)), WALL)

    def room_names(self, layout: Layout, font_size: int, spots: Sequence[Point]) -> None:
        """The name of each place, in two lines when it is long, clear of some spots if it can."""
        font = font_of(font_size)
        spots = [*spots, *self._leaves(layout)]
        for number, room in enumerate(layout.place_rect.tolist()):
            words = layout.names[number].removeprefix("the ")
            if font.getlength(words) > 0.6 * (room[2] - room[0]) * self.paper.scale:
                words = words.replace(" ", "\n")
            left, top, right, bottom = self.draw.multiline_textbbox((0, 0), words, font)
            half = (right - left) / 2 / self.paper.scale, (bottom - top) / 2 / self.paper.scale
            middle = self.paper.at(*_name_spot(room, half, spots))
            self.draw.multiline_text(
                middle, words, PALE_INK, font, "mm", spacing=font_size // 4, align="center"
            )

    def doors(self, layout: Layout, states: NDArray) -> None:
        """An open door as its leaf turned by 90 degrees, a closed one as a bar in the wall.

        A gate has a colour of its own and slides, a barrier is striped, an opening has nothing.
        """
        for number, (x, z) in enumerate(layout.door_position.tolist()):
            along_x, half = bool(layout.door_along_x[number]), float(layout.door_width[number]) / 2
            kind = DOOR_KINDS[int(layout.door_kind[number])]
            state = DOOR_STATES[int(states[number])]
            if kind == "barrier":
                self.barrier(self.paper.box(_bar(x, z, half, along_x)))
            elif kind == "gate" and state != "open":
                self.gate(self.paper.box(_bar(x, z, half, along_x)))
            elif kind == "door" and state == "open":
                self._open_door(x, z, half, along_x)
            elif kind == "door":
                self.draw.rectangle(self.paper.box(_bar(x, z, half, along_x)), DOOR[state])
                if state == "locked":
                    self.draw.ellipse(self.paper.box(_around((x, z), 0.13)), DOOR[state])
                    self.draw.ellipse(self.paper.box(_around((x, z), 0.05)), PAPER)

    def gate(self, box: Rectangle) -> None:
        """A closed gate in a box of pixels."""
        x0, y0, x1, y1 = box
        self.draw.rectangle(box, GATE)
        thick = min(x1 - x0, y1 - y0)
        steps = round(max(x1 - x0, y1 - y0) / (2 * thick))
        for step in range(1, steps):
            x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
            across = x1 - x0 > y1 - y0
            line = [(x, y0), (x, y1)] if across else [(x0, y), (x1, y)]
            self.draw.line(line, PAPER, max(1, round(thick / 4)))

    def barrier(self, box: Rectangle) -> None:
        """A striped bar in a box of pixels."""
        x0, y0, x1, y1 = box
        stripes = max(3, round(max(x1 - x0, y1 - y0) / (BARRIER_STRIPE * self.paper.scale)))
        for stripe in range(stripes):
            low, high = stripe / stripes, (stripe + 1) / stripes
            part = (x0 + (x1 - x0) * low, y0, x0 + (x1 - x0) * high, y1)
            if y1 - y0 > x1 - x0:
                part = (x0, y0 + (y1 - y0) * low, x1, y0 + (y1 - y0) * high)
            self.draw.rectangle(part, BARRIER[stripe % 2])
        self.draw.rectangle(box, None, BARRIER[0], self.thick(0.015))

    def _leaves(self, layout: Layout) -> list[Point]:
        """Middles of the leaves of open doors."""
        leaves = []
        for number, (x, z) in enumerate(layout.door_position.tolist()):
            if DOOR_KINDS[int(layout.door_kind[number])] != "door":
                continue
            half = float(layout.door_width[number]) / 2
            turn = (-half, half) if layout.door_along_x[number] else (half, -half)
            leaves.append((x + turn[0], z + turn[1]))
        return leaves

    def _open_door(self, x: float, z: float, half: float, along_x: bool) -> None:
        hinge, length = (x - half, z) if along_x else (x, z - half), 2 * half
        tip = (hinge[0], hinge[1] + length) if along_x else (hinge[0] + length, hinge[1])
        circle = self.paper.box(_around(hinge, length))
        self.draw.arc(circle, 270, 360, (*PALE_INK, 90), self.thick(0.02))
        self.draw.line([self.paper.at(*hinge), self.paper.at(*tip)], DOOR["open"],
                       self.thick(0.06))  # fmt: skip

    def objects(self, layout: Layout, positions: NDArray) -> None:
        """Objects in their colour, round or square, with the fitting as an inner mark.

        What is in a container is not drawn; lamps that are on have a halo.
        """
        colors = layout.object_color.astype(int).tolist()
        for number, (x, z) in enumerate(positions.tolist()):
            if layout.object_inside[number] >= 0:
                continue
            if (
                layout.object_on[number]
                and CLASSES[layout.class_names[layout.first_object + number]].glows
            ):
                for radius in (0.55, 0.42):
                    self.draw.ellipse(self.paper.box(_around((x, z), radius)), (*LIT, 90))
            width, _, depth = layout.object_size[number].tolist()
            if round(float(layout.object_yaw[number]) / (math.pi / 2)) % 2:
                width, depth = depth, width
            area = self.paper.box((x - width / 2, z - depth / 2, x + width / 2, z + depth / 2))
            inner = self.paper.box((x - width / 5, z - depth / 5, x + width / 5, z + depth / 5))
            color, line = tuple(colors[number]), self.thick(0.03)
            if CLASS_NAMES[layout.object_class[number]] in ROUND_CLASSES:
                self.draw.ellipse(area, color, INK, line)
                self.draw.ellipse(inner, (*INK, 70))
            else:
                self.draw.rounded_rectangle(area, self.thick(0.06), color, INK, line)
                self.draw.rectangle(inner, (*INK, 60))

    def people(self, layout: Layout, positions: NDArray, yaws: NDArray) -> None:
        """People as discs that look somewhere; controlled NPCs with a cone of sight."""
        npcs = 0
        for number, (x, z) in enumerate(positions.tolist()):
            role = ROLES[layout.person_role[number]]
            color = ROLE_COLORS.get(role, NPC_COLORS[npcs % len(NPC_COLORS)])
            yaw = float(yaws[number])
            if role == "npc":
                npcs += 1
                middle = math.degrees(yaw) - 90  # PIL counts clockwise from the right
                cone = self.paper.box(_around((x, z), VIEW_LENGTH))
                half = FIELD_OF_VIEW / 2
                self.draw.pieslice(cone, middle - half, middle + half, (*color, 44))
            self.person((x, z), yaw, color)

    def person(self, spot: Point, yaw: float, color: RGB) -> None:
        """A disc with a nose that points where the body does."""
        x, z = spot
        for grown, fill in ((0.05, PAPER), (0.0, color)):
            radius = PERSON_RADIUS + grown
            nose = [
                self.paper.at(x + math.sin(yaw + turn) * far, z + math.cos(yaw + turn) * far)
                for turn, far in ((0.0, 1.65 * PERSON_RADIUS + 1.5 * grown), (0.75, radius),
                                  (-0.75, radius))
            ]  # fmt: skip
            self.draw.polygon(nose, fill)
            self.draw.ellipse(self.paper.box(_around(spot, radius)), fill)

    def trail(self, points: NDArray, color: RGB) -> None:
        """Where somebody has walked."""
        if len(points) > 1:
            line = [self.paper.at(*point) for point in points.tolist()]
            self.draw.line(line, (*color, 150), self.thick(0.07), joint="curve")

    def route(self, points: NDArray, color: RGB) -> None:
        """Where somebody means to walk, dotted."""
        for x, z in _every(points, 0.25):
            self.draw.ellipse(self.paper.box(_around((x, z), 0.05)), (*color, 170))

    def glow_place(self, layout: Layout, place: int) -> None:
        """Light up a room from its walls inward."""
        x0, z0, x1, z1 = layout.place_rect[place].tolist()
        inner = WALL_THICKNESS / 2
        area = self.paper.box((x0 + inner, z0 + inner, x1 - inner, z1 - inner))
        self.draw.rectangle(area, (*GLOW, 40), GLOW, self.thick(0.08))

    def glow_thing(self, layout: Layout, thing: int, objects: NDArray, people: NDArray) -> None:
        """A ring of light around an object, a person or a door."""
        spots: Sequence[tuple[int, int, NDArray]] = (
            (layout.first_door, layout.door_count, layout.door_position),
            (layout.first_object, layout.object_count, objects),
            (layout.first_person, layout.person_count, people),
        )
        for first, count, positions in spots:
            if first <= thing < first + count:
                x, z = positions[thing - first].tolist()
                self.draw.ellipse(self.paper.box(_around((x, z), 0.52)), (*GLOW, 70))
                self.draw.ellipse(self.paper.box(_around((x, z), 0.46)), None, GLOW,
                                  self.thick(0.09))  # fmt: skip


@lru_cache(maxsize=16)
def font_of(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font of all writing in a size in pixels."""
    return ImageFont.load_default(size)


def _around(middle: Point, radius: float) -> Rectangle:
    x, z = middle
    return x - radius, z - radius, x + radius, z + radius


def _bar(x: float, z: float, half: float, along_x: bool) -> Rectangle:
    """What fills a doorway, a little thinner than the wall."""
    deep = WALL_THICKNESS * 0.42
    return (x - half, z - deep, x + half, z + deep) if along_x else (
        x - deep, z - half, x + deep, z + half)  # fmt: skip


def _name_spot(room: Rectangle, half: Point, spots: Sequence[Point]) -> Point:
    """Where in a room a name with this half width and height is clear of some spots, metres."""
    x0, z0, x1, z1 = room
    middle = (x0 + x1) / 2, (z0 + z1) / 2
    best, best_gap = middle, -1.0
    for down, right in _NAME_OFFSETS:
        x = middle[0] + right * (x1 - x0 - 2 * half[0])
        z = middle[1] - down * (z1 - z0 - 2 * half[1])
        area = x - half[0], z - half[1], x + half[0], z + half[1]
        gap = min((distance_to(area, spot) for spot in spots), default=NAME_GAP)
        if gap >= NAME_GAP:
            return x, z
        if gap > best_gap:
            best, best_gap = (x, z), gap
    return best


def flat(positions: ArrayLike) -> NDArray[np.float32]:
    """(N, 2) x, z of (N, 2) x, z or (N, 3) x, y, z."""
    array = np.asarray(positions, np.float32)
    return array.reshape(-1, 2) if array.ndim < 2 or array.shape[1] == 2 else array[:, ::2]


def _every(points: NDArray, spacing: float) -> list[Point]:
    """Points along a polyline at equal distances."""
    found: list[Point] = []
    left_over = 0.0
    for (ax, az), (bx, bz) in zip(points[:-1].tolist(), points[1:].tolist(), strict=True):
        length = math.hypot(bx - ax, bz - az)
        along = spacing - left_over
        while along <= length:
            found.append((ax + (bx - ax) * along / length, az + (bz - az) * along / length))
            along += spacing
        left_over = (left_over + length) % spacing
    return found
