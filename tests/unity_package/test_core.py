"""The package's core without a server: words, JSON, slots, acts, a life with a fake mind."""

import json
import subprocess

import numpy as np
import pytest

from tests.unity_bridge.helpers import Serving
from tests.unity_bridge.test_keeping import KeepingMind
from tests.unity_package.build import HERE, VERSIONS, build_game, why_not
from tests.unity_package.words_golden import GOLDEN, make_golden
from unity_bridge.batch import WorldReply

needs_mono = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
slow = pytest.mark.slow
peer = pytest.mark.peer


def said(*arguments, sdk="3.0.0"):
    """What the game ``core`` says: (name, value) pairs in order."""
    game = build_game(sdk, HERE / "games" / "core")
    run = subprocess.run(
        ["mono", "--debug", game, *map(str, arguments)], capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return [tuple(line.split(": ", 1)) for line in run.stdout.splitlines()]


def test_the_golden_words_are_pythons():
    golden = json.loads(GOLDEN.read_text())
    for kept, made in zip(golden, make_golden(), strict=True):
        assert {**kept, "bag": 0, "class_bag": 0} == {**made, "bag": 0, "class_bag": 0}
        np.testing.assert_allclose(kept["bag"], made["bag"], atol=1e-6)
        np.testing.assert_allclose(kept["class_bag"], made["class_bag"], atol=1e-6)


@needs_mono
@slow
@peer
def test_words_are_pythons():
    assert said("words", GOLDEN) == [("texts", "19"), ("errors", "0")]


@needs_mono
@slow
@peer
def test_json_is_written_read_and_refused():
    assert said("json") == [
        ("written", r'{"a":1,"b":[0.1,null,true,"q\"\\\n\u0001\ud83d\ude42\ud83d"],"c":{}}'),
        ("read", "1 0.1 null True"),
        ("text survives", "True"),
        ("split", 'True 7=[1, {"x":2}];8="y"'),
        ("errors", "0"),
    ]


@needs_mono
@slow
@peer
def test_slots_are_stable_shuffled_and_rest():
    assert dict(said("slots")) == {
        "same seed": "True",
        "other seed": "False",
        "stable": "True",
        "taken from the oldest that may go": "True",  # not thing0, which the goal names
        "log": "-thing1 +thing61",
        "evicted has none": "0",
        "room": "60",  # 63, but for a place, what the goal names and what is perceived now
        "a lost slot rests": "True",
        "and is given after a minute": "True",
        "places keep theirs": "63",
        "no room": "0 0",
        "errors": "0",
    }


@needs_mono
@slow
@peer
def test_acts_do_and_fail_as_in_the_headless_world():
    assert dict(said("acts")) == {
        "nothing named": "Failed NoTarget",
        "a place": "Failed NotPossible",
        "too far": "Failed OutOfReach",
        "not offered": "Failed NotPossible",
        "hands empty": "Failed HandsEmpty",
        "take": "Done None",
        "held": "apple (0, 0.5, 0.42)",
        "hands full": "Failed HandsFull",
        "put elsewhere": "Failed OutOfReach",
        "closed chest": "Failed Locked",
        "give": "Done None",
        "held by Bo": "apple True",
        "refused": "Failed HandsFull, Failed Refused",
        "dropped by Bo": "Done None True",
        "locked": "Failed Locked",
        "use without a key": "Failed Locked",
        "take the key": "Done None",
        "unlock": "Done None",
        "unlock again": "Failed AlreadySo",
        "open": "Done None",
        "open again": "Failed AlreadySo",
        "into the chest": "Done None",
        "inside": "True False",
        "close": "Done None",
        "stowed": "True",
        "take what is stowed": "Failed NotInSight",
        "switch on": "Done None",
        "the door it powers": "True",
        "switch off": "Done None",
        "the door again": "False",
        "use again and again": "Done None",
        "push": "Done None",
        "pushed to": "(1.2, 0, 0)",
        "the game's own rule": "Failed Refused",
        "reading 1": "Started None",
        "reading 2": "Running None",
        "reading 3": "Done None",
        "reading anew": "Started None",
        "walked away": "None None",
        "heavy alone": "Running NeedsHelp",
        "heavy by two": "Done None, Done None",
        "carried": "True True",
        "let go": "Done None True",
        "nobody came": "Failed NeedsHelp",
        "forbidden act": "Failed NotPossible",
        "forbidden thing": "Failed NotPossible",
        "finish": "Done None",
        "last act": "Finish",
        "errors": "0",
    }


@needs_mono
@slow
@peer
def test_an_npcs_life():
    lines = said("life")
    catalogue = [value for name, value in lines if name == "catalogue"]
    assert catalogue == [
        '{"sequence":0,"op":"add","slot":#hall,"kind":"place","name":"the hall",'
        '"class_name":"place","polygon":[[-5,-5],[5,-5],[5,5],[-5,5]],"doorways":[{"position":'
        '[0,0,5],"width":1,"places":[#hall,0],"door":#gate}]}',
        '{"sequence":1,"op":"add","slot":#gate,"kind":"door","name":"the gate",'
        '"class_name":"gate"}',
        '{"sequence":2,"op":"add","slot":#yard,"kind":"place","name":"the yard",'
        '"class_name":"place"}',  # it was named in a fact: no floor, and no doorway names it
        '{"sequence":3,"op":"add","slot":#concert,"kind":"topic","name":"the concert",'
        '"class_name":"topic"}',
        '{"sequence":4,"op":"add","slot":#apple,"kind":"object","name":"the apple",'
        '"class_name":"apple"}',
    ]
    assert [value for name, value in lines if name == "goal"] == [
        "2 refused: nobody knows how to 'juggle' the apple: give the entity an affordance with "
        "that verb, or name what the verb needs",
        "1 accepted",
        "1 progress take the apple",
        "1 succeeded",
        "3 accepted",
        "3 failed: the time is over",
        "4 accepted",
        "4 progress go to the yard",
        "5 refused: It does not know how to 'paint'.",
        "4 failed: the time is over",
        "6 accepted",
        "7 failed: it said that it was finished, and it is not so",
    ]
    assert [value for name, value in lines if name == "said"] == [
        "Bo: The pear is in the yard",
        "Cy: too far",
        "Ada: the concert is in the yard",
        "Ada: Hello there.",
    ]
    rest = {name: value for name, value in lines if name not in ("catalogue", "goal", "said")}
    assert rest == {
        "dialogue": '{"utterance":8388608,"speaker":0,"to_me":true,'
        '"text":"The concert is in the yard.","language":"","loudness":1}',
        "persona": '{"op":"persona","text":"A guide."}',
        "behind has no slot": "0",
        "seen": "apple gate",
        "place": "True",
        "masks": "False True False True True",  # the apple is out of reach; this body never jumps
        "ten a second": "1",
        "after a second": "10",
        "goal says": 'take the apple {"op":"set","goal":1,"text":"take the apple","priority":1,'
        '"verb":"take","act":3,"target":#apple,"place":0}',
        "goal row": "1 1 3 True -1 3 True",
        "walked": "1.23",
        "next goal": "3 0.9",
        "holds": "True",
        "no goal": 'True {"op":"set","goal":3,"text":"wait for the rain","priority":0.5,'
        '"deadline":0.88} {"op":"failed","goal":3}',
        "step": "2 of 3",
        "before its word": "Waiting",
        "what was finished before": "Waiting",
        "finished and not so": "Failed",
        "open": "0",
        "an older server": "Accepted",
        "heard": "1 True 1 0.5 1 6",  # two metres ahead
        "told of the pear": "True",
        "not heard": "0",
        "speaking": "True",
        "overridden": "0.00",
        "paused": "0.00 0",
        "leash": "0.4 1",
        "vault": "0.8 True",
        "vault by go": "0.8 True",
        "from elsewhere by go": "-0.6",
        "vault by go again": "0.8 True",
        "allowed by go": "1.5 False",  # the same is said, and nothing forbids it any more
        "leaves the vault": "True",
        "goes on": "Walk",
        "stands": "Stay True",
        "answered before the pause": "Stay",
        "nothing to save": "True",
        "slots are back": "True",
        "mind is back": "1,2,255",
        "wrong save": "These bytes are not a saved NPC: give Load what Save gave.",
        "told": "2",
        "told again": "1",
        "said again": "True",
        "left": "unregister Ada",
        "errors": "0",
    }


@needs_mono
@slow
@peer
def test_goals_that_end_while_they_wait_and_goals_in_saves():
    lines = said("goals")
    assert [value for name, value in lines if name == "event"] == [
        "3 refused: the goal is empty: say what is wanted",
        "4 refused: nobody knows how to '' the apple: give the entity an affordance with that "
        "verb, or name what the verb needs",
        "5 failed: what it is about is gone",
        "7 succeeded",
    ]
    assert {name: value for name, value in lines if name != "event"} == {
        "two goals": "{op:set,goal:1 {op:set,goal:2",
        "one that waits is cancelled": "{op:cancelled,goal:1}",
        "nobody is there": "",
        "somebody is there again": "{op:cancelled,goal:1} {op:cancelled,goal:2}",
        "its mind is that of a second ago": "{op:cancelled,goal:2} {op:cancelled,goal:1}",
        "put": "Failed",
        "loaded": "6 look for the pear Waiting, 7 take the apple Accepted",
        "the same": "True Cancelled",
        "left": "60",
        "said": "{op:set,goal:7",
        "in another session": "6 look for the pear Waiting, 7 take the apple Accepted Cancelled",
        "left then": "60",
        "next number": "8",
        "an old save": "2",
        "errors": "0",
    }


@needs_mono
@slow
@peer
def test_npcs_that_a_game_makes_and_parts_that_are_destroyed():
    assert dict(said("parts")) == {
        "two of a prefab": "guard-0 guard-1 0",
        "twins": "1",
        "walks": "True",
        "without a body": "True 1",
        "with another": "True",
        "held back": "True",
        "a cut scene leads on": "True",
        "and does what minds may not": "Finish None",
        "then the leash holds": "True",
        "errors": "1",
    }


@needs_mono
@slow
@peer
def test_a_decision_in_which_nothing_is_new_allocates_nothing():
    assert dict(said("allocation")) == {
        "seen": "32",
        "decisions": "60",
        "bytes": "0",
        "errors": "0",
    }


class ShowingMind(KeepingMind):
    async def decide(self, batch):
        reply = await super().decide(batch)
        return WorldReply(reply.actions, [{"strategy": "policy"}] * len(batch.agents))


@needs_mono
@slow
@peer
@pytest.mark.parametrize("sdk", VERSIONS)
def test_the_lock_step_link_speaks_all_our_channels(sdk):
    with Serving(ShowingMind()) as serving:
        lines = said("link", "--mlagents-port", serving.port, sdk=sdk)
        batches, restored = serving.mind.batches, serving.mind.restored
    assert dict(lines) == {
        "accepted": "find the lamp",
        "connected": "True True",
        "mind": '{"strategy":"policy"}',
        "saved": "True",
        "slot": "True",
        "clock": "0.18",
        "warnings": "0",
        "failures": "0",
        "errors": "0",
    }
    goal = {"op": "set", "goal": 1, "text": "find the lamp", "priority": 1}
    assert [batch.npcs for batch in batches] == [["Ada"]] * len(batches)
    assert batches[0].goals == [[goal]]
    assert {entry.name for entry in batches[0].catalogue[0]} == {"the hall", "the apple"}
    assert restored == [("Ada", b"a mind")]
    again = [batch for batch in batches[1:] if batch.catalogue[0]]
    loaded, first, second, back = again  # a load, two episodes, and the return of an NPC
    assert loaded.goals == [[goal]] and loaded.catalogue[0][0].slot in slots(batches[0])
    start = {"op": "start", "task": "hall/find", "seed": 7, "map": "none"}
    assert first.episodes == [[start]]
    assert [news["op"] for news in second.episodes[0]] == ["end", "start"]
    assert [ending.reward for ending in second.endings] == [0.5]
    assert second.first.tolist() == [True]
    assert back.agents.tolist() != second.agents.tolist()
    assert slots(back) == slots(second)


def slots(batch):
    return sorted(entry.slot for entry in batch.catalogue[0])
