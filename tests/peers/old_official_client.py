"""The official mlagents_envs 0.28.0 in our own environment, over our generated messages.

Its generated code does not load on protobuf 4 or newer, so its modules are replaced by ours before
it is imported; everything else of it is as it came. Arguments as for official_client.py.
"""

import sys
from importlib.metadata import files
from pathlib import PurePath
from types import ModuleType

from unity_bridge.protocol import messages


def replace_messages():
    """Register our messages as the modules that it imports its own from."""
    ours = {name: value for name, value in vars(messages).items() if not name.startswith("_")}
    for path in map(PurePath, files("mlagents_envs") or ()):
        if path.name.endswith("_pb2.py"):
            module = ModuleType(".".join(path.with_suffix("").parts))
            vars(module).update(ours)
            sys.modules[module.__name__] = module


if __name__ == "__main__":
    replace_messages()
    from tests.peers.official_client import main

    main(*sys.argv[1:])
