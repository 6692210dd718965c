import numpy as np
import pytest

from agent.infos import Infos
from envs.contract import MASK_SIZE, CatalogueEntry, Utterance

ENTRY = CatalogueEntry(1, "add", 5, "place", "the amber hall")
SAID = Utterance(3, 0, True, "the concert is in the amber hall")


def test_infos_pass_through():
    infos = Infos.empty(2)
    assert Infos.of(infos, 2) is infos


def test_of_one_env():
    mask = np.zeros(MASK_SIZE, np.int8)
    mask[0] = 1
    infos = Infos.of(
        {"catalogue": [ENTRY], "text": [SAID], "goal": "go", "action_mask": mask, "npc": "ada"}, 1
    )
    assert infos.keys == ["ada"]
    assert infos.catalogue == [[ENTRY]]
    assert infos.texts == [[SAID]]
    assert infos.goals == ["go"]
    assert infos.action_mask.shape == (1, MASK_SIZE)
    assert infos.action_mask.sum() == 1


def test_of_a_vector_env():
    catalogue = np.empty(2, object)
    catalogue[0], catalogue[1] = [ENTRY], []
    infos = Infos.of(
        {
            "catalogue": catalogue,
            "_catalogue": np.array([True, False]),
            "action_mask": np.ones((2, MASK_SIZE), bool),
        },
        2,
    )
    assert [list(entries) for entries in infos.catalogue] == [[ENTRY], []]
    assert infos.keys == [0, 1]
    assert infos.action_mask.all()


def test_of_one_info_per_row():
    infos = Infos.of([{"restart": True}, {}], 2)
    assert infos.restart.tolist() == [True, False]
    assert infos.goals == ["", ""]


def test_wrong_number_of_rows_is_told():
    with pytest.raises(ValueError, match="infos of 1 NPCs for observations of 2"):
        Infos.of([{}], 2)
