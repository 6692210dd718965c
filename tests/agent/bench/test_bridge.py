"""``heedful bench bridge``: what it plays, and that both clients play it."""

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.console import Console
from typer.testing import CliRunner

from agent.bench import bridge
from agent.bench.bridge_messages import AGENTS, BEHAVIOR, FRAMES, record
from agent.bench.bridge_player import read_messages
from agent.cli_commands import app
from agent.evaluate import EvaluationError
from unity_bridge.protocol import messages

PEER = Path(__file__).parents[3] / bridge.WHERE


def test_the_recording_has_rendered_pictures_of_agents_that_move():
    said = [messages.UnityMessageProto.FromString(data) for data in read_messages(record(True))]
    assert len(said) == 2 + 1 + FRAMES
    pictures = []
    for message in (said[2], said[-1]):
        infos = message.unity_output.rl_output.agentInfos[BEHAVIOR].value
        assert len(infos) == AGENTS
        camera, numbers = infos[0].observations
        assert len(numbers.float_data.data) == 64
        pictures.append(np.asarray(Image.open(io.BytesIO(camera.compressed_data))))
    assert pictures[0].shape == (84, 84, 3)
    assert (pictures[0] != pictures[1]).any()
    assert pictures[1].std() > 5


def test_without_the_official_client_one_sentence_says_how_to_get_it(tmp_path):
    result = CliRunner().invoke(app, ["bench", "bridge", "--peer", str(tmp_path / "python")])
    assert isinstance(result.exception, EvaluationError)
    assert "run make setup" in str(result.exception)


@pytest.mark.peer
@pytest.mark.slow
@pytest.mark.skipif(not PEER.exists(), reason="make setup makes .venv-peer")
def test_both_clients_play_the_recording():
    report = bridge.measure({"ours": Path(sys.executable), "official": PEER}, 3, 3)
    assert {"ratio_cpu_vs_official", "ratio_steps_vs_official", "rows"} <= set(report)
    assert report["ratio_cpu_vs_official"] > 2
    assert report["ratio_steps_vs_official"] > 1.5
    assert report["ratio_steps_vs_official_vectors"] > 1
    console = Console(record=True, width=100)
    bridge.show(console, report)
    assert "times less CPU" in console.export_text()
