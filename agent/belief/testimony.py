"""What reaches a belief as text: the catalogue, what is said, and the goal.

These functions change one row in place. They run outside the hot path: a few times an episode,
when there is a catalogue entry, an utterance or a new goal.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import (
    MAX_FACTS,
    MAX_STEPS,
    NODE_WORDS,
    BodyColumn,
    DoorwayColumn,
    FactColumn,
    NodeColumn,
    PlaceColumn,
    Relation,
)
from agent.belief.goal_columns import GOAL_FIELDS, GoalField, Verb
from agent.belief.program import forget_search, refresh_answers
from agent.belief.state import (
    MAX_REMEMBERED_TEXTS,
    BeliefState,
    HeardText,
    NodeName,
    forget_slot,
)
from agent.dialogue.instructions import follow_directions, told_place, understand_goal
from agent.dialogue.persona import calls_by_name
from agent.dialogue.understand import (
    Instruction,
    Meaning,
    may_name,
    name_words,
    understand_text,
)
from envs.contract import KIND_NAMES, SLOTS, CatalogueEntry, Doorway, Say, Utterance
from envs.words import split_words, word_id

BRIEFING_TRUST = 0.95
GUIDE_TRUST = 0.9
NPC_TRUST = 0.85
OVERHEARD = 0.95
"""Factor on what was said to somebody else."""
TRUST_LOST_PER_SECOND = 0.002
"""Older testimony loses to newer of about the same trust."""
FOUND_OUT = (
    GoalField.THING, GoalField.THING_PLACE, GoalField.CLASS_WORD, GoalField.TELL_TOPIC
)  # fmt: skip
"""Fields that earlier steps, or the way so far, fill in."""
SAME_DOORWAY = 0.4
"""Two doorways nearer than this are one, metres."""


def apply_catalogue(state: BeliefState, row: int, entries: Sequence[CatalogueEntry]) -> None:
    """Take in what slots are called from now on, and the floor plans of places."""
    if not entries:
        return
    memory = state.memory[row]
    texts = [memory.goal_text, *(heard.text for heard in memory.heard)]
    awaited = False
    for entry in entries:
        if not _is_slot(entry.slot):
            continue
        memory.sequence = max(memory.sequence, entry.sequence)
        if entry.op == "remove":
            forget_slot(state, row, entry.slot)
            continue
        if entry.name and entry.slot not in memory.names:
            awaited = awaited or any(may_name(text, entry.name) for text in texts)
        _name_node(state, row, entry)
        if entry.polygon:
            _shape_place(state, row, entry)
        for doorway in entry.doorways:
            _add_doorway(state, row, doorway)
    if awaited:
        _understand_again(state, row)


def apply_utterances(state: BeliefState, row: int, utterances: Sequence[Utterance]) -> None:
    """Take in what was said within earshot: facts, and questions put to us."""
    if not utterances:
        return
    memory = state.memory[row]
    state.body[row, BodyColumn.RESOLVED] = 0.0
    clock = float(state.body[row, BodyColumn.CLOCK])
    for utterance in utterances:
        speaker = utterance.speaker if _is_slot(utterance.speaker) else 0
        to_me = utterance.to_me or calls_by_name(utterance.text, memory.persona)
        heard = HeardText(speaker, to_me, utterance.text, clock)
        memory.heard.append(heard)
        _take_testimony(state, row, heard)
    del memory.heard[:-MAX_REMEMBERED_TEXTS]
    if int(state.goals[row, GoalField.VERB]) == Verb.FOLLOW:
        ground_goal(state, row)
    settle(state, row)


def apply_goal(state: BeliefState, row: int, text: str, goal_id: float = 1.0) -> None:
    """Take in an instruction; the belief itself survives a change of goal."""
    memory = state.memory[row]
    goal = state.goals[row]
    if text == memory.goal_text and goal[GoalField.GOAL] == goal_id:
        return
    memory.goal_text = text
    body = state.body[row]
    for column in (BodyColumn.INTENT, BodyColumn.PUT_SLOT, BodyColumn.DONE_SLOT,
                   BodyColumn.SILENT):  # fmt: skip
        body[column] = 0.0
    body[BodyColumn.STEP_CLOCK] = body[BodyColumn.CLOCK]
    goal[:] = 0.0
    goal[GoalField.GOAL] = goal_id
    ground_goal(state, row)
    forget_search(state.nodes[row], goal[GoalField.CLASS_WORD])
    settle(state, row)


def add_fact(
    state: BeliefState, row: int, about: int, relation: Relation, where: int, source: int,
    clock: float, confidence: float,
) -> None:  # fmt: skip
    """Keep a fact; the same fact of the same source is only refreshed, the oldest falls out."""
    facts = state.facts[row]
    for fact in facts:
        if tuple(fact[: FactColumn.CLOCK]) == (about, relation, where, source):
            fact[FactColumn.CLOCK] = max(fact[FactColumn.CLOCK], clock)
            fact[FactColumn.CONFIDENCE] = max(fact[FactColumn.CONFIDENCE], confidence)
            return
    empty = np.flatnonzero(facts[:, FactColumn.RELATION] == Relation.NONE)
    if len(empty) == 0:
        facts[:-1] = facts[1:].copy()
        at = MAX_FACTS - 1
    else:
        at = int(empty[0])
    facts[at] = (about, relation, where, source, clock, confidence, 0.0)


def _is_slot(number: int) -> bool:
    """Whether a number that a world sent is a slot of the contract, and not none."""
    return 0 < number < SLOTS


def _name_node(state: BeliefState, row: int, entry: CatalogueEntry) -> None:
    memory = state.memory[row]
    before = memory.names.get(entry.slot, NodeName("", ""))
    named = NodeName(
        entry.kind or before.kind, entry.name or before.name, entry.class_name or before.class_name
    )
    memory.names[entry.slot] = named
    node = state.nodes[row, entry.slot]
    node[NodeColumn.KNOWN] = 1.0
    if named.kind in KIND_NAMES:
        node[NodeColumn.KIND] = KIND_NAMES.index(named.kind)
    class_words = split_words(named.class_name)
    if class_words:
        node[NodeColumn.CLASS_WORD] = word_id(class_words[0])
    words = state.words[row, entry.slot]
    words[:] = 0
    for at, word in enumerate(name_words(named.name)[:NODE_WORDS]):
        words[at] = word_id(word)


def _shape_place(state: BeliefState, row: int, entry: CatalogueEntry) -> None:
    corners = np.asarray(entry.polygon, np.float32)
    if not np.isfinite(corners).all():
        return
    place = state.places[row, entry.slot]
    place[PlaceColumn.SHAPED] = 1.0
    place[PlaceColumn.X0], place[PlaceColumn.Z0] = corners.min(axis=0)
    place[PlaceColumn.X1], place[PlaceColumn.Z1] = corners.max(axis=0)
    node = state.nodes[row, entry.slot]
    node[NodeColumn.PLACED] = 1.0
    node[NodeColumn.X] = 0.5 * (place[PlaceColumn.X0] + place[PlaceColumn.X1])
    node[NodeColumn.Z] = 0.5 * (place[PlaceColumn.Z0] + place[PlaceColumn.Z1])
    node[NodeColumn.SIZE_X] = place[PlaceColumn.X1] - place[PlaceColumn.X0]
    node[NodeColumn.SIZE_Z] = place[PlaceColumn.Z1] - place[PlaceColumn.Z0]


def _add_doorway(state: BeliefState, row: int, doorway: Doorway) -> None:
    """Add a doorway, or join what is new of it to the one that is known at its position."""
    x, _, z = doorway.position
    if not np.isfinite((x, z, doorway.width)).all():
        return
    table = state.doorways[row]
    used = table[:, DoorwayColumn.USED] > 0.5
    near = np.hypot(table[:, DoorwayColumn.X] - x, table[:, DoorwayColumn.Z] - z) < SAME_DOORWAY
    known = np.flatnonzero(used & near)
    free = np.flatnonzero(~used)
    if len(known) == 0 and len(free) == 0:
        return
    at = int(known[0]) if len(known) else int(free[0])
    entry = table[at]
    entry[DoorwayColumn.USED] = 1.0
    entry[DoorwayColumn.X] = x
    entry[DoorwayColumn.Z] = z
    entry[DoorwayColumn.WIDTH] = doorway.width
    joined = {int(entry[DoorwayColumn.PLACE_A]), int(entry[DoorwayColumn.PLACE_B])}
    joined |= {slot for slot in doorway.places if _is_slot(slot)}
    ordered = [*sorted(joined - {0}), 0, 0]
    entry[DoorwayColumn.PLACE_A], entry[DoorwayColumn.PLACE_B] = ordered[:2]
    if _is_slot(doorway.door):
        entry[DoorwayColumn.DOOR] = doorway.door
        node = state.nodes[row, doorway.door]
        node[NodeColumn.KNOWN] = 1.0
        node[NodeColumn.KIND] = KIND_NAMES.index("door")
    entry[DoorwayColumn.ALONG_X] = float(_wall_runs_along_x(state, row, ordered[:2], x, z))


def _wall_runs_along_x(
    state: BeliefState, row: int, slots: Sequence[int], x: float, z: float
) -> bool:
    """Whether the edge of a known place that is nearest to a doorway runs along x."""
    best, along = np.inf, False
    for slot in slots:
        place = state.places[row, slot]
        if place[PlaceColumn.SHAPED] < 0.5:
            continue
        off_z = min(abs(place[PlaceColumn.Z0] - z), abs(place[PlaceColumn.Z1] - z))
        off_x = min(abs(place[PlaceColumn.X0] - x), abs(place[PlaceColumn.X1] - x))
        if min(off_x, off_z) < best:
            best, along = min(off_x, off_z), bool(off_z < off_x)
    return along


def _understand_again(state: BeliefState, row: int) -> None:
    """After new names: ground the goal again, and the sentences that were heard before."""
    ground_goal(state, row)
    for heard in state.memory[row].heard:
        _take_testimony(state, row, heard, again=True)
    settle(state, row)


def ground_goal(state: BeliefState, row: int) -> None:
    """Ground all steps of the goal in slots; what was found out about earlier steps is kept."""
    memory = state.memory[row]
    if not memory.goal_text:
        return
    heard = [heard.text for heard in memory.heard]
    steps = follow_directions(understand_goal(memory.goal_text, memory.names), heard)[:MAX_STEPS]
    goal, program = state.goals[row], state.program[row]
    present = int(goal[GoalField.STEP])
    before, finish = program.copy(), goal[GoalField.FINISH]
    before[present] = goal
    program[:] = 0.0
    for at, step in enumerate(steps):
        program[at] = _ground_step(step, at, len(steps), float(goal[GoalField.GOAL]))
        if at <= present and (step.same_thing or step.verb == Verb.THROUGH):
            program[at, FOUND_OUT] = before[at, FOUND_OUT]
    goal[:] = program[min(present, len(steps) - 1)]
    goal[GoalField.FINISH] = finish
    said = {
        slot
        for step in steps
        for slot in (step.place, step.topic, step.person, step.thing, step.tell_topic,
                     step.thing_place, step.to_thing)
        if slot
    }  # fmt: skip
    nodes = state.nodes[row]
    class_word = goal[GoalField.CLASS_WORD]
    nodes[:, NodeColumn.NAME_IN_GOAL] = [float(slot in said) for slot in range(SLOTS)]
    nodes[:, NodeColumn.CLASS_IN_GOAL] = (
        (nodes[:, NodeColumn.CLASS_WORD] == class_word) & (class_word > 0)
    )  # fmt: skip


def _ground_step(step: Instruction, at: int, steps: int, goal_id: float) -> NDArray[np.float32]:
    """One step as a row of the program."""
    row = np.zeros(GOAL_FIELDS, np.float32)
    described = max(step.color, step.sound, step.sign, step.lit) >= 0 or step.thing_place > 0
    values = {
        GoalField.VERB: step.verb, GoalField.GOAL: goal_id, GoalField.PLACE: step.place,
        GoalField.TOPIC: step.topic, GoalField.PERSON: step.person,
        GoalField.THING: 0 if described else step.thing,
        GoalField.CLASS_WORD: word_id(step.class_name) if step.class_name else 0,
        GoalField.COLOR: step.color, GoalField.SOUND: step.sound, GoalField.SIGN: step.sign,
        GoalField.LIT: step.lit, GoalField.TELL_TOPIC: step.tell_topic,
        GoalField.THING_PLACE: step.thing_place, GoalField.TO_THING: step.to_thing,
        GoalField.TO_CLASS: word_id(step.to_class) if step.to_class else 0,
        GoalField.TO_COLOR: step.to_color, GoalField.SAME_THING: step.same_thing,
        GoalField.SIDE: step.side, GoalField.STEP: at, GoalField.REMAINING: steps - 1 - at,
    }  # fmt: skip
    for field, value in values.items():
        row[field] = value
    return row


def _take_testimony(state: BeliefState, row: int, heard: HeardText, again: bool = False) -> None:
    names = state.memory[row].names
    goal = state.goals[row]
    asks_about_thing = int(goal[GoalField.VERB]) == Verb.ASK and goal[GoalField.TOPIC] == 0
    if asks_about_thing and heard.speaker == int(goal[GoalField.PERSON]):
        goal[GoalField.ANSWER] = told_place(heard.text, names)
    for meaning in understand_text(heard.text, names):
        if meaning.say == Say.ASK:
            if not again and heard.speaker and meaning.about:
                asker = state.nodes[row, heard.speaker]
                asker[NodeColumn.ASKED_US_ABOUT] = meaning.about
                asker[NodeColumn.ASKED_US_CLOCK] = heard.clock
        elif meaning.say in (Say.TELL, Say.REPORT, Say.WARN) and not meaning.negated:
            relation = Relation.KNOWS if meaning.knows else Relation.IN
            add_fact(state, row, meaning.about, relation, meaning.where, heard.speaker,
                     heard.clock, _trust(names, heard))  # fmt: skip
        elif meaning.negated:
            _doubt(state, row, meaning)


def _trust(names: dict[int, NodeName], heard: HeardText) -> float:
    if heard.speaker == 0:
        return BRIEFING_TRUST
    speaker = names.get(heard.speaker)
    trust = GUIDE_TRUST if speaker is not None and "guide" in speaker.name else NPC_TRUST
    return trust if heard.to_me else trust * OVERHEARD


def _doubt(state: BeliefState, row: int, meaning: Meaning) -> None:
    """Somebody says that a fact does not hold: believe it half as much."""
    for fact in state.facts[row]:
        if (fact[FactColumn.RELATION] == Relation.IN and fact[FactColumn.ABOUT] == meaning.about
                and fact[FactColumn.WHERE] == meaning.where):  # fmt: skip
            fact[FactColumn.CONFIDENCE] *= 0.5


def settle(state: BeliefState, row: int) -> None:
    """Decide between facts that contradict each other, and answer the goal's questions."""
    facts = state.facts[row]
    nodes = state.nodes[row]
    clock = float(state.body[row, BodyColumn.CLOCK])
    nodes[:, NodeColumn.TOLD_PLACE] = 0.0
    nodes[:, NodeColumn.TOLD_CONFIDENCE] = 0.0
    stated = facts[:, FactColumn.RELATION] == Relation.IN
    age = clock - facts[:, FactColumn.CLOCK]
    strength = facts[:, FactColumn.CONFIDENCE] - TRUST_LOST_PER_SECOND * age
    for about in np.unique(facts[stated, FactColumn.ABOUT]).astype(int):
        rivals = np.flatnonzero(stated & (facts[:, FactColumn.ABOUT] == about))
        best = facts[rivals[np.argmax(strength[rivals])]]
        against = facts[rivals, FactColumn.WHERE] != best[FactColumn.WHERE]
        if np.any(against & (facts[rivals, FactColumn.CONTRADICTED] < 0.5)):
            state.body[row, BodyColumn.RESOLVED] = 1.0
        facts[rivals, FactColumn.CONTRADICTED] = against
        nodes[about, NodeColumn.TOLD_PLACE] = best[FactColumn.WHERE]
        nodes[about, NodeColumn.TOLD_CONFIDENCE] = best[FactColumn.CONFIDENCE]
        nodes[about, NodeColumn.TOLD_CLOCK] = best[FactColumn.CLOCK]
    refresh_answers(nodes, state.goals[row])
