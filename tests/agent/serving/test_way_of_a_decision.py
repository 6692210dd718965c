"""The package's description of one decision names what there is."""

import importlib
import re

import agent.serving
from unity_bridge import batch, host, session
from unity_bridge.live import world

BRIDGE = (host, session, world, batch)


def test_every_step_that_the_description_names_is_there():
    steps = re.findall(r"^    (\w*) +(\S.*?)  +\S", agent.serving.__doc__ or "", re.MULTILINE)
    assert len(steps) == 12
    found = 0
    for place, names in steps:
        modules = BRIDGE if place in ("unity_bridge", "") else (
            importlib.import_module(f"agent.serving.{place}"),
        )  # fmt: skip
        for name in names.split(", "):
            owner, part = name.split(".") if "." in name else ("", name)
            holders = [getattr(module, owner, None) if owner else module for module in modules]
            assert any(hasattr(holder, part) for holder in holders), name
            found += 1
    assert found == 18
