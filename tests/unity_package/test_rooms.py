"""What NPCs of the package perceive in two rooms, against numbers derived by hand from positions.

The rooms are drawn in ``games/rooms/Rooms.cs``: Ada stands at (1, 1) and looks 60 degrees to the
right of +z, Bo at (8, 2) and looks along -x. With dx, dz from the NPC to a thing, its right is
dx cos(yaw) - dz sin(yaw) and its forward dx sin(yaw) + dz cos(yaw).
"""

import numpy as np
import pytest

from envs.contract import BRANCH_STARTS, Act, Branch, Move, Reason, Result, Say
from envs.contract import DialogueColumn as D
from envs.contract import EntityColumn as E
from envs.contract import SelfColumn as S
from tests.unity_package.build import VERSIONS, why_not
from tests.unity_package.headless import HeadlessRooms
from tests.unity_package.players import Moment, play

pytestmark = [
    pytest.mark.slow,
    pytest.mark.peer,
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
]

ROOT3 = 1.7320508
PLACED = slice(E.X, E.KIND)
OBJECT, DOOR, PERSON = (1, 0, 0), (0, 1, 0), (0, 0, 1)
#  right, middle's height, forward, distance to the nearest point, sin and cos of heading, size
ADA_SEES = {
    # (4, 1) away, so 2 - ROOT3/2 to the right; its own heading 0 is 60 degrees to our left
    "the lamp": ((2 - ROOT3 / 2, 0.7, 2 * ROOT3 + 0.5, 3.9427148, -ROOT3 / 2, 0.5, 0.3, 1.4, 0.3),
                 OBJECT, {Act.EXAMINE, Act.TOUCH, Act.SWITCH, Act.FINISH}),
    # (1, 2) away; 0.4 m wide along z, for it is turned by 90: nearest at (1.9, 2.8)
    "the vase": ((0.5 - ROOT3, 0.3, ROOT3 / 2 + 1, 2.0124612, 0.5, ROOT3 / 2, 0.4, 0.6, 0.2),
                 OBJECT,
                 {Act.EXAMINE, Act.TOUCH, Act.TAKE, Act.DROP, Act.PUSH, Act.GIVE, Act.FINISH}),
    # (5, 1) away; nearest at (6, 1.5)
    "the opening": ((2.5 - ROOT3 / 2, 1.05, 2.5 * ROOT3 + 0.5, 5.0249378, 0.5, ROOT3 / 2,
                     1.0, 2.1, 0.06), DOOR, {Act.EXAMINE, Act.TOUCH, Act.FINISH}),
    # (7, 1) away and seen through the doorway; sqrt(50) less a body's radius
    "Bo": ((3.5 - ROOT3 / 2, 0.85, 3.5 * ROOT3 + 0.5, 6.8510678, -0.5, -ROOT3 / 2,
            0.44, 1.7, 0.44), PERSON, {Act.EXAMINE, Act.TOUCH, Act.GIVE, Act.FINISH}),
}  # fmt: skip
"""Not the box: the wall hides it."""
BO_SEES = {  # looking along -x: right is dz, forward is -dx
    "the lamp": (0.0, 0.7, 3.0, 2.85, 1.0, 0.0, 0.3, 1.4, 0.3),
    "the vase": (1.0, 0.3, 6.0, 5.9539903, 0.0, -1.0, 0.4, 0.6, 0.2),
    "the opening": (0.0, 1.05, 2.0, 2.0, 0.0, -1.0, 1.0, 2.1, 0.06),
    "Ada": (-1.0, 0.85, 7.0, 6.8510678, 0.5, -ROOT3 / 2, 0.44, 1.7, 0.44),
}
"""Not the box: it is behind him."""
WORDS = (963281, 15789991, 3706724, 3701472, 963281, 1392188)
"""the lamp is in the corridor: 1 + FNV-1a of the word modulo 2**24 - 1."""
LETTERS = {16: 2, 7: 1, 1: 1, 18: 1, 11: 1}
"""Where these words fall in a bag of 32, all with a plus."""


@pytest.fixture(params=VERSIONS, ids=lambda sdk: f"sdk{sdk}")
def sdk(request):
    return request.param


def entities(moment):
    """Name -> row of entities."""
    rows = moment.observations["entities"]
    return {moment.names[int(row[E.SLOT])]: row for row in rows if row.any()}


def assert_same_but_slots(row, other):
    np.testing.assert_allclose(row[1:], other[1:], atol=1e-5)


def allowed(moment, branch, value):
    return bool(moment.allowed[BRANCH_STARTS[Branch[branch]] + value])


def talk(npc, number, moment):
    """Bo tells Ada something at his third decision."""
    if npc != "Bo" or number != 2:
        return {}
    lamp, corridor, ada = (moment.slot(name) for name in ("the lamp", "the corridor", "Ada"))
    return {"say": Say.TELL, "about": lamp, "where": corridor, "target": ada}


def test_entities_are_as_computed_by_hand_and_as_in_the_headless_world(sdk):
    moments = play(sdk, lambda *_: {}, "--decisions", "3").mind.moments
    ada, bo = entities(moments["Ada"][0]), entities(moments["Bo"][0])
    assert ada.keys() == ADA_SEES.keys()
    for name, (placed, kind, acts) in ADA_SEES.items():
        row = ada[name]
        np.testing.assert_allclose(row[PLACED], placed, atol=1e-5, err_msg=name)
        assert tuple(row[E.KIND : E.KIND + 3]) == kind
        assert not row[E.STATE : E.AFFORDANCE].any()
        offered = {Act(1 + int(bit)) for bit in np.flatnonzero(row[E.AFFORDANCE :])}
        assert offered == acts, name
    assert ada["the vase"][E.CLASS_WORD] == 11410717
    assert ada["the vase"][E.CLASS_BAG + 8] == -1.0
    assert ada["Bo"][E.CLASS_WORD] == 9941844
    assert bo.keys() == BO_SEES.keys()
    for name, placed in BO_SEES.items():
        np.testing.assert_allclose(bo[name][PLACED], placed, atol=1e-5, err_msg=name)
    headless = HeadlessRooms()
    for row, seen in enumerate((ada, bo)):
        there = headless.seen(row)
        assert {name.removeprefix("the ") for name in seen} == there.keys()
        for name, entity in seen.items():
            assert_same_but_slots(entity, there[name.removeprefix("the ")])


def test_the_body_and_the_place_are_told(sdk):
    played = play(sdk, lambda *_: {}, "--decisions", "5")
    moments = played.mind.moments["Ada"]
    first, last = (moment.observations["self"] for moment in (moments[0], moments[-1]))
    np.testing.assert_allclose(first[: S.VELOCITY_RIGHT], (1, 0, 1, ROOT3 / 2, 0.5), atol=1e-5)
    assert first[S.PITCH] == pytest.approx(-0.1745329)  # level is 10 degrees down
    assert moments[0].names[int(first[S.PLACE])] == "the amber hall"
    assert first[S.HELD] == first[S.TEAM] == first[S.RESULT] == first[S.ACTION_DELAY] == 0
    assert first[S.HEIGHT] == pytest.approx(1.5)
    assert last[S.GROUNDED] == first[S.CAMERA_VALID] == first[S.ENTITIES_VALID] == 1
    assert last[S.CLOCK] - first[S.CLOCK] == pytest.approx(0.1 * (len(moments) - 1), abs=1e-4)
    there = HeadlessRooms().world.observation["self"][0]
    same = [S.X, S.Y, S.Z, S.SIN_YAW, S.COS_YAW, S.VELOCITY_RIGHT, S.VELOCITY_UP,
            S.VELOCITY_FORWARD, S.TURN_RATE, S.PITCH, S.HELD, S.HEIGHT, S.GROUNDED]  # fmt: skip
    np.testing.assert_allclose(last[same], there[same], atol=1e-5)
    place = next(entry for entry in played.mind.catalogue["Ada"] if entry.polygon)
    assert place.polygon == ((0, 0), (6, 0), (6, 4), (0, 4))
    (doorway,) = place.doorways
    assert doorway.position == (6, 0, 2)
    assert doorway.width == 1


def test_what_bo_says_reaches_ada_as_words_direction_and_text(sdk):
    moments = play(sdk, talk, "--decisions", "6").mind.moments
    (heard,) = [moment for moment in moments["Ada"] if moment.texts]
    row, *others = heard.observations["dialogue"]
    assert not np.any(others)
    assert heard.names[int(row[D.SPEAKER])] == "Bo"
    assert row[D.TO_ME] == 1
    assert 0 <= row[D.AGE] <= 0.1001
    distance = 7.0710678  # he is (7, 1) away
    assert row[D.SIN_DIRECTION] == pytest.approx((3.5 - ROOT3 / 2) / distance, abs=1e-5)
    assert row[D.COS_DIRECTION] == pytest.approx((3.5 * ROOT3 + 0.5) / distance, abs=1e-5)
    assert row[D.LOUDNESS] == pytest.approx(1 / distance, abs=1e-5)
    assert row[D.WORD_COUNT] == 6
    assert tuple(row[D.WORDS : D.WORDS + 7]) == (*WORDS, 0)
    bag = np.zeros(32)
    for place, count in LETTERS.items():
        bag[place] = count / np.sqrt(8)  # the length of (2, 1, 1, 1, 1)
    np.testing.assert_allclose(row[D.BAG :], bag, atol=1e-6)
    (text,) = heard.texts
    assert text.text == "the lamp is in the corridor"
    assert (text.utterance, text.speaker, text.to_me) == (row[D.UTTERANCE], row[D.SPEAKER], True)
    assert heard.slot("the corridor")  # hearing of it gives it a slot
    assert not any(moment.texts for moment in moments["Bo"])  # nobody hears himself
    spoke = [moment.observations["self"][S.SPEAKING] for moment in moments["Bo"]]
    assert spoke[2:4] == [0, 1]
    headless = HeadlessRooms()
    slots = {name: headless.slot(name, 1) for name in ("lamp", "corridor", "Ada")}
    headless.step({}, {"say": Say.TELL, "about": slots["lamp"], "where": slots["corridor"],
                       "target": slots["Ada"]})  # fmt: skip
    there = headless.world.observation["dialogue"][0, 0]
    same = [D.TO_ME, *range(D.SIN_DIRECTION, len(there))]
    np.testing.assert_allclose(row[same], there[same], atol=1e-5)


def test_a_picture_of_four_corners_arrives_upright_and_in_rgb(sdk):
    moments = play(sdk, lambda *_: {}, "--decisions", "2").mind.moments
    red, green, blue, white = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
    for npc in ("Ada", "Bo"):
        picture = moments[npc][0].observations["camera"].transpose(1, 2, 0)
        assert picture.shape == (64, 64, 3)
        for rows, columns, color in (
            (slice(0, 32), slice(0, 32), red), (slice(0, 32), slice(32, 64), green),
            (slice(32, 64), slice(0, 32), blue), (slice(32, 64), slice(32, 64), white),
        ):  # fmt: skip
            assert (picture[rows, columns] == color).all()


def test_the_body_moves_as_in_the_headless_world(sdk):
    """Ada walks ahead for a second while she turns by 10 degrees, then walks back and strafes."""
    moves = [Move.WALK] * 10 + [Move.BACK] * 3 + [Move.STRAFE_RIGHT] * 3
    steps: list[dict[str, int]] = [{"move": move} for move in moves]
    steps[0]["turn"] = 3

    def walk(npc, number, moment):
        return steps[number] if npc == "Ada" and number < len(steps) else {}

    moments = play(sdk, walk, "--decisions", str(len(steps) + 2)).mind.moments["Ada"]
    headless = HeadlessRooms()
    columns = [S.X, S.Z, S.SIN_YAW, S.COS_YAW, S.VELOCITY_RIGHT, S.VELOCITY_FORWARD]
    for number, step in enumerate(steps):
        headless.step(step, {})
        there = headless.world.observation["self"][0][columns]
        here = moments[number + 1].observations["self"][columns]
        np.testing.assert_allclose(here, there, atol=1e-3, err_msg=f"step {number}")


def test_masks_and_acts_follow_the_rules_of_the_scene(sdk):
    """Bo walks to the lamp and switches it; what is far away cannot be handled."""

    def go(npc, number, moment):
        if npc != "Bo":
            return {}
        near = entities(moment).get("the lamp")
        if near is None or near[E.DISTANCE] > 0.6:
            return {"move": Move.WALK}
        if not any(allowed(past, "ACT", Act.SWITCH) for past in seen):
            seen.append(moment)
            return {"act": Act.SWITCH, "target": moment.slot("the lamp")}
        return {}

    seen: list[Moment] = []
    moments = play(sdk, go, "--decisions", "40").mind.moments["Bo"]
    assert not allowed(moments[0], "ACT", Act.SWITCH)  # too far away
    assert not allowed(moments[0], "ACT", Act.TAKE)
    assert not allowed(moments[0], "MOVE", Move.GO)  # a CharacterController has no planner
    assert allowed(moments[0], "MOVE", Move.RUN)
    assert allowed(seen[0], "ACT", Act.SWITCH)
    done = [m for m in moments if m.observations["self"][S.RESULT] == Result.DONE]
    assert done
    told = done[0].observations["self"]
    assert told[S.LAST_ACT] == Act.SWITCH
    assert told[S.LAST_TARGET] == done[0].slot("the lamp")
    assert told[S.REASON] == Reason.NONE
    pointed = {slot for slot in range(1, 64) if allowed(moments[-1], "TARGET", slot)}
    assert pointed == moments[-1].names.keys()
