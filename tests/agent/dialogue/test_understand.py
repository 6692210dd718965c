import pytest

from agent.belief.goal_columns import Verb
from agent.belief.state import NodeName
from agent.dialogue.lexicon import COLORS, SIGNS, SOUNDS
from agent.dialogue.understand import (
    Instruction,
    Meaning,
    find_mentions,
    understand_instruction,
    understand_text,
)
from agent.senses.percepts import SIGN_GLYPHS, SOUND_NAMES
from envs.classes import HEARD_SOUNDS
from envs.contract import SENTENCES, Say, make_sentence
from envs.palette import COLOR_NAMES

HALL, ROOM, REDROOM, BRUNO, GUIDE, CONCERT, LECTURE, VASE1, VASE2, GLOBE = range(1, 11)
NAMES = {
    HALL: NodeName("place", "the amber hall"),
    ROOM: NodeName("place", "the west room"),
    REDROOM: NodeName("place", "the red room"),
    BRUNO: NodeName("npc", "Bruno", "person"),
    GUIDE: NodeName("npc", "the guide", "person"),
    CONCERT: NodeName("topic", "the concert"),
    LECTURE: NodeName("topic", "the lecture"),
    VASE1: NodeName("object", "the vase", "vase"),
    VASE2: NodeName("object", "the vase", "vase"),
    GLOBE: NodeName("object", "the globe", "globe"),
}


def test_the_lexicon_has_the_worlds_order():
    assert COLORS == COLOR_NAMES
    assert (*HEARD_SOUNDS, "any") == SOUNDS == SOUND_NAMES
    assert "".join(SIGNS).upper() == SIGN_GLYPHS


def test_the_longest_name_is_found_and_shared_names_stay_open():
    mentions = find_mentions(["the", "amber", "hall", "and", "the", "vase"], NAMES)
    assert [(m.start, m.end, m.slots) for m in mentions] == [
        (1, 3, (HALL,)),
        (5, 6, (VASE1, VASE2)),
    ]
    assert mentions[1].slot == 0


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("The concert is in the amber hall.", Meaning(Say.TELL, CONCERT, HALL)),
        ("you will find the concert in the amber hall", Meaning(Say.TELL, CONCERT, HALL)),
        ("the amber hall is where the concert is", Meaning(Say.TELL, CONCERT, HALL)),
        ("the globe is in the west room", Meaning(Say.TELL, GLOBE, ROOM)),
        ("where is the lecture?", Meaning(Say.ASK, LECTURE)),
        ("do you know where the lecture is", Meaning(Say.ASK, LECTURE)),
        ("the concert is not in the amber hall", Meaning(Say.TELL, CONCERT, HALL, negated=True)),
        ("Bruno knows where the lecture is", Meaning(Say.TELL, BRUNO, LECTURE, knows=True)),
        ("no the lecture", Meaning(Say.REFUSE, LECTURE)),
        ("yes the lecture", Meaning(Say.ACCEPT, LECTURE)),
    ],
)
def test_sentences(text, meaning):
    assert understand_text(text, NAMES) == [meaning]


@pytest.mark.parametrize("say", SENTENCES)
def test_every_sentence_of_the_contract_is_understood(say):
    text = make_sentence(say, "the lecture", "the amber hall")
    (meaning,) = understand_text(text, NAMES)
    assert meaning.say == say
    assert meaning.about == LECTURE
    if say in (Say.TELL, Say.REQUEST, Say.REPORT, Say.WARN):
        assert meaning.where == HALL


@pytest.mark.parametrize("text", ["", "hello there", "the vase is in the vase", "is in", "。、"])
def test_what_is_not_understood_says_nothing(text):
    assert understand_text(text, NAMES) == []


def test_several_sentences_in_one_text():
    text = "Good day! The concert is in the amber hall. The lecture is in the west room."
    assert [m.where for m in understand_text(text, NAMES)] == [HALL, ROOM]


GO = Instruction(Verb.GO)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("go to the amber hall", Instruction(Verb.GO, place=HALL)),
        ("please find the amber hall and go in", Instruction(Verb.GO, place=HALL)),
        ("go to the red room", Instruction(Verb.GO, place=REDROOM)),
        ("go to the thing that is ringing", Instruction(Verb.GO, sound=0)),
        ("something is ringing, go to it", Instruction(Verb.GO, sound=0)),
        ("find the thing that is whistling and go to it", Instruction(Verb.GO, sound=7)),
        ("go to the cyan drum", Instruction(Verb.GO, class_name="drum", color=5)),
        ("walk to the drum that is green", Instruction(Verb.GO, class_name="drum", color=1)),
        ("go to the blue vase", Instruction(Verb.GO, class_name="vase", color=2)),
        ("go to the globe", Instruction(Verb.GO, class_name="globe", thing=GLOBE)),
        (
            "take the orange drum and put it in the red room",
            Instruction(Verb.TAKE_PUT, class_name="drum", color=6, place=REDROOM),
        ),
        (
            "bring the white lantern to the amber hall",
            Instruction(Verb.TAKE_PUT, class_name="lantern", color=7, place=HALL),
        ),
        (
            "put the red helmet in the west room",
            Instruction(Verb.TAKE_PUT, class_name="helmet", color=0, place=ROOM),
        ),
        (
            "ask the guide where the concert is, then go there",
            Instruction(Verb.ASK_GO, topic=CONCERT, person=GUIDE),
        ),
        (
            "find out from the guide where the concert is and go there",
            Instruction(Verb.ASK_GO, topic=CONCERT, person=GUIDE),
        ),
        (
            "go to the concert, the guide knows where it is",
            Instruction(Verb.ASK_GO, topic=CONCERT, person=GUIDE),
        ),
        (
            "find Bruno who knows where the concert is, tell Bruno where the lecture is, "
            "then go to the concert",
            Instruction(Verb.FIND_TELL_GO, topic=CONCERT, person=BRUNO, tell_topic=LECTURE),
        ),
        (
            "go to the concert, Bruno knows where it is, and tell Bruno where the lecture is",
            Instruction(Verb.FIND_TELL_GO, topic=CONCERT, person=BRUNO, tell_topic=LECTURE),
        ),
        (
            "tell Bruno where the lecture is, ask Bruno where the concert is, "
            "then go to the concert",
            Instruction(Verb.FIND_TELL_GO, topic=CONCERT, person=BRUNO, tell_topic=LECTURE),
        ),
        ("", Instruction(Verb.NONE)),
    ],
)
def test_instructions(text, found):
    assert understand_instruction(text, NAMES) == found


def test_unknown_names_stay_open():
    found = understand_instruction("ask the guide where the picnic is, then go there", NAMES)
    assert found.verb == Verb.ASK_GO
    assert found.topic == 0
