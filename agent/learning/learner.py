"""Steps of imitation on several threads: each takes its own lessons, the gradients are averaged.

Each thread has its own copy of the brain that shares the weights but not the gradients. On two
cores two threads of one torch thread each learn faster than one thread that torch splits in two.
"""

from __future__ import annotations

import copy
import math
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import Tensor

from agent.brain import Brain
from agent.learning.buffer import LessonBuffer, Lessons
from agent.learning.loss import drop_tokens, imitation_loss
from agent.learning.recipe import Imitation

WARM_STEPS = 100
"""Steps over which the learning rate rises from 0."""
LAST_RATE = 0.03
"""Share of the learning rate that is left at the end."""


class Learner:
    """The brain's weights, and how they change.

    Args:
        brain: what learns, in place.
        settings: of the imitation.
        pool: threads to learn on.
        threads: how many of them.
        seed: of the choice of lessons and of the dropped tokens.
    """

    def __init__(
        self, brain: Brain, settings: Imitation, pool: ThreadPoolExecutor, threads: int, seed: int
    ) -> None:
        self.brain, self.settings, self.pool = brain, settings, pool
        self.copies = [copy.deepcopy(brain) for _ in range(threads)]
        for other in self.copies:
            for own, shared in zip(other.parameters(), brain.parameters(), strict=True):
                own.data = shared.data
        self.optimizer = torch.optim.AdamW(
            brain.parameters(),
            settings.learning_rate,
            betas=(0.9, 0.98),
            weight_decay=settings.weight_decay,
        )
        self.random = np.random.default_rng([seed, 1])
        self.generators = [torch.Generator().manual_seed(seed + at) for at in range(threads)]
        self.samples = 0
        """Samples learned from."""
        self.steps = 0

    def learn(self, buffer: LessonBuffer, done: float) -> dict[str, float]:
        """One round of learning; returns the mean of each measure.

        Args:
            buffer: where lessons come from.
            done: share of the budget that is used up, for the learning rate.
        """
        settings, threads = self.settings, len(self.copies)
        share = settings.batch // threads
        lessons = buffer.draw(share, threads * settings.batches_per_round, self.random)
        rate = LAST_RATE + (1 - LAST_RATE) * 0.5 * (1.0 + math.cos(math.pi * min(done, 1.0)))
        totals: dict[str, list[float]] = defaultdict(list)
        for at in range(0, len(lessons), threads):
            warm = min(1.0, (self.steps + 1) / WARM_STEPS)
            for group in self.optimizer.param_groups:
                group["lr"] = settings.learning_rate * rate * warm
            work = zip(self.copies, lessons[at : at + threads], self.generators, strict=True)
            for measures in self.pool.map(lambda part: self._gradient(*part), work):
                for name, value in measures.items():
                    totals[name].append(value)
            self._descend()
            self.samples += share * threads
            self.steps += 1
        return {name: float(np.mean(values)) for name, values in totals.items()}

    def _gradient(
        self, brain: Brain, lessons: Lessons, generator: torch.Generator
    ) -> dict[str, float]:
        """Gradients of one thread's lessons into its copy of the brain."""
        torch.set_num_threads(1)
        lessons.inputs = drop_tokens(lessons.inputs, self.settings.dropped_tokens, generator)
        loss, measures = imitation_loss(brain, lessons)
        brain.zero_grad(set_to_none=True)
        loss.backward()
        return measures

    def _descend(self) -> None:
        """Average the copies' gradients, clip, and take a step."""
        groups = zip(*(other.parameters() for other in self.copies), strict=True)
        for shared, owns in zip(self.brain.parameters(), groups, strict=True):
            gradients = [own.grad for own in owns if own.grad is not None]
            shared.grad = torch.stack(gradients).mean(dim=0) if gradients else None
        torch.nn.utils.clip_grad_norm_(self.brain.parameters(), self.settings.clip)
        self.optimizer.step()

    # -- for checkpoints -------------------------------------------------------------------------

    def tensors(self) -> dict[str, Tensor]:
        """The optimiser's moments and the state of the draws."""
        tensors = {}
        for index, parameter in enumerate(self.brain.parameters()):
            for name, value in self.optimizer.state.get(parameter, {}).items():
                tensors[f"optimizer.{index}.{name}"] = torch.as_tensor(value)
        for at, generator in enumerate(self.generators):
            tensors[f"generator.{at}"] = generator.get_state()
        return tensors

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Go on from what ``tensors`` returned."""
        for index, parameter in enumerate(self.brain.parameters()):
            prefix = f"optimizer.{index}."
            state = {
                name.removeprefix(prefix): value.clone()
                for name, value in tensors.items()
                if name.startswith(prefix)
            }
            if state:
                self.optimizer.state[parameter] = state
        for at, generator in enumerate(self.generators):
            if f"generator.{at}" in tensors:
                generator.set_state(tensors[f"generator.{at}"])
