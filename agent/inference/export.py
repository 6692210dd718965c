"""Writes the graphs: ``python -m agent.inference.export`` for those that come with the package.

``python -m agent.inference.export CONFIG FILE`` writes the graph of a brain of other sizes. Beside
each graph lies a JSON file with the names and shapes of the weights that it wants.
"""

from __future__ import annotations

import sys
from pathlib import Path

from agent.inference.brain_graph import write_brain
from agent.inference.graphs import GRAPHS, graph_name
from agent.inference.sense_graphs import HEADS
from agent.network import BrainConfig
from agent.weights_file import new_config


def export_all(folder: Path) -> None:
    """Write the graphs of the perception heads, and of a brain of our own sizes."""
    write_brain(new_config()).keep(folder / graph_name(new_config()))
    for head, write in HEADS.items():
        write().keep(folder / f"{head}.onnx")


def main() -> None:
    """Write the graphs that come with the package, or one of other sizes."""
    if len(sys.argv) == 3:
        write_brain(BrainConfig.model_validate_json(sys.argv[1])).keep(Path(sys.argv[2]))
        return
    export_all(GRAPHS)
    print(f"Graphs written to {GRAPHS}.")


if __name__ == "__main__":
    main()
