"""The contract as C#: ``python -m unity_bridge.package_contract`` writes the package's constants.

The file is checked in; a test fails when it differs from what this module makes of
``envs.contract``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum

from envs import contract
from envs.contract import (
    Act,
    Branch,
    DialogueColumn,
    EntityColumn,
    GoalColumn,
    Kind,
    Look,
    Move,
    Reason,
    Result,
    Say,
    SelfColumn,
)
from envs.world import motion, sound, speech
from envs.world.acts import begin, finish, hands, reach
from envs.world.entities import SIGHT_RANGE
from unity_bridge import channels
from unity_bridge.package_meta import PACKAGE

TARGET = PACKAGE / "Runtime" / "Contract" / "Contract.cs"
BLANK_PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAATUlEQVR4Ae3QAQ0AAADCoPdPbQ8HESgMGDBgwIAB"
    "AwYMGDBgwIABAwYMGDBgwIABAwYMGDBgwIABAwYMGDBgwIABAwYMGDBgwICB94EBMEAAAVx9hPsAAAAASUVORK5C"
    "YII="
)
"""A black 64 x 64 picture, base64; a literal, since packers differ from one machine to the next."""

_ENUMS: tuple[tuple[type[IntEnum], str], ...] = (
    (Move, "Branch move: what the legs do for this decision."),
    (Look, "Branch look: pitch of the camera."),
    (Act, "Branch act: what the hands do with the target; Finish says: done, target is my answer."),
    (Say, "Branch say: the kind of message; its content is (say, about, where) alone."),
    (Branch, "Column of each branch in an action array of 8."),
    (Result, "How the last act went."),
    (Reason, "Why the last act failed (None when it did not)."),
    (Kind, "What sort of thing a slot stands for."),
)
_COLUMNS: tuple[tuple[type[IntEnum], str], ...] = (
    (EntityColumn, "Columns of one row of entities."),
    (DialogueColumn, "Columns of one row of dialogue."),
    (GoalColumn, "Columns of goal."),
    (SelfColumn, "Columns of self."),
)


def make_csharp() -> str:
    """The text of ``Contract.cs``."""
    lines = [
        "// Generated from envs/contract.py by `python -m unity_bridge.package_contract`: "
        "do not edit.",
        "",
        "namespace Heedful",
        "{",
    ]
    for part in (*(_enum(*item) for item in _ENUMS), _turns(),
                 *(_columns(*item) for item in _COLUMNS), _state_columns(),
                 _contract(), _rules(), _channels()):  # fmt: skip
        lines += [f"    {line}" if line else "" for line in part]
        lines.append("")
    lines[-1] = "}"
    return "\n".join(lines) + "\n"


def _enum(enum: type[IntEnum], summary: str) -> Iterator[str]:
    yield from _summary(summary)
    yield f"public enum {enum.__name__}"
    yield "{"
    for member in enum:
        yield f"    {_pascal(member.name)} = {int(member)},"
    yield "}"


def _turns() -> Iterator[str]:
    yield from _summary("Branch turn: degrees per decision, positive to the right.")
    yield "public enum Turn"
    yield "{"
    for index, degrees in enumerate(contract.TURN_DEGREES):
        side = "Left" if degrees < 0 else "Right"
        yield f"    {'None' if degrees == 0 else f'{side}{abs(degrees):g}'} = {index},"
    yield "}"


def _columns(enum: type[IntEnum], summary: str) -> Iterator[str]:
    yield from _summary(summary)
    yield f"public static class {enum.__name__}"
    yield "{"
    for member in enum:
        yield f"    public const int {_pascal(member.name)} = {int(member)};"
    yield "}"


def _state_columns() -> Iterator[str]:
    yield from _summary("State bits of an entity, counted from EntityColumn.State.")
    yield "public static class StateBit"
    yield "{"
    for index, name in enumerate(contract.STATE_NAMES):
        yield f"    public const int {_pascal(name)} = {index};"
    yield "}"


def _contract() -> Iterator[str]:
    integers = {
        "Version": contract.CONTRACT_VERSION,
        "Slots": contract.SLOTS,
        "CameraSize": contract.CAMERA_SIZE,
        "SampleRate": contract.SAMPLE_RATE,
        "EarSamples": contract.EAR_SAMPLES,
        "Ears": contract.EARS,
        "AudioSize": contract.EARS * contract.EAR_SAMPLES,
        "MaxEntities": contract.MAX_ENTITIES,
        "EntitySize": contract.ENTITY_SIZE,
        "MaxUtterances": contract.MAX_UTTERANCES,
        "DialogueSize": contract.DIALOGUE_SIZE,
        "GoalSize": contract.GOAL_SIZE,
        "SelfSize": contract.SELF_SIZE,
        "MaxWords": contract.MAX_WORDS,
        "ClassBagSize": contract.CLASS_BAG_SIZE,
        "TextBagSize": contract.TEXT_BAG_SIZE,
        "MaxActionDelay": contract.MAX_ACTION_DELAY,
        "Branches": len(contract.BRANCHES),
        "MaskSize": contract.MASK_SIZE,
    }
    yield from _summary(f"The contract, version {contract.CONTRACT_VERSION}: every size and name.")
    yield "public static class Contract"
    yield "{"
    yield f'    public const string Hash = "{contract.contract_hash()}";'
    yield f'    public const string BehaviorName = "{contract.BEHAVIOR_NAME}";'
    yield "    /// <summary>A black picture, base64: the camera where there is none.</summary>"
    yield f'    public const string BlankPng = "{BLANK_PNG}";'
    for name, number in integers.items():
        yield f"    public const int {name} = {number};"
    floats = {
        "DecisionSeconds": contract.DECISION_SECONDS,
        "CameraFieldOfView": contract.CAMERA_FIELD_OF_VIEW,
        "EyeHeight": contract.EYE_HEIGHT,
        "BodyRadius": contract.BODY_RADIUS,
        "BodyHeight": contract.BODY_HEIGHT,
    }
    for name, value in floats.items():
        yield f"    public const float {name} = {_float(value)};"
    for field in contract.FIELDS:
        yield f'    public const string {_pascal(field.name)}Sensor = "{field.name}";'
    yield "    /// <summary>Camera pitch for look = down, level, up; radians.</summary>"
    yield _array("float", "LookPitch", (_float(value) for value in contract.LOOK_PITCH))
    yield "    /// <summary>Degrees of each value of branch turn.</summary>"
    yield _array("float", "TurnDegrees", (_float(value) for value in contract.TURN_DEGREES))
    yield _array("int", "BranchSizes", map(str, contract.BRANCH_SIZES))
    yield "    /// <summary>Where each branch begins in a flat action mask.</summary>"
    yield _array("int", "BranchStarts", map(str, contract.BRANCH_STARTS))
    yield _array("string", "BranchNames", (f'"{name}"' for name in contract.BRANCH_NAMES))
    yield "    /// <summary>The action that does nothing, in branch order.</summary>"
    yield _array("int", "NoOp", map(str, contract.NO_OP))
    yield _array("string", "KindNames", (f'"{name}"' for name in contract.KIND_NAMES))
    yield _array("string", "StateNames", (f'"{name}"' for name in contract.STATE_NAMES))
    yield "    /// <summary>A sentence for each Reason.</summary>"
    yield _array("string", "ReasonTexts", (f'"{contract.REASON_TEXT[r]}"' for r in Reason))
    yield "    /// <summary>The sentence of each Say; {about} and {where} are names.</summary>"
    yield _array("string", "Sentences", (f'"{contract.SENTENCES.get(s, "")}"' for s in Say))
    yield "}"


def _rules() -> Iterator[str]:
    """What the headless world does where the contract leaves it to the world."""
    floats = {
        "SightRange": SIGHT_RANGE,
        "Reach": reach.REACH,
        "Earshot": speech.EARSHOT,
        "SpeechMuffle": speech.MUFFLE,
        "SpeechAudible": speech.AUDIBLE,
        "SpeakingSeconds": speech.SPEAKING_DECISIONS * contract.DECISION_SECONDS,
        "WalkSpeed": motion.WALK_SPEED,
        "RunSpeed": motion.RUN_SPEED,
        "BackSpeed": motion.BACK_SPEED,
        "StrafeSpeed": motion.STRAFE_SPEED,
        "JumpSpeed": motion.JUMP_SPEED,
        "Gravity": motion.GRAVITY,
        "CarryForward": finish.CARRY_FORWARD,
        "CarryHeight": finish.CARRY_HEIGHT,
        "Tether": finish.TETHER,
        "PushStep": hands.PUSH_STEP,
        "SoundRange": float(sound.SOUND_RANGE),
        "SoundFadeFrom": float(sound.FADE_FROM),
        "SoundNearest": float(sound.NEAREST),
        "EarDelaySamples": float(sound.EAR_DELAY_SAMPLES),
        "EarLevel": float(sound.EAR_LEVEL),
        "EarLevelDifference": float(sound.EAR_LEVEL_DIFFERENCE),
        "SoundClipFrom": float(sound.CLIP_FROM),
    }
    integers = {
        "FadeSamples": sound.FADE_SAMPLES,
        "MaxWalls": sound.MAX_WALLS,
        "ReadDecisions": begin.READ_DECISIONS,
        "MachineDecisions": begin.MACHINE_DECISIONS,
        "HelpDecisions": hands.HELP_DECISIONS,
        "BriefingId": speech.BRIEFING_ID,
        "TextId": speech.TEXT_ID,
    }
    yield from _summary("Ranges and speeds of the headless world, so that both worlds mean the "
                        "same; metres and seconds.")  # fmt: skip
    yield "public static class WorldRules"
    yield "{"
    for name, value in floats.items():
        yield f"    public const float {name} = {_float(value)};"
    for name, number in integers.items():
        yield f"    public const int {name} = {number};"
    yield "}"


def _channels() -> Iterator[str]:
    yield from _summary("Our side channels: names, and their ids in ML-Agents' framing.")
    yield "public static class ChannelId"
    yield "{"
    for channel, name in channels.OUR_CHANNELS.items():
        yield f'    public const string {_pascal(name)} = "{name}";'
        yield f'    public const string {_pascal(name)}Guid = "{channel}";'
    yield "}"


def _summary(text: str) -> Iterator[str]:
    yield f"/// <summary>{text}</summary>"


def _array(kind: str, name: str, values: Iterable[str]) -> str:
    listed = list(values)
    head = f"    public static readonly {kind}[] {name} ="
    text = f"{head} {{ {', '.join(listed)} }};"
    if len(text) <= 96:
        return text
    rows = "".join(f"\n            {value}," for value in listed)
    return f"{head}\n        {{{rows}\n        }};"


def _float(value: float) -> str:
    return f"{value:.9g}f"


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in re.split("_", name))


def main() -> None:
    """Write the file."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(make_csharp(), encoding="utf-8")


if __name__ == "__main__":
    main()
