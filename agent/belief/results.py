"""What the results of the NPC's own acts teach it about things."""

from __future__ import annotations

from agent.belief.columns import BodyColumn, NodeColumn
from envs.contract import STATE_NAMES, Act, Kind, Reason, Result
from envs.jit import njit
from envs.words import word_id

WRONG_KEY_SECONDS = 60.0
"""A key that did not fit is not tried again for so long."""
RUNNING_SECONDS = 0.15
"""An act that goes on is known to for one more decision."""
_KEY_WORD = word_id("key")
_BUTTON_WORD = word_id("button")
_WRITTEN_WORDS = tuple(
    word_id(name) for name in ("note", "signpost", "blackboard", "book", "folder")
)
_OBJECT = int(Kind.OBJECT)
_CLOSED_BIT = STATE_NAMES.index("closed")
_OPEN_BIT = STATE_NAMES.index("open")
_OPEN, _USE, _SWITCH = int(Act.OPEN), int(Act.USE), int(Act.SWITCH)
_DONE, _FAILED = int(Result.DONE), int(Result.FAILED)
_STARTED, _RUNNING = int(Result.STARTED), int(Result.RUNNING)
_LOCKED = int(Reason.LOCKED)


@njit(cache=True, error_model="numpy")
def take_results(nodes, body):  # type: ignore[no-untyped-def]
    """What is locked, which key does not fit, what was tried, and whether an act still goes on."""
    clock = body[BodyColumn.CLOCK]
    act = int(body[BodyColumn.LAST_ACT])
    result = int(body[BodyColumn.RESULT])
    target = int(body[BodyColumn.LAST_TARGET])
    if result in (_STARTED, _RUNNING):
        body[BodyColumn.RUNNING_CLOCK] = clock + RUNNING_SECONDS
    if target == 0 or (result != _DONE and result != _FAILED):
        return
    node = nodes[target]
    node[NodeColumn.TRIED_CLOCK] = clock
    if result == _FAILED:
        if int(body[BodyColumn.REASON]) == _LOCKED:
            node[NodeColumn.LOCKED] = 1.0
            held = nodes[int(body[BodyColumn.HELD])]
            if held[NodeColumn.CLASS_WORD] == _KEY_WORD:
                held[NodeColumn.REJECTED_UNTIL] = clock + WRONG_KEY_SECONDS
        return
    if act in (_OPEN, _USE):
        node[NodeColumn.LOCKED] = 0.0
    if act in (_SWITCH, _USE):
        body[BodyColumn.PRESSED_CLOCK] = clock
        node[NodeColumn.LIT_DECIDED] = 0.0
        node[NodeColumn.LIT_LOG] = 0.0
        node[NodeColumn.LIT_LOG + 1] = 0.0


@njit(cache=True, error_model="numpy")
def is_open(node):  # type: ignore[no-untyped-def]
    """Whether a thing was last seen open."""
    return node[NodeColumn.STATE + _OPEN_BIT] > 0.5


@njit(cache=True, error_model="numpy")
def is_key(node):  # type: ignore[no-untyped-def]
    """Whether a thing is a key."""
    return node[NodeColumn.CLASS_WORD] == _KEY_WORD


@njit(cache=True, error_model="numpy")
def is_button(node):  # type: ignore[no-untyped-def]
    """Whether a thing is a button."""
    return node[NodeColumn.CLASS_WORD] == _BUTTON_WORD


@njit(cache=True, error_model="numpy")
def is_container_closed(node):  # type: ignore[no-untyped-def]
    """Whether a thing is a container that was last seen closed."""
    thing = int(node[NodeColumn.KIND]) == _OBJECT
    return thing and node[NodeColumn.STATE + _CLOSED_BIT] > 0.5


@njit(cache=True, error_model="numpy")
def is_written(node):  # type: ignore[no-untyped-def]
    """Whether a thing is of a class that carries texts."""
    return int(node[NodeColumn.CLASS_WORD]) in _WRITTEN_WORDS
