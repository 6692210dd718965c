"""How two oracles carry a heavy object: both take it, who is nearer leads, the other follows."""

from __future__ import annotations

import math

from envs.contract import Act
from envs.goals import Step, Verb
from envs.oracle import means
from envs.oracle.body import ARM, Body
from envs.oracle.means import ASIDE
from envs.world.truth import distance_to

WELL_IN = ASIDE - 0.2
"""It is set down only when the other is this far inside too, metres from the edges."""
APART = 1.9
"""The one who leads waits when the other is further away, metres between the two."""
CLOSE = 1.1
"""The one who follows comes as near as this, metres."""


def lift(body: Body, step: Step) -> None:
    """Take one decision towards carrying an object to a place together."""
    thing, mate = body.thing(step.what), _mate(body, step)
    holders = _holders(body, thing)
    if body.me not in holders:
        body.leads = None
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
    """Walk to the place one behind the other, and set it down when both are in."""
    place = body.thing(step.where)
    if body.leads is None:
        body.leads = _is_nearer(body, mate, place)
    x0, z0, x1, z1 = body.state.place_rect[body.world_index, place].tolist()
    mate_x, mate_z = body.position(mate)
    is_mate_in = x0 + WELL_IN <= mate_x <= x1 - WELL_IN and z0 + WELL_IN <= mate_z <= z1 - WELL_IN
    failed = body.last_act_failed(Act.PUT)
    if is_mate_in and not failed and means.be_inside(body, place, ASIDE):
        body.do(Act.PUT, place)
        return
    gap = math.hypot(mate_x - body.x, mate_z - body.z)
    body.legs.companion = body.index(mate)
    if body.leads or is_mate_in:
        if gap <= APART or is_mate_in:
            body.enter(place, ASIDE, parks=True)
    elif gap > CLOSE:
        body.approach(mate, CLOSE - 0.2)
    else:
        body.legs.make_room()
    body.legs.companion = -1


def _is_nearer(body: Body, mate: int, place: int) -> bool:
    """Whether it has less far to go than the other; of two who have the same, the first does."""
    mine = body.legs.length_into(place, body.x, body.z), body.me
    return mine < (body.legs.length_into(place, *body.position(mate)), body.index(mate))


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
