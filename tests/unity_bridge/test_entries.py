from typing import Any

import pytest

from envs.contract import CatalogueEntry, Doorway
from unity_bridge import channels
from unity_bridge.entries import (
    LONGEST_TEXT,
    read_catalogue_entry,
    read_entries,
    read_episode,
    read_goal,
    read_request,
    read_utterance,
)
from unity_bridge.errors import BridgeError
from unity_bridge.inbox import Inbox

DOORWAY: dict[str, Any] = {"position": [1, 0, 2.5], "width": 1, "places": [3, 0]}
ENTRY: dict[str, Any] = {"sequence": 1, "op": "add", "slot": 3, "kind": "place", "name": "the hall",
         "polygon": [[0, 0], [4, 0], [4, 3]], "doorways": [DOORWAY]}  # fmt: skip


def test_an_entry_goes_round():
    read = read_catalogue_entry(ENTRY)
    assert read == CatalogueEntry(
        1, "add", 3, "place", "the hall", "", ((0.0, 0.0), (4.0, 0.0), (4.0, 3.0)),
        (Doorway((1.0, 0.0, 2.5), 1.0, (3, 0)),),
    )  # fmt: skip
    again = channels.parse_json(channels.encode_json(read.to_json()))
    assert read_catalogue_entry(again) == read


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"op": 7}, "op is 7, not one of add, change, remove"),
        ({"op": ["add"]}, "op is a list of 1, not one of add, change, remove"),
        ({"sequence": None}, "sequence is missing, not a whole number"),
        ({"slot": "none"}, "slot is 'none', not a whole number of 1 to 63"),
        ({"slot": 64}, "slot is 64, not a whole number of 1 to 63"),
        ({"slot": True}, "slot is True, not a whole number of 1 to 63"),
        ({"slot": 1.5}, "slot is 1.5, not a whole number of 1 to 63"),
        ({"slot": float("nan")}, "slot is nan, not a whole number of 1 to 63"),
        ({"slot": 10**400}, "slot is a number of more than 64 bits, not a whole number"),
        ({"name": 7}, "name is 7, not a text"),
        ({"kind": [["a"]]}, "kind is a list of 1, not a text"),
        ({"name": "x" * 201}, "name has 201 characters and may have 200: shorten it"),
        ({"polygon": "square"}, "polygon is 'square', not a list"),
        ({"polygon": [[0, 1]] * 257}, "polygon has 257 entries and may have 256"),
        ({"polygon": [[0, 1, 2]]}, "a corner of polygon is a list of 3, not two numbers"),
        ({"polygon": [["0", 1]]}, "a corner of polygon is '0', not a finite number"),
        ({"polygon": [[float("inf"), 1]]}, "a corner of polygon is inf, not a finite number"),
        ({"polygon": [[10**400, 1]]}, "polygon is a number of more than 64 bits, not a finite"),
        ({"polygon": [[0, 1e7]]}, "a corner of polygon is 1e\\+07 m, and 1000000 m is the most"),
        ({"doorways": {}}, "doorways is an object, not a list"),
        ({"doorways": [7]}, "a doorway is 7, not an object"),
        ({"doorways": [{**DOORWAY, "position": [1, 2]}]},
         "the position of a doorway is a list of 2, not three numbers"),
        ({"doorways": [{**DOORWAY, "places": [1, 2, 3]}]},
         "the places of a doorway are a list of 3, not two slots"),
        ({"doorways": [{**DOORWAY, "places": [1, "2"]}]},
         "a place of a doorway is '2', not a whole number of 0 to 63"),
        ({"doorways": [{**DOORWAY, "width": "wide"}]}, "width of a doorway is 'wide', not a"),
        ({"doorways": [{**DOORWAY, "door": -1}]}, "door is -1, not a whole number of 0 to 63"),
    ],
)  # fmt: skip
def test_a_wrong_field_of_an_entry_is_named(change, sentence):
    with pytest.raises(BridgeError, match=sentence):
        read_catalogue_entry({**ENTRY, **change})


def test_an_utterance_is_read_and_of_a_very_long_one_the_beginning():
    entry: dict[str, Any] = {"utterance": 1.0, "speaker": 2, "to_me": True, "text": "ab" * 5000}
    read = read_utterance(entry)
    assert (read.utterance, read.speaker, read.to_me) == (1, 2, True)
    assert read.text == entry["text"][:LONGEST_TEXT]
    with pytest.raises(BridgeError, match="text is missing, not a text"):
        read_utterance({"utterance": 1, "speaker": 2})
    with pytest.raises(BridgeError, match="speaker is 99, not a whole number of 0 to 63"):
        read_utterance({"utterance": 1, "speaker": 99, "text": ""})


@pytest.mark.parametrize(
    ("read", "entry", "sentence"),
    [
        (read_goal, {"goal": 1, "text": "go"}, "op is missing, not one of set, cancel, cancelled"),
        (read_goal, {"op": 7}, "op is 7, not one of set"),
        (read_goal, {"op": "Set", "goal": 1}, "op is 'Set', not one of set"),
        (read_episode, {"op": "begin"}, "op is 'begin', not one of start, end"),
        (read_request, {"op": "store"}, "op is 'store', not one of save, restore, persona"),
        (
            read_goal,
            {"op": "set", "text": "go " * 1000},
            "text has 3000 characters and may have 2000",
        ),
        (read_goal, {"op": "cancel", "goal": "first"}, "goal is 'first', not a whole number"),
        (read_goal, {"op": "set", "deadline": "soon"}, "deadline is 'soon', not a finite number"),
        (read_episode, {"op": "start", "task": 3}, "task is 3, not a text"),
        (read_episode, {"op": "start", "seed": 1.5}, "seed is 1.5, not a whole number"),
        (read_episode, {"op": "end", "walked": float("inf")}, "walked is inf, not a finite number"),
    ],
)
def test_a_wrong_field_of_a_goal_or_an_episode_is_named(read, entry, sentence):
    with pytest.raises(BridgeError, match=sentence):
        read(entry)


def test_fields_that_nobody_here_knows_stay():
    assert read_goal({"op": "set", "goal": 2.0, "verb": "go"}) == {
        "op": "set", "goal": 2, "verb": "go"
    }  # fmt: skip
    assert read_episode({"op": "start", "seed": 7, "note": []})["note"] == []


def test_entries_that_are_wrong_are_left_out_alone_and_the_first_is_told():
    found, wrong = read_entries([ENTRY, 7, {**ENTRY, "slot": 0}, ENTRY], read_catalogue_entry)
    assert [entry.slot for entry in found] == [3, 3]
    assert wrong == "entry 1: it is 7, not an object"
    with pytest.raises(BridgeError, match="an NPC's part is an object, not a list"):
        read_entries({}, read_goal)


def test_an_inbox_keeps_the_good_entries_and_tells_the_first_wrong_one():
    inbox = Inbox()
    payload = channels.encode_npcs({1: [{**ENTRY, "name": 5}, ENTRY]})
    told = list(inbox.read(channels.encode_frames([(channels.CATALOGUE, payload)])))
    sentence = (
        "part of a message of the catalogue channel is ignored: entry 0: name is 5, not a text"
    )
    assert told == [("channel_ignored", "catalogue", sentence)]
    assert [entry.name for entry in inbox.catalogue[1]] == ["the hall"]


def test_of_a_flood_of_texts_the_newest_are_kept():
    inbox = Inbox()
    said = [{"utterance": n, "speaker": 1, "to_me": False, "text": "hello"} for n in range(500)]
    payload = channels.encode_npcs({1: said})
    assert not list(inbox.read(channels.encode_frames([(channels.DIALOGUE, payload)])))
    assert [text.utterance for text in inbox.texts[1]] == list(range(436, 500))
