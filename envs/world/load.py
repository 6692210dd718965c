"""Write one scene's layout and one episode's settings into a world of the batch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from envs import contract
from envs.classes import AFFORDANCES, CLASSES
from envs.contract import DialogueColumn, GoalColumn
from envs.palette import COLORS
from envs.scene import Scene
from envs.words import encode_bag, encode_words, split_words, word_id
from envs.world.acts.things import set_leaf, settle_contents
from envs.world.layout import Layout
from envs.world.speech import BRIEFING_ID, encode_name
from envs.world.state import (
    DOOR_OPEN,
    KIND_BARRIER,
    Capacity,
    WorldState,
)

_COLOR_INDEX = {name: index for index, name in enumerate(COLORS)}


def needed_capacity(layout: Layout, have: Capacity) -> Capacity:
    """The smallest capacity, at least ``have``, that holds this layout."""
    return Capacity(
        places=max(have.places, layout.place_count),
        doors=max(have.doors, layout.door_count),
        objects=max(have.objects, layout.object_count),
        people=max(have.people, layout.person_count),
        topics=max(have.topics, layout.topic_count),
        boxes=max(have.boxes, len(layout.boxes)),
        facts=max(have.facts, len(layout.fact_person)),
        texts=max(have.texts, len(layout.object_texts)),
    )


def load_layout(state: WorldState, world: int, layout: Layout, scene: Scene) -> None:
    """Write a layout into a world of the batch; capacity must suffice."""
    w = world
    counts = {
        "place_count": layout.place_count, "door_count": layout.door_count,
        "object_count": layout.object_count, "person_count": layout.person_count,
        "wall_count": layout.wall_count, "box_count": len(layout.boxes),
        "thing_count": len(layout.ids), "fact_count": len(layout.fact_person),
        "height": layout.height,
    }  # fmt: skip
    for name, value in counts.items():
        getattr(state, name)[w] = value
    things = len(layout.ids)
    firsts = np.array(
        [layout.first_object, layout.first_door, layout.first_person, 0, things], np.int32
    )
    firsts[4] = layout.first_person + layout.person_count
    state.first_thing[w] = firsts  # in the order of contract.Kind
    state.thing_kind[w, :things] = layout.kinds
    kinds = np.asarray(layout.kinds)
    state.thing_index[w, :things] = np.arange(things) - firsts[kinds]
    for thing, (name, class_name) in enumerate(zip(layout.names, layout.class_names, strict=True)):
        ids, places, signs = encode_name(name)
        state.name_word[w, thing] = ids
        state.name_place[w, thing] = places
        state.name_sign[w, thing] = signs
        words = split_words(class_name)
        state.class_word[w, thing] = word_id(words[-1]) if words else 0
        state.class_bag[w, thing] = encode_bag(class_name, contract.CLASS_BAG_SIZE)
    copies = {
        "place_rect": layout.place_rect, "door_position": layout.door_position,
        "door_along_x": layout.door_along_x, "door_width": layout.door_width,
        "door_places": layout.door_places, "door_state": layout.door_state,
        "object_position": layout.object_position, "object_yaw": layout.object_yaw,
        "object_size": layout.object_size, "object_affordance": layout.object_affordance,
        "object_surface": layout.object_surface,
        "object_on": layout.object_on, "object_sound": layout.object_sound,
        "object_sounding": layout.object_sounding, "object_open": layout.object_open,
        "object_key": layout.object_key, "object_inside": layout.object_inside,
        "object_upon": layout.object_upon, "object_sign": layout.object_sign,
        "object_speed": layout.object_speed, "person_speed": layout.person_speed,
        "door_kind": layout.door_kind, "door_key": layout.door_key, "person_yaw": layout.person_yaw,
        "person_role": layout.person_role, "fact_person": layout.fact_person,
        "fact_about": layout.fact_about, "fact_where": layout.fact_where, "boxes": layout.boxes,
        "box_semantic": layout.box_semantic, "box_color": layout.box_color,
        "person_color": layout.person_color,
    }  # fmt: skip
    for name, values in copies.items():
        getattr(state, name)[w, : len(values)] = values
    state.floor_color[w] = layout.floor_color
    state.ceiling_color[w] = layout.ceiling_color
    objects, people, doors = layout.object_count, layout.person_count, layout.door_count
    _load_traits(state, w, layout, scene)
    state.object_used_until[w] = 0
    state.object_holder[w] = -1
    for item, thing_object in enumerate(scene.objects):
        state.object_color_index[w, item] = _COLOR_INDEX[thing_object.color]
    first_box = layout.first_object_box
    shapes = layout.boxes[first_box : first_box + 2 * objects].reshape(objects, 2, 6).copy()
    shapes -= np.tile(layout.object_position, 2)[:, None, :]
    state.object_boxes[w, :objects] = shapes
    sounding_first = np.argsort(~layout.object_sounding, kind="stable")
    sources = [item for item in sounding_first if layout.object_sound[item] >= 0]
    state.source_object[w] = -1
    state.source_object[w, : len(sources)] = sources
    state.person_position[w, :people, 0] = layout.person_position[:, 0]
    state.person_position[w, :people, 1] = 0.0
    state.person_position[w, :people, 2] = layout.person_position[:, 1]
    state.person_held[w] = -1
    state.person_speaks_until[w] = 0
    seconds = layout.person_tells_every
    state.person_tells_every[w, :people] = np.rint(seconds / contract.DECISION_SECONDS)
    state.leaf_box[w, :doors] = layout.boxes[layout.wall_count : layout.wall_count + doors]
    for door in range(doors):
        shut = state.door_state[w, door] != DOOR_OPEN or state.door_kind[w, door] == KIND_BARRIER
        set_leaf(door, layout.wall_count, shut, state.boxes[w], state.leaf_box[w])
    _stow_contents(state, w, layout)


def _load_traits(state: WorldState, world: int, layout: Layout, scene: Scene) -> None:
    """What objects, doors and people can do beside standing there."""
    w, objects = world, layout.object_count
    infos = [CLASSES[thing.class_name] for thing in scene.objects]
    for name in ("container", "glows", "machine"):
        getattr(state, f"object_{name}")[w, :objects] = [getattr(info, name) for info in infos]
    state.object_heavy[w, :objects] = [
        info.heavy if thing.heavy is None else thing.heavy
        for thing, info in zip(scene.objects, infos, strict=True)
    ]  # fmt: skip
    state.object_locked[w, :objects] = layout.object_key >= 0
    keys = np.concatenate((layout.object_key, layout.door_key))
    state.object_affordance[w, keys[keys >= 0], AFFORDANCES.index(contract.Act.USE)] = 1
    state.object_second_holder[w] = -1
    for name in ("object_moving", "object_waited", "person_moving",
                 "person_waited"):  # fmt: skip
        getattr(state, name)[w] = 0
    decisions = np.rint(layout.object_sounds / contract.DECISION_SECONDS).astype(np.int32)
    state.object_sounds_from[w, :objects] = decisions[:, 0]
    state.object_sounds_until[w, :objects] = decisions[:, 1]
    state.object_powers[w] = -1
    for item, powered in enumerate(layout.object_powers):
        state.object_powers[w, item, : len(powered)] = powered
    state.object_text[w] = -1
    state.text_row[w] = 0.0
    state.text_mentions[w] = -1
    for line, (item, text, mentions) in enumerate(layout.object_texts):
        state.object_text[w, item] = line
        _write_text(state.text_row[w, line], text)
        state.text_mentions[w, line, : len(mentions)] = mentions
    paths = (("object", layout.object_path), ("person", layout.person_path))
    for name, path_of_each in paths:
        points, counts = getattr(state, f"{name}_path"), getattr(state, f"{name}_path_count")
        counts[w] = 0
        getattr(state, f"{name}_path_next")[w] = 0
        for number, path in enumerate(path_of_each):
            counts[w, number] = len(path)
            points[w, number, : len(path)] = np.reshape(path, (-1, 2))
    stays = np.rint(layout.door_stays_open / contract.DECISION_SECONDS).astype(np.int32)
    state.door_stays_open[w, : layout.door_count] = stays
    state.door_closes_at[w] = 0


def _stow_contents(state: WorldState, world: int, layout: Layout) -> None:
    """Deal the spots of containers and surfaces to what starts there, and put it there."""
    taken: dict[int, int] = {}
    carriers = np.maximum(layout.object_inside, layout.object_upon)
    for item, carrier in enumerate(carriers.tolist()):
        if carrier >= 0:
            state.object_spot[world, item] = taken.setdefault(carrier, 0)
            taken[carrier] += 1
    s = state
    settle_contents(
        s.object_count[world], layout.first_object_box, s.boxes[world], s.object_position[world],
        s.object_size[world], s.object_yaw[world], s.object_boxes[world], s.object_inside[world],
        s.object_upon[world], s.object_spot[world], s.object_open[world],
    )  # fmt: skip


def start_world(state: WorldState, world: int, *, step_limit: int, team: bool) -> None:
    """Set the clock and everything that happens in a world back to the start of an episode."""
    state.clock[world] = 0
    state.step_limit[world] = step_limit
    state.running[world] = True
    state.team[world] = team
    state.utterance_next[world] = 0
    state.spoken_count[world] = 0
    state.pending_count[world] = 0
    state.trap_door[world] = -1
    state.dark_from[world] = state.dark_until[world] = 0


def start_row(
    state: WorldState,
    row: int,
    *,
    person: int,
    instruction: str,
    goal_id: int,
    goal_things: Sequence[int],
    briefings: Sequence[str],
    action_delay: int,
    tell_slots: bool,
    slot_order: np.ndarray,
) -> None:
    """Set one NPC back to the start of an episode."""
    state.person[row] = person
    for name in ("done", "look", "fall_speed", "turn_rate", "bumped", "walked", "collisions"):
        getattr(state, name)[row] = 0
    state.look[row] = int(contract.Look.LEVEL)
    for name in ("velocity", "last_act", "briefing", "goal", "goal_thing", "thing_slot",
                 "slot_perceived", "place_known", "event_count", "lasting"):  # fmt: skip
        getattr(state, name)[row] = 0
    state.act_thing[row] = state.reading[row] = -1
    state.slot_thing[row] = -1
    state.slot_order[row] = slot_order
    state.action_delay[row] = action_delay
    state.action_queue[row] = contract.NO_OP
    state.place[row] = -1
    state.tell_slots[row] = tell_slots
    state.goal_thing[row, list(goal_things)] = True
    _write_goal(state.goal[row], instruction, goal_id)
    state.briefing_count[row] = len(briefings)
    for line, text in enumerate(briefings):
        _write_briefing(state.briefing[row, line], text, line)


def _write_goal(goal: np.ndarray, instruction: str, goal_id: int) -> None:
    first, bag = int(GoalColumn.WORDS), int(GoalColumn.BAG)
    goal[GoalColumn.PRESENT] = 1.0
    goal[GoalColumn.GOAL] = goal_id
    goal[GoalColumn.PRIORITY] = 1.0
    goal[GoalColumn.SECONDS_LEFT] = -1.0
    goal[GoalColumn.WORD_COUNT] = min(len(split_words(instruction)), contract.MAX_WORDS)
    goal[first : first + contract.MAX_WORDS] = encode_words(instruction, contract.MAX_WORDS)
    goal[bag : bag + contract.TEXT_BAG_SIZE] = encode_bag(instruction, contract.TEXT_BAG_SIZE)


def _write_briefing(out: np.ndarray, text: str, line: int) -> None:
    out[DialogueColumn.UTTERANCE] = BRIEFING_ID + line
    _write_text(out, text)


def _write_text(out: np.ndarray, text: str) -> None:
    """Words, bag and a voice straight ahead: all but who says it and when."""
    first, bag = int(DialogueColumn.WORDS), int(DialogueColumn.BAG)
    out[DialogueColumn.TO_ME] = 1.0
    out[DialogueColumn.COS_DIRECTION] = 1.0
    out[DialogueColumn.LOUDNESS] = 1.0
    out[DialogueColumn.WORD_COUNT] = min(len(split_words(text)), contract.MAX_WORDS)
    out[first : first + contract.MAX_WORDS] = encode_words(text, contract.MAX_WORDS)
    out[bag : bag + contract.TEXT_BAG_SIZE] = encode_bag(text, contract.TEXT_BAG_SIZE)


def npc_people(scene: Scene) -> list[int]:
    """Indices of the people of a scene that are controlled NPCs, in order."""
    return [index for index, person in enumerate(scene.people) if person.role == "npc"]
