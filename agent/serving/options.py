"""What a server of minds can be told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ServingOptions:
    """Limits and times of the deciding side."""

    deadline_seconds: float = 0.08
    """From a question's arrival: past it the NPC's last intent goes on."""
    measured_seconds: float = 120.0
    """The same for NPCs whose episodes are measured: they are judged by what the mind decides,
    not by how busy the machine is, so they wait, and are decided every time. Any game can say that
    it evaluates, so this holds only while no other world asks that does not: beside players,
    measured NPCs have the deadline and the turns of all. Measure on a server of its own."""
    intent_seconds: float = 0.5
    """So long a last intent goes on without a new decision; then the game's idle is sent."""
    gather_seconds: float = 0.002
    """So long a world waits for the others, so that all are decided in one batch."""
    batch_rows: int = 128
    """NPCs of one batch; the others are in the next one."""
    max_worlds: int = 64
    max_npcs: int = 512
    """Of all worlds together."""
    forget_seconds: float = 60.0
    """An NPC whose episode has ended and that has not asked for so long, while its world asked, is
    forgotten."""
    forget_paused_seconds: float = 3600.0
    """Where its episode has not ended, as its game has paused it, its mind is put by after so long,
    and it goes on with that when it asks again."""
    show_attention: bool = False
    """Whether games are shown what their NPCs attend to and believe, which costs time; a server
    that records shows it anyway."""
    threads: int | None = None
    """Of the kernels; None for one while few NPCs ask, else all cores."""
