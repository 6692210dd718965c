"""Worlds that break the contract in one way each, and what ``check_world`` says of them."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from envs.contract import BRANCH_STARTS, Branch, Reason, Result, SelfColumn
from envs.generate import generate
from envs.goals import NpcGoal, Step, TaskSpec, Verb
from envs.gym_env import HeedfulEnv

MUSEUM = generate("museum", 7)
THING = MUSEUM.objects[0].id
EXAMINE = NpcGoal(steps=(Step(do=Verb.EXAMINE, what=THING),))
SHORT = MUSEUM.model_copy(
    update={"tasks": (TaskSpec(id="examine", npcs=(EXAMINE,), step_limit=50),)}
)
"""Its only task is over soon, so checks that wait for the end are quick."""
SMALL: Any = {"camera_size": 16, "scene": SHORT, "task": "scene/examine"}


class Broken(gymnasium.Wrapper[Any, Any, Any, Any]):
    """One of our worlds with one thing changed."""

    def __init__(self, **mode: Any) -> None:
        super().__init__(HeedfulEnv(**SMALL, **mode))
        self.decision = 0
        self.setup()

    def setup(self) -> None:
        """Change what stays."""

    def change(self, observation: Any, info: Any) -> Any:
        """Change what is shown; returns another observation, or None for the same."""

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        observation, info = self.env.reset(seed=seed, options=options)
        self.decision = 0
        changed = self.change(observation, info)
        return observation if changed is None else changed, info

    def step(self, action: Any) -> Any:
        observation, reward, terminated, truncated, info = self.env.step(action)
        self.decision += 1
        changed = self.change(observation, info)
        return observation if changed is None else changed, reward, terminated, truncated, info


class RaisingAtOnce(Broken):
    def reset(self, **arguments: Any) -> Any:
        raise RuntimeError("no such planet")


class NumberAsFlag(Broken):
    def step(self, action: Any) -> Any:
        observation, reward, terminated, truncated, info = super().step(action)
        return observation, reward, int(terminated), truncated, info


class OtherBranches(Broken):
    def setup(self) -> None:
        self.action_space = spaces.MultiDiscrete([3, 3])


class NoAudioSpace(Broken):
    def setup(self) -> None:
        parts = dict(self.env.observation_space.spaces)  # type: ignore[attr-defined]
        del parts["audio"]
        self.observation_space = spaces.Dict(parts)

    def change(self, observation: Any, info: Any) -> Any:
        del observation["audio"]


class OtherGoalSpace(Broken):
    def setup(self) -> None:
        parts = dict(self.env.observation_space.spaces)  # type: ignore[attr-defined]
        self.observation_space = spaces.Dict(parts | {"goal": spaces.Box(-1, 1, (3,), np.float32)})

    def change(self, observation: Any, info: Any) -> Any:
        observation["goal"] = observation["goal"][:3].clip(-1, 1)


class Wide(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if self.decision == 3:
            observation["audio"] = observation["audio"].astype(np.float64)


class NotFinite(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if self.decision == 4:
            observation["audio"][7] = np.nan


class Listed(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        return list(observation.values()) if self.decision == 2 else None


class Unsaid(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        observation["smell"] = np.zeros(3, np.float32)


class NoMask(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if self.decision == 5:
            del info["action_mask"]


class NoTexts(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info["text"] = None


class AlwaysNew(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info["restart"] = True


class NumberMask(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info["action_mask"] = info["action_mask"].astype(np.int8)


class NothingAllowed(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        start = BRANCH_STARTS[Branch.SAY]
        info["action_mask"][start : start + 8] = False


class NoNames(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info["catalogue"] = []


class Mute(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info["text"] = []

    def reset(self, **arguments: Any) -> Any:
        seen, info = super().reset(**arguments)
        seen["dialogue"][0, 0] = 5
        seen["dialogue_mask"][0] = 1
        return seen, info


class NoGoal(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if self.decision == 0:
            info["goal"] = ""


class OtherGoal(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if self.decision == 0:
            info["goal"] = "drink tea"


class Lenient(Broken):
    """Says that whatever failed was done."""

    def change(self, observation: Any, info: Any) -> Any:
        body = observation["self"]
        if body[SelfColumn.RESULT] == Result.FAILED:
            body[SelfColumn.RESULT], body[SelfColumn.REASON] = Result.DONE, Reason.NONE


class Thief(Broken):
    """What is forbidden still fills the hand."""

    def change(self, observation: Any, info: Any) -> Any:
        if observation["self"][SelfColumn.RESULT] == Result.FAILED:
            observation["self"][SelfColumn.HELD] = observation["self"][SelfColumn.PLACE]


class Ghost(Broken):
    """The body is carried off while it stands."""

    def change(self, observation: Any, info: Any) -> Any:
        observation["self"][SelfColumn.Z] += 0.02 * self.decision


class Strict(Broken):
    """Refuses whatever failed by saying that there was no target."""

    def change(self, observation: Any, info: Any) -> Any:
        if observation["self"][SelfColumn.RESULT] == Result.FAILED:
            observation["self"][SelfColumn.REASON] = Reason.NO_TARGET


class Silent(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        observation["self"][SelfColumn.REASON] = 0


class Wordless(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if observation["self"][SelfColumn.RESULT] == Result.FAILED:
            observation["self"][SelfColumn.REASON] = 40


class Reproachful(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        if observation["self"][SelfColumn.RESULT] != Result.FAILED:
            observation["self"][SelfColumn.REASON] = Reason.REFUSED


class Priceless(Broken):
    def step(self, action: Any) -> Any:
        observation, _, terminated, truncated, info = super().step(action)
        return observation, float("nan"), terminated, truncated, info


class Hasty(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info["success"] = 0.0


class Unmeasured(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        info.pop("spl", None)


class Endless(Broken):
    """Says nothing of the end, and goes on with another episode."""

    def step(self, action: Any) -> Any:
        observation, reward, terminated, truncated, info = self.env.step(action)
        if terminated or truncated:
            observation, info = self.env.reset()
            del info["restart"]
            info["catalogue"] = []
        return observation, reward, False, False, info


class Afterlife(Broken):
    last: Any = None

    def step(self, action: Any) -> Any:
        if self.last is not None:
            return self.last
        answer = super().step(action)
        if answer[2] or answer[3]:
            self.last = answer
        return answer

    def reset(self, **arguments: Any) -> Any:
        self.last = None
        return super().reset(**arguments)


class Shared(Broken):
    def setup(self) -> None:
        self.kept: dict[str, Any] = {}

    def change(self, observation: Any, info: Any) -> Any:
        for name, values in observation.items():
            self.kept.setdefault(name, values.copy())[...] = values
        return dict(self.kept)


DRAWS = np.random.default_rng(0)


class Shaky(Broken):
    def change(self, observation: Any, info: Any) -> Any:
        observation["audio"][0] = DRAWS.random()


class OneEpisode(Broken):
    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        return super().reset(seed=7)


class WrongPicture(Broken):
    def render(self) -> Any:
        frame: Any = self.env.render()
        return frame / 255 if isinstance(frame, np.ndarray) else frame


class ClosedOnce(Broken):
    is_closed = False

    def close(self) -> None:
        assert not self.is_closed, "closed already"
        self.is_closed = True


BROKEN: list[tuple[type[Broken], str, str]] = [
    (RaisingAtOnce, "playing", "It raised RuntimeError: no such planet"),
    (NumberAsFlag, "playing", "At decision 1 'terminated' is 0: it must be True or False."),
    (OtherBranches, "spaces", "The action space of npc is [3, 3]: it must be a MultiDiscrete"),
    (NoAudioSpace, "spaces", "of npc lacks 'audio': it must have float32 (3200,)."),
    (OtherGoalSpace, "spaces", "'goal' in the observation space of npc is float32 (3,): it must"),
    (Wide, "observations",
     "At decision 3: 'audio' is float64 (1, 3200): it must be float32 (1, 3200)."),
    (NotFinite, "observations", "At decision 4: 'audio' has values outside its range, from nan"),
    (Listed, "observations", "At decision 2 the observation is a list: it must be a dict."),
    (Unsaid, "observations", "At decision 0: The observation has 'smell', which its space does"),
    (NoMask, "infos", "At decision 5 the info has no 'action_mask': give it every time."),
    (NoTexts, "infos", "At decision 0 info['text'] is None: it must be a list of contract.Utter"),
    (AlwaysNew, "infos", "At decision 1 info['restart'] is True: it must be True after a reset, "),
    (NumberMask, "masks", "At decision 0: The action mask is int8 (1, 229): it must"),
    (NothingAllowed, "masks", "At decision 0: The mask forbids to do nothing in branch 'say'"),
    (NoNames, "names", "which the catalogue does not name: send its entry with or before it."),
    (Mute, "sentences", "npc has utterances [5] but texts of []: give each the same id."),
    (NoGoal, "goal", "At decision 0 info['goal'] is '': it must be the instruction as text."),
    (OtherGoal, "goal", "does not have the words of the instruction 'drink tea': write envs.words"),
    (Lenient, "forbidden acts", "is 'done', but the mask forbade it one decision earlier"),
    (Thief, "forbidden acts", "which the mask forbade, is all that was tried"),
    (Ghost, "forbidden moves", "At decision 1 the body is 0.02 m from where it was, but 'go', wh"),
    (Strict, "allowed acts", "failed because no target was named, but the mask allowed both"),
    (Silent, "failed acts", "has failed, but REASON in 'self' is 0: say why"),
    (Wordless, "failed acts", "the reason of the last act is 40, for which there are no words"),
    (Reproachful, "failed acts", "(RESULT is 0), but there is a reason: 'the other refused'."),
    (Priceless, "rewards", "At decision 1 the reward is nan: it must be a finite number."),
    (Hasty, "measures", "At decision 0 the info has 'success' although the episode goes on"),
    (Unmeasured, "measures", "the end of the episode, info['spl'] is None: it must be a number"),
    (Endless, "end", "At decision 70 of an episode without an act it had not ended: it must"),
    (Afterlife, "after the end", "A step after the end of the episode, decision 51, went on as"),
    (Shared, "earlier arrays", "that was handed out at decision 0 was written into later: hand"),
    (Shaky, "same seed", "'audio' at decision 0 differs between two episodes with the same seed"),
    (OneEpisode, "other seeds", "The seeds 3 to 6 give the same episode, decision by decision"),
    (WrongPicture, "pictures", "render() in mode 'rgb_array' at decision 0 gave float64 (16"),
    (ClosedOnce, "closing", "The second close raised AssertionError (closed already"),
]  # fmt: skip
"""A world, the only check that it fails, and a part of what is said."""
