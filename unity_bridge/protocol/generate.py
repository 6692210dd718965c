"""Write the modules generated from the .proto files anew (``make protocol``).

The generated module of ML-Agents' messages gets a descriptor pool of its own: the default pool of
a process that imports ``mlagents_envs`` too holds each name only once.
"""

from __future__ import annotations

from pathlib import Path

from grpc_tools import protoc

ROOT = Path(__file__).resolve().parents[2]
PROTO = "unity_bridge/protocol/mlagents.proto"
"""Relative to ROOT: the generated classes then know the module that they are in."""
LIVE_PROTO = "unity_bridge/protocol/live.proto"
SHARED_POOL = "_descriptor_pool.Default()"
OWN_POOL = "_descriptor_pool.DescriptorPool()"


def generate(target: Path = ROOT) -> None:
    """Generate the modules into ``unity_bridge/protocol`` of the folder ``target``.

    Raises:
        RuntimeError: when protoc fails or its output no longer looks as expected.
    """
    arguments = [f"-I{ROOT}", f"--python_out={target}", f"--pyi_out={target}", PROTO, LIVE_PROTO]
    if protoc.main(["protoc", *arguments]) != 0:
        raise RuntimeError("protoc failed: its message above names the file and the line")
    module = (target / PROTO).with_name("mlagents_pb2.py")
    code = module.read_text()
    if code.count(SHARED_POOL) != 1:
        raise RuntimeError(
            f"{module} does not name {SHARED_POOL} exactly once: protoc writes other code now, "
            "so change generate.py"
        )
    module.write_text(code.replace(SHARED_POOL, OWN_POOL))


if __name__ == "__main__":
    generate()
    print("wrote mlagents_pb2 and live_pb2")
