import pytest

from agent.belief.goal_columns import Verb
from agent.belief.state import NodeName
from agent.dialogue.instructions import follow_directions, told_place, understand_goal
from agent.dialogue.understand import Instruction
from tests.agent.dialogue.test_understand import (
    BRUNO,
    CONCERT,
    GUIDE,
    HALL,
    LECTURE,
    NAMES,
    REDROOM,
    ROOM,
)


def step(verb, **fields):
    return Instruction(verb, **fields)


BOX = {"class_name": "box", "color": 3}
STATUE = {"class_name": "statue", "thing_place": HALL}


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("visit the amber hall, then the west room", [step(Verb.GO, place=HALL),
                                                      step(Verb.GO, place=ROOM)]),
        ("touch the lit lamp, then go to the amber hall",
         [step(Verb.TOUCH, class_name="lamp", lit=1), step(Verb.GO, place=HALL)]),
        ("go to the statue in the amber hall", [step(Verb.GO, **STATUE)]),
        ("go to the thing that makes a sound", [step(Verb.GO, sound=18)]),
        ("go to the thing that is sounding an alarm", [step(Verb.GO, sound=8)]),
        ("find the lantern with the sign D and go to it",
         [step(Verb.GO, class_name="lantern", sign=4)]),
        ("find the radio that is buzzing and switch it off",
         [step(Verb.SWITCH_OFF, class_name="radio", sound=5)]),
        ("turn the lamp on", [step(Verb.SWITCH_ON, class_name="lamp")]),
        ("get the key and open the yellow box",
         [step(Verb.TAKE, class_name="key"), step(Verb.OPEN, **BOX)]),
        ("unlock the yellow box, then close it",
         [step(Verb.UNLOCK, **BOX), step(Verb.CLOSE, same_thing=True)]),
        ("take the cup, then put it on the table",
         [step(Verb.TAKE_PUT, class_name="cup", to_class="table")]),
        ("give the cyan lantern to Bruno",
         [step(Verb.GIVE, class_name="lantern", color=5, person=BRUNO)]),
        ("Bruno gives you the red drum, then put it in the amber hall",
         [step(Verb.TAKE, class_name="drum", color=0, person=BRUNO),
          step(Verb.TAKE_PUT, place=HALL, same_thing=True)]),
        ("it takes two, carry the orange drum to the amber hall with Bruno",
         [step(Verb.LIFT, class_name="drum", color=6, place=HALL, person=BRUNO)]),
        ("tidy up, put all the drums in the red room",
         [step(Verb.TIDY, class_name="drum", place=REDROOM)]),
        ("read the notes to find out where the concert is, then go there",
         [step(Verb.READ, class_name="note", topic=CONCERT), step(Verb.GO, topic=CONCERT)]),
        ("wait until Bruno tells you, then examine the statue in the amber hall, "
         "then tell the guide where the statue is",
         [step(Verb.WAIT, person=BRUNO), step(Verb.EXAMINE, **STATUE),
          step(Verb.TELL, person=GUIDE, same_thing=True)]),
        ("look for the yellow drum, then tell Bruno where it is",
         [step(Verb.LOOK_FOR, class_name="drum", color=3),
          step(Verb.TELL, person=BRUNO, same_thing=True)]),
        ("ask Bruno where the yellow drum is, then go to it",
         [step(Verb.ASK, class_name="drum", color=3, person=BRUNO),
          step(Verb.GO, class_name="drum", color=3, same_thing=True)]),
        ("tell Bruno where the lecture is, ask the guide where the concert is, "
         "then go to the concert",
         [step(Verb.TELL, person=BRUNO, tell_topic=LECTURE),
          step(Verb.ASK_GO, person=GUIDE, topic=CONCERT)]),
        ("press the button that opens the gate, then go to the red room",
         [step(Verb.SWITCH_ON, class_name="button"), step(Verb.GO, place=REDROOM)]),
        ("tidy up of the in the red room", [step(Verb.GO, place=REDROOM)]),
        ("follow the directions", [step(Verb.FOLLOW)]),
        ("", [Instruction()]),
    ],
)  # fmt: skip
def test_steps_of_instructions(text, steps):
    assert list(understand_goal(text, NAMES)) == steps


def test_what_is_one_step_for_the_mind_stays_one():
    for text, verb in (
        ("take the red drum and put it in the amber hall", Verb.TAKE_PUT),
        ("ask the guide where the concert is, then go there", Verb.ASK_GO),
        ("find Bruno who knows where the concert is, tell Bruno where the lecture is, "
         "then go to the concert", Verb.FIND_TELL_GO),
    ):  # fmt: skip
        assert [found.verb for found in understand_goal(text, NAMES)] == [verb]


def test_directions_take_the_place_of_following_them():
    told = "go through the door ahead, then go through the door on your left"
    steps = follow_directions(understand_goal("follow the directions", NAMES), ["hello", told])
    assert [(found.verb, found.side) for found in steps] == [(Verb.THROUGH, 0), (Verb.THROUGH, -1)]
    assert follow_directions(steps, ["hello"]) == steps


def test_the_place_that_a_sentence_names():
    assert told_place("the vase is in the west room", NAMES) == ROOM
    assert told_place("nowhere", NAMES) == 0


def test_what_a_button_does_is_not_what_is_pressed():
    names = {**NAMES, 40: NodeName("door", "", "gate")}
    pressed = understand_goal("press the button that opens the gate", names)[0]
    assert (pressed.verb, pressed.class_name, pressed.thing) == (Verb.SWITCH_ON, "button", 0)
