import io
import signal

import numpy as np
import pytest
import yaml
from rich.console import Console

from agent.checkpoint import WEIGHTS, CheckpointError, load_checkpoint
from agent.learning.recipe import RECIPES, load_recipe
from agent.learning.train import Training, TrainingError, train
from agent.mind import Mind


@pytest.fixture(scope="module")
def recipe(tmp_path_factory):
    """The museum's recipe, as small as it can be."""
    data = yaml.safe_load((RECIPES / "museum.yaml").read_text(encoding="utf-8"))
    data["perception"] = {"decisions": 12, "worlds": 4, "color_steps": 2, "sound_steps": 2}
    data["worlds"] |= {"single": 3, "pairs": 1, "delays": {0: 1, 2: 1}, "dropped_senses": 0.3}
    data["imitation"] |= {
        "samples": 32, "minutes": 5, "steps_per_round": 2, "batches_per_round": 1, "batch": 16,
        "buffer": 64,
    }  # fmt: skip
    data["threads"] = 2
    path = tmp_path_factory.mktemp("recipe") / "tiny.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def few_first_lessons(monkeypatch):
    monkeypatch.setattr("agent.learning.train.FIRST_LESSONS", 4)


def quiet():
    return Console(file=io.StringIO())


@pytest.fixture(scope="module")
def finished(recipe, tmp_path_factory):
    runs = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("agent.learning.train.FIRST_LESSONS", 4)
        return runs, train(recipe, "one", runs=runs, console=quiet())


@pytest.mark.parametrize(
    "run_id",
    ["", ".", "..", "../x", "a/b", "/tmp/x", "a\\b", "C:x", "a\nb", "a\0b", "x" * 300, "\udcff"],
)
def test_a_run_id_is_the_name_of_one_folder(recipe, tmp_path, run_id):
    with pytest.raises(TrainingError, match="cannot be the name of a run: give --run-id the name"):
        train(recipe, run_id, runs=tmp_path / "runs", console=quiet())
    assert not list(tmp_path.iterdir())


def test_training_leaves_a_brain_that_decides(finished):
    runs, outcome = finished
    assert outcome.finished
    assert str(outcome.brain) in outcome.message
    mind = Mind.load(outcome.brain)
    assert mind.brain.config.width > 0
    _, header = load_checkpoint(outcome.brain)
    assert header.step == 32
    assert header.extra["recipe"]["name"] == "museum"
    assert list((runs / "one").glob("events.out.tfevents*"))


def test_a_brain_that_comes_along_is_trained_on_by_its_name(recipe, tmp_path):
    """Its perception can stay as it is, and what it lacks is added so that it decides as it did."""
    data = yaml.safe_load(recipe.read_text(encoding="utf-8"))
    on = tmp_path / "on.yaml"
    on.write_text(yaml.safe_dump({**data, "start": "museum", "perception": None}), encoding="utf-8")
    after, _ = load_checkpoint(train(on, "on", runs=tmp_path, console=quiet()).brain)
    before, _ = load_checkpoint(WEIGHTS / "museum.safetensors")
    colors = [name for name in before if name.startswith("senses.color.")]
    assert colors
    for name in colors:
        assert after[name] == pytest.approx(before[name], abs=1e-3)


def test_a_brain_can_be_trained_on(finished, recipe, tmp_path):
    data = yaml.safe_load(recipe.read_text(encoding="utf-8"))
    data["start"] = str(finished[1].brain)
    on = tmp_path / "on.yaml"
    on.write_text(yaml.safe_dump(data), encoding="utf-8")
    training = Training(load_recipe(on), tmp_path / "run", quiet())
    before, _ = load_checkpoint(finished[1].brain)
    for name, value in training.brain.state_dict().items():
        assert np.array_equal(value, before[f"brain.{name}"])
    data["start"] = str(tmp_path / "nothing.safetensors")
    on.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(CheckpointError, match="There is no checkpoint"):
        Training(load_recipe(on), tmp_path / "run", quiet())


def test_a_run_is_not_overwritten(finished, recipe):
    runs, _ = finished
    with pytest.raises(TrainingError, match="add --resume"):
        train(recipe, "one", runs=runs, console=quiet())


def test_nothing_to_resume_is_told(recipe, tmp_path):
    with pytest.raises(TrainingError, match=r"nothing to resume .* begin with `heedful train"):
        train(recipe, "none", resume=True, runs=tmp_path, console=quiet())


def test_a_brain_alone_cannot_be_resumed(finished, recipe, tmp_path):
    _, outcome = finished
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "checkpoint.safetensors").write_bytes(outcome.brain.read_bytes())
    with pytest.raises(CheckpointError, match="without its training"):
        train(recipe, "run", resume=True, runs=tmp_path, console=quiet())


def test_a_damaged_checkpoint_is_told(recipe, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "checkpoint.safetensors").write_bytes(b"garbage" * 10)
    with pytest.raises(CheckpointError, match="damaged"):
        train(recipe, "run", resume=True, runs=tmp_path, console=quiet())


def test_resume_restores_everything_that_learns(finished, recipe):
    runs, _ = finished
    run = Training(load_recipe(recipe), runs / "one", quiet())
    run.restore("")
    before, _ = load_checkpoint(run.checkpoint)
    assert (run.learner.samples, run.learner.steps, run.perceives) == (32, 2, True)
    tensors = run.learner.tensors()
    assert tensors
    for name, value in tensors.items():
        assert np.array_equal(value, before[name]), name
    for name, value in run.brain.state_dict().items():
        assert np.array_equal(value, before[f"brain.{name}"]), name


def test_ctrl_c_saves_and_resume_goes_on(recipe, tmp_path, monkeypatch):
    practise = Training._round

    def press(self, practices, log):
        note = practise(self, practices, log)
        if self.learner.samples:
            signal.raise_signal(signal.SIGINT)
        return note

    monkeypatch.setattr(Training, "_round", press)
    outcome = train(recipe, "run", runs=tmp_path, console=quiet())
    assert not outcome.finished
    assert outcome.message == (
        f"Stopped after 16 samples and saved; go on with: "
        f"heedful train {recipe} --run-id run --resume"
    )
    monkeypatch.setattr(Training, "_round", practise)
    outcome = train(recipe, "run", resume=True, runs=tmp_path, console=quiet())
    assert outcome.finished
    assert load_checkpoint(outcome.brain)[1].step == 32
