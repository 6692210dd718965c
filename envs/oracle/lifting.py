"""How two oracles carry a heavy object: both take it, the first leads, the second keeps close."""

from __future__ import annotations

import math

from envs.contract import Act
from envs.goals import Step, Verb
from envs.oracle import means
from envs.oracle.body import ARM, Body
from envs.oracle.means import ASIDE
from envs.tasks.true_map import INSIDE
from envs.world.truth import distance_to

APART = 1.9
"""The one who leads waits when the other is further away, metres between the two."""
CLOSE = 1.1
"""The one who follows comes as near as this, metres."""


def lift(body: Body, step: Step) -> None:
    """Take one decision towards carrying an object to a place together."""
    thing, mate = body.thing(step.what), _mate(body, step)
    holders = _holders(body, thing)
    me, other = body.me, body.index(mate)
    if me in holders and other in holders:
        _lead(body, thing, mate, step) if body.me < other else _follow(body, mate)
    elif me in holders:
        body.face(mate)  # it holds on until the other takes it too
    elif means.have_free_hand(body) and means.be_near(body, thing):
        is_near = _gap(body, mate, thing) <= ARM
        if is_near or other in holders:
            body.do(Act.TAKE, thing)


def _lead(body: Body, thing: int, mate: int, step: Step) -> None:
    place = body.thing(step.where)
    failed = body.last_act_failed(Act.PUT)
    x, _, z = body.state.object_position[body.world_index, body.index(thing)].tolist()
    x0, z0, x1, z1 = body.state.place_rect[body.world_index, place].tolist()
    is_over = x0 <= x < x1 and z0 <= z < z1
    mate_x, mate_z = body.position(mate)
    if math.hypot(mate_x - body.x, mate_z - body.z) > APART:
        return
    if failed or not (is_over and body.is_inside(place, INSIDE)):
        body.enter(place, ASIDE)
    elif means.know(body, place):
        body.do(Act.PUT, place)


def _follow(body: Body, mate: int) -> None:
    x, z = body.position(mate)
    if math.hypot(x - body.x, z - body.z) > CLOSE:
        body.approach(mate, CLOSE - 0.2)


def _mate(body: Body, step: Step) -> int:
    """The other NPC that is to carry the same thing."""
    people = [person.id for person in body.episode.scene.people if person.role == "npc"]
    for npc, task in enumerate(body.episode.npcs):
        same = any(s.do == Verb.LIFT and s.what == step.what for s in task.goal.steps)
        if npc != body.npc and same:
            return body.thing(people[npc])
    raise ValueError(f"nobody else is to carry '{step.what}'")


def _holders(body: Body, thing: int) -> tuple[int, int]:
    s, w, index = body.state, body.world_index, body.index(thing)
    return int(s.object_holder[w, index]), int(s.object_second_holder[w, index])


def _gap(body: Body, person: int, thing: int) -> float:
    """Metres between a person and a thing."""
    return distance_to(body.state, body.world_index, thing, *body.position(person))
