import numpy as np
import pytest

from agent.checkpoint import CheckpointError, CheckpointHeader, save_checkpoint
from agent.infos import Infos
from agent.metacognition.regulator import Regulator
from agent.mind import POLICY, Mind, Regulation
from agent.modules import fresh_modules
from envs.contract import BRANCH_SIZES, BRANCH_STARTS, MASK_SIZE, Branch
from envs.tasks import make_episode
from envs.world.world import BatchWorld

TASKS = ("named_place", "coloured_object", "ask_then_go")


@pytest.fixture(scope="module")
def moments():
    """Observations and infos of three NPCs for a few decisions of walking."""
    world = BatchWorld(3)
    episodes = [make_episode(task, index) for index, task in enumerate(TASKS)]
    for index, episode in enumerate(episodes):
        world.reset(index, episode)
    found = []
    for decision in range(6):
        observations = {name: array.copy() for name, array in world.observe().items()}
        infos = Infos.empty(3)
        infos.keys = list("abc")
        infos.catalogue = [world.take_catalogue(row) for row in range(3)]
        infos.texts = [world.texts(row) for row in range(3)]
        infos.goals = [episode.npcs[0].instruction for episode in episodes]
        infos.action_mask = world.action_mask().copy()
        infos.restart = np.full(3, decision == 0)
        found.append((observations, infos))
        actions = np.tile([1, 3, 1, 0, 0, 0, 0, 0], (3, 1))
        world.step(actions)
    return found


def pick(moment, rows):
    """Some rows of a moment."""
    observations, infos = moment
    part = Infos(
        keys=[infos.keys[row] for row in rows],
        catalogue=[infos.catalogue[row] for row in rows],
        texts=[infos.texts[row] for row in rows],
        goals=[infos.goals[row] for row in rows],
        action_mask=infos.action_mask[rows],
        restart=infos.restart[rows],
    )
    return {name: array[rows] for name, array in observations.items()}, part


def play(mind, moments, rows=(0, 1, 2)):
    rows = list(rows)
    return np.stack([mind.decide(*pick(moment, rows)).action for moment in moments])


def test_a_decision_has_everything(moments):
    decision = Mind.untrained().decide(*moments[0], attention=True)
    assert decision.action.shape == (3, 8)
    assert decision.action.dtype == np.int64
    assert (decision.action < BRANCH_SIZES).all()
    assert ((decision.competence > 0) & (decision.competence < 1)).all()
    assert decision.strategy == [POLICY] * 3
    assert decision.reason == [""] * 3
    assert decision.attention is not None
    assert decision.attention.A_E.shape[0] == 3


def test_attention_is_not_returned_unasked(moments):
    assert Mind.untrained().decide(*moments[0]).attention is None


def test_masks_are_kept(moments):
    mind = Mind.untrained()
    for observations, infos in moments:
        action = mind.decide(observations, infos).action
        for branch, start in enumerate(BRANCH_STARTS):
            assert infos.action_mask[np.arange(3), start + action[:, branch]].all()


def test_the_same_seed_decides_the_same(moments):
    assert (play(Mind.untrained(seed=1), moments) == play(Mind.untrained(seed=1), moments)).all()


def test_who_else_is_in_the_batch_does_not_matter(moments):
    together = play(Mind.untrained(), moments)
    assert (play(Mind.untrained(), moments, [2, 0]) == together[:, [2, 0]]).all()


def test_the_number_of_rows_may_change(moments):
    mind, together = Mind.untrained(), play(Mind.untrained(), moments)
    for number, moment in enumerate(moments):
        for rows in ([1], [2, 0]):
            action = mind.decide(*pick(moment, rows)).action
            assert (action == together[number, rows]).all()


def test_reset_forgets(moments):
    mind = Mind.untrained()
    mind.decide(*moments[0])
    index = mind.memories.find(["b"])[0]
    assert mind.memories.decisions[index] == 1
    mind.reset(["b", "never met"])
    assert mind.memories.decisions.tolist() == [1, 0, 1]
    assert not mind.memories.belief.nodes[index, :, 0].any()


def test_restart_forgets(moments):
    mind = Mind.untrained()
    first = play(mind, moments)
    assert (play(mind, moments) == first).all()


def test_one_npc_without_a_row_dimension(moments):
    observations, infos = pick(moments[0], [0])
    single = {name: array[0] for name, array in observations.items()}
    info = {
        "catalogue": infos.catalogue[0], "text": infos.texts[0], "goal": infos.goals[0],
        "action_mask": infos.action_mask[0], "npc": "a", "restart": True,
    }  # fmt: skip
    decision = Mind.untrained().decide(single, info)
    assert decision.action.shape == (8,)
    assert (decision.action == Mind.untrained().decide(*moments[0]).action[0]).all()


@pytest.mark.parametrize("sense", ["camera", "audio", "dialogue"])
def test_a_sense_that_is_left_out_has_no_effect(moments, sense):
    observations, infos = moments[0]
    noise = dict(observations)
    noise[sense] = observations[sense].copy()
    noise[sense][...] = 1
    mind, other = Mind.untrained(without=[sense]), Mind.untrained(without=[sense])
    first, second = mind.perceive(observations, infos), other.perceive(noise, infos)
    for name, values in vars(first.inputs).items():
        assert np.array_equal(values, getattr(second.inputs, name)), name


def test_without_the_graph_nothing_out_of_sight_is_known(moments):
    mind = Mind.untrained(without=["graph"])
    view = mind.perceive(*moments[0])
    whole = Mind.untrained().perceive(*moments[0])
    assert view.inputs.node_mask.sum() < whole.inputs.node_mask.sum()


class Stubborn:
    """Metacognition that always stands still."""

    def __init__(self):
        self.forgotten = []

    def reliability(self, indices, observations, percepts):
        return None

    def regulate(self, view, proposal):
        actions = proposal.actions.copy()
        actions[:, Branch.MOVE] = 0
        rows = len(actions)
        return Regulation(actions, np.full(rows, 0.25, np.float32), ["wait"] * rows, ["!"] * rows)

    def forget(self, indices):
        self.forgotten += list(indices)

    def forget_everybody(self):
        pass

    def save(self, index):
        return {}

    def restore(self, index, saved):
        pass


def test_whoever_comes_after_everybody_was_forgotten_begins_at_the_first_place(moments):
    mind = Mind.untrained()
    mind.regulator = regulator = Regulator()
    mind.decide(*moments[0])
    assert len(mind.memories.decisions) == len(regulator.memory.decisions) > 0
    mind.forget_everybody()
    assert len(mind.memories.decisions) == len(regulator.memory.decisions) == 0
    assert mind.memories.find(["new"]).tolist() == [0]


def test_a_regulator_has_the_last_word(moments):
    regulator = Stubborn()
    mind = Mind(*fresh_modules(), regulator)
    decision = mind.decide(*moments[0])
    assert not decision.action[:, Branch.MOVE].any()
    assert decision.strategy == ["wait"] * 3
    assert decision.competence.tolist() == [0.25] * 3
    mind.reset("a")
    assert regulator.forgotten[-1] == 0


def test_metacognition_can_be_left_out(moments):
    mind = Mind(*fresh_modules(), Stubborn(), without=["metacognition"])
    assert mind.decide(*moments[0]).strategy == [POLICY] * 3


def save(path, **config):
    senses, brain = fresh_modules()
    tensors = {f"senses.{name}": value for name, value in senses.state_dict().items()}
    tensors |= {f"brain.{name}": value for name, value in brain.state_dict().items()}
    header = CheckpointHeader(config=brain.config.model_dump() | config)
    save_checkpoint(path, tensors, header)
    return Mind(senses, brain, Mind.load(path).regulator if not config else None)


def test_a_saved_mind_decides_as_before(tmp_path, moments):
    mind = save(tmp_path / "a.safetensors")
    loaded = Mind.load(tmp_path / "a.safetensors")
    assert (play(loaded, moments) == play(mind, moments)).all()


def test_other_features_are_told(tmp_path):
    save(tmp_path / "a.safetensors", node_features=3)
    with pytest.raises(CheckpointError, match="other features of the belief"):
        Mind.load(tmp_path / "a.safetensors")


def test_an_all_false_mask_still_gives_an_action(moments):
    observations, infos = moments[0]
    nothing = Infos(**{**vars(infos), "action_mask": np.zeros((3, MASK_SIZE), np.bool_)})
    assert (Mind.untrained().decide(observations, nothing).action[:, Branch.MOVE] == 0).all()
