"""Scene files of the C# package, run under Mono: read, built, exported, checked by us."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from envs.classes import CLASSES, SOUND_NAMES
from envs.contract import SAMPLE_RATE
from envs.scene import WALL_THICKNESS, Scene, load_scene
from envs.scene_checks.things import is_heavy
from envs.scene_file import parse_scene
from envs.scene_json import dump_scene_json
from envs.world.sound_bank import sound_bank
from tests.unity_package.build import build_game, why_not

pytestmark = pytest.mark.skipif(why_not() is not None, reason=why_not() or "")
SCENES = ("museum", "home", "workshop", "city", "museum:7", "city:3")
SOUNDS = ("ring", "beep", "hum", "tick", "music", "buzz", "chime", "whistle")
"""What SceneBuilder has waveforms for."""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A function that calls the game and gives back its lines."""
    program = build_game("3.0.0", Path(__file__).parent / "games" / "scene")

    def call(*arguments):
        done = subprocess.run(["mono", program, *map(str, arguments)], capture_output=True)
        assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
        return done.stdout.decode().splitlines()

    return call


def essence(scene: Scene) -> dict:
    """What an exported scene must have in common with the one that was built."""
    return {
        "places": {p.id: (p.name, p.floor) for p in scene.places},
        "doors": {
            d.id: (frozenset(d.between), d.position, d.width, d.kind, d.state, d.key)
            for d in scene.doors
        },
        "objects": {
            o.id: (
                o.class_name, o.color, scene.position_of(o.id), o.yaw_degrees % 360,
                o.size or CLASSES[o.class_name].size,
                frozenset(o.affordances or CLASSES[o.class_name].affordances), is_heavy(o),
                o.on, o.sound if o.sound in SOUNDS else None, o.open, o.key, o.inside, o.upon,
                o.powers, o.text,
            )
            for o in scene.objects
        },
        "topics": {t.id: t.name for t in scene.topics},
        "people": {
            p.id: (p.name, p.position, p.yaw_degrees % 360)
            for p in scene.people if p.role != "npc"
        },
    }  # fmt: skip


def rounded(value):
    """Numbers to the millimetre, in whatever tuples."""
    if isinstance(value, tuple):
        return tuple(map(rounded, value))
    return round(value, 3) + 0.0 if isinstance(value, float) else value


@pytest.mark.parametrize("name", SCENES)
def test_what_is_built_is_exported_as_it_was(name, run, tmp_path):
    text = dump_scene_json(load_scene(name))
    (tmp_path / "in.json").write_text(text, encoding="utf-8")
    lines = run("build", tmp_path / "in.json", tmp_path / "out.json")
    built = parse_scene(text, "in.json")
    exported = parse_scene((tmp_path / "out.json").read_text(encoding="utf-8"), "out.json")
    things = len(built.thing_ids()) + 2  # two NPCs at the first two starts
    assert {"minds: 2", f"registered: {things}"} <= set(lines)
    assert not [line for line in lines if line.startswith("problem")]
    wanted, found = essence(built), essence(exported)
    for group, things in wanted.items():
        assert found[group].keys() == things.keys()
        for key, thing in things.items():
            assert rounded(found[group][key]) == rounded(thing), key
    npcs = [person.position for person in exported.people if person.role == "npc"]
    starts = [spawn.position for spawn in built.spawns[:2]]
    assert rounded(tuple(npcs)) == rounded(tuple(starts))
    assert [spawn.position for spawn in exported.spawns] == npcs


def test_reading_and_writing_change_nothing(run, tmp_path):
    text = dump_scene_json(load_scene("home"))
    (tmp_path / "in.json").write_text(text, encoding="utf-8")
    run("rewrite", tmp_path / "in.json", tmp_path / "out.json")
    again = parse_scene((tmp_path / "out.json").read_text(encoding="utf-8"), "out.json")
    first = parse_scene(text, "in.json")
    assert essence(again) == essence(first)
    assert [p.facts for p in again.people] == [p.facts for p in first.people]
    assert again.spawns == first.spawns


def test_a_scene_of_an_author_becomes_a_valid_file(run, tmp_path):
    lines = run("hand", tmp_path / "out.json")
    scene = parse_scene((tmp_path / "out.json").read_text(encoding="utf-8"), "out.json")
    problems = [line.removeprefix("problem: ") for line in lines]
    assert problems == [
        "'lost' is left out because it is in no place: put it on the floor of a ScenePlace.",
        "'sword' is a sword, which scene files do not know, so it is written as a vase.",
        "'sword' is turned by 30 degrees, so it is written with 0: objects of scene files stand "
        "square.",
        "The text of 'vase' is left out because nothing can be written on a vase: use a class "
        "such as note, book or signpost.",
    ]
    floors = {place.name: place.floor for place in scene.places}
    assert floors == {"hall": (-2, -2, 2.1, 2), "Shed 1": (2.1, -2, 6.2, 2)}
    (door,) = scene.doors
    assert (door.id, door.position, door.state) == ("Door_1", (2.1, 0.5), "closed")
    assert {person.id: (person.name, person.role) for person in scene.people} == {
        "npc_7": ("Guard", "npc"), "person_8": ("guard 2", "visitor"),
    }  # fmt: skip
    assert [(s.position, s.yaw_degrees) for s in scene.spawns] == [((0, -1), 45)]
    assert scene.objects[0].size == (0.2, 1, 0.2)


def test_what_cannot_be_said_is_said(run, tmp_path):
    lines = run("wrong", tmp_path / "out.json")
    assert {line.removeprefix("problem: ") for line in lines} == {
        "Place 'hall' is no rectangle along the axes, so the rectangle around it is written: "
        "divide it into rectangles if that is not enough.",
        "Place 'hall' is on another floor than 'attic', and scene files have one: export it alone.",
        "Place 'nook' is on another floor than 'attic', and scene files have one: export it alone.",
        "Place 'yard' is on another floor than 'attic', and scene files have one: export it alone.",
        "Door 'hall_attic' is left out because the floors of 'hall' and 'attic' do not touch: let "
        "them end at the same wall.",
        "Door 'hall_nook' is left out because its wall is shorter than 0.8 m: make the wall "
        "longer.",
        "Door 'lone' is left out because it is not between two places: add it to the doorways of a "
        "ScenePlace.",
        "'lamp' hangs in the air, so it is put on the floor: scene files know floors, surfaces and "
        "containers.",
        "The sound of 'lamp' is left out because scene files do not know 'roar': name the clip one "
        f"of {', '.join(SOUND_NAMES)}.",
        "Gate 'gate' is written as a door because nothing opens it: add it to what a button "
        "powers.",
        "The scene has no HeedfulNpc, so the start is in the middle of 'attic': add one where NPCs "
        "may begin.",
    }
    assert run("placeless", tmp_path / "none.json") == [
        "problem: The scene has no ScenePlace, and a scene file needs one: add one to every room."
    ]


def test_walls_stand_on_edges_and_leave_gaps_for_doors(run, tmp_path):
    """Two rooms of 4 x 4 m side by side, a door of 1 m in the wall between; worked out by hand."""
    scene = {
        "name": "two rooms", "height": 2.5,
        "places": [
            {"id": "a", "name": "a", "floor": [0, 0, 4, 4]},
            {"id": "b", "name": "b", "floor": [4, 0, 8, 4]},
        ],
        "doors": [{"id": "d", "between": ["a", "b"], "position": [4, 1.5]}],
        "spawns": [{"position": [2, 2]}],
    }  # fmt: skip
    parse_scene(json.dumps(scene), "two.json")
    (tmp_path / "two.json").write_text(json.dumps(scene))
    boxes = {
        tuple(map(float, line.removeprefix("wall: ").split()))
        for line in run("walls", tmp_path / "two.json")
    }
    t = WALL_THICKNESS
    assert boxes == {
        (4, 1.25, 0, 8, 2.5, t), (4, 1.25, 4, 8, 2.5, t),
        (0, 1.25, 2, t, 2.5, 4), (8, 1.25, 2, t, 2.5, 4),
        (4, 2.3, 1.5, t, 0.4, 1), (4, 1.25, 0.5, t, 2.5, 1), (4, 1.25, 3, t, 2.5, 2),
    }  # fmt: skip


MORE = ": `heedful scene validate FILE.json` says more."
WRONG = {
    "[1, 2]": "The scene is no JSON object: write it by `heedful scene export NAME --out "
    "FILE.json`, with a name that ends in .json.",
    '{"places": []}': f"Field 'name' of the scene is missing{MORE}",
    '{"name": "x", "places": {}}': f"Field 'places' of the scene must be a list{MORE}",
    '{"name": "x", "places": [3]}': "Field 'places[0]' of the scene must be fields in "
    f"braces{MORE}",
    '{"name": "x", "places": [{"id": "a", "name": "a", "floor": [1, 2]}]}': "Field "
    f"'places[0].floor' of the scene must be a list of 4 numbers{MORE}",
    '{"name": "x", "spawns": [{"position": [1, "2"]}]}': "Field 'spawns[0].position' of the scene "
    f"must be a number{MORE}",
    '{"name": "x", "doors": [{"id": "d", "between": ["a"]}]}': "Field 'doors[0].between' of the "
    f"scene must be the ids of two places{MORE}",
    '{"name": "x", "objects": [{"id": "o", "class": 3}]}': "Field 'objects[0].class' of the scene "
    f"must be text{MORE}",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_file_is_answered_by_a_sentence(text, run, tmp_path):
    (tmp_path / "wrong.json").write_text(text)
    assert run("read", tmp_path / "wrong.json") == [f"read: {WRONG[text]}"]


def test_what_a_mind_shows_is_read_and_what_is_wrong_passed_over(run):
    shown = {
        "strategy": "route", "reason": "a door is closed", "competence": 0.25, "later": {"x": []},
        "attention": [[3, 0.5], [99, 1], [1], "no", [4, "x"]], "belief": [[3, 9, 0.75], [1, 2]],
    }  # fmt: skip
    assert run("mind", json.dumps(shown)) == [
        "read: True", "text: route (25 %) / a door is closed", "attends: 3 0.5", "attends: 0 1",
        "believes: 3 9 0.75",
    ]  # fmt: skip
    assert run("mind", "[1]") == ["read: False", "text: "]
    assert run("mind", '{"attention": 3, "strategy": 4}') == ["read: True", "text: "]


def test_subtitles_come_and_go_in_unscaled_time(run):
    assert run("subtitles") == [
        "one: Ada: hello",
        "two: Ada: hello / a voice",
        "most: a voice / Ada: three / Ada: four",
        "after 2 s: a voice / Ada: three / Ada: four",
        "after 3 s: ",
        "off: ",
    ]


def test_doors_switches_and_carriers_work_once_built(run, tmp_path):
    scene = {
        "name": "parts",
        "places": [
            {"id": "a", "name": "a", "floor": [0, 0, 5, 4]},
            {"id": "b", "name": "b", "floor": [5, 0, 9, 4]},
        ],
        "doors": [
            {"id": "d", "between": ["a", "b"], "position": [5, 1], "state": "closed",
             "key": "key_1"},
            {"id": "g", "between": ["a", "b"], "position": [5, 3], "kind": "gate",
             "state": "closed"},
        ],
        "objects": [
            {"id": "key_1", "class": "key", "color": "red", "upon": "table_1"},
            {"id": "table_1", "class": "table", "color": "blue", "position": [1, 3.4]},
            {"id": "radio_1", "class": "radio", "color": "red", "position": [8, 0.5],
             "sound": "hum"},
            {"id": "button_1", "class": "button", "color": "red", "position": [3, 3.7],
             "powers": ["g"]},
            {"id": "note_1", "class": "note", "color": "white", "position": [3, 0.3],
             "text": "Hello"},
        ],
        "spawns": [{"position": [2, 2]}],
    }  # fmt: skip
    parse_scene(json.dumps(scene), "parts.json")
    (tmp_path / "parts.json").write_text(json.dumps(scene))
    assert run("parts", tmp_path / "parts.json") == [
        "leaf of the closed door: True",
        "leaf of the open door: False",
        "key: key_1",
        "radio is off: False",
        "radio is on: True hum",
        "radio is off again: False",
        "key lies on: table_1 at 1 0.74 3.4",
        "powers: g",
        "doorway: b d 5 0 1",
        "note: Hello",
    ]


def test_the_builders_sounds_are_those_of_the_headless_world(run, tmp_path):
    (names,) = run("sounds", tmp_path / "sounds.f32")
    assert names.removeprefix("names: ").split() == list(SOUNDS)
    made = np.fromfile(tmp_path / "sounds.f32", "<f4").reshape(len(SOUNDS), 2 * SAMPLE_RATE)
    for number, name in enumerate(SOUNDS):
        ours, theirs = (spectrum(wave) for wave in (made[number], sound_bank()[number]))
        assert np.dot(ours, theirs) > (0.9 if name in ("tick", "whistle") else 0.98), name
        assert np.sqrt(np.mean(made[number] ** 2)) == pytest.approx(
            np.sqrt(np.mean(sound_bank()[number] ** 2)), rel=0.25
        )


def spectrum(wave):
    """Loudness in bands of 100 Hz, a vector of unit length."""
    power = np.abs(np.fft.rfft(wave)) ** 2
    bands = np.sqrt(power[1:].reshape(-1, 200).sum(1))
    return bands / np.linalg.norm(bands)
