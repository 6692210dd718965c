"""Write mlagents_pb2.py and mlagents_pb2.pyi anew from mlagents.proto (``make protocol``).

The generated module gets a descriptor pool of its own: its messages have the names of ML-Agents,
and the default pool of a process that imports ``mlagents_envs`` too holds each name only once.
"""

from __future__ import annotations

import sys
from pathlib import Path

from grpc_tools import protoc

HERE = Path(__file__).resolve().parent
SHARED_POOL = "_descriptor_pool.Default()"
OWN_POOL = "_descriptor_pool.DescriptorPool()"


def generate(target: Path = HERE) -> None:
    """Generate both files into the folder ``target``.

    Raises:
        RuntimeError: when protoc fails or its output no longer looks as expected.
    """
    arguments = ["protoc", f"-I{HERE}", f"--python_out={target}", f"--pyi_out={target}"]
    if protoc.main([*arguments, "mlagents.proto"]) != 0:
        raise RuntimeError("protoc failed: its message above names the line of mlagents.proto")
    module = target / "mlagents_pb2.py"
    code = module.read_text()
    if code.count(SHARED_POOL) != 1:
        raise RuntimeError(
            f"{module} does not name {SHARED_POOL} exactly once: protoc writes other code now, "
            "so change generate.py"
        )
    module.write_text(code.replace(SHARED_POOL, OWN_POOL))


if __name__ == "__main__":
    generate()
    sys.stdout.write(f"wrote {HERE / 'mlagents_pb2.py'} and mlagents_pb2.pyi\n")
