"""Brain and senses on ONNX Runtime: the same numbers as torch, and nobody's but one's own."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agent.brain import Brain
from agent.checkpoint import SHIPPED, CheckpointError, CheckpointHeader, save_checkpoint
from agent.inference import OnnxBrain, OnnxSenses
from agent.inference.export import export_all
from agent.inference.graphs import GRAPHS, brain_graph, graph_name, open_session
from agent.mind import Mind
from agent.modules import load_modules
from agent.network import (
    GOAL_WORDS,
    NODE_STEP,
    UTTERANCE_SIZE,
    UTTERANCES,
    BrainConfig,
    BrainInput,
    trim,
)
from agent.senses.heads import Senses
from agent.weights_file import new_config, read_weights
from envs.contract import BRANCHES

ROWS = 16


@pytest.fixture(scope="module")
def weights():
    return read_weights(SHIPPED)


@pytest.fixture(scope="module")
def brain(weights):
    return OnnxBrain.load(weights)


def random_inputs(config, nodes=3 * NODE_STEP, rows=ROWS, used=None):
    random = np.random.default_rng(0)
    mask = random.random((rows, nodes)) < 0.7
    mask[:, used or nodes :] = False
    return BrainInput(
        node_features=random.standard_normal((rows, nodes, config.node_features), np.float32),
        node_words=random.integers(0, 4096, (rows, nodes, 4)),
        node_mask=mask,
        relation=random.integers(0, config.relations, (rows, nodes, nodes)).astype(np.uint8),
        goal=random.integers(0, 4096, (rows, GOAL_WORDS)),
        utterances=random.standard_normal((rows, UTTERANCES, UTTERANCE_SIZE), np.float32),
        body=random.standard_normal((rows, config.body_features), np.float32),
        audio=random.random((rows, 2, 128), np.float32),
        camera=random.integers(0, 256, (rows, 3, 32, 32)).astype(np.uint8),
    )


def rows_of(inputs, rows):
    return BrainInput(**{name: array[rows] for name, array in vars(inputs).items()})


def numbers_of(output, nodes):
    """All numbers of a decision; pointers only up to so many nodes."""
    logits = [output.logits[name][:, : nodes + 1] for name, _ in BRANCHES]
    return [*logits, output.value, output.competence]


def test_the_graphs_are_those_of_this_code(tmp_path):
    export_all(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in GRAPHS.iterdir()}
    for path in tmp_path.iterdir():
        stored = (GRAPHS / path.name).read_bytes()
        assert path.read_bytes() == stored, (
            f"{path.name} is out of date: write it with `python -m agent.inference.export`"
        )


def test_the_brain_says_what_torch_says(weights, brain):
    _, module = load_modules(SHIPPED)
    inputs = random_inputs(weights.config)
    ours, theirs = brain.infer(inputs, attention=True), module.infer(inputs, attention=True)
    for mine, other in zip(numbers_of(ours, 99), numbers_of(theirs, 99), strict=True):
        assert mine == pytest.approx(other, abs=2e-4)
    seen = theirs.attention
    assert ours.attention and seen and np.array_equal(ours.attention.token_mask, seen.token_mask)
    exist = seen.token_mask[:, None, :, None]  # tokens that do not exist read nothing of meaning
    for name, read in (("A_E", exist), ("A_D", True), ("A_E_to_D", True), ("A_D_to_E", exist)):
        mine, other = getattr(ours.attention, name), getattr(seen, name)
        assert np.where(read, mine, 0) == pytest.approx(np.where(read, other, 0), abs=1e-5), name
        assert mine.sum(-1) == pytest.approx(np.ones(mine.shape[:-1]), abs=1e-5), name
    assert ours.attention.tokens == seen.tokens
    assert brain.infer(inputs).attention is None


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 8, 15])
def test_no_row_depends_on_its_batch_mates(weights, brain, rows):
    """To the last bit: other rows, more rows, and rows that know more things."""
    inputs = random_inputs(weights.config, used=NODE_STEP - 3)
    crowd = random_inputs(weights.config, used=3 * NODE_STEP)
    crowd = BrainInput(
        **{
            name: np.concatenate([array[:rows], getattr(crowd, name)[rows:]])
            for name, array in vars(inputs).items()
        }
    )
    alone = trim(rows_of(inputs, slice(0, rows)))
    assert alone.node_mask.shape[1] == NODE_STEP < trim(crowd).node_mask.shape[1]
    together = numbers_of(brain.infer(trim(crowd)), NODE_STEP)
    for mine, shared in zip(numbers_of(brain.infer(alone), NODE_STEP), together, strict=True):
        assert np.array_equal(mine, shared[:rows])


@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize("rows", [12, 16, 33, 64])
def test_threads_do_not_change_a_bit(weights, threads, rows):
    inputs = random_inputs(weights.config, rows=rows)
    for row in range(rows):  # everybody knows another number of things
        inputs.node_mask[row, 1 + row % inputs.node_mask.shape[1] :] = False
    one, more = OnnxBrain.load(weights, 1), OnnxBrain.load(weights, threads)
    for alone, dealt in zip(
        numbers_of(one.infer(inputs), 99), numbers_of(more.infer(inputs), 99), strict=True
    ):
        assert np.array_equal(alone, dealt)


def test_while_the_other_cores_are_busy_one_thread_decides_for_all(weights):
    inputs = random_inputs(weights.config, rows=16)
    one, two = OnnxBrain.load(weights, 1), OnnxBrain.load(weights, 2)
    free = threading.Event()
    assert two._helpers is not None
    two._helpers.submit(free.wait)
    dealt = two.infer(inputs)  # does not wait for the helper
    free.set()
    for alone, mine in zip(numbers_of(one.infer(inputs), 99), numbers_of(dealt, 99), strict=True):
        assert np.array_equal(alone, mine)


def test_who_knows_nothing_decides_too(weights, brain):
    inputs = random_inputs(weights.config, rows=5)
    inputs.node_mask[:] = False
    assert all(np.isfinite(numbers).all() for numbers in numbers_of(brain.infer(inputs), 99))


def test_the_senses_judge_as_torch_does_and_each_alone(weights):
    ours, (theirs, _) = OnnxSenses.load(weights), load_modules(SHIPPED)
    random = np.random.default_rng(0)
    judged = {"judge_color": (112,), "judge_lit": (112,), "judge_sign": (259,)}
    for name, shape in judged.items():
        crops = random.standard_normal((9, *shape)).astype(np.float32)
        found = getattr(ours, name)(crops)
        assert found == pytest.approx(getattr(theirs, name)(crops), abs=1e-4), name
        assert np.array_equal(getattr(ours, name)(crops[:1]), found[:1]), name
    sounds = random.random((9, 2, 64, 10), np.float32)
    for mine, other, alone in zip(
        ours.judge_sound(sounds), theirs.judge_sound(sounds), ours.judge_sound(sounds[:1]),
        strict=True,
    ):  # fmt: skip
        assert mine == pytest.approx(other, abs=1e-4)
        assert np.array_equal(alone, mine[:1])


def save(path: Path, config: BrainConfig) -> Path:
    tensors = {f"senses.{name}": value for name, value in Senses().state_dict().items()}
    tensors |= {f"brain.{name}": value for name, value in Brain(config).state_dict().items()}
    save_checkpoint(path, tensors, CheckpointHeader(config=config.model_dump()))
    return path


def test_a_brain_of_other_sizes_gets_a_graph_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = save(tmp_path / "small.safetensors", new_config().model_copy(update={"width": 16}))
    brain = Mind.load(path).brain
    assert isinstance(brain, OnnxBrain)
    inputs = random_inputs(brain.config, rows=2)
    _, module = load_modules(path)
    ours, theirs = brain.infer(inputs), module.infer(inputs)
    assert ours.logits["move"] == pytest.approx(theirs.logits["move"], abs=1e-4)
    assert [kept.name for kept in (tmp_path / "cache").rglob("*.onnx")] == [
        graph_name(brain.config)
    ]


def test_where_no_graph_can_be_made_that_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    failed = subprocess.CompletedProcess([], 1, "", "ModuleNotFoundError: No module named 'onnx'")
    monkeypatch.setattr("agent.inference.graphs.subprocess.run", lambda *_, **__: failed)
    path = save(tmp_path / "small.safetensors", new_config().model_copy(update={"width": 16}))
    with pytest.raises(CheckpointError, match=r"no graph for a brain .* can be made"):
        Mind.load(path)


def test_weights_that_are_missing_are_told(weights):
    tensors = {name: array for name, array in weights.tensors.items() if ".heads.say" not in name}
    with pytest.raises(CheckpointError, match=r"brain\.heads\.say.* is missing"):
        OnnxBrain.load(replace(weights, tensors=tensors))


NO_TORCH = """
import sys
for name in ("torch", "onnx", "spacy", "transformers", "nltk", "tokenizers"):
    sys.modules[name] = None
import threading

import numpy as np
import agent.cli_commands, agent.commands.server
from agent import Infos, Mind
from agent.serving import Minds
from unity_bridge.host import Host
from agent.serving import blank_observations
minds = Minds(Mind.load())
decision = minds.mind.decide(blank_observations(3), Infos.empty(3), attention=True)
assert decision.action.shape == (3, 8) and decision.attention is not None
"""


def test_serving_needs_neither_torch_nor_a_language_library():
    done = subprocess.run([sys.executable, "-c", NO_TORCH], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_cache_that_cannot_be_written_or_is_damaged_is_one_sentence(tmp_path, monkeypatch):
    config = new_config().model_copy(update={"width": 32})
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(CheckpointError, match="set XDG_CACHE_HOME to a folder"):
        brain_graph(config)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    graph = tmp_path / "heedful" / "graphs" / graph_name(config)
    graph.parent.mkdir(parents=True)
    graph.write_bytes(b"junk")
    for shapes in ("{", "{}"):
        graph.with_suffix(".json").write_text(shapes)
        with pytest.raises(CheckpointError, match="delete it, and it is made anew"):
            open_session(brain_graph(config), {}, "brain", tmp_path)
