"""One sentence for each way in which well-formed fields of a scene file do not go together."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from envs import scene_checks
from envs.scene import SceneError
from envs.scene_file import dump_scene, parse_scene
from tests.envs import test_scene

GOOD = """\
name: small
places:
  - {id: amber, name: the amber hall, floor: [0, 0, 5, 4]}
  - {id: cedar, name: the cedar room, floor: [5, 0, 10, 4]}
doors:
  - {id: door_1, between: [amber, cedar], position: [5, 1]}
  - {id: gate_1, between: [amber, cedar], position: [5, 3], kind: gate, state: closed}
objects:
  - {id: key_1, class: key, color: red, upon: table_1}
  - {id: chest_1, class: locker, color: blue, position: [9, 3.5], key: key_1}
  - {id: cup_1, class: cup, color: blue, inside: chest_1}
  - {id: cup_2, class: cup, color: red, position: [1, 0.5]}
  - {id: table_1, class: table, color: green, position: [1, 3.4]}
  - {id: button_1, class: button, color: red, position: [3, 3.7], powers: [gate_1]}
  - {id: note_1, class: note, color: white, position: [3, 0.3], text: Hello, mentions: [cup_1]}
  - {id: radio_1, class: radio, color: red, position: [8, 0.5], sound: hum, sounds_until: 9}
  - {id: crate_1, class: crate, color: white, position: [9, 0.5]}
people:
  - {id: ada, name: Ada, role: clerk, position: [7, 2], path: [[7, 2], [9, 2]],
     facts: [{about: concert, where: cedar}]}
topics:
  - {id: concert, name: the concert}
spawns:
  - {position: [2, 2]}
  - {position: [3, 2]}
tasks:
  - id: fetch
    npcs:
      - one_of: [cup_1, cup_2]
        steps: [{do: take, what: $one}, {do: put, what: $one, where: amber}]
      - steps: [{do: ask, who: ada, what: concert}, {do: enter, what: cedar, after: [[0, 0]]}]
"""

FIRST, SECOND = "tasks[0].npcs[0]", "tasks[0].npcs[1]"
ERRORS = {
    # what is replaced, by what, the field, and what the error says
    "key that is not there": (
        "key: key_1", "key: key_2", "objects[1].key",
        "no object has the id 'key_2', did you mean 'key_1'?"),
    "key that nobody carries": (
        "key: key_1", "key: table_1", "objects[1].key",
        "'table_1' cannot be carried by one alone: name an object that can, such as one of class "
        "key."),
    "no container": (
        "inside: chest_1", "inside: table_1", "objects[2].inside",
        "'table_1' is a table and no container: name one of a class such as box, toolbox, "
        "fridge."),
    "no surface": (
        "upon: table_1", "upon: cup_2", "objects[0].upon",
        "'cup_2' is a cup and no surface: name one of a class such as bench, chest, cabinet."),
    "too large to go in": (
        "inside: chest_1", "inside: chest_1, size: [1, 1, 1]", "objects[2].inside",
        "it is larger than 'chest_1': give it a size or name another."),
    "in and on": (
        "inside: chest_1", "inside: chest_1, upon: table_1", "objects[2].upon",
        "it is inside something already: leave one of them out."),
    "carried to another spot": (
        "inside: chest_1", "inside: chest_1, position: [1, 1]", "objects[2].position",
        "it is where 'chest_1' is, and that one's position counts: leave this out."),
    "powers nothing": (
        "powers: [gate_1]", "powers: [gate_2, gate_1]", "objects[5].powers[0]",
        "no object or door has the id 'gate_2', did you mean 'gate_1'?"),
    "powers what has no switch": (
        "powers: [gate_1]", "powers: [gate_1, cup_2]", "objects[5].powers[1]",
        "'cup_2' cannot be switched on: name something that can, a door or a gate."),
    "gate without a switch": (
        ", powers: [gate_1]", "", "doors[1].kind",
        "nothing opens this gate: add powers: [gate_1] to a button, or use kind: door."),
    "locked gate": (
        "kind: gate, state: closed", "kind: gate, state: locked", "doors[1].state",
        "a gate opens by what powers it, not by a key: use kind: door, or state: closed without a "
        "key."),
    "closed opening": (
        "position: [5, 1]}", "position: [5, 1], kind: opening, state: closed}", "doors[0].state",
        "an opening is always open: leave this out."),
    "barrier that closes": (
        "position: [5, 1]}", "position: [5, 1], kind: barrier, stays_open: 3}",
        "doors[0].stays_open", "a barrier has no leaf: leave this out."),
    "open cup": (
        "position: [1, 0.5]}", "position: [1, 0.5], open: true}", "objects[3].open",
        "a cup is no container: leave this out or use a class such as box, toolbox, fridge."),
    "open and locked": (
        "key: key_1}", "key: key_1, open: true}", "objects[1].open",
        "it starts locked because it has a key: leave one of them out."),
    "switched cup": (
        "position: [1, 0.5]}", "position: [1, 0.5], on: true}", "objects[3].on",
        "a cup cannot be switched on: leave this out."),
    "silent before it sounds": (
        "sounds_until: 9", "sounds_from: 9, sounds_until: 4", "objects[7].sounds_until",
        "must be more than sounds_from, which is 9, not 4."),
    "text on a cup": (
        "position: [1, 0.5]}", "position: [1, 0.5], text: Hi}", "objects[3].text",
        "nothing can be written on a cup: use a class such as note, signpost, book."),
    "mentions without text": (
        "text: Hello, ", "", "objects[6].mentions",
        "there is no text that could mention anything: add the field text."),
    "sign in small letters": (
        "position: [1, 0.5]}", "position: [1, 0.5], sign: ab}", "objects[3].sign",
        "'ab' cannot be drawn: use one to three capital letters and digits."),
    "path through a wall": (
        "[[7, 2], [9, 2]]", "[[7, 2], [3, 2]]", "people[0].path[1]",
        "the way to it leads through a wall or off the floor at (5.20, 2.00): lead it elsewhere."),
    "path of one point": (
        "[[7, 2], [9, 2]]", "[[7, 2]]", "people[0].path",
        "one point is no way: add another."),
    "unknown role": (
        "role: clerk", "role: clark", "people[0].role",
        "'clark' is not possible, did you mean 'clerk'?"),
    "an NPC's id": (
        "id: ada", "id: npc_3", "people[0].id",
        "'npc_3' stands for a controlled NPC in tasks: choose another."),
    "unknown verb": (
        "do: take", "do: tak", f"{FIRST}.steps[0].do",
        "'tak' is not possible, did you mean 'take'?"),
    "step about nothing": (
        "what: concert}", "what: consert}", f"{SECOND}.steps[0].what",
        "nothing has the id 'consert', did you mean 'concert'?"),
    "put into a cup": (
        "where: amber", "where: cup_2", f"{FIRST}.steps[1].where",
        "'cup_2' is not a place, a container or a surface: name one."),
    "name that a verb has no use for": (
        "do: enter, what: cedar", "do: enter, what: cedar, who: ada", f"{SECOND}.steps[1].who",
        "'enter' takes no who: leave this out."),
    "name that a verb needs": (
        "{do: ask, who: ada, what: concert}", "{do: ask, what: concert}",
        f"{SECOND}.steps[0].who", "is missing: 'ask' needs a person."),
    "one of nothing": (
        "who: ada, what: concert", "who: ada, what: $one", f"{SECOND}.steps[0].what",
        "there is nothing that $one could stand for: add one_of."),
    "one of unlike things": (
        "one_of: [cup_1, cup_2]", "one_of: [cup_1, key_1]", f"{FIRST}.one_of",
        "these are of different classes: name things of one class."),
    "waits for what is not there": (
        "after: [[0, 0]]", "after: [[0, 5]]", f"{SECOND}.steps[1].after[0]",
        "npcs[0] has no steps[5]: count from 0 to 1."),
    "waits for itself": (
        "after: [[0, 0]]", "after: [[1, 1]]", f"{SECOND}.steps[1].after",
        "these steps wait for each other: leave one of them out."),
    "asks whoever does not know": (
        "facts: [{about: concert", "facts: [{about: cup_2", f"{SECOND}.steps[0].who",
        "'ada' does not know where 'concert' is: add a fact or ask somebody else."),
    "reach before the end": (
        "{do: ask, who: ada, what: concert}", "{do: reach, what: ada}", f"{SECOND}.steps[0].do",
        "'reach' is for the last step only: use touch or enter here."),
    "too few spawn points": (
        "  - {position: [3, 2]}\n", "", "tasks[0].npcs",
        "2 NPCs need a spawn point each, and the scene has 1: add some."),
    "key in what it unlocks": (
        "color: red, upon: table_1", "color: red, inside: chest_1", "objects[1].key",
        "nobody can get at 'key_1', which unlocks this: put the key elsewhere."),
    "heavy key": (
        "color: red, upon: table_1", "color: red, upon: table_1, heavy: true", "objects[1].key",
        "'key_1' cannot be carried by one alone: name an object that can, such as one of class "
        "key."),
    "heavy thing in a container": (
        "position: [3, 0.3]", "inside: chest_1, heavy: true", "objects[6].inside",
        "it takes two to lift, and two can set it on a floor only: leave this out."),
    "heavy and fixed": (
        "class: table, color: green", "class: table, color: green, heavy: true",
        "objects[4].heavy",
        "nobody can lift it, not even two: leave this out or add take to its affordances."),
    "heavy thing for one": (
        "do: enter, what: cedar", "do: take, what: crate_1", f"{SECOND}.steps[1].what",
        "'crate_1' is not an object that one alone can carry: name one."),
    "lift by one": (
        "do: enter, what: cedar", "do: lift, what: crate_1, where: cedar",
        f"{SECOND}.steps[1].do",
        "it takes two to lift: give this step to two NPCs of the task, not to 1."),
    "too much in a container": (
        "  - {id: cup_2,",
        "".join(f"  - {{id: k{n}, class: key, color: red, inside: chest_1}}\n" for n in range(4))
        + "  - {id: cup_2,", "objects[6].inside",
        "'chest_1' has room for 4 things: put this one elsewhere."),
    "in itself": (
        "color: green, position: [1, 3.4]", "color: green, upon: table_1", "objects[4].upon",
        "it would be inside or upon itself (table_1 in table_1): leave one of them out."),
    "fixed thing in a container": (
        "position: [3, 0.3]", "inside: chest_1, affordances: [examine]", "objects[6].inside",
        "it cannot be carried, so nobody could have put it there: leave this out."),
    "path of what is carried": (
        "position: [3, 0.3]", "inside: chest_1, path: [[1, 1], [2, 1]]", "objects[6].path",
        "it is inside 'chest_1': leave one of them out."),
    "cup that powers": (
        "position: [1, 0.5]}", "position: [1, 0.5], powers: [gate_1]}", "objects[3].powers",
        "a cup cannot be switched on: use a class such as button or lamp."),
    "powers itself": (
        "powers: [gate_1]", "powers: [gate_1, button_1]", "objects[5].powers[1]",
        "it cannot power itself: leave this out."),
    "NPC that knows": (
        "role: clerk, position: [7, 2], path: [[7, 2], [9, 2]]", "role: npc, position: [7, 2]",
        "people[0].facts", "a controlled NPC has a mind of its own: leave this out or choose "
        "another role."),
    "path through a gate": (
        "[[7, 2], [9, 2]]", "[[7, 3], [3, 3]]", "people[0].path[1]",
        "the way to it leads through 'gate_1', which does not let it pass: lead it elsewhere or "
        "open that."),
    "path through a thing": (
        "[[7, 2], [9, 2]]", "[[7, 2], [8, 0.5]]", "people[0].path[1]",
        "the way to it leads through 'radio_1': lead it around that."),
    "path that does not lead back": (
        "[[7, 2], [9, 2]]", "[[6, 0.5], [6, 2], [8.4, 2], [8.4, 0.5]]", "people[0].path[3]",
        "the way back to path[0] leads through 'radio_1': lead it around that."),
    "task twice": (
        "tasks:\n", "tasks:\n  - {id: fetch, npcs: [{steps: [{do: enter, what: amber}]}]}\n",
        "tasks[1].id", "'fetch' is the id of tasks[0] already: choose another."),
    "asks itself": (
        "who: ada, what: concert", "who: npc_1, what: concert", f"{SECOND}.steps[0].who",
        "this is the NPC itself: name somebody else."),
    "NPC for a place": (
        "do: enter, what: cedar", "do: enter, what: npc_0", f"{SECOND}.steps[1].what",
        "'npc_0' is a controlled NPC: name a place."),
    "one of one": (
        "one_of: [cup_1, cup_2]", "one_of: [cup_1, cup_1]", f"{FIRST}.one_of",
        "name two different things at least, each of them once."),
    "one of what is not there": (
        "one_of: [cup_1, cup_2]", "one_of: [cup_1, cup_3]", f"{FIRST}.one_of[1]",
        "no object has the id 'cup_3', did you mean 'cup_2'?"),
    "one of twins": (
        "class: cup, color: red", "class: cup, color: blue", f"{FIRST}.one_of",
        "nothing tells these from each other: give each a color, a sign or a sound of its own."),
    "one of things that no step names": (
        "- steps: [{do: ask", "- one_of: [cup_1, cup_2]\n        steps: [{do: ask",
        f"{SECOND}.one_of", "no step names $one: use it in a step or leave this out."),
    "waits for nobody": (
        "after: [[0, 0]]", "after: [[5, 0]]", f"{SECOND}.steps[1].after[0]",
        "the task has no npcs[5]: count from 0 to 1."),
    "undoes what it did": (
        "{do: ask, who: ada, what: concert}", "{do: open, what: door_1}, {do: close, what: door_1}",
        f"{SECOND}.steps[1].do",
        "undoes steps[0], which must still hold at the end: leave one of them out."),
    "too many mentions": (
        "mentions: [cup_1]", "mentions: [cup_1, cup_2, ada, amber, cedar]", "objects[6].mentions",
        "must have at most 4 values, not 5."),
    "path of too many points": (
        "[[7, 2], [9, 2]]", str([[7, 2], [9, 2]] * 5), "people[0].path",
        "must have at most 8 values, not 10."),
    "powers too much": (
        "powers: [gate_1]", "powers: [gate_1, door_1, radio_1, cup_1, cup_2]",
        "objects[5].powers", "must have at most 4 values, not 5."),
    "told too much before": (
        "      - steps: [{do: ask",
        f"      - knows: {['It is late.'] * 9}\n        steps: [{{do: ask", f"{SECOND}.knows",
        "must have at most 8 values, not 9."),
}  # fmt: skip


TWO_CHANGES: dict[str, tuple[dict[str, str], str, str]] = {
    # what is replaced by what, the field, and what the error says
    "powers a doorway without a leaf": (
        {"position: [5, 1]}": "position: [5, 1], kind: opening}",
         "powers: [gate_1]": "powers: [gate_1, door_1]"},
        "objects[5].powers[1]",
        "'door_1' is of kind opening and has no leaf to open: name a door or a gate."),
    "made heavy by the scene": (
        {"sounds_until: 9": "sounds_until: 9, heavy: true",
         "do: enter, what: cedar": "do: take, what: radio_1"},
        f"{SECOND}.steps[1].what",
        "'radio_1' is not an object that one alone can carry: name one."),
}  # fmt: skip


def test_the_good_scene_is_good_and_survives_a_file():
    scene = parse_scene(GOOD, "s.yaml")
    assert scene.objects[0].position == scene.objects[4].position == (1.0, 3.4)
    assert scene.position_of("key_1") == (1.0, 3.4)
    assert parse_scene(dump_scene(scene), "s.yaml") == scene


def problems_of(text: str) -> list[str]:
    with pytest.raises(SceneError) as caught:
        parse_scene(text, "s.yaml")
    return [problem.split(": ", 1)[1] for problem in caught.value.problems]


@pytest.mark.parametrize(("old", "new", "field", "text"), ERRORS.values(), ids=ERRORS.keys())
def test_each_mistake_names_its_field_and_the_cure(old, new, field, text):
    assert old in GOOD
    assert problems_of(GOOD.replace(old, new, 1)) == [f"field '{field}': {text}"]


@pytest.mark.parametrize(
    ("changes", "field", "text"), TWO_CHANGES.values(), ids=TWO_CHANGES.keys()
)  # fmt: skip
def test_mistakes_of_two_fields_name_one_and_the_cure(changes, field, text):
    scene = GOOD
    for old, new in changes.items():
        assert old in scene
        scene = scene.replace(old, new, 1)
    assert problems_of(scene) == [f"field '{field}': {text}"]


def test_two_may_lift_what_the_scene_has_made_heavy():
    lift = "{do: lift, what: radio_1, where: cedar}"
    scene = GOOD.replace("sounds_until: 9", "sounds_until: 9, heavy: true")
    scene = scene.replace("{do: take, what: $one}", f"{{do: take, what: $one}}, {lift}")
    scene = scene.replace("{do: ask, who: ada, what: concert}", lift)
    assert parse_scene(scene, "s.yaml").objects[7].heavy


def as_pattern(sentence: ast.expr) -> str:
    """A text of the source as a pattern: what is filled in may be anything."""
    if isinstance(sentence, ast.JoinedStr):
        return "".join(map(as_pattern, sentence.values))
    if isinstance(sentence, ast.FormattedValue):
        return ".+"
    assert isinstance(sentence, ast.Constant), f"line {sentence.lineno} is no text"
    return re.escape(str(sentence.value))


def sentences_of_the_checks() -> list[tuple[str, str]]:
    """Where each sentence of ``envs.scene_checks`` stands, and a pattern of it."""
    found: list[tuple[str, ast.expr]] = []
    for path in sorted(Path(scene_checks.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                found.append((path.name, node.args[1]))
            elif isinstance(node, ast.Return) and isinstance(node.value, ast.JoinedStr):
                found.append((path.name, node.value))  # the end of a sentence
    return [(f"{name}:{said.lineno}", as_pattern(said)) for name, said in found]


def test_every_sentence_of_the_checks_has_a_case():
    """When this fails: add a case to ERRORS for the sentence at that line."""
    cases = [case[3] for case in ERRORS.values()] + [case[2] for case in TWO_CHANGES.values()]
    others = test_scene.BEHIND_SOMETHING, test_scene.ERRORS.values(), test_scene.TOO_MANY.values()
    cases += [case[2] for table in others for case in table]
    sentences = sentences_of_the_checks()
    assert len(sentences) > 60
    without = [
        (where, pattern) for where, pattern in sentences
        if not any(re.search(f"{pattern}$", case) for case in cases)
    ]  # fmt: skip
    assert without == []


def test_a_controlled_npc_of_the_scene_may_stand_at_a_spawn_point():
    text = GOOD.replace("topics:", "  - {id: bo, name: Bo, role: npc, position: [2, 2]}\ntopics:")
    assert parse_scene(text, "scene.yaml").people[1].role == "npc"
    with pytest.raises(SceneError, match="overlaps with 'bo'"):
        parse_scene(text.replace("role: npc", "role: clerk"), "scene.yaml")
    with pytest.raises(SceneError, match="is in a wall of 'amber'"):
        parse_scene(text.replace("npc, position: [2, 2]", "npc, position: [2, 0]"), "scene.yaml")
