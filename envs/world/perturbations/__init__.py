"""Things that go wrong on purpose, in any mix, chosen by the episode's seed.

What changes the scene is staged before the episode begins (``staging``); what disturbs senses,
actions or the course of things is done while it lasts (``live``).
"""

from envs.world.perturbations.live import Perturber
from envs.world.perturbations.names import PERTURBATIONS, check_perturbations

__all__ = ["PERTURBATIONS", "Perturber", "check_perturbations"]
