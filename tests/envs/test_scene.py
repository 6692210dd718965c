"""Scene files: the models, loading by name, and one test for every sentence a user can meet."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from envs.classes import AFFORDANCE_NAMES, CLASS_NAMES, CLASSES, MUSEUM_CLASSES, affordance_bits
from envs.contract import Act, EntityColumn
from envs.generate import FAMILIES, generate
from envs.palette import COLORS, FLOOR_COLORS, PERSON_COLORS, WALL_COLORS
from envs.scene import SceneError, load_scene
from envs.scene_checks import find_problems
from envs.scene_file import dump_scene, parse_scene, read_scene, written_scenes
from envs.suggest import did_you_mean

KNOWN = (*written_scenes(), *(f"{family}:SEED" for family in FAMILIES))

GOOD = """\
name: small
places:
  - {id: amber, name: the amber hall, floor: [0, 0, 4, 3]}
  - id: cedar
    name: the cedar room
    floor: [4, 0, 8, 3]
doors:
  - id: door_1
    between: [amber, cedar]
    position: [4, 1.5]
    state: closed
objects:
  - {id: vase_1, class: vase, color: red, position: [0.5, 0.5]}
  - id: radio_1
    class: radio
    color: blue
    position: [6, 2.5]
    on: true
    sound: music
    sounding: true
people:
  - id: guide
    name: the guide
    role: guide
    position: [2, 2.5]
    facts:
      - {about: concert, where: cedar}
topics:
  - {id: concert, name: the concert}
spawns:
  - {position: [2, 1.5]}
"""


def test_a_good_file_is_read_with_its_defaults():
    scene = parse_scene(GOOD, "small.yaml")
    assert scene.map == "known"
    assert scene.thing_ids() == (
        "amber",
        "cedar",
        "door_1",
        "vase_1",
        "radio_1",
        "guide",
        "concert",
    )
    assert scene.objects[1].on
    assert scene.objects[0].name == "the vase"
    assert list(scene.places[1].polygon) == [(4, 0), (8, 0), (8, 3), (4, 3)]
    for thing, place in {"vase_1": "amber", "radio_1": "cedar", "guide": "amber",
                         "concert": "cedar"}.items():  # fmt: skip
        found = scene.place_of(thing)
        assert found is not None
        assert found.id == place
    assert scene.place_of("nobody") is None
    assert hash(scene) == hash(parse_scene(GOOD, "small.yaml"))


ERRORS = {
    # what is replaced, by what, and what the error says
    "unknown field": (
        "color: blue", "colour: blue",
        "scene.yaml:16: field 'objects[1].colour': unknown field, did you mean 'color'?",
    ),
    "unknown field at the top": (
        "name: small", "name: small\nplases: []",
        "scene.yaml:2: field 'plases': unknown field, did you mean 'places'?",
    ),
    "unknown field in a fact": (
        "where: cedar", "were: cedar",
        "scene.yaml:27: field 'people[0].facts[0].were': unknown field, did you mean 'where'?",
    ),
    "nothing alike": (
        "    on: true", "    zzz: true",
        "scene.yaml:18: field 'objects[1].zzz': unknown field, known are id, class, color, "
        "position, yaw_degrees, size, affordances, heavy, on, sound, sounding, sounds_from, "
        "sounds_until, open, key, inside, upon, powers, sign, text, mentions, path, speed.",
    ),
    "missing field": (
        "    class: radio\n", "",
        "scene.yaml:14: field 'objects[1].class': is missing: add it.",
    ),
    "missing spawns": (
        "spawns:\n  - {position: [2, 1.5]}\n", "",
        "scene.yaml:1: field 'spawns': is missing: add it.",
    ),
    "no spawn": (
        "spawns:\n  - {position: [2, 1.5]}\n", "spawns: []\n",
        "scene.yaml:30: field 'spawns': must have at least 1 entry: add one.",
    ),
    "the only spawn is wrong": (
        "position: [2, 1.5]", "position: [two, 1.5]",
        "scene.yaml:31: field 'spawns[0].position[0]': must be a number, not 'two'.",
    ),
    "a choice": (
        "state: closed", "state: close",
        "scene.yaml:11: field 'doors[0].state': 'close' is not possible, did you mean 'closed'?",
    ),
    "no number": (
        "floor: [4, 0, 8, 3]", "floor: [4, 0, eight, 3]",
        "scene.yaml:6: field 'places[1].floor[2]': must be a number, not 'eight'.",
    ),
    "not finite": (
        "floor: [4, 0, 8, 3]", "floor: [4, 0, .inf, 3]",
        "scene.yaml:6: field 'places[1].floor[2]': must be an ordinary number, not inf.",
    ),
    "list too short": (
        "floor: [4, 0, 8, 3]", "floor: [4, 0, 8]",
        "scene.yaml:6: field 'places[1].floor[3]': "
        "the list is too short: value number 4 is missing.",
    ),
    "list too long": (
        "floor: [4, 0, 8, 3]", "floor: [4, 0, 8, 3, 5]",
        "scene.yaml:6: field 'places[1].floor': must have at most 4 values, not 5.",
    ),
    "no list": (
        "floor: [4, 0, 8, 3]", "floor: large",
        "scene.yaml:6: field 'places[1].floor': must be a list, not 'large'.",
    ),
    "no text": (
        "name: the cedar room", "name: 7",
        "scene.yaml:5: field 'places[1].name': must be text, not 7: put it in quotes.",
    ),
    "empty text": (
        "name: the cedar room", "name: ''",
        "scene.yaml:5: field 'places[1].name': must not be empty.",
    ),
    "no truth value": (
        "on: true", "on: perhaps",
        "scene.yaml:18: field 'objects[1].on': must be true or false, not 'perhaps'.",
    ),
    "no id": (
        "id: radio_1", "id: radio 1",
        "scene.yaml:14: field 'objects[1].id': 'radio 1' is no id: begin with a letter and use "
        "letters, digits and _ only.",
    ),
    "not fields": (
        "  - {id: concert, name: the concert}", "  - the concert",
        "scene.yaml:29: field 'topics[0]': must be fields (id, name), not 'the concert'.",
    ),
    "too small": (
        "    state: closed", "    width: 0.1",
        "scene.yaml:11: field 'doors[0].width': must be at least 0.8, not 0.1.",
    ),
    "too large": (
        "name: small", "name: small\nheight: 20",
        "scene.yaml:2: field 'height': must be at most 10.0, not 20.",
    ),
    "not above": (
        "    role: guide", "    role: guide\n    tells_every: 0",
        "scene.yaml:25: field 'people[0].tells_every': must be more than 0.0, not 0.",
    ),
    "no colour value": (
        "name: small", "name: small\nfloor_color: [1.5, 0, 0]",
        "scene.yaml:2: field 'floor_color[0]': must be a whole number, not 1.5.",
    ),
    "field twice": (
        "    color: blue", "    color: blue\n    color: red",
        "scene.yaml:17: field 'objects[1].color': is there twice: leave one out.",
    ),
    "id twice": (
        "id: radio_1", "id: vase_1",
        "scene.yaml:14: field 'objects[1].id': 'vase_1' is the id of objects[0] already: "
        "choose another.",
    ),
    "name twice": (
        "name: the cedar room", "name: the Amber hall",
        "scene.yaml:5: field 'places[1].name': 'the Amber hall' is the name of places[0] already: "
        "choose another.",
    ),
    "door to nowhere": (
        "between: [amber, cedar]", "between: [amber, ceder]",
        "scene.yaml:9: field 'doors[0].between[1]': no place has the id 'ceder', "
        "did you mean 'cedar'?",
    ),
    "door to itself": (
        "between: [amber, cedar]", "between: [amber, amber]",
        "scene.yaml:9: field 'doors[0].between': name two different places.",
    ),
    "fact about nothing": (
        "about: concert", "about: consert",
        "scene.yaml:27: field 'people[0].facts[0].about': no object, person or topic has the id "
        "'consert', did you mean 'concert'?",
    ),
    "fact about nowhere": (
        "where: cedar", "where: attic",
        "scene.yaml:27: field 'people[0].facts[0].where': no place has the id 'attic', "
        "known are amber, cedar.",
    ),
    "unknown class": (
        "class: radio", "class: radios",
        "scene.yaml:15: field 'objects[1].class': unknown class 'radios', did you mean 'radio'?",
    ),
    "unknown color": (
        "color: blue", "color: bleu",
        "scene.yaml:16: field 'objects[1].color': unknown color 'bleu', did you mean 'blue'?",
    ),
    "unknown sound": (
        "sound: music", "sound: musik",
        "scene.yaml:19: field 'objects[1].sound': unknown sound 'musik', did you mean 'music'?",
    ),
    "unknown affordance": (
        "    on: true", "    affordances: [touch, swich]",
        "scene.yaml:18: field 'objects[1].affordances[1]': unknown affordance 'swich', "
        "did you mean 'switch'?",
    ),
    "silent sound": (
        "    sound: music\n", "",
        "scene.yaml:19: field 'objects[1].sounding': it has no sound: add the field sound.",
    ),
    "crooked object": (
        "    on: true", "    yaw_degrees: 45",
        "scene.yaml:18: field 'objects[1].yaw_degrees': objects stand square: "
        "use 0, 90, 180 or 270, not 45.",
    ),
    "flat object": (
        "    on: true", "    size: [0.5, 0, 0.5]",
        "scene.yaml:18: field 'objects[1].size': each side must be more than 0 and at most 6 m.",
    ),
    "nothing to tell": (
        "    facts:\n      - {about: concert, where: cedar}\n", "    tells_every: 5\n",
        "scene.yaml:26: field 'people[0].tells_every': there are no facts to tell: add facts or "
        "leave this out.",
    ),
    "inside-out floor": (
        "floor: [4, 0, 8, 3]", "floor: [4, 3, 8, 0]",
        "scene.yaml:6: field 'places[1].floor': must be [x0, z0, x1, z1] with x1 and z1 at least "
        "1 m beyond x0 and z0.",
    ),
    "overlapping places": (
        "floor: [4, 0, 8, 3]", "floor: [3.5, 0, 8, 3]",
        "scene.yaml:6: field 'places[1].floor': overlaps with the floor of 'amber': places may "
        "share edges only.",
    ),
    "endless scene": (
        "floor: [4, 0, 8, 3]", "floor: [4, 0, 800, 3]",
        "scene.yaml:2: field 'places': the scene is 800 m wide: keep it within 100 m.",
    ),
    "no shared edge": (
        "floor: [4, 0, 8, 3]", "floor: [4.5, 0, 8, 3]",
        "scene.yaml:9: field 'doors[0].between': 'amber' and 'cedar' share no edge: make their "
        "floors touch or name other places.",
    ),
    "door off the edge": (
        "position: [4, 1.5]", "position: [3, 1.5]",
        "scene.yaml:10: field 'doors[0].position': is not on the edge that 'amber' and 'cedar' "
        "share: use x = 4 and z from 0.56 to 2.44.",
    ),
    "door in a corner": (
        "position: [4, 1.5]", "position: [4, 0.25]",
        "scene.yaml:10: field 'doors[0].position': is not on the edge that 'amber' and 'cedar' "
        "share: use x = 4 and z from 0.56 to 2.44.",
    ),
    "door too wide": (
        "    state: closed", "    width: 3",
        "scene.yaml:11: field 'doors[0].width': a door 3 m wide does not fit on the edge of 3 m "
        "that 'amber' and 'cedar' share: make it narrower.",
    ),
    "doors overlap": (
        "    state: closed",
        "    state: closed\n  - {id: door_2, between: [cedar, amber], position: [4, 2]}",
        "scene.yaml:12: field 'doors[1].position': overlaps with door 'door_1': move them apart.",
    ),
    "outside": (
        "position: [6, 2.5]", "position: [9, 2.5]",
        "scene.yaml:17: field 'objects[1].position': is in no place: put it on a floor.",
    ),
    "in the wall": (
        "position: [6, 2.5]", "position: [6, 2.9]",
        "scene.yaml:17: field 'objects[1].position': is in a wall of 'cedar': use x from 4.29 to "
        "7.71 and z from 0.21 to 2.79.",
    ),
    "objects overlap": (
        "position: [6, 2.5]", "position: [0.6, 0.5]",
        "scene.yaml:17: field 'objects[1].position': overlaps with 'vase_1': move them apart.",
    ),
    "person in an object": (
        "position: [2, 2.5]", "position: [6.1, 2.5]",
        "scene.yaml:25: field 'people[0].position': overlaps with 'radio_1': move them apart.",
    ),
    "spawn in an object": (
        "position: [2, 1.5]", "position: [0.6, 0.5]",
        "scene.yaml:31: field 'spawns[0].position': overlaps with 'vase_1': move them apart.",
    ),
    "in the doorway": (
        "position: [6, 2.5]", "position: [4.4, 1.5]",
        "scene.yaml:17: field 'objects[1].position': blocks the doorway of door 'door_1': "
        "move it away.",
    ),
    "locked in": (
        "state: closed", "state: locked",
        "scene.yaml:4: field 'places[1]': 'cedar' cannot be reached from spawns[0]: add a door "
        "that is not locked or clear the way.",
    ),
    "no room to start": (
        "position: [2, 1.5]", "position: [0.9, 0.5]",
        "scene.yaml:31: field 'spawns[0].position': a body of 0.44 m does not fit here: give it "
        "more room.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), ERRORS.values(), ids=ERRORS.keys())
def test_each_mistake_is_one_sentence_with_line_and_cure(old, new, sentence):
    assert old in GOOD
    with pytest.raises(SceneError) as caught:
        parse_scene(GOOD.replace(old, new, 1), "scene.yaml")
    assert caught.value.problems == (sentence,)


BEHIND_SOMETHING = (
    ("[7, 0.5]", "  - {position: [6, 2.2]}\n",
     "'spawns[1].position': a body cannot get there from spawns[0]: move it or clear the way."),
    ("[6, 2.5]", "",
     "'objects[1].position': a body cannot get within 1 m of it from spawns[0]: move it or "
     "clear the way."),
)  # fmt: skip


@pytest.mark.parametrize(("radio", "more", "sentence"), BEHIND_SOMETHING)
def test_what_is_behind_something_is_reported(radio, more, sentence):
    """A bench from wall to wall cuts off the far end of the cedar room."""
    bench = "  - {id: bench, class: bench, color: red, position: [6, 1.4], size: [3, 1, 0.3]}\n"
    text = GOOD.replace("people:\n", bench + "people:\n").replace("[4, 1.5]", "[4, 0.75]")
    text = text.replace("[6, 2.5]", radio)
    with pytest.raises(SceneError) as caught:
        parse_scene(text + more, "scene.yaml")
    assert [problem.split("field ")[1] for problem in caught.value.problems] == [sentence]


def test_mutilated_files_are_read_or_refused_in_sentences():
    draw = random.Random(5)
    scraps = ("[", "}", ":", "\n", "- ", "null", "1e999", "-1", ".nan", "true", '"', "&a", "*a",
              "? ", "!!set {}", "9" * 400, "\t", "amber", "<<: 1")  # fmt: skip
    for _ in range(150):
        start = draw.randrange(len(GOOD))
        end = min(len(GOOD), start + draw.randrange(12))
        text = GOOD[:start] + draw.choice(("", *scraps)) + GOOD[end:]
        try:
            parse_scene(text, "scene.yaml")
        except SceneError as error:
            for problem in error.problems:
                assert re.fullmatch(r"scene\.yaml:\d+: .+[.?]", problem)


TOO_MANY = {
    # after which line what is added, and what the error says
    "things": (
        "topics:\n", "".join(f"  - {{id: t{n}, name: topic {n}}}\n" for n in range(400)),
        "scene.yaml:1: the scene has 407 things, and a scene can have 400: leave some out."),
    "places": (
        "places:\n", "".join(f"  - {{id: p{n}, name: place {n}, floor: [{n}, 3, {n + 1}, 4]}}\n"
                             for n in range(23)),
        "scene.yaml:2: field 'places': the scene has 25 places, and a scene can have 24: leave "
        "some out."),
    "doors": (
        "doors:\n", "".join(f"  - {{id: d{n}, between: [amber, cedar], position: [4, 1]}}\n"
                            for n in range(32)),
        "scene.yaml:7: field 'doors': the scene has 33 doors, and a scene can have 32: leave some "
        "out."),
    "sounds": (
        "objects:\n", "".join(f"  - {{id: c{n}, class: clock, color: red, position: [1, 1], "
                              "sound: tick}\n" for n in range(6)),
        "scene.yaml:12: field 'objects': the scene has 7 objects with a sound, and a scene can "
        "have 6: leave some out."),
    "npcs": (
        "people:\n", "".join(f"  - {{id: n{n}, name: N {n}, role: npc, position: [1, 1]}}\n"
                             for n in range(9)),
        "scene.yaml:21: field 'people': the scene has 9 people of role npc, and a scene can have "
        "8: leave some out."),
}  # fmt: skip


@pytest.mark.parametrize(("old", "more", "sentence"), TOO_MANY.values(), ids=TOO_MANY.keys())
def test_too_many_of_a_kind_are_reported(old, more, sentence):
    with pytest.raises(SceneError) as caught:
        parse_scene(GOOD.replace(old, old + more), "scene.yaml")
    assert caught.value.problems == (sentence,)


def test_all_problems_are_listed_at_once():
    text = GOOD.replace("color: blue", "color: bleu").replace("class: vase", "class: vaze")
    with pytest.raises(SceneError) as caught:
        parse_scene(text, "scene.yaml")
    assert len(caught.value.problems) == 2
    assert str(caught.value).count("\n") == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "s.yaml: the file is empty: a scene needs name, places, spawns."),
        ("# nothing\n", "s.yaml: the file is empty: a scene needs name, places, spawns."),
        ("\n- a\n", "s.yaml:2: a scene is a mapping of fields, not a list: begin with name, "
                    "places, spawns."),
        ("museum", "s.yaml:1: a scene is a mapping of fields, not a single value: begin with name, "
                   "places, spawns."),
        ("name: [a\nb: c\n", "s.yaml:2: this is not YAML: expected ',' or ']', but got ':': check "
         "the colons, brackets and indentation here and above."),
        ("name: a\n\tb: c\n", "s.yaml:2: this is not YAML: "
                              "found character '\\t' that cannot start any token: "
                              "indent with spaces, not tabs."),
        ("name: \x00", "s.yaml:1: this is not YAML: unacceptable character #x0000: special "
                       "characters are not allowed."),
        ("name: !!python/object:os.system x", "s.yaml:1: this is not YAML: could not determine a "
         "constructor for the tag 'tag:yaml.org,2002:python/object:os.system'."),
        ("name: a\nheight: !!int tall\n", "s.yaml:2: this is not YAML: 'tall' is no int."),
        ("name: a\nmap: !!timestamp 2020-99-99\n", "s.yaml:2: this is not YAML: could not "
         "determine a constructor for the tag 'tag:yaml.org,2002:timestamp'."),
        ("a: &x [1]\nb: *x\n", "s.yaml:2: aliases such as *x are not read: write the value out."),
        ("a: 1\nb: " + "[" * 600 + "]" * 600,
         "s.yaml:2: lists are nested too deeply: check the brackets."),
        ("a: 1\n---\nb: 2\n", "s.yaml:2: this is not YAML: but found another document."),
        ("name: a\n? [b]\n: c\n", "s.yaml:2: a field's name must be text, such as name: value."),
    ],
)  # fmt: skip
def test_what_is_no_scene_at_all_is_one_clear_sentence(text, sentence):
    with pytest.raises(SceneError) as caught:
        parse_scene(text, "s.yaml")
    assert caught.value.problems == (sentence,)


@pytest.mark.parametrize("text", ["[" * 50_000, "[\n" * 50_000, '{"a":' * 50_000, "- " * 50_000])
def test_brackets_by_the_thousand_are_refused_at_once(text):
    before = time.process_time()
    with pytest.raises(SceneError, match=r"s\.yaml:\d+: lists are nested too deeply: check the"):
        parse_scene(text, "s.yaml")
    assert time.process_time() - before < 1.0


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("musem", "No scene is called 'musem': did you mean 'museum'?"),
        ("zzz", f"No scene is called 'zzz': known are {', '.join(KNOWN)}. "
                "A file is named with its ending, such as zzz.yaml."),
        ("", f"A scene needs a name: known are {', '.join(written_scenes())}."),
        ("museum:abc", "The seed of scene 'museum:abc' must be a whole number, such as museum:7."),
        ("museum:-3", "A scene's seed must be 0 or more, not -3: write museum:3."),
        ("musium:3", "No family of scenes is called 'musium': did you mean 'museum'?"),
        ("no/such.yaml", "no/such.yaml: there is no such file: check the path."),
    ],
)  # fmt: skip
def test_unknown_names_say_what_is_known(name, sentence):
    with pytest.raises(SceneError) as caught:
        load_scene(name)
    assert caught.value.problems == (sentence,)


def test_a_directory_or_a_binary_file_is_refused(tmp_path: Path):
    with pytest.raises(SceneError, match="this is a directory: name a scene file in it"):
        load_scene(tmp_path)
    picture = tmp_path / "picture.yaml"
    picture.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(SceneError, match="this is not UTF-8 text: save the scene as UTF-8 YAML"):
        load_scene(str(picture))


def test_a_file_is_loaded_by_its_path(tmp_path: Path):
    path = tmp_path / "small.yaml"
    path.write_text(GOOD)
    assert load_scene(path) == load_scene(str(path)) == read_scene(path)
    path.write_text(GOOD.replace("color: blue", "colour: blue"))
    with pytest.raises(SceneError, match=r"small.yaml:16: field 'objects\[1\].colour'"):
        load_scene(path)


def test_the_written_museum_is_valid_and_rich():
    assert "museum" in written_scenes()
    scene = load_scene("museum")
    assert len(scene.places) == 7
    assert len(scene.objects) >= 14
    assert [person.role for person in scene.people] == ["guide", "visitor", "visitor"]
    assert len(scene.topics) == 2
    assert len(scene.spawns) >= 4
    vases = [thing for thing in scene.objects if thing.class_name == "vase"]
    assert len({vase.color for vase in vases}) == len(vases) >= 4


@pytest.mark.parametrize("name", ["museum", "museum:7", "museum:2000001"])
def test_a_scene_survives_a_file(name):
    scene = load_scene(name)
    assert parse_scene(dump_scene(scene), name) == scene


def test_names_and_seeds_do_not_meet():
    assert load_scene("museum") != load_scene("museum:0")
    assert load_scene("museum:7") == generate("museum", 7)
    assert load_scene("museum:1") != load_scene("museum:1000001") != load_scene("museum:2000001")


def test_scenes_made_in_python_are_checked_by_the_same_rules():
    scene = load_scene("museum")
    moved = scene.objects[0].model_copy(update={"position": scene.objects[1].position})
    broken = scene.model_copy(update={"objects": (moved, *scene.objects[1:])})
    assert [problem.at for problem in find_problems(broken)] == [("objects", 1, "position")]


def test_every_class_is_of_usable_size_and_offers_acts():
    assert len(AFFORDANCE_NAMES) == 12 == int(Act.FINISH)
    assert EntityColumn.AFFORDANCE + len(AFFORDANCE_NAMES) == 50
    assert CLASS_NAMES[-2:] == ("door", "person")
    for info in CLASSES.values():
        assert 0.24 <= info.size[0] <= 1.6
        assert 0.16 <= info.size[2] <= 1.6
        assert 0.3 <= info.size[1] <= 4.5
        assert 0 < abs(info.fitting) <= 0.85
        assert {"examine", "touch", "finish"} <= set(info.affordances)
        assert not (info.portable and info.surface)
        assert not info.heavy or info.portable
        if info.container:
            assert {"open", "close"} <= set(info.affordances)
        if info.surface:
            assert "put" in info.affordances
    for name in MUSEUM_CLASSES:
        width, height, depth = CLASSES[name].size
        assert 0.3 <= min(width, depth) <= max(width, depth) <= 0.6
        assert 0.4 <= height <= 1.4
    assert affordance_bits(("take", "finish")) == (0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1)


def test_colours_are_far_apart_and_nothing_else_looks_like_one():
    def distance(one, other):
        return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5

    colors = list(COLORS.values())
    for number, color in enumerate(colors):
        assert all(distance(color, other) > 80 for other in colors[:number])
    clothes = [color for colors_of_role in PERSON_COLORS.values() for color in colors_of_role]
    for muted in (*FLOOR_COLORS, *WALL_COLORS, *clothes):
        assert max(muted) - min(muted) <= 40
        assert all(distance(muted, color) > 80 for color in colors)


def test_suggestions_ignore_case():
    assert did_you_mean("RED", COLORS) == "did you mean 'red'?"
