"""The colours that things in a scene can have: few, named, and far apart in RGB.

Colour is only visible, so it is in no catalogue and in no entity: an NPC must look. Walls, floors
and clothes are muted so that none of them is mistaken for one of these.
"""

from __future__ import annotations

RGB = tuple[int, int, int]

COLORS: dict[str, RGB] = {
    "red": (214, 36, 40),
    "green": (38, 158, 58),
    "blue": (36, 74, 214),
    "yellow": (245, 222, 40),
    "purple": (146, 48, 182),
    "cyan": (56, 206, 220),
    "orange": (246, 132, 24),
    "white": (244, 244, 244),
}
"""RGB 0 to 255 of each colour name."""

COLOR_NAMES = tuple(COLORS)

FLOOR_COLORS: tuple[RGB, ...] = ((124, 108, 92), (104, 106, 112), (112, 118, 106), (132, 120, 110))
WALL_COLORS: tuple[RGB, ...] = ((172, 164, 150), (158, 164, 168), (166, 160, 164), (160, 168, 154))
CEILING_COLOR: RGB = (188, 188, 184)
DOOR_COLOR: RGB = (96, 70, 50)
FITTING_COLOR: RGB = (92, 92, 96)
"""Caps and bases of objects, the same for every colour of object."""
GATE_COLOR: RGB = (44, 48, 54)
BAR_COLOR: RGB = (150, 154, 162)
"""A gate: what is between its bars, and the bars."""
BARRIER_COLOR: RGB = (70, 58, 50)
STRIPE_COLOR: RGB = (204, 190, 168)
"""A barrier and its stripes."""
GLASS_COLOR: RGB = (26, 28, 34)
GLOW_COLOR: RGB = (255, 214, 160)
"""The pane of a lamp or a screen that is off and on; what glows is not dimmed by distance."""
SHADOW_COLOR: RGB = (40, 38, 40)
"""Seams and handles of closed containers."""
PALE_INK_COLOR: RGB = (250, 250, 250)
DARK_INK_COLOR: RGB = (16, 16, 20)
"""Ink of signs, on dark and on bright colours."""
PERSON_COLORS: dict[str, tuple[RGB, ...]] = {
    "npc": ((70, 92, 98), (98, 78, 70), (78, 86, 62), (92, 76, 96)),
    "guide": ((42, 46, 66),),
    "visitor": ((116, 100, 88), (88, 100, 92), (104, 92, 108)),
    "resident": ((94, 84, 74), (80, 90, 104)),
    "teacher": ((52, 60, 54),),
    "clerk": ((56, 50, 70),),
    "worker": ((90, 82, 60), (66, 72, 88)),
}
"""Clothes by role, dealt in turn to the people of that role."""
