"""The deciding side of the agent server: minds behind a host, for any number of worlds."""

from agent.serving.gather import blank_observations, join_infos
from agent.serving.minds import Minds
from agent.serving.options import ServingOptions
from agent.serving.saving import SaveError

__all__ = ["Minds", "SaveError", "ServingOptions", "blank_observations", "join_infos"]
