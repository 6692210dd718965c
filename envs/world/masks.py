"""Which branch values an NPC may choose now."""

from __future__ import annotations

from envs import contract
from envs.contract import Act, Kind, Move
from envs.jit import njit
from envs.world.acts.reach import offers, reach_thing

_PLACE, _DOOR, _OBJECT, _NPC = Kind.PLACE.value, Kind.DOOR.value, Kind.OBJECT.value, Kind.NPC.value
_TOPIC = Kind.TOPIC.value
_MOVE, _TURN, _LOOK, _ACT, _TARGET, _SAY, _ABOUT, _WHERE = contract.BRANCH_STARTS
_EXAMINE, _FINISH = Act.EXAMINE.value, Act.FINISH.value


@njit(cache=True, error_model="numpy", _nrt=False, nogil=True)
def allow_actions(
    first_world, last_world,
    mask, npcs, running, done, wall_count, door_count, boxes, thing_kind, thing_index,
    thing_count, door_kind, door_position, door_along_x, door_width, object_position, object_size,
    object_yaw, object_affordance, object_container, object_inside, object_open, object_holder,
    object_second_holder, person, person_position, person_held, place, slot_thing, thing_slot,
):  # fmt: skip
    """Fill ``mask`` (R, MASK_SIZE): True where a branch value may be chosen now.

    An act is allowed while it could be done to something that the NPC knows and can reach, as far
    as the NPC could know; every act that is not allowed would fail.
    """
    for row in range(first_world * npcs, last_world * npcs):
        world = row // npcs
        mask[row] = False
        for branch in range(len(contract.BRANCH_STARTS)):
            mask[row, contract.BRANCH_STARTS[branch] + contract.NO_OP[branch]] = True
        if not running[world] or done[row] != 0:
            continue
        for value in range(Move.GO.value):
            mask[row, _MOVE + value] = True
        for value in range(_TURN, _ACT):
            mask[row, value] = True
        for value in range(_SAY, _ABOUT):
            mask[row, value] = True
        for slot in range(1, contract.SLOTS):
            known = slot_thing[row, slot] >= 0
            mask[row, _TARGET + slot] = known
            mask[row, _ABOUT + slot] = known
            mask[row, _WHERE + slot] = known
        mask[row, _ACT + _FINISH] = True
        me = person[row]
        x, z = person_position[world, me, 0], person_position[world, me, 2]
        held = person_held[world, me]
        holding = held >= 0
        has_key = holding and object_affordance[world, held, Act.USE.value - _EXAMINE] > 0
        mask[row, _ACT + Act.PUT.value] = holding and place[row] >= 0
        mask[row, _ACT + Act.DROP.value] = holding and place[row] >= 0
        opaque = wall_count[world] + door_count[world]
        for thing in range(thing_count[world]):
            kind, index = thing_kind[world, thing], thing_index[world, thing]
            if thing_slot[row, thing] == 0 or kind in (_PLACE, _TOPIC):
                continue
            if kind == _NPC and index == me:
                continue
            mine = kind == _OBJECT and (
                object_holder[world, index] == me or object_second_holder[world, index] == me
            )
            if not mine:
                reason = reach_thing(
                    kind, index, x, z, boxes[world], opaque, wall_count[world],
                    door_position[world], door_along_x[world], door_width[world],
                    object_position[world], object_size[world], object_yaw[world],
                    object_inside[world], object_open[world], person_position[world],
                )  # fmt: skip
                if reason != 0:
                    continue
            locks = kind == _DOOR or (kind == _OBJECT and object_container[world, index])
            if locks and has_key:
                mask[row, _ACT + Act.USE.value] = True
            for act in range(_EXAMINE, _FINISH):
                if act == Act.PUT or act == Act.DROP:
                    continue
                offered = offers(kind, index, act, door_kind[world], object_affordance[world])
                if act == Act.TAKE:
                    offered = offered and not holding
                elif act == Act.GIVE:
                    offered = offered and kind == _NPC and holding
                if offered:
                    mask[row, _ACT + act] = True
