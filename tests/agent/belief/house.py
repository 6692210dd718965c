"""A small house for tests: an amber hall and a blue room with a door between, written by hand."""

import math

import numpy as np

from agent.belief.actions import remember_actions
from agent.belief.evidence import Evidence
from agent.belief.planner import Planner
from agent.belief.state import BeliefState, make_state
from agent.belief.testimony import apply_catalogue, apply_goal
from agent.belief.update import update
from envs.contract import (
    DIALOGUE_SIZE,
    ENTITY_SIZE,
    MAX_ENTITIES,
    MAX_UTTERANCES,
    SELF_SIZE,
    STATE_NAMES,
    CatalogueEntry,
    Doorway,
    EntityColumn,
    Kind,
    SelfColumn,
)
from envs.words import word_id

HALL, ROOM, DOOR, GUIDE, CONCERT, VASE, LECTURE = 10, 20, 30, 40, 50, 5, 51
DOORWAY = Doorway((4.0, 0.0, 2.0), 1.0, (HALL, ROOM), DOOR)
HALL_ENTRY = CatalogueEntry(
    1, "add", HALL, "place", "the amber hall", "", ((0, 0), (4, 0), (4, 4), (0, 4)), (DOORWAY,)
)
ROOM_ENTRY = CatalogueEntry(
    2, "add", ROOM, "place", "the blue room", "", ((4, 0), (8, 0), (8, 4), (4, 4)), (DOORWAY,)
)
PEOPLE = (
    CatalogueEntry(3, "add", GUIDE, "npc", "the guide", "person"),
    CatalogueEntry(4, "add", CONCERT, "topic", "the concert"),
    CatalogueEntry(5, "add", LECTURE, "topic", "the lecture"),
)
UNKNOWN_ROOM = Doorway((4.0, 0.0, 2.0), 1.0, (HALL, 0), DOOR)


def entity(slot, right, ahead, kind=Kind.OBJECT, class_name="vase", states=(), size=0.4):
    """One row of ``entities``."""
    row = np.zeros(ENTITY_SIZE, np.float32)
    row[EntityColumn.SLOT] = slot
    row[EntityColumn.CLASS_WORD] = word_id(class_name)
    row[EntityColumn.X], row[EntityColumn.Z] = right, ahead
    row[EntityColumn.DISTANCE] = max(0.0, math.hypot(right, ahead) - size / 2)
    row[EntityColumn.COS_HEADING] = 1.0
    row[EntityColumn.SIZE_X : EntityColumn.SIZE_X + 3] = size
    row[EntityColumn.KIND + int(kind)] = 1.0
    for state in states:
        row[EntityColumn.STATE + STATE_NAMES.index(state)] = 1.0
    return row


class House:
    """One NPC in the house; its belief follows what a test lets it perceive."""

    def __init__(self, goal="", entries=(HALL_ENTRY, ROOM_ENTRY, *PEOPLE), rows=1):
        self.state: BeliefState = make_state(rows)
        self.planner = Planner()
        self.clock = 0.0
        for row in range(rows):
            apply_catalogue(self.state, row, entries)
            if goal:
                apply_goal(self.state, row, goal)

    def perceive(self, x=1.0, z=2.0, yaw=0.0, things=(), colors=(), sound=(), **columns):
        """One decision: entities, colour probabilities per entity row, sounds, self columns.

        Args:
            x: position of the body, metres; ``z`` alike.
            yaw: degrees.
            things: rows of ``entities``.
            colors: for each of the things the index of the colour that is seen, -1 for none.
            sound: (class, sin(bearing), loudness) of each sound.
            columns: values of SelfColumn by name, such as ``HELD=5``.
        """
        rows = self.state.rows
        observation = {
            "entities": np.zeros((rows, MAX_ENTITIES, ENTITY_SIZE), np.float32),
            "dialogue": np.zeros((rows, MAX_UTTERANCES, DIALOGUE_SIZE), np.float32),
            "self": np.zeros((rows, SELF_SIZE), np.float32),
        }
        for at, thing in enumerate(things):
            observation["entities"][:, at] = thing
        me = observation["self"]
        angle = math.radians(yaw)
        me[:, SelfColumn.X], me[:, SelfColumn.Z] = x, z
        me[:, SelfColumn.SIN_YAW], me[:, SelfColumn.COS_YAW] = math.sin(angle), math.cos(angle)
        me[:, SelfColumn.PLACE] = HALL if x < 4.0 else ROOM
        me[:, SelfColumn.CLOCK] = self.clock
        me[:, SelfColumn.CAMERA_VALID : SelfColumn.DIALOGUE_VALID + 1] = 1.0
        for name, value in columns.items():
            me[:, SelfColumn[name]] = value
        evidence = Evidence.blank(rows)
        for at, color in enumerate(colors):
            if color >= 0:
                evidence.color_log_probs[:, at] = np.log(0.02)
                evidence.color_log_probs[:, at, color] = np.log(0.86)
        for sound_class, sine, loudness in sound:
            evidence.sound[:, sound_class] = (1.0, sine, loudness)
        self.state = update(self.state, observation, evidence)
        self.clock += 0.1
        return self.state

    def plan(self):
        return self.planner.plan(self.state)

    def decide(self, policy):
        """The policy's action of the first row; it is remembered as sent."""
        actions, intents = policy(self.state, self.plan())
        remember_actions(self.state, actions)
        assert intents[0] == actions[0, 4]
        return actions[0]
