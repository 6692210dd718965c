"""How the oracle achieves each kind of step of a goal."""

from __future__ import annotations

from collections.abc import Callable

from envs.contract import Act, Branch, Kind, Say
from envs.goals import LASTING, Step, Verb
from envs.oracle import means
from envs.oracle.body import Body
from envs.oracle.lifting import lift
from envs.oracle.means import ASIDE
from envs.tasks.true_map import HEARING, INSIDE
from envs.world.state import DOOR_LOCKED, DOOR_OPEN, ROLE_NPC

HEARD = 0.16
"""Loudness at which it counts on being understood."""
RIGHT, ALL_AROUND = 4, 12
"""The turn of 30 degrees to the right, and how many of them go all around."""
ASK_AGAIN = 15
"""Decisions after which it asks again when no answer came."""


def carry_out(body: Body, step: Step) -> None:
    """Take one decision towards a step."""
    _CARRY_OUT[step.do](body, step)


def finish(body: Body) -> None:
    """Redo what has been undone, go where the answer may be given, and give it."""
    goal = body.task.goal
    for number, step in enumerate(goal.steps):
        later = goal.steps[number + 1 :]
        is_last = not any(step.what == other.what for other in later)
        if step.do in LASTING and is_last and not is_so(body, step):
            carry_out(body, step)
            return
    target = body.thing(goal.target)
    margin = ASIDE if body.episode.team else 0.0
    if goal.steps[-1].do == Verb.TELL and body.slot(target):
        _finish_aside(body, target)
        return
    if body.kind(target) == Kind.PLACE:
        if means.be_inside(body, target, margin):
            body.do(Act.FINISH, target)
        return
    is_there = goal.place is not None and body.layout.ids[body.place] == goal.place
    is_penned_in = body.legs.is_stuck()
    if is_there and body.episode.team and not (is_penned_in or body.legs.may_stay()):
        body.enter(body.place, margin, parks=True)
    elif not is_there and not means.be_near(body, target, parks=body.episode.team):
        return
    elif means.know(body, target):
        body.do(Act.FINISH, target)


def _finish_aside(body: Body, target: int) -> None:
    """Answer from where it is in nobody's way: whoever has finished stays there."""
    if body.legs.may_stay():
        body.do(Act.FINISH, target)
    else:
        means.stand_by(body)


def is_so(body: Body, step: Step) -> bool:
    """Whether the outcome of a lasting step is so now."""
    s, w, thing = body.state, body.world_index, body.thing(step.what)
    index = body.index(thing)
    match step.do:
        case Verb.PUT | Verb.LIFT:
            return _lies_in(body, index, body.thing(step.where))
        case Verb.GIVE:
            return int(s.object_holder[w, index]) == body.index(body.thing(step.who))
        case Verb.SWITCH_ON | Verb.SWITCH_OFF:
            return bool(s.object_on[w, index]) == (step.do == Verb.SWITCH_ON)
        case Verb.OPEN | Verb.CLOSE:
            return _is_open(body, thing) == (step.do == Verb.OPEN)
        case Verb.UNLOCK:
            if body.kind(thing) == Kind.DOOR:
                return int(s.door_state[w, index]) != DOOR_LOCKED
            return not s.object_locked[w, index]
    raise ValueError(f"the outcome of '{step.do}' does not last")


def _lies_in(body: Body, item: int, where: int) -> bool:
    s, w = body.state, body.world_index
    if int(s.object_holder[w, item]) >= 0:
        return False
    if body.kind(where) == Kind.PLACE:
        x, _, z = s.object_position[w, item].tolist()
        x0, z0, x1, z1 = s.place_rect[w, where].tolist()
        return bool(x0 <= x < x1 and z0 <= z < z1)
    return body.index(where) in (int(s.object_inside[w, item]), int(s.object_upon[w, item]))


def _is_open(body: Body, thing: int) -> bool:
    if body.kind(thing) == Kind.DOOR:
        return int(body.state.door_state[body.world_index, body.index(thing)]) == DOOR_OPEN
    return bool(body.state.object_open[body.world_index, body.index(thing)])


def _enter(body: Body, step: Step) -> None:
    means.be_inside(body, body.thing(step.what))


def _reach(body: Body, step: Step) -> None:
    """Reaching is always last, so it answers as well."""
    thing = body.thing(step.what)
    if means.be_near(body, thing):
        body.do(Act.FINISH, thing)


def _do_to(act: Act) -> Callable[[Body, Step], None]:
    """An act that needs only the thing within reach."""

    def carry_out(body: Body, step: Step) -> None:
        thing = body.thing(step.what)
        if means.be_near(body, thing):
            body.do(act, thing)

    return carry_out


def _take(body: Body, step: Step) -> None:
    means.hold(body, body.thing(step.what))


def _put(body: Body, step: Step) -> None:
    thing, where = body.thing(step.what), body.thing(step.where)
    if body.kind(where) != Kind.PLACE:
        _put_upon(body, thing, where)
    elif means.hold(body, thing) and _has_room(body, step, where) and means.know(body, where):
        body.do(Act.PUT, where)


def _has_room(body: Body, step: Step, place: int) -> bool:
    """Be where something can be put in a place without blocking its own or the others' way."""
    matters = body.episode.team or step is not body.task.goal.steps[-1]
    failed = body.last_act_failed(Act.PUT)
    if body.is_inside(place) and body.legs.is_stuck():
        return True
    if failed or not body.is_inside(place, ASIDE if matters else 0.0):
        body.enter(place, ASIDE if matters or failed else INSIDE, parks=matters)
    elif matters and not body.legs.may_stay():
        body.enter(place, ASIDE, parks=True)
    elif matters and not body.legs.is_clear_ahead() and body.spun < ALL_AROUND:
        body.action[Branch.TURN] = RIGHT
        body.spun += 1
    else:
        body.spun = 0
        return True
    return False


def _put_upon(body: Body, thing: int, where: int) -> None:
    """Put something into a container, which is opened first, or onto a surface."""
    index = body.index(where)
    is_container = bool(body.state.object_container[body.world_index, index])
    if is_container and not means.have_open(body, where):
        return
    if means.hold(body, thing) and means.be_near(body, where):
        body.do(Act.PUT, where)


def _give(body: Body, step: Step) -> None:
    """Whoever gives may stay there for good and must not be in the way."""
    thing, person = body.thing(step.what), body.thing(step.who)
    if means.hold(body, thing) and means.be_near(body, person, parks=body.episode.team):
        body.do(Act.GIVE, person)


def _switch(body: Body, step: Step) -> None:
    thing = body.thing(step.what)
    if means.be_near(body, thing):
        body.do(Act.EXAMINE if is_so(body, step) else Act.SWITCH, thing)


def _open(body: Body, step: Step) -> None:
    means.have_open(body, body.thing(step.what))


def _close(body: Body, step: Step) -> None:
    thing = body.thing(step.what)
    if body.last_act_failed(Act.CLOSE) and body.place >= 0:  # it stands in the leaf's way
        body.enter(body.place, ASIDE)
    elif means.be_near(body, thing):
        body.do(Act.CLOSE, thing)


def _unlock(body: Body, step: Step) -> None:
    means.have_unlocked(body, body.thing(step.what))


def _ask(body: Body, step: Step) -> None:
    person, what = body.thing(step.who), body.thing(step.what)
    role = int(body.state.person_role[body.world_index, body.index(person)])
    if role == ROLE_NPC:  # a mate comes and tells
        means.stand_by(body)
    elif body.loudness_to(person) < HEARD or body.distance_to(person) > HEARING:
        means.be_near(body, person, HEARING)
    elif means.know(body, person) and body.clock - body.spoke_at >= ASK_AGAIN:
        body.say(Say.ASK, what, 0, person)
        body.spoke_at = body.clock


def _tell(body: Body, step: Step) -> None:
    person, what, where = body.thing(step.who), body.thing(step.what), body.thing(step.where)
    if not (means.know(body, what) and means.know(body, where)):
        return
    if body.loudness_to(person) < HEARD:
        means.be_near(body, person)
    elif means.know(body, person):
        body.say(Say.TELL, what, where, person)


_CARRY_OUT: dict[Verb, Callable[[Body, Step], None]] = {
    Verb.ENTER: _enter,
    Verb.TOUCH: _do_to(Act.TOUCH),
    Verb.REACH: _reach,
    Verb.TAKE: _take,
    Verb.PUT: _put,
    Verb.GIVE: _give,
    Verb.SWITCH_ON: _switch,
    Verb.SWITCH_OFF: _switch,
    Verb.OPEN: _open,
    Verb.CLOSE: _close,
    Verb.UNLOCK: _unlock,
    Verb.EXAMINE: _do_to(Act.EXAMINE),
    Verb.ASK: _ask,
    Verb.TELL: _tell,
    Verb.LIFT: lift,
}
