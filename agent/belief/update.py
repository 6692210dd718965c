"""``belief.update``: one observation of every NPC into its belief.

A pure function over padded arrays of fixed shape, for all rows at once: (state, observation,
evidence) -> state. It reads no text and no graph library, so that it can be ported or exported; the
golden vectors in ``tests/agent/belief`` hold what a port must reproduce.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from numba import njit
from numpy.typing import NDArray

from agent.belief.columns import (
    COLORS,
    LOOK_SAMPLES,
    MAX_DOORWAYS,
    POSE_HISTORY,
    SENSES,
    SOUND_HISTORY,
    SOUNDS,
    BodyColumn,
    DoorwayColumn,
    GoalField,
    HeardColumn,
    NodeColumn,
    PlaceColumn,
    PoseColumn,
    SoundColumn,
)
from agent.belief.evidence import Evidence
from agent.belief.state import BeliefState, copy_state
from envs.contract import (
    MAX_ACTION_DELAY,
    MAX_ENTITIES,
    MAX_UTTERANCES,
    SLOTS,
    STATE_NAMES,
    TURN_DEGREES,
    Act,
    DialogueColumn,
    EntityColumn,
    Kind,
    Reason,
    Result,
    SelfColumn,
)

DECIDED = 0.9
"""A colour is decided when it has this share of the belief."""
DECIDED_LOOKS = 2
"""... after at least so many looks."""
MAX_LOG_EVIDENCE = 12.0
"""Evidence against a colour saturates here, so that a mistake can be unlearned."""
COLOR_FORGETTING = 0.98
"""Old looks count a little less than new ones."""
EXAMINE_RANGE = 4.0
HEARD_PROBABILITY = 0.5
"""A sound counts as present from here."""
BLOCKED_SECONDS = 30.0
"""How long a door that turned out locked is left out of routes."""
REJECTED_SECONDS = 30.0
NEAR_SOUND = 6.0
"""From nearer than this a source in sight must be heard, loud and in its direction, metres."""
SINE_NOISE = 0.35
"""By how much the sine of a bearing may be misheard."""
LOUDNESS_NOISE = 0.5
"""By how much the logarithm of a loudness may be misheard."""
GOOD_MATCH = 0.12
"""Mean bearing error up to which the history speaks for a thing."""
DOUBT = 1.2
"""Squared deviation, in units of the noise, from which a look speaks against a thing."""
DOUBT_OF_GOOD_MATCH = 3.0
NEAR_SOUND_LOOKS = 4
WINDOW_METRES = 24.0
"""Side of the planner's window."""
WINDOW_MARGIN = 3.0
STUCK_STEP = 0.05
"""A decision that moves the body less than this, though it should travel, counts as stuck."""
STUCK_DECISIONS = 12
ESCAPE_SECONDS = 0.6

_TURNS = tuple(math.radians(degrees) for degrees in TURN_DEGREES)
# Metres forward and to the right of one decision of each move of the contract.
_STEPS = (0.0, 0.14, 0.28, -0.07, 0.0, 0.0, 0.0, 0.0)
_SIDE_STEPS = (0.0, 0.0, 0.0, 0.0, -0.1, 0.1, 0.0, 0.0)
_OPEN_BIT = STATE_NAMES.index("open")
_LOCKED_BIT = STATE_NAMES.index("locked")
_STATE_COUNT = len(STATE_NAMES)
_ACT_COUNT = len(Act) - 1
_OBJECT, _DOOR, _NPC = int(Kind.OBJECT), int(Kind.DOOR), int(Kind.NPC)


def update(
    state: BeliefState,
    observation: Mapping[str, NDArray],
    evidence: Evidence,
    out: BeliefState | None = None,
) -> BeliefState:
    """The beliefs after one more observation; ``state`` is left as it was.

    Args:
        state: beliefs of R NPCs. Catalogue entries and texts of this observation have been applied.
        observation: contract arrays ``entities (R, 32, 50)``, ``dialogue (R, 8, 64)`` and
            ``self (R, 32)``.
        evidence: what the senses made of the same decision.
        out: a state to write into instead of a new one.
    """
    after = copy_state(state, out)
    _update_rows(
        after.nodes, after.places, after.doorways, after.sounds, after.heard, after.goals,
        after.body, after.poses, observation["entities"], observation["dialogue"],
        observation["self"], evidence.color_log_probs, evidence.sound, evidence.reliability,
    )  # fmt: skip
    return after


@njit(cache=True, error_model="numpy", nogil=True)
def _update_rows(nodes, places, doorways, sounds, heard, goals, body, poses, entities, dialogue,  # type: ignore[no-untyped-def]
                 selves, color_log_probs, sound, reliability):  # fmt: skip
    """All rows, one after the other; every argument is written or read in place."""
    for row in range(body.shape[0]):
        _take_body(body[row], poses[row], selves[row])
        if selves[row, SelfColumn.ENTITIES_VALID] > 0.5:
            _see_things(nodes[row], body[row], entities[row], goals[row, GoalField.CLASS_WORD])
            _judge_colors(nodes[row], entities[row], color_log_probs[row], reliability[row, 0],
                          selves[row, SelfColumn.CAMERA_VALID])  # fmt: skip
            _find_places(nodes[row], places[row], body[row])
        _cover_place(places[row], body[row])
        _learn_doors(nodes[row], doorways[row], body[row])
        _hear(sounds[row], heard[row], body[row], sound[row], reliability[row, 1],
              selves[row, SelfColumn.AUDIO_VALID])  # fmt: skip
        _match_sounds(nodes[row], heard[row], sounds[row], goals[row], body[row])
        _locate_speakers(nodes[row], body[row], dialogue[row])


@njit(cache=True, error_model="numpy")
def _take_body(body, poses, me):  # type: ignore[no-untyped-def]
    """Pose, hands and last act; how long we have been stuck; where the planner's window lies."""
    x = me[SelfColumn.X]
    z = me[SelfColumn.Z]
    first = body[BodyColumn.STARTED] < 0.5
    if first:
        body[BodyColumn.STARTED] = 1.0
    travelled = math.hypot(x - body[BodyColumn.X], z - body[BodyColumn.Z])
    low_x = x - body[BodyColumn.ANCHOR_X]
    low_z = z - body[BodyColumn.ANCHOR_Z]
    if first or (min(low_x, low_z) < WINDOW_MARGIN
                 or max(low_x, low_z) > WINDOW_METRES - WINDOW_MARGIN):  # fmt: skip
        body[BodyColumn.ANCHOR_X] = math.floor(x) - WINDOW_METRES / 2
        body[BodyColumn.ANCHOR_Z] = math.floor(z) - WINDOW_METRES / 2
    clock = me[SelfColumn.CLOCK]
    delay = min(int(me[SelfColumn.ACTION_DELAY]), MAX_ACTION_DELAY)
    body[BodyColumn.MOVED] = 1.0 if body[BodyColumn.SENT + 2 * delay] > 0.0 else 0.0
    if not first and body[BodyColumn.MOVED] > 0.5 and travelled < STUCK_STEP:
        body[BodyColumn.STUCK] += 1.0
    elif travelled >= STUCK_STEP:
        body[BodyColumn.STUCK] = max(0.0, body[BodyColumn.STUCK] - 3.0)
    if body[BodyColumn.STUCK] >= STUCK_DECISIONS:
        body[BodyColumn.STUCK] = 0.0
        body[BodyColumn.ESCAPE_UNTIL] = clock + ESCAPE_SECONDS
    body[BodyColumn.X] = x
    body[BodyColumn.Y] = me[SelfColumn.Y]
    body[BodyColumn.Z] = z
    body[BodyColumn.YAW] = math.atan2(me[SelfColumn.SIN_YAW], me[SelfColumn.COS_YAW])
    body[BodyColumn.CLOCK] = clock
    _foresee_pose(body, delay)
    body[BodyColumn.PLACE] = me[SelfColumn.PLACE]
    body[BodyColumn.HELD] = me[SelfColumn.HELD]
    body[BodyColumn.LAST_ACT] = me[SelfColumn.LAST_ACT]
    body[BodyColumn.LAST_TARGET] = me[SelfColumn.LAST_TARGET]
    body[BodyColumn.RESULT] = me[SelfColumn.RESULT]
    body[BodyColumn.REASON] = me[SelfColumn.REASON]
    body[BodyColumn.BUMPED] = me[SelfColumn.BUMPED]
    body[BodyColumn.DELAY] = me[SelfColumn.ACTION_DELAY]
    for sense in range(SENSES):
        body[BodyColumn.VALID + sense] = me[SelfColumn.CAMERA_VALID + sense]
    at = int(body[BodyColumn.DECISIONS]) % POSE_HISTORY
    poses[at, PoseColumn.X] = x
    poses[at, PoseColumn.Z] = z
    poses[at, PoseColumn.YAW] = body[BodyColumn.YAW]
    poses[at, PoseColumn.MOVED] = body[BodyColumn.MOVED]
    body[BodyColumn.DECISIONS] += 1.0


@njit(cache=True, error_model="numpy")
def _foresee_pose(body, delay):  # type: ignore[no-untyped-def]
    """The pose after the actions that are on their way, if nothing stops them."""
    x = body[BodyColumn.X]
    z = body[BodyColumn.Z]
    yaw = body[BodyColumn.YAW]
    for back in range(delay):
        sent = BodyColumn.SENT + 2 * (delay - 1 - back)
        yaw += _TURNS[int(body[sent + 1])]
        step = _STEPS[int(body[sent])]
        side = _SIDE_STEPS[int(body[sent])]
        x += step * math.sin(yaw) + side * math.cos(yaw)
        z += step * math.cos(yaw) - side * math.sin(yaw)
    body[BodyColumn.THEN_X] = x
    body[BodyColumn.THEN_Z] = z
    body[BodyColumn.THEN_YAW] = yaw


@njit(cache=True, error_model="numpy")
def _see_things(nodes, body, entities, wanted_class):  # type: ignore[no-untyped-def]
    """Entity rows into nodes: position in the world, size, heading, state, affordances."""
    sin_yaw = math.sin(body[BodyColumn.YAW])
    cos_yaw = math.cos(body[BodyColumn.YAW])
    clock = body[BodyColumn.CLOCK]
    for slot in range(SLOTS):
        nodes[slot, NodeColumn.VISIBLE] = 0.0
    for e in range(MAX_ENTITIES):
        entity = entities[e]
        slot = int(entity[EntityColumn.SLOT])
        if slot <= 0 or slot >= SLOTS:
            continue
        node = nodes[slot]
        node[NodeColumn.KNOWN] = 1.0
        for kind in range(3):
            if entity[EntityColumn.KIND + kind] > 0.5:
                node[NodeColumn.KIND] = kind
        class_word = entity[EntityColumn.CLASS_WORD]
        node[NodeColumn.CLASS_WORD] = class_word
        node[NodeColumn.CLASS_IN_GOAL] = 1.0 if class_word == wanted_class != 0.0 else 0.0
        right = entity[EntityColumn.X]
        ahead = entity[EntityColumn.Z]
        node[NodeColumn.PLACED] = 1.0
        node[NodeColumn.X] = body[BodyColumn.X] + right * cos_yaw + ahead * sin_yaw
        node[NodeColumn.Y] = body[BodyColumn.Y] + entity[EntityColumn.Y]
        node[NodeColumn.Z] = body[BodyColumn.Z] - right * sin_yaw + ahead * cos_yaw
        sin_heading = entity[EntityColumn.SIN_HEADING]
        cos_heading = entity[EntityColumn.COS_HEADING]
        node[NodeColumn.SIN_HEADING] = sin_heading * cos_yaw + cos_heading * sin_yaw
        node[NodeColumn.COS_HEADING] = cos_heading * cos_yaw - sin_heading * sin_yaw
        node[NodeColumn.SIZE_X] = entity[EntityColumn.SIZE_X]
        node[NodeColumn.SIZE_Y] = entity[EntityColumn.SIZE_Y]
        node[NodeColumn.SIZE_Z] = entity[EntityColumn.SIZE_Z]
        for bit in range(_STATE_COUNT):
            node[NodeColumn.STATE + bit] = entity[EntityColumn.STATE + bit]
        for bit in range(_ACT_COUNT):
            node[NodeColumn.AFFORDANCE + bit] = entity[EntityColumn.AFFORDANCE + bit]
        node[NodeColumn.VISIBLE] = 1.0
        node[NodeColumn.DISTANCE] = entity[EntityColumn.DISTANCE]
        if node[NodeColumn.FIRST_SEEN] < 0.0:
            node[NodeColumn.FIRST_SEEN] = clock
        node[NodeColumn.LAST_SEEN] = clock
    for slot in range(1, SLOTS):  # what is out of sight keeps its place while we move
        node = nodes[slot]
        if node[NodeColumn.PLACED] > 0.5 and node[NodeColumn.VISIBLE] < 0.5:
            centre = math.hypot(
                node[NodeColumn.X] - body[BodyColumn.X], node[NodeColumn.Z] - body[BodyColumn.Z]
            )
            half = 0.5 * max(node[NodeColumn.SIZE_X], node[NodeColumn.SIZE_Z])
            node[NodeColumn.DISTANCE] = max(0.0, centre - half)


@njit(cache=True, error_model="numpy")
def _judge_colors(nodes, entities, log_probs, weight, camera_valid):  # type: ignore[no-untyped-def]
    """Add this look's colour evidence to the nodes that were looked at."""
    if camera_valid < 0.5:
        return
    for e in range(MAX_ENTITIES):
        slot = int(entities[e, EntityColumn.SLOT])
        if slot <= 0 or slot >= SLOTS:
            continue
        spoken = 0.0
        for color in range(COLORS):
            spoken += abs(log_probs[e, color])
        if spoken == 0.0:
            continue
        node = nodes[slot]
        distance = entities[e, EntityColumn.DISTANCE]
        node[NodeColumn.LOOKS] += 1.0
        node[NodeColumn.EXAMINED] = min(node[NodeColumn.EXAMINED], distance)
        largest = -1e9
        for color in range(COLORS):
            kept = node[NodeColumn.COLOR_LOG + color] * COLOR_FORGETTING
            node[NodeColumn.COLOR_LOG + color] = kept + weight * log_probs[e, color]
            largest = max(largest, node[NodeColumn.COLOR_LOG + color])
        total = 0.0
        for color in range(COLORS):
            shifted = max(-MAX_LOG_EVIDENCE, node[NodeColumn.COLOR_LOG + color] - largest)
            node[NodeColumn.COLOR_LOG + color] = shifted
            total += math.exp(shifted)
        decided = 1.0 / total >= DECIDED and node[NodeColumn.LOOKS] >= DECIDED_LOOKS
        node[NodeColumn.COLOR_DECIDED] = 1.0 if decided else 0.0


@njit(cache=True, error_model="numpy")
def _find_places(nodes, places, body):  # type: ignore[no-untyped-def]
    """Which known place each visible thing is in; a thing in our hands is where we are."""
    held = int(body[BodyColumn.HELD])
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if node[NodeColumn.PLACED] < 0.5 or node[NodeColumn.KIND] == _DOOR:
            continue
        if slot == held:
            node[NodeColumn.PLACE] = body[BodyColumn.PLACE]
            node[NodeColumn.X] = body[BodyColumn.X]
            node[NodeColumn.Z] = body[BodyColumn.Z]
            node[NodeColumn.DISTANCE] = 0.0
            continue
        gone = node[NodeColumn.KIND] == _NPC and node[NodeColumn.VISIBLE] < 0.5
        if gone and _in_view(node, places, body):
            node[NodeColumn.PLACED] = 0.0  # looked there, and it has walked on
            continue
        if node[NodeColumn.VISIBLE] > 0.5 or node[NodeColumn.PLACE] == 0.0:
            node[NodeColumn.PLACE] = place_at(places, node[NodeColumn.X], node[NodeColumn.Z])


@njit(cache=True, error_model="numpy")
def _in_view(node, places, body):  # type: ignore[no-untyped-def]
    """Whether the spot where a thing was seen last is in the field of view, no wall between."""
    here = int(body[BodyColumn.PLACE])
    if here == 0 or place_at(places, node[NodeColumn.X], node[NodeColumn.Z]) != here:
        return False
    dx = node[NodeColumn.X] - body[BodyColumn.X]
    dz = node[NodeColumn.Z] - body[BodyColumn.Z]
    sin_yaw = math.sin(body[BodyColumn.YAW])
    cos_yaw = math.cos(body[BodyColumn.YAW])
    ahead = dx * sin_yaw + dz * cos_yaw
    right = dx * cos_yaw - dz * sin_yaw
    return 0.3 < ahead < 8.0 and abs(right) < 0.85 * ahead


@njit(cache=True, error_model="numpy")
def place_at(places, x, z):  # type: ignore[no-untyped-def]
    """Slot of the known place that a point lies in, 0 when in none."""
    for slot in range(1, SLOTS):
        place = places[slot]
        if (place[PlaceColumn.SHAPED] > 0.5
                and place[PlaceColumn.X0] <= x <= place[PlaceColumn.X1]
                and place[PlaceColumn.Z0] <= z <= place[PlaceColumn.Z1]):  # fmt: skip
            return slot
    return 0


@njit(cache=True, error_model="numpy")
def sample_point(place, sample):  # type: ignore[no-untyped-def]
    """World position of one of the sample points of a place: a 4 x 4 raster, a little inside."""
    inset = 0.3
    part_x = (sample % 4) / 3.0
    part_z = (sample // 4) / 3.0
    low_x = place[PlaceColumn.X0] + inset
    low_z = place[PlaceColumn.Z0] + inset
    x = low_x + part_x * (place[PlaceColumn.X1] - inset - low_x)
    z = low_z + part_z * (place[PlaceColumn.Z1] - inset - low_z)
    return x, z


@njit(cache=True, error_model="numpy")
def _cover_place(places, body):  # type: ignore[no-untyped-def]
    """Mark the sample points of the own place that are in the field of view now."""
    slot = int(body[BodyColumn.PLACE])
    if slot <= 0 or slot >= SLOTS:
        return
    place = places[slot]
    if place[PlaceColumn.VISITED] < 0.5:
        place[PlaceColumn.LOOKED_CLOCK] = body[BodyColumn.CLOCK]
    place[PlaceColumn.VISITED] = 1.0
    place[PlaceColumn.LAST_VISIT] = body[BodyColumn.CLOCK]
    if place[PlaceColumn.SHAPED] < 0.5:
        return
    sin_yaw = math.sin(body[BodyColumn.YAW])
    cos_yaw = math.cos(body[BodyColumn.YAW])
    for sample in range(LOOK_SAMPLES):
        x, z = sample_point(place, sample)
        dx = x - body[BodyColumn.X]
        dz = z - body[BodyColumn.Z]
        ahead = dx * sin_yaw + dz * cos_yaw
        right = dx * cos_yaw - dz * sin_yaw
        near = dx * dx + dz * dz < 0.16
        if near or (ahead > 0.0 and abs(right) < 0.97 * ahead and ahead < 9.5):
            place[PlaceColumn.SEEN + sample] = 1.0


@njit(cache=True, error_model="numpy")
def _learn_doors(nodes, doorways, body):  # type: ignore[no-untyped-def]
    """Doors lie in their doorways; a locked one blocks its doorway for a while."""
    clock = body[BodyColumn.CLOCK]
    failed = (int(body[BodyColumn.RESULT]) == Result.FAILED
              and int(body[BodyColumn.REASON]) == Reason.LOCKED)  # fmt: skip
    for d in range(MAX_DOORWAYS):
        doorway = doorways[d]
        slot = int(doorway[DoorwayColumn.DOOR])
        if doorway[DoorwayColumn.USED] < 0.5 or slot <= 0:
            continue
        node = nodes[slot]
        node[NodeColumn.PLACED] = 1.0
        node[NodeColumn.X] = doorway[DoorwayColumn.X]
        node[NodeColumn.Z] = doorway[DoorwayColumn.Z]
        locked = node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.STATE + _LOCKED_BIT] > 0.5
        if locked or (failed and int(body[BodyColumn.LAST_TARGET]) == slot):
            doorway[DoorwayColumn.BLOCKED_UNTIL] = clock + BLOCKED_SECONDS
        elif node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.STATE + _OPEN_BIT] > 0.5:
            doorway[DoorwayColumn.BLOCKED_UNTIL] = 0.0


@njit(cache=True, error_model="numpy")
def _hear(sounds, heard, body, sound, weight, audio_valid):  # type: ignore[no-untyped-def]
    """The sounds of now, and a new record of them when the ears have moved."""
    clock = body[BodyColumn.CLOCK]
    any_heard = False
    for s in range(SOUNDS):
        present = sound[s, 0] if audio_valid > 0.5 and weight > 0.0 else 0.0
        sounds[s, SoundColumn.PRESENCE] = present
        sounds[s, SoundColumn.SIN_BEARING] = sound[s, 1] if present > HEARD_PROBABILITY else 0.0
        sounds[s, SoundColumn.LOUDNESS] = sound[s, 2] if present > HEARD_PROBABILITY else 0.0
        if present > HEARD_PROBABILITY:
            any_heard = True
            sounds[s, SoundColumn.LAST_HEARD] = clock
    if not any_heard:
        return
    count = int(body[BodyColumn.HEARD_COUNT])
    if count > 0:
        last = heard[(count - 1) % SOUND_HISTORY]
        moved = math.hypot(
            body[BodyColumn.X] - last[HeardColumn.X], body[BodyColumn.Z] - last[HeardColumn.Z]
        )
        turned = math.cos(body[BodyColumn.YAW] - last[HeardColumn.YAW])
        if moved < 0.2 and turned > 0.985 and count > 3:
            return
    record = heard[count % SOUND_HISTORY]
    body[BodyColumn.HEARD_COUNT] = count + 1
    record[HeardColumn.X] = body[BodyColumn.X]
    record[HeardColumn.Z] = body[BodyColumn.Z]
    record[HeardColumn.YAW] = body[BodyColumn.YAW]
    for s in range(SOUNDS):
        record[HeardColumn.PRESENCE + s] = sounds[s, SoundColumn.PRESENCE]
        record[HeardColumn.SIN_BEARING + s] = sounds[s, SoundColumn.SIN_BEARING]
        record[HeardColumn.LOUDNESS + s] = sounds[s, SoundColumn.LOUDNESS]


@njit(cache=True, error_model="numpy")
def _match_sounds(nodes, heard, sounds, goal, body):  # type: ignore[no-untyped-def]
    """How well each thing's direction explains what was heard of the goal's sound so far."""
    wanted = int(goal[GoalField.SOUND])
    if wanted < 0 or wanted >= SOUNDS:
        return
    clock = body[BodyColumn.CLOCK]
    records = min(int(body[BodyColumn.HEARD_COUNT]), SOUND_HISTORY)
    sin_yaw = math.sin(body[BodyColumn.YAW])
    cos_yaw = math.cos(body[BodyColumn.YAW])
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if node[NodeColumn.PLACED] < 0.5:
            continue
        x = node[NodeColumn.X]
        z = node[NodeColumn.Z]
        error = 0.0
        count = 0
        for r in range(records):
            record = heard[r]
            if record[HeardColumn.PRESENCE + wanted] <= HEARD_PROBABILITY:
                continue
            dx = x - record[HeardColumn.X]
            dz = z - record[HeardColumn.Z]
            distance = math.sqrt(dx * dx + dz * dz) + 0.001
            yaw = record[HeardColumn.YAW]
            expected = (dx * math.cos(yaw) - dz * math.sin(yaw)) / distance
            error += abs(expected - record[HeardColumn.SIN_BEARING + wanted])
            count += 1
        node[NodeColumn.SOUND_ERROR] = error / count if count > 0 else 1.0
        if node[NodeColumn.KIND] != _OBJECT or node[NodeColumn.VISIBLE] < 0.5:
            continue
        dx = x - body[BodyColumn.X]
        dz = z - body[BodyColumn.Z]
        distance = math.sqrt(dx * dx + dz * dz) + 0.001
        if distance > NEAR_SOUND or body[BodyColumn.VALID + 1] < 0.5:
            node[NodeColumn.SOUND_NEAR] = 0.0
            continue
        expected = (dx * cos_yaw - dz * sin_yaw) / distance
        silent = sounds[wanted, SoundColumn.PRESENCE] <= HEARD_PROBABILITY
        off = (expected - sounds[wanted, SoundColumn.SIN_BEARING]) / SINE_NOISE
        # In sight there is no wall between: a source is heard with 1 / distance or louder.
        loudness = sounds[wanted, SoundColumn.LOUDNESS] * max(1.0, distance)
        faint = min(0.0, math.log(max(loudness, 1e-3))) / LOUDNESS_NOISE
        doubt = DOUBT if node[NodeColumn.SOUND_ERROR] > GOOD_MATCH else DOUBT_OF_GOOD_MATCH
        if silent or off * off + faint * faint > doubt:
            node[NodeColumn.SOUND_NEAR] = max(1.0, node[NodeColumn.SOUND_NEAR] + 1.0)
            if node[NodeColumn.SOUND_NEAR] >= NEAR_SOUND_LOOKS:
                node[NodeColumn.REJECTED_UNTIL] = clock + REJECTED_SECONDS
        else:
            node[NodeColumn.SOUND_NEAR] = min(-1.0, node[NodeColumn.SOUND_NEAR] - 1.0)


@njit(cache=True, error_model="numpy")
def _locate_speakers(nodes, body, dialogue):  # type: ignore[no-untyped-def]
    """From where each speaker was heard."""
    yaw = body[BodyColumn.YAW]
    for u in range(MAX_UTTERANCES):
        speaker = int(dialogue[u, DialogueColumn.SPEAKER])
        if speaker <= 0 or speaker >= SLOTS:
            continue
        node = nodes[speaker]
        sin_direction = dialogue[u, DialogueColumn.SIN_DIRECTION]
        cos_direction = dialogue[u, DialogueColumn.COS_DIRECTION]
        node[NodeColumn.HEARD_CLOCK] = body[BodyColumn.CLOCK]
        node[NodeColumn.HEARD_SIN] = sin_direction * math.cos(yaw) + cos_direction * math.sin(yaw)
        node[NodeColumn.HEARD_COS] = cos_direction * math.cos(yaw) - sin_direction * math.sin(yaw)
        node[NodeColumn.HEARD_LOUDNESS] = dialogue[u, DialogueColumn.LOUDNESS]
