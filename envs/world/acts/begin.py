"""The first half of every act: what it is for, whether it can be done at all, how long it takes."""

from __future__ import annotations

from envs.contract import Act, Branch, Kind, Move, Reason, Result
from envs.jit import njit
from envs.world.acts.reach import offers, reach_thing

READ_DECISIONS = 3
"""How long examining something with a text takes."""
MACHINE_DECISIONS = 5
"""How long using a machine takes."""
_PLACE, _DOOR, _OBJECT, _NPC = Kind.PLACE.value, Kind.DOOR.value, Kind.OBJECT.value, Kind.NPC.value
_ACT, _MOVE, _TARGET = Branch.ACT.value, Branch.MOVE.value, Branch.TARGET.value


@njit(cache=True, error_model="numpy", nogil=True)
def begin_acts(
    first_world, last_world,
    actions, npcs, running, done, wall_count, door_count, boxes, thing_kind, thing_index,
    slot_thing, thing_slot, place, door_kind, door_position, door_along_x, door_width,
    object_position, object_size, object_yaw, object_affordance, object_surface, object_container,
    object_machine, object_key, object_text, object_inside, object_open, object_holder,
    object_second_holder, person, person_position, person_held, last_act, act_thing, last_held,
    lasting, reading,
):  # fmt: skip
    """Find out what every row's act is for and whether it can begin.

    Fills ``last_act`` with (act, slot, result, reason) and ``act_thing``; the kernels of the acts
    then carry out those whose result is DONE and may still refuse them. An act that takes several
    decisions goes on while the body stays where it is and does nothing else.
    """
    for row in range(first_world * npcs, last_world * npcs):
        world = row // npcs
        if not running[world]:
            continue
        act_thing[row] = -1
        reading[row] = -1
        act = actions[row, _ACT]
        slot = actions[row, _TARGET]
        thing = int(slot_thing[row, slot]) if slot > 0 else -1
        if lasting[row, 0] != 0:
            same = act == lasting[row, 0] and thing == lasting[row, 1]
            stays = actions[row, _MOVE] == Move.STAY
            if stays and (act == Act.NONE or same):
                act, thing = lasting[row, 0], lasting[row, 1]
                slot = int(thing_slot[row, thing])
            else:
                lasting[row, :] = 0
        if done[row] != 0 or act == Act.NONE:
            lasting[row, :] = 0
            last_act[row, 2] = Result.NONE.value
            last_act[row, 3] = Reason.NONE.value
            continue
        me = person[row]
        held = person_held[world, me]
        last_held[row] = held
        act_thing[row] = thing
        kind, index = -1, -1
        if thing >= 0:
            kind, index = thing_kind[world, thing], thing_index[world, thing]

        reason = _first_refusal(
            act, kind, index, held, place[row], object_surface[world], object_container[world]
        )
        onto = act == Act.PUT and kind == _OBJECT
        by_hand = act != Act.FINISH and act != Act.PUT and act != Act.DROP
        if reason == Reason.NONE and (onto or by_hand):
            mine = kind == _OBJECT and me in (
                object_holder[world, index], object_second_holder[world, index]
            )  # fmt: skip
            if not mine:
                reason = reach_thing(
                    kind, index, person_position[world, me, 0], person_position[world, me, 2],
                    boxes[world], wall_count[world] + door_count[world], wall_count[world],
                    door_position[world], door_along_x[world], door_width[world],
                    object_position[world], object_size[world], object_yaw[world],
                    object_inside[world], object_open[world], person_position[world],
                )  # fmt: skip
        if reason == Reason.NONE and by_hand:
            later = False  # refused by the act's own kernel, for what is missing
            if act == Act.USE:
                later = kind == _DOOR or (kind == _OBJECT and object_key[world, index] >= 0)
            elif act == Act.GIVE:
                later = kind == _DOOR
            if not later and not offers(
                kind, index, act, door_kind[world], object_affordance[world]
            ):
                reason = Reason.NOT_POSSIBLE.value

        result = Result.DONE.value
        needed = 1
        if act == Act.EXAMINE and kind == _OBJECT and object_text[world, index] >= 0:
            needed = READ_DECISIONS
        elif act == Act.USE and kind == _OBJECT and object_machine[world, index]:
            needed = MACHINE_DECISIONS
        if reason != Reason.NONE:
            lasting[row, :] = 0
        elif needed > 1 and lasting[row, 2] + 1 < needed:
            result = Result.RUNNING.value if lasting[row, 2] > 0 else Result.STARTED.value
            lasting[row, 0] = act
            lasting[row, 1] = thing
            lasting[row, 2] += 1
        elif needed > 1:
            lasting[row, :] = 0
            if act == Act.EXAMINE:
                reading[row] = object_text[world, index]
        last_act[row, 0] = act
        last_act[row, 1] = slot
        last_act[row, 2] = result
        last_act[row, 3] = reason


@njit(cache=True, error_model="numpy")
def _first_refusal(act, kind, index, held, place, object_surface, object_container):
    """Why an act cannot be done wherever the body stands, Reason.NONE if it might be."""
    if act == Act.DROP or act == Act.PUT:
        if held < 0:
            return Reason.HANDS_EMPTY.value
        if act == Act.DROP:
            return Reason.NO_ROOM.value if place < 0 else Reason.NONE.value
        if kind < 0:
            return Reason.NO_TARGET.value
        if kind == _PLACE:
            return Reason.OUT_OF_REACH.value if place != index else Reason.NONE.value
        if kind == _OBJECT and (object_surface[index] or object_container[index]):
            return Reason.NOT_POSSIBLE.value if held == index else Reason.NONE.value
        return Reason.NOT_POSSIBLE.value
    if kind < 0:
        return Reason.NO_TARGET.value
    if act != Act.FINISH and kind != _DOOR and kind != _OBJECT and kind != _NPC:
        return Reason.NOT_POSSIBLE.value
    return Reason.NONE.value


@njit(cache=True, error_model="numpy")
def wants(row, act, last_act):
    """Whether this act of a row is to be carried out: it was chosen and nothing is against it."""
    possible = last_act[row, 2] == Result.DONE and last_act[row, 3] == Reason.NONE
    return possible and last_act[row, 0] == act
