"""Which things fit the present step of the goal: its class, colour, sign, light and place."""

from __future__ import annotations

from agent.belief.columns import NodeColumn
from agent.belief.goal_columns import GoalField
from agent.belief.looks import color_belief, lit_belief, sign_belief
from envs.contract import Kind
from envs.jit import njit

_OBJECT, _DOOR = int(Kind.OBJECT), int(Kind.DOOR)


@njit(cache=True, error_model="numpy")
def fits_class(node, goal):  # type: ignore[no-untyped-def]
    """Whether a node is of the class, and in the place, that the goal names, if it names any.

    Doors are meant only by the name of their class.
    """
    if node[NodeColumn.KNOWN] < 0.5:
        return False
    kind = int(node[NodeColumn.KIND])
    wanted = goal[GoalField.CLASS_WORD]
    if kind != _OBJECT and (kind != _DOOR or wanted == 0.0):
        return False
    place = goal[GoalField.THING_PLACE]
    if place > 0.0 and node[NodeColumn.PLACE] != place:
        return False
    return wanted == 0.0 or node[NodeColumn.CLASS_WORD] == wanted


@njit(cache=True, error_model="numpy")
def is_decided(node, goal):  # type: ignore[no-untyped-def]
    """Whether all that the goal says of the looks of a thing has been made out for this one."""
    if goal[GoalField.COLOR] >= 0.0 and node[NodeColumn.COLOR_DECIDED] < 0.5:
        return False
    if goal[GoalField.SIGN] >= 0.0 and node[NodeColumn.SIGN_DECIDED] < 0.5:
        return False
    return goal[GoalField.LIT] < 0.0 or node[NodeColumn.LIT_DECIDED] > 0.5


@njit(cache=True, error_model="numpy")
def is_ruled_out(node, goal):  # type: ignore[no-untyped-def]
    """Whether something that has been made out of its looks is not what the goal says."""
    color, sign, lit = goal[GoalField.COLOR], goal[GoalField.SIGN], goal[GoalField.LIT]
    has_color = color >= 0.0 and node[NodeColumn.COLOR_DECIDED] > 0.5
    if has_color and color_belief(node, int(color)) <= 0.5:
        return True
    has_sign = sign >= 0.0 and node[NodeColumn.SIGN_DECIDED] > 0.5
    if has_sign and sign_belief(node, int(sign)) <= 0.5:
        return True
    if lit >= 0.0 and node[NodeColumn.LIT_DECIDED] > 0.5:
        return (lit_belief(node) > 0.5) != (lit > 0.5)
    return False


@njit(cache=True, error_model="numpy")
def looks_belief(node, goal):  # type: ignore[no-untyped-def]
    """Belief, 0 to 1, that a thing looks as the goal says; 1 when the goal does not say."""
    belief = 1.0
    if goal[GoalField.COLOR] >= 0.0:
        belief *= color_belief(node, int(goal[GoalField.COLOR]))
    if goal[GoalField.SIGN] >= 0.0:
        belief *= sign_belief(node, int(goal[GoalField.SIGN]))
    if goal[GoalField.LIT] >= 0.0:
        lit = lit_belief(node)
        belief *= lit if goal[GoalField.LIT] > 0.5 else 1.0 - lit
    return belief


@njit(cache=True, error_model="numpy")
def is_the_one(node, goal, guess):  # type: ignore[no-untyped-def]
    """Whether the belief has decided that this node is of the goal's class and looks.

    Args:
        node: of the belief.
        goal: the present step.
        guess: leave the looks out of account.
    """
    if not fits_class(node, goal):
        return False
    return guess or (is_decided(node, goal) and not is_ruled_out(node, goal))


@njit(cache=True, error_model="numpy")
def fits_destination(node, goal):  # type: ignore[no-untyped-def]
    """Whether a node may be the container or surface that the goal's thing goes to."""
    if node[NodeColumn.KNOWN] < 0.5 or int(node[NodeColumn.KIND]) != _OBJECT:
        return False
    if goal[GoalField.TO_CLASS] == 0.0 or node[NodeColumn.CLASS_WORD] != goal[GoalField.TO_CLASS]:
        return False
    color = goal[GoalField.TO_COLOR]
    return (
        color < 0.0
        or node[NodeColumn.COLOR_DECIDED] < 0.5
        or (color_belief(node, int(color)) > 0.5)
    )
