"""Recipes: how a brain is made, as a YAML file."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from envs.contract import MAX_ACTION_DELAY
from envs.generate import FAMILIES
from envs.suggest import did_you_mean
from envs.tasks import find_task

RECIPES = Path(__file__).parents[1] / "recipes"


class RecipeError(ValueError):
    """A recipe cannot be used; the message is one sentence with the cure."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Perception(_Part):
    """How the perception heads are taught, before everything else."""

    decisions: int = Field(default=1200, gt=0)
    """Decisions of wandering per world to gather examples."""
    worlds: int = Field(default=48, gt=0)
    color_steps: int = Field(default=3000, gt=0)
    """Batches of 256 for the colour head."""
    sound_steps: int = Field(default=8000, gt=0)
    """Batches of 256 for the sound head."""
    signs_from: int = Field(default=0, ge=0)
    """One scene in so many is of navigation/described_object, where the signs are; 0: none more
    than among the practised tasks."""


class Worlds(_Part):
    """Where the brain practises."""

    families: tuple[str, ...] = ("museum",)
    """Each task is staged in those of them that it can be staged in."""
    tasks: dict[str, float]
    """Task name -> share of its worlds."""
    single: int = Field(default=96, gt=0)
    """Worlds with one NPC."""
    pairs: int = Field(default=16, ge=0)
    """Worlds with two NPCs, for the tasks that need two."""
    delays: dict[int, float] = {0: 1.0}
    """Decisions between an observation and its action -> share of the worlds that have them."""
    seeds: tuple[int, int] = (0, 1_000_000)
    dropped_senses: float = Field(default=0.04, ge=0, le=0.5)
    """Chance per sense that an NPC does without it for an episode that does not need it."""

    @field_validator("tasks")
    @classmethod
    def _known(cls, tasks: dict[str, float]) -> dict[str, float]:
        for name in tasks:
            find_task(name)
        return tasks

    @field_validator("families")
    @classmethod
    def _found(cls, families: tuple[str, ...]) -> tuple[str, ...]:
        for name in families:
            if name not in FAMILIES:
                raise ValueError(f"no family is called '{name}': {did_you_mean(name, FAMILIES)}")
        return families

    @model_validator(mode="after")
    def _stageable(self) -> Worlds:
        for name in self.tasks:
            if not self.families_of(name):
                raise ValueError(
                    f"none of the families {', '.join(self.families)} can stage {name}: its "
                    f"families are {', '.join(find_task(name).families)}"
                )
        return self

    def families_of(self, task: str) -> list[str]:
        """Those of the families that a task can be staged in."""
        return [name for name in self.families if name in find_task(task).families]

    @field_validator("delays")
    @classmethod
    def _allowed(cls, delays: dict[int, float]) -> dict[int, float]:
        if not delays or not all(0 <= delay <= MAX_ACTION_DELAY for delay in delays):
            raise ValueError(f"delays are 0 to {MAX_ACTION_DELAY} decisions")
        return delays


class Imitation(_Part):
    """DAgger: the expert drives at first, then the brain; the expert always says what is right."""

    samples: int = Field(gt=0)
    """Budget: samples to learn from."""
    minutes: float = Field(gt=0)
    """Budget: minutes; training ends with whichever is used up first."""
    steps_per_round: int = Field(default=16, gt=0)
    """Decisions played between two rounds of learning."""
    batches_per_round: int = Field(default=12, gt=0)
    batch: int = Field(default=256, gt=0)
    keep: float = Field(default=0.5, gt=0, le=1)
    """Share of the decisions that are stored."""
    buffer: int = Field(default=120_000, gt=0)
    """Decisions that are remembered; the oldest are overwritten."""
    learning_rate: float = Field(default=8e-4, gt=0)
    weight_decay: float = Field(default=0.01, ge=0)
    clip: float = Field(default=1.0, gt=0)
    """Largest norm of a gradient."""
    expert_only: float = Field(default=0.03, ge=0, le=1)
    """Share of the samples during which only the expert drives."""
    expert_until: float = Field(default=0.15, ge=0, le=1)
    """Share of the samples from which on the brain drives every episode."""
    noise: float = Field(default=0.1, ge=0, le=1)
    """Chance that a move of the driving expert is replaced by a random one."""
    dropped_tokens: float = Field(default=0.05, ge=0, le=1)
    """Chance per sample that its picture, and that its sound, is blank."""

    @model_validator(mode="after")
    def _expert_fades(self) -> Imitation:
        if self.expert_only >= self.expert_until:
            raise ValueError("expert_only must be below expert_until")
        return self


class Recipe(_Part):
    """Everything that makes a brain."""

    name: str
    method: Literal["imitation"] = "imitation"
    seed: int = 0
    start: str | None = None
    """Brain to train on: the name of one that comes with the package, such as "museum", or the path
    of a checkpoint; None: fresh weights."""
    threads: int | None = Field(default=None, gt=0)
    """Threads for playing and learning, None for one per core."""
    perception: Perception | None = Perception()
    """None: the heads stay as those of ``start``."""
    worlds: Worlds
    imitation: Imitation
    checkpoint_minutes: float = Field(default=2.0, gt=0)

    @model_validator(mode="after")
    def _perceives(self) -> Recipe:
        if self.perception is None and self.start is None:
            raise ValueError("without `perception` there must be a brain to `start` from")
        return self


def load_recipe(name: str | Path) -> Recipe:
    """A shipped recipe by name, or one from a YAML file.

    Raises:
        RecipeError: there is no such recipe, or a field of it is wrong.
    """
    path = Path(name)
    if not path.suffix:
        path = RECIPES / f"{name}.yaml"
    if not path.is_file():
        names = sorted(known.stem for known in RECIPES.glob("*.yaml"))
        close = difflib.get_close_matches(str(name), names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names)}."
        raise RecipeError(f"There is no recipe {str(name)!r}: {hint}")
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Recipe.model_validate(data)
    except yaml.YAMLError as error:
        raise RecipeError(f"{path} is not YAML: {' '.join(str(error).split())}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise RecipeError(f"{path}: {field}: {first['msg']}{_cure(first)}") from error


def _cure(error: object) -> str:
    """What to write instead of a field that does not exist."""
    assert isinstance(error, dict)
    if error["type"] != "extra_forbidden":
        return "; correct this field."
    part: type[BaseModel] = Recipe
    for name in error["loc"][:-1]:
        found = part.model_fields[name].annotation
        assert isinstance(found, type)
        part = found
    wrong = str(error["loc"][-1])
    close = difflib.get_close_matches(wrong, list(part.model_fields), n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; the fields here are {', '.join(part.model_fields)}."
