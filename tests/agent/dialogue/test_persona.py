"""The name in a persona, and being called by it."""

import pytest

from agent.belief.columns import FactColumn
from agent.belief.state import make_state, restore_row, save_row
from agent.belief.testimony import NPC_TRUST, OVERHEARD, apply_catalogue, apply_utterances
from agent.dialogue.persona import calls_by_name, own_names
from envs.contract import CatalogueEntry, Utterance


@pytest.mark.parametrize(
    ("persona", "names"),
    [
        ("You are Ada Byron, who tends the garden.", ("Ada Byron", "Ada")),
        ("Bo is the guide of the museum. He is kind.", ("Bo",)),
        ("Ada, the gardener", ("Ada",)),
        ("A shy guard named Otto.", ("Otto",)),
        ("My name is Iris and I am kind.", ("Iris",)),
        ("He is old.", ()), ("You are the guard.", ()), ("a gardener", ()), ("", ()),
    ],
)  # fmt: skip
def test_names_of_personas(persona, names):
    assert own_names(persona) == names


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("Ada, go to the red door", True), ("ada: the vase is in the hall", True),
        ("Hey Ada! Where is the vase?", True), ("Ada Byron, come", True),
        ("Ada is in the hall", False), ("Bo, tell Ada, please", False), ("Adam, come", False),
    ],
)  # fmt: skip
def test_being_called(text, called):
    assert calls_by_name(text, "You are Ada Byron.") is called
    assert not calls_by_name(text, "")


@pytest.mark.parametrize(("persona", "factor"), [("You are Ada.", 1.0), ("You are Bo.", OVERHEARD)])
def test_what_is_said_to_ones_name_is_believed_as_said_to_oneself(persona, factor):
    state = make_state(1)
    names = [
        CatalogueEntry(1, "add", 3, "place", "the amber hall"),
        CatalogueEntry(2, "add", 4, "object", "the vase", "vase"),
        CatalogueEntry(3, "add", 5, "npc", "Carl"),
    ]
    apply_catalogue(state, 0, names)
    state.memory[0].persona = persona
    said = Utterance(1, 5, False, "Ada, the vase is in the amber hall")
    apply_utterances(state, 0, [said])
    fact = state.facts[0, 0]
    assert (fact[FactColumn.ABOUT], fact[FactColumn.WHERE]) == (4, 3)
    assert fact[FactColumn.CONFIDENCE] == pytest.approx(NPC_TRUST * factor)
    assert state.memory[0].heard[0].to_me is (factor == 1.0)


def test_a_persona_is_saved_with_the_belief():
    state, other = make_state(1), make_state(1)
    state.memory[0].persona = "You are Ada."
    restore_row(other, 0, save_row(state, 0))
    assert other.memory[0].persona == "You are Ada."
