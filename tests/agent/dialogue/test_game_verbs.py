"""Verbs that games say: each does what it says, or is refused with what to ask instead."""

import random

import pytest

from agent.belief.goal_columns import Verb
from agent.belief.state import NodeName
from agent.dialogue.clauses import CLAUSE_VERBS
from agent.dialogue.instructions import understand_goal
from agent.dialogue.refusal import goal_of_verb, why_not
from agent.dialogue.understand import Instruction
from agent.dialogue.wording import word_step
from envs.contract import Act
from tests.agent.dialogue.test_understand import BRUNO, CONCERT, GUIDE, HALL, NAMES, ROOM

DRUM = {"class_name": "drum", "color": 0}
DOOR = 41
WITH_DOOR = {**NAMES, DOOR: NodeName("door", "the green door", "door")}


OTHER_WORDS = (
    "the", "a", "red", "it", "drum", "lamp", "bruno", "amber", "hall", "and", "then", "to", "in",
    "on", "with", "for", "from", "where", "concert", "knows", "down", "off", "all", "every", "of",
    "up", "not", ",", ".",
)  # fmt: skip


def step(verb, **fields):
    return Instruction(verb, **fields)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("use the red drum", [step(Verb.GO, **DRUM, hands=Act.USE)]),
        ("push the red drum", [step(Verb.GO, **DRUM, hands=Act.PUSH)]),
        ("push the red button", [step(Verb.SWITCH_ON, class_name="button", color=0)]),
        ("switch the lamp", [step(Verb.GO, class_name="lamp", hands=Act.SWITCH)]),
        ("drop the red drum", [step(Verb.GO, **DRUM, hands=Act.DROP)]),
        ("drop it", [step(Verb.GO, same_thing=True, hands=Act.DROP)]),
        ("put down the red drum", [step(Verb.GO, **DRUM, hands=Act.DROP)]),
        ("set the red drum down", [step(Verb.GO, **DRUM, hands=Act.DROP)]),
        ("let go of the red drum", [step(Verb.GO, **DRUM, hands=Act.DROP)]),
        ("drop the red drum in the amber hall", [step(Verb.TAKE_PUT, **DRUM, place=HALL)]),
        ("put the red drum down on the table", [step(Verb.TAKE_PUT, **DRUM, to_class="table")]),
        ("take the red drum to the amber hall", [step(Verb.TAKE_PUT, **DRUM, place=HALL)]),
        ("bring the red drum to the amber hall", [step(Verb.TAKE_PUT, **DRUM, place=HALL)]),
        ("carry the red drum to the amber hall", [step(Verb.TAKE_PUT, **DRUM, place=HALL)]),
        ("fetch the red drum to the amber hall", [step(Verb.TAKE_PUT, **DRUM, place=HALL)]),
        ("take the red drum from the west room to the amber hall",
         [step(Verb.TAKE_PUT, **DRUM, thing_place=ROOM, place=HALL)]),
        ("take the red drum from the west room", [step(Verb.TAKE, **DRUM, thing_place=ROOM)]),
        ("take the red drum to the table", [step(Verb.TAKE_PUT, **DRUM, to_class="table")]),
        ("take the red drum to Bruno", [step(Verb.GIVE, **DRUM, person=BRUNO)]),
        ("bring Bruno the red drum", [step(Verb.GIVE, **DRUM, person=BRUNO)]),
        ("get the red drum for Bruno", [step(Verb.GIVE, **DRUM, person=BRUNO)]),
        ("could you bring the red drum to Bruno", [step(Verb.GIVE, **DRUM, person=BRUNO)]),
        ("take the red drum and bring it to the amber hall",
         [step(Verb.TAKE_PUT, **DRUM, place=HALL)]),
        ("open the red drum and take the lamp",
         [step(Verb.OPEN, **DRUM), step(Verb.TAKE, class_name="lamp")]),
        ("let Bruno know where the concert is",
         [step(Verb.TELL, person=BRUNO, tell_topic=CONCERT)]),
        ("find out from the guide where the concert is",
         [step(Verb.ASK, person=GUIDE, topic=CONCERT)]),
        ("enter the amber hall", [step(Verb.GO, place=HALL)]),
        ("return to the amber hall", [step(Verb.GO, place=HALL)]),
    ],
)  # fmt: skip
def test_what_verbs_of_games_become(text, steps):
    assert list(understand_goal(text, NAMES)) == steps
    assert why_not(text, NAMES) == ""


NOWHERE = "'{}' does not say where to: name a place, a container or a person."
NOTHING = "'{}' does not say what it is about: name a thing or a place."
NO_TOPIC = "'{}' does not say about what: say 'where' and name a thing."
PEOPLE_MOVE = (
    "It cannot go to or follow Bruno, who may move: name a place to go to, or what to give, ask "
    "or tell."
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("bring the red drum", NOWHERE),
        ("bring the red drum here", NOWHERE),
        ("bring the red drum to me", NOWHERE),
        ("put the red drum", NOWHERE),
        ("return the red drum", NOWHERE),
        ("tidy the drums", NOWHERE),
        ("go there", NOTHING),
        ("go away", NOTHING),
        ("turn around", NOTHING),
        ("open it", NOTHING),
        ("follow bruno", PEOPLE_MOVE),
        ("go to bruno", PEOPLE_MOVE),
        ("find bruno", PEOPLE_MOVE),
        ("ask bruno", NO_TOPIC),
        ("tell bruno hello", NO_TOPIC),
        ("give the red drum", "'{}' does not say to whom: name a person."),
        ("give the red drum to the amber hall", "'{}' does not say to whom: name a person."),
        ("look around", "'{}' is not understood: say 'look for', 'tell' or 'put down'."),
        ("put the drum and the lamp in the amber hall",
         "'{}' is about several things: name one for each step, joined by 'then'."),
        ("never go to the amber hall",
         "'{}' forbids something, and a goal says what to do: the limits of the NPC in its game "
         "forbid."),
        ("use the lamp, then go to the amber hall",
         "To use something can only be the last step: ask for the rest by a new goal."),
        ("use the green door",
         "It cannot use the green door, which is a door: say open, close or unlock."),
        ("use bruno", "It cannot use Bruno, which is a person: name a thing."),
        ("open the lamp and go in", "'go in' does not say what it is about: name a thing or a "
         "place."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_and_says_what_to_ask(text, reason):
    assert why_not(text, WITH_DOOR) == reason.format(text)


@pytest.mark.parametrize(
    "text", ["bring the vase to Xanadu", "go to Xanadu", "give the vase to Zoe", "use Excalibur",
             "ask Zoe where the harp is", "take the vase, then tell Bruno where it is", "wait"],
)  # fmt: skip
def test_what_may_get_a_name_later_is_not_refused(text):
    assert why_not(text, NAMES) == ""


def test_no_words_in_any_order_are_too_much():
    """Words of goals at random: understood or refused, never a fault."""
    dice = random.Random(7)
    words = [*sorted(CLAUSE_VERBS), *OTHER_WORDS]
    for _ in range(20_000):
        text = " ".join(dice.choices(words, k=dice.randint(1, 7)))
        assert isinstance(why_not(text, NAMES), str)
        assert word_step(understand_goal(text, NAMES)[0], NAMES) is not None


def test_goals_by_a_verb_keep_their_place():
    assert goal_of_verb("take", "the vase", "the hall") == "take the vase to the hall"
    assert goal_of_verb("bring", "the vase", "Bruno") == "bring the vase to Bruno"
    assert goal_of_verb("drop", "the vase", "the hall") == "drop the vase in the hall"
    assert goal_of_verb("use", "the harp", "") == "use the harp"


def test_acts_of_the_hands_in_words():
    (used,) = understand_goal("use the red drum", NAMES)
    assert word_step(used, NAMES) == "use the red drum"
