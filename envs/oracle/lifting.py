"""How two oracles carry a heavy object: both take it, walk the same way, and who is ahead waits."""

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
"""The one who is ahead waits when the other is further away, metres between the two."""


def lift(body: Body, step: Step) -> None:
    """Take one decision towards carrying an object to a place together."""
    thing, mate = body.thing(step.what), _mate(body, step)
    holders = _holders(body, thing)
    me, other = body.me, body.index(mate)
    if me in holders and other in holders:
        _carry(body, mate, step)
    elif me in holders:
        body.face(mate)  # it holds on until the other takes it too
    elif means.have_free_hand(body) and means.be_near(body, thing, parks=other not in holders):
        is_near = _gap(body, mate, thing) <= ARM
        if is_near or other in holders:
            body.do(Act.TAKE, thing)


def _carry(body: Body, mate: int, step: Step) -> None:
    """Walk to the place side by side or one behind the other, and set it down when both are in."""
    place = body.thing(step.where)
    x0, z0, x1, z1 = body.state.place_rect[body.world_index, place].tolist()
    mate_x, mate_z = body.position(mate)
    is_mate_in = x0 + INSIDE <= mate_x <= x1 - INSIDE and z0 + INSIDE <= mate_z <= z1 - INSIDE
    failed = body.last_act_failed(Act.PUT)
    if is_mate_in and not failed and means.be_inside(body, place, ASIDE):
        body.do(Act.PUT, place)
        return
    body.legs.squeezes = True  # neither is in the other's way
    is_apart = math.hypot(mate_x - body.x, mate_z - body.z) > APART
    if not (is_apart and _is_ahead(body, mate, place)):
        body.enter(place, ASIDE, parks=True)
    body.legs.squeezes = False


def _is_ahead(body: Body, mate: int, place: int) -> bool:
    """Whether the other has further to go."""
    mine = body.legs.length_into(place, body.x, body.z)
    return mine < body.legs.length_into(place, *body.position(mate))


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
