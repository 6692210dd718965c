"""Contract arrays <-> ML-Agents messages: observations, action masks, actions, behaviours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from envs.contract import (
    BRANCH_NAMES,
    BRANCH_SIZES,
    CAMERA_SIZE,
    FIELDS,
    MASK_SIZE,
    Field,
)
from unity_bridge.errors import BridgeError, shown
from unity_bridge.packed import read_float_rows, read_floats, write_floats
from unity_bridge.pictures import read_pictures
from unity_bridge.png import decode_png, encode_png
from unity_bridge.protocol import messages

Layout = Literal["CHW", "HWC"]
"""Order of an image's shape: channels first since ML-Agents 3 (Python 1.0), else last."""

MOST_ACTIONS = 65536
"""Continuous numbers and choices of all branches that one agent may have."""
LARGEST_NUMBER = 1e9
"""Metres, seconds, words: nothing that a world measures is larger, and a mind would overflow."""
_DIMENSION_NONE = 1
_DIMENSION_TRANSLATIONAL = 2
_DIMENSION_VARIABLE = 4
_IMAGE_RANK = 3
_LAYOUTS: tuple[Layout, ...] = ("CHW", "HWC")
_FIELDS_BY_NAME = {field.name: field for field in FIELDS}


# ------------------------------------------------------------------------------------ image layout


def layout_of_peer(package_version: str) -> Layout:
    """The image layout that a Python peer expects: ``mlagents_envs`` 0.x wants channels last."""
    return "HWC" if package_version.startswith("0.") else "CHW"


def image_shape(field: Field, layout: Layout) -> tuple[int, int, int]:
    """Shape of an image field (declared channels, height, width) in a layout."""
    channels, height, width = field.shape
    return (channels, height, width) if layout == "CHW" else (height, width, channels)


# ------------------------------------------------------------------------------------ observations


def encode_observations(
    info: messages.AgentInfoProto,
    observations: Mapping[str, NDArray],
    row: int,
    layout: Layout = "CHW",
) -> None:
    """Append the six observations of one row of a batch to an agent's record, in wire order.

    Args:
        info: the record to fill.
        observations: contract arrays ``(rows, ...)``; other keys are ignored.
        row: which row to take.
        layout: order of the camera's shape.
    """
    for field in FIELDS:
        value = observations[field.name][row]
        if value.shape != field.shape:
            raise BridgeError(
                f"observation '{field.name}' has shape {value.shape}, "
                f"the contract says {field.shape}"
            )
        message = info.observations.add(name=field.name)
        if len(field.shape) == _IMAGE_RANK:
            message.shape.extend(image_shape(field, layout))
            message.compression_type = messages.PNG
            message.compressed_data = encode_png(np.ascontiguousarray(value.transpose(1, 2, 0)))
        else:
            message.shape.extend(field.shape)
            message.float_data.MergeFromString(write_floats(value))
        message.dimension_properties.extend(dimension_properties(field, layout))
        if field.goal_signal:
            message.observation_type = messages.GOAL_SIGNAL


def dimension_properties(field: Field, layout: Layout) -> tuple[int, ...]:
    """ML-Agents' flags for each axis of a field, as its trainers ask for."""
    if len(field.shape) == _IMAGE_RANK:
        flags = (_DIMENSION_NONE, _DIMENSION_TRANSLATIONAL, _DIMENSION_TRANSLATIONAL)
        return flags if layout == "CHW" else flags[::-1]
    if field.variable:
        return (_DIMENSION_VARIABLE, _DIMENSION_NONE)
    return (_DIMENSION_NONE,) * len(field.shape)


def decode_observations(infos: Sequence[messages.AgentInfoProto]) -> dict[str, NDArray]:
    """Read agents' records into contract arrays, with the two row masks.

    Args:
        infos: n records; observations beyond the contract's are ignored.

    Returns:
        Name -> ``(n, ...)`` array of the contract's dtype, ``entities_mask`` and ``dialogue_mask``
        int8 ``(n, rows)``.

    Raises:
        BridgeError: when an observation is missing or malformed, in one sentence that names it.
    """
    found = [{message.name: message for message in info.observations} for info in infos]
    batch = {}
    for name, field in _FIELDS_BY_NAME.items():
        for info, by_name in zip(infos, found, strict=True):
            if name not in by_name:
                raise _at_agent(info, name, _missing(by_name))
        observed = [by_name[name] for by_name in found]
        batch[name], left = _decode_usual(observed, field)
        for row in left:
            try:
                batch[name][row] = _decode_field(observed[row], field)
            except BridgeError as error:
                raise _at_agent(infos[row], name, error) from None
    for name, field in _FIELDS_BY_NAME.items():
        value = batch[name]
        if field.dtype == "float32" and not is_measurable(value):
            row = next(row for row in range(len(infos)) if not is_measurable(value[row]))
            raise _at_agent(infos[row], name, tell_unmeasurable(value[row]))
        if field.variable:
            real = np.any(value, axis=2)
            batch[f"{name}_mask"] = np.asarray(real, np.int8)
    return batch


def is_measurable(values: NDArray[np.float32]) -> bool:
    """Whether all numbers are finite and at most ``LARGEST_NUMBER`` either way."""
    return not values.size or bool(max(values.max(), -values.min()) <= LARGEST_NUMBER)


def tell_unmeasurable(values: NDArray[np.float32]) -> str:
    """What is wrong with numbers that are not measurable."""
    if not np.isfinite(values).all():
        return "it holds a number that is not finite"
    largest = values.flat[np.abs(values).argmax()]
    return f"it holds {largest:g}, and no number may be larger than {LARGEST_NUMBER:g} either way"


def _at_agent(info: messages.AgentInfoProto, name: str, what: object) -> BridgeError:
    return BridgeError(f"agent {info.id}, observation '{name}': {what}")


def _missing(found: Mapping[str, object]) -> str:
    names = ", ".join(map(shown, sorted(found)[:20])) or "no observations"
    return f"it is missing (the agent sent {names})"


def _decode_usual(
    observed: Sequence[messages.ObservationProto], field: Field
) -> tuple[NDArray, Sequence[int]]:
    """Read one field of n agents at once, ``(n, *shape)``, and say which rows are left to read."""
    read = _decode_images(observed, field) if len(field.shape) == _IMAGE_RANK else None
    if read is not None:
        return read
    if len(field.shape) != _IMAGE_RANK and have_shape(observed, field.shape, messages.NONE):
        rows = read_float_rows(observed, field.shape)
        if rows is not None:
            return rows, ()
    return np.empty((len(observed), *field.shape), field.dtype), range(len(observed))


def _decode_images(
    observed: Sequence[messages.ObservationProto], field: Field
) -> tuple[NDArray, Sequence[int]] | None:
    """The same of an image; None when they are not all plain PNG files in one of the layouts."""
    if not any(
        have_shape(observed, image_shape(field, layout), messages.PNG) for layout in _LAYOUTS
    ) or any(message.compressed_channel_mapping for message in observed):
        return None
    channels, height, width = field.shape
    files = [message.compressed_data for message in observed]
    read = read_pictures(files, channels, height, width)
    if read is None:
        return None
    pictures, state = read
    return pictures, [int(row) for row in np.flatnonzero(state)]


def have_shape(
    observed: Sequence[messages.ObservationProto],
    shape: tuple[int, ...],
    compression: messages.CompressionTypeProto,
) -> bool:
    """Whether all observations declare this shape and compression."""
    sizes = list(shape)  # a message compares its own with a list, and would have to be made a tuple
    return all(
        message.compression_type == compression and message.shape == sizes for message in observed
    )


def _decode_field(message: messages.ObservationProto, field: Field) -> NDArray:
    shape = tuple(message.shape)
    if len(field.shape) == _IMAGE_RANK:
        return _decode_image(message, field, shape)
    if shape != field.shape:
        raise BridgeError(f"its shape is {shape}, the contract says {field.shape}")
    if message.compression_type != messages.NONE:
        raise BridgeError("it is compressed, the contract says plain floats")
    return read_floats(message, field.shape)


def _decode_image(
    message: messages.ObservationProto, field: Field, shape: tuple[int, ...]
) -> NDArray[np.uint8]:
    layout = next((found for found in _LAYOUTS if shape == image_shape(field, found)), None)
    if layout is None:
        raise BridgeError(f"its shape is {shape}, the contract says {field.shape}")
    if message.compression_type == messages.PNG:
        if list(message.compressed_channel_mapping) not in ([], [0, 1, 2]):
            raise BridgeError("its channels are re-ordered, the contract says plain RGB")
        return decode_png(message.compressed_data, CAMERA_SIZE, CAMERA_SIZE).transpose(2, 0, 1)
    pixels = (
        np.nan_to_num(np.rint(read_floats(message, shape) * 255.0)).clip(0, 255).astype(np.uint8)
    )
    return pixels if layout == "CHW" else pixels.transpose(2, 0, 1)


# ---------------------------------------------------------------------------------- masks, actions


def encode_mask(info: messages.AgentInfoProto, allowed: NDArray[np.bool_]) -> None:
    """Write a flat mask ``(MASK_SIZE,)``, true = allowed, as the wire has it: true = forbidden."""
    info.action_mask.extend((~allowed).tolist())


def decode_masks(infos: Sequence[messages.AgentInfoProto]) -> NDArray[np.bool_]:
    """Masks of n records, ``(n, MASK_SIZE)`` bool, true = allowed; an empty one allows all."""
    allowed = np.ones((len(infos), MASK_SIZE), bool)
    for row, info in enumerate(infos):
        if not info.action_mask:
            continue
        if len(info.action_mask) != MASK_SIZE:
            raise BridgeError(
                f"agent {info.id}: its action mask has {len(info.action_mask)} entries, "
                f"the contract says {MASK_SIZE}"
            )
        np.logical_not(np.array(info.action_mask, bool), out=allowed[row])
    return allowed


def encode_actions(actions: NDArray[np.integer]) -> list[messages.AgentActionProto]:
    """Actions ``(n, 8)`` as messages; the deprecated floats are for players before ML-Agents 2."""
    return [
        messages.AgentActionProto(discrete_actions=action, vector_actions_deprecated=action)
        for action in actions.tolist()
    ]


def decode_actions(actions: Sequence[messages.AgentActionProto]) -> NDArray[np.int64]:
    """Read n actions, ``(n, 8)`` int64, each inside its branch."""
    decoded = np.empty((len(actions), len(BRANCH_SIZES)), np.int64)
    for row, action in enumerate(actions):
        if len(action.discrete_actions) != len(BRANCH_SIZES):
            raise BridgeError(
                f"an action has {len(action.discrete_actions)} branches, "
                f"the contract says {len(BRANCH_SIZES)}: {', '.join(BRANCH_NAMES)}"
            )
        decoded[row] = action.discrete_actions
    outside = (decoded < 0) | (decoded >= np.array(BRANCH_SIZES))
    if outside.any():
        row, branch = np.argwhere(outside)[0]
        raise BridgeError(
            f"an action has {decoded[row, branch]} in branch '{BRANCH_NAMES[branch]}', "
            f"which takes 0 to {BRANCH_SIZES[branch] - 1}"
        )
    return decoded


# -------------------------------------------------------------------------------------- behaviours


def make_brain_parameters(behavior: str) -> messages.BrainParametersProto:
    """The contract's actions as ML-Agents announces a behaviour."""
    return messages.BrainParametersProto(
        brain_name=behavior,
        is_training=True,
        action_spec=messages.ActionSpecProto(
            num_discrete_actions=len(BRANCH_SIZES),
            discrete_branch_sizes=BRANCH_SIZES,
            action_descriptions=BRANCH_NAMES,
        ),
    )


def why_not_ours(brain: messages.BrainParametersProto, info: messages.AgentInfoProto) -> str | None:
    """What keeps a behaviour from speaking the contract, or None when nothing does."""
    spec = brain.action_spec
    if spec.num_continuous_actions or tuple(spec.discrete_branch_sizes) != BRANCH_SIZES:
        return (
            f"its actions are {spec.num_continuous_actions} continuous and discrete branches "
            f"{list(spec.discrete_branch_sizes)[:20]}, the contract's are discrete branches "
            f"{list(BRANCH_SIZES)}"
        )
    found = {message.name for message in info.observations}
    missing = [field for field in FIELDS if field.name not in found]
    if missing:
        names = ", ".join(field.name for field in missing)
        shapes = ", ".join(f"{field.name} {field.dtype} {field.shape}" for field in missing)
        return f"it has no observation named {names}; the contract says {shapes}"
    return None


def why_no_actions(brain: messages.BrainParametersProto) -> str | None:
    """What is wrong with the sizes of a behaviour's actions, or None: nobody has so many."""
    spec = brain.action_spec
    sizes = [
        spec.num_continuous_actions, *spec.discrete_branch_sizes,
        *brain.vector_action_size_deprecated,
    ]  # fmt: skip
    if min(sizes) < 0 or sum(sizes) > MOST_ACTIONS:
        return (
            f"it announces actions of sizes {sizes[:9]}; each must be 0 or more, and their sum "
            f"at most {MOST_ACTIONS}"
        )
    return None


def make_idle_action(
    brain: messages.BrainParametersProto | None, info: messages.AgentInfoProto
) -> messages.AgentActionProto:
    """Zeros, and the first allowed index of each branch, for a behaviour that is not ours."""
    if brain is None:
        return messages.AgentActionProto()
    spec = brain.action_spec
    if why_no_actions(brain) is not None:
        return messages.AgentActionProto()
    discrete = []
    start = 0
    for size in spec.discrete_branch_sizes:
        forbidden = list(info.action_mask[start : start + size])
        discrete.append(forbidden.index(False) if False in forbidden else 0)
        start += size
    continuous = [0.0] * spec.num_continuous_actions
    return messages.AgentActionProto(
        continuous_actions=continuous,
        discrete_actions=discrete,
        vector_actions_deprecated=[*continuous, *discrete],
    )
