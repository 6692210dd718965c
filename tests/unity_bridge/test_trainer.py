"""The official trainer, mlagents-learn 1.1.0, with our player; `make test-trainer`.

It wants an environment of its own of 5 GB (Python 3.10, torch 2.1), so it is not made by `make
setup`: tests/peers/make_trainer_env.sh makes it, and MLAGENTS_LEARN says where it is.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LEARN = os.environ.get("MLAGENTS_LEARN", "")
PLAYER = Path(sys.executable).with_name("heedful-player")
RECIPE = """
behaviors:
  Heedful:
    trainer_type: ppo
    hyperparameters: {batch_size: 64, buffer_size: 256, num_epoch: 1}
    network_settings: {hidden_units: 32, num_layers: 1}
    max_steps: 400
    time_horizon: 64
    summary_freq: 200
environment_parameters:
  difficulty:
    sampler_type: uniform
    sampler_parameters: {min_value: 0.0, max_value: 0.5}
  perturbation.camera_noise: 1.0
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path(LEARN).is_file(), reason="MLAGENTS_LEARN names no mlagents-learn")
@pytest.mark.parametrize("environments", [1, 2])
def test_the_official_trainer_trains_on_our_player(tmp_path, environments):
    recipe = tmp_path / "ppo.yaml"
    recipe.write_text(RECIPE, encoding="utf-8")
    done = subprocess.run(
        [
            LEARN, str(recipe), f"--env={PLAYER}", "--run-id=test", "--no-graphics",
            f"--num-envs={environments}", f"--base-port={6500 + 10 * environments}",
            f"--results-dir={tmp_path}", "--timeout-wait=60", "--torch-device=cpu",
        ],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-2000:]
    assert "Heedful. Step: 400" in said, said[-2000:]
    assert (tmp_path / "test" / "Heedful.onnx").is_file()
