"""One MP4 of a filmed episode: what the NPC sees beside a top view, with what it means and says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from agent.report.footage import Footage, Shot
from agent.report.record import DecisionRecord, RecordError
from envs.contract import CAMERA_SIZE
from envs.palette import RGB
from envs.plan_brush import INK, NPC_COLORS, PALE_INK, PAPER, font_of
from envs.scene_picture import TopView

FRAMES_PER_SECOND = 10
"""One frame a decision, so that time runs as in the game."""
MAX_FRAMES = 300
"""Longer episodes are shown faster, a whole number of decisions a frame."""
SPEECH_SECONDS = 3.0
"""So long a sentence stays to be read."""
END_FRAMES = 12
WIDTH, GAP = 816, 12
PANEL: RGB = (255, 255, 255)
TRACK: RGB = (226, 224, 218)
GOOD: RGB = (22, 128, 84)
BAD: RGB = (178, 44, 44)
SPEECH: RGB = (62, 72, 120)
STRATEGY_COLORS: dict[str, RGB] = {
    "policy": (92, 96, 108), "route": (30, 96, 176), "look_around": (150, 98, 16),
    "ask": (122, 62, 168),
}  # fmt: skip
STRATEGY_NAMES = {
    "policy": "by policy", "route": "following the route", "look_around": "looking around",
    "ask": "asking for help",
}  # fmt: skip


@dataclass(frozen=True)
class _Frame:
    """What changes from frame to frame beside the shot."""

    decisions: tuple[DecisionRecord, ...]
    """One for each NPC."""
    speech: str
    verdict: str


def write_video(footage: Footage, path: Path) -> None:
    """Write an episode as H.264 that every browser plays, and its poster beside it (``.jpg``).

    Raises:
        RecordError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        frames = render(footage)
        first = next(frames)
        writer = imageio_ffmpeg.write_frames(
            str(path), (first.shape[1], first.shape[0]), fps=FRAMES_PER_SECOND, codec="libx264",
            pix_fmt_out="yuv420p", quality=None, macro_block_size=2, ffmpeg_log_level="fatal",
            output_params=["-crf", "30", "-preset", "veryfast", "-tune", "animation",
                           "-threads", "1", "-movflags", "+faststart"],
        )  # fmt: skip
        writer.send(None)
        try:
            writer.send(np.ascontiguousarray(first))
            for frame in frames:
                writer.send(np.ascontiguousarray(frame))
        finally:
            writer.close()
        middle = render_one(footage, 2 * len(footage.shots) // 3)
        Image.fromarray(middle).save(path.with_suffix(".jpg"), quality=80)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be written ({error.strerror or error}): give another folder, on a "
            "disk with room."
        ) from error


def render(footage: Footage) -> Iterator[NDArray[np.uint8]]:
    """The frames of a video, ``(H, W, 3)`` uint8 RGB."""
    stage = _Stage(footage)
    count = len(footage.shots)
    step = -(-count // MAX_FRAMES)
    frame = stage.draw(0)
    for number in range(0, count - 1, step):
        frame = stage.draw(number)
        yield frame
    frame = stage.draw(count - 1)
    for _ in range(END_FRAMES):
        yield frame


def render_one(footage: Footage, number: int) -> NDArray[np.uint8]:
    """The frame of one shot."""
    return _Stage(footage).draw(min(number, len(footage.shots) - 1))


class _Stage:
    """Draws the frames of one episode."""

    def __init__(self, footage: Footage) -> None:
        self.footage = footage
        self.team = len(footage.names) > 1
        self.camera = 256 if self.team else 384
        self.top = WIDTH - self.camera - 3 * GAP
        self.top -= self.top % 2
        self.head = 2 * GAP + self.top
        self.height = self.head + (152 if self.team else 112)
        self.view = TopView(footage.layout, self.top)
        self.trails = [
            np.stack([shot.people[person] for shot in footage.shots]) for person in footage.people
        ]
        self.speech = _speeches(footage)

    def draw(self, number: int) -> NDArray[np.uint8]:
        """The frame of a shot."""
        footage, shot = self.footage, self.footage.shots[number]
        last = number == len(footage.shots) - 1
        decision = min(number, len(footage.records[0].decisions) - 1)
        frame = _Frame(
            tuple(record.decisions[decision] for record in footage.records),
            self.speech[decision],
            _verdict(footage) if last else "",
        )
        canvas = Image.new("RGB", (WIDTH, self.height), PAPER)
        self._cameras(canvas, shot)
        seen = self.view.frame(
            shot.people, shot.yaws, door_state=shot.doors, object_position=shot.objects,
            trails=[trail[: number + 1] for trail in self.trails], targets=shot.targets,
        )  # fmt: skip
        canvas.paste(Image.fromarray(seen), (2 * GAP + self.camera, GAP))
        draw = ImageDraw.Draw(canvas)
        draw.rectangle((2 * GAP + self.camera, GAP, WIDTH - GAP - 1, GAP + self.top - 1),
                       outline=TRACK)  # fmt: skip
        canvas.paste(self._captions(frame), (0, self.head))
        return np.asarray(canvas)

    def _cameras(self, canvas: Image.Image, shot: Shot) -> None:
        draw = ImageDraw.Draw(canvas)
        for npc, pixels in enumerate(shot.cameras):
            picture = Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0)))
            factor = self.camera // CAMERA_SIZE
            picture = picture.resize((factor * CAMERA_SIZE,) * 2, Image.Resampling.NEAREST)
            top = GAP + npc * (self.camera + GAP)
            canvas.paste(picture, (GAP, top))
            color = NPC_COLORS[npc % len(NPC_COLORS)]
            area = (GAP, top, GAP + self.camera - 1, top + self.camera - 1)
            draw.rectangle(area, outline=color, width=2)
            label = f"{self.footage.names[npc]} sees"
            width = font_of(13).getlength(label)
            draw.rectangle((GAP, top, GAP + width + 14, top + 21), color)
            draw.text((GAP + 7, top + 11), label, PANEL, font_of(13), "lm")

    def _captions(self, frame: _Frame) -> Image.Image:
        """The panel below: goals, speech, strategy."""
        pen = _Pen(WIDTH, self.height - self.head)
        step = 34 if self.team else 30
        for npc, decision in enumerate(frame.decisions):
            y = 22 + npc * step
            pen.dot(GAP + 6, y, 6, NPC_COLORS[npc % len(NPC_COLORS)])
            goal = self.footage.records[npc].goal
            text = f"{self.footage.names[npc]}: {goal}" if self.team else goal
            pen.text(GAP + 22, y, text, 17, INK, WIDTH - (220 if self.team else 300), smallest=12)
            pen.competence(WIDTH - GAP, y, decision.competence, labelled=not self.team)
        y = 22 + len(frame.decisions) * step
        pen.text(GAP, y, frame.speech, 15, SPEECH, WIDTH - 2 * GAP - 90)
        pen.text(WIDTH - GAP, y, f"{frame.decisions[0].seconds:.1f} s", 14, PALE_INK, anchor="rm")
        self._foot(pen, y + 30, frame)
        return pen.image()

    def _foot(self, pen: _Pen, y: float, frame: _Frame) -> None:
        """The verdict at the end, else who acts by which strategy and why."""
        if frame.verdict:
            good = frame.verdict.startswith("reached")
            pen.chip(GAP, y, frame.verdict, GOOD if good else BAD)
            return
        x = float(GAP)
        for npc, decision in enumerate(frame.decisions):
            taken_over = decision.strategy != "policy"
            if self.team and npc and not taken_over:
                continue
            name = STRATEGY_NAMES.get(decision.strategy, decision.strategy)
            if self.team and taken_over:
                name = f"{self.footage.names[npc]}: {name}"
            x = pen.chip(x, y, name, STRATEGY_COLORS.get(decision.strategy, PALE_INK)) + 10
            if decision.reason:
                pen.text(x, y, decision.reason, 13, INK, WIDTH - GAP - x)
                return


class _Pen:
    """Draws captions in twice the size, which smooths their edges; lengths in pixels of the video.

    Args:
        width: of the panel.
        height: of the panel.
    """

    SMOOTHING = 2

    def __init__(self, width: int, height: int) -> None:
        scale = self.SMOOTHING
        self._image = Image.new("RGB", (scale * width, scale * height), PANEL)
        self._draw = ImageDraw.Draw(self._image)
        self._draw.line((0, 0, scale * width, 0), TRACK, scale)

    def image(self) -> Image.Image:
        """What was drawn."""
        return self._image.reduce(self.SMOOTHING)

    def text(
        self, x: float, y: float, text: str, size: int, color: RGB, width: float = WIDTH,
        anchor: str = "lm", smallest: int | None = None,
    ) -> None:  # fmt: skip
        """Write a line, smaller or cut off where it is wider than there is room."""
        smallest = size if smallest is None else smallest
        while size > smallest and self._length(text, size) > width:
            size -= 1
        if self._length(text, size) > width:
            while text and self._length(text + "\u2026", size) > width:
                text = text[:-1]
            text = text.rstrip() + "\u2026"
        scale = self.SMOOTHING
        self._draw.text((x * scale, y * scale), text, color, font_of(size * scale), anchor)

    def dot(self, x: float, y: float, radius: float, color: RGB) -> None:
        """A filled circle."""
        self._draw.ellipse(self._box(x - radius, y - radius, x + radius, y + radius), color)

    def chip(self, x: float, y: float, text: str, color: RGB) -> float:
        """A word on a coloured ground; returns where it ends."""
        right = x + self._length(text, 13) + 18
        self._bar(x, right, y, 11, color)
        self.text(x + 9, y, text, 13, PANEL)
        return right

    def competence(self, right: float, y: float, competence: float, labelled: bool) -> None:
        """How sure of itself an NPC is, as a bar that ends at ``right``."""
        self.text(right, y, f"{competence:.0%}", 14, INK, anchor="rm")
        end, wide = right - 44, 100
        if labelled:
            self.text(end - wide - 12, y, "sure of itself", 13, PALE_INK, anchor="rm")
        self._bar(end - wide, end, y, 5, TRACK)
        color = GOOD if competence >= 0.5 else STRATEGY_COLORS["look_around"]
        self._bar(end - wide, end - wide + max(10.0, wide * competence), y, 5, color)

    def _bar(self, left: float, right: float, y: float, half: float, color: RGB) -> None:
        area = self._box(left, y - half, right, y + half)
        self._draw.rounded_rectangle(area, half * self.SMOOTHING, color)

    def _box(self, *sides: float) -> tuple[float, float, float, float]:
        left, top, right, bottom = (side * self.SMOOTHING for side in sides)
        return left, top, right, bottom

    def _length(self, text: str, size: int) -> float:
        return font_of(size * self.SMOOTHING).getlength(text) / self.SMOOTHING


def _speeches(footage: Footage) -> list[str]:
    """What is to be read at each decision: the last sentence, for a while."""
    shown: list[str] = []
    text, since = "", 0.0
    for number in range(len(footage.records[0].decisions)):
        for npc, record in enumerate(footage.records):
            decision = record.decisions[number]
            for heard in decision.heard:
                if heard.speaker not in footage.names:
                    speaker = heard.speaker.removeprefix("the ").capitalize() or "Known before"
                    text, since = f"{speaker}: \u201c{heard.text}\u201d", decision.seconds
            if decision.said:
                text = f"{footage.names[npc]}: \u201c{decision.said}\u201d"
                since = decision.seconds
        if footage.records[0].decisions[number].seconds - since > SPEECH_SECONDS:
            text = ""
        shown.append(text)
    return shown


def _verdict(footage: Footage) -> str:
    result = footage.result
    if result is None or result.success:
        return "reached the goal" if result else ""
    return "gave a wrong answer" if result.wrong_commit else "ran out of time"
