"""``belief.update``: one observation of every NPC into its belief.

A pure function over padded arrays of fixed shape, for all rows at once: (state, observation,
evidence) -> state. It reads no text and no graph library, so that it can be ported or exported; the
golden vectors in ``tests/agent/belief`` hold what a port must reproduce.
"""

from __future__ import annotations

from collections.abc import Mapping

from numpy.typing import NDArray

from agent.belief.body import take_body
from agent.belief.evidence import Evidence
from agent.belief.goal_columns import GoalField
from agent.belief.hearing import hear, locate_speakers, match_sounds, notice_silence
from agent.belief.looks import judge_looks
from agent.belief.program import follow_program
from agent.belief.results import take_results
from agent.belief.seeing import cover_place, find_places, learn_doors, see_things
from agent.belief.state import BeliefState, copy_state
from envs.contract import SelfColumn
from envs.jit import njit


def update(
    state: BeliefState,
    observation: Mapping[str, NDArray],
    evidence: Evidence,
    out: BeliefState | None = None,
) -> BeliefState:
    """The beliefs after one more observation; ``state`` is left as it was.

    Args:
        state: beliefs of R NPCs. Catalogue entries and texts of this observation have been applied.
        observation: contract arrays ``entities (R, 32, 50)``, ``dialogue (R, 8, 64)`` and
            ``self (R, 32)``.
        evidence: what the senses made of the same decision.
        out: a state to write into instead of a new one.
    """
    after = copy_state(state, out)
    _update_rows(
        after.nodes, after.places, after.doorways, after.sounds, after.heard, after.facts,
        after.goals, after.program, after.body, after.poses, observation["entities"],
        observation["dialogue"], observation["self"], evidence.color_log_probs, evidence.sign,
        evidence.lit, evidence.sound, evidence.reliability,
    )  # fmt: skip
    return after


@njit(cache=True, error_model="numpy", nogil=True)
def _update_rows(nodes, places, doorways, sounds, heard, facts, goals, program, body, poses,  # type: ignore[no-untyped-def]
                 entities, dialogue, selves, colors, signs, lights, sound,
                 reliability):  # fmt: skip
    """All rows, one after the other; every argument is written or read in place."""
    for row in range(body.shape[0]):
        take_body(body[row], poses[row], selves[row])
        if selves[row, SelfColumn.ENTITIES_VALID] > 0.5:
            see_things(nodes[row], body[row], entities[row], goals[row, GoalField.CLASS_WORD])
            judge_looks(nodes[row], entities[row], colors[row], signs[row], lights[row],
                        reliability[row, 0], selves[row, SelfColumn.CAMERA_VALID])  # fmt: skip
            find_places(nodes[row], places[row], body[row])
        take_results(nodes[row], body[row])
        cover_place(places[row], body[row])
        learn_doors(nodes[row], doorways[row], body[row])
        hear(sounds[row], heard[row], goals[row], body[row], sound[row], reliability[row, 1],
             selves[row, SelfColumn.AUDIO_VALID])  # fmt: skip
        notice_silence(heard[row], sounds[row], goals[row], body[row])
        match_sounds(nodes[row], heard[row], sounds[row], goals[row], body[row])
        locate_speakers(nodes[row], body[row], dialogue[row])
        follow_program(nodes[row], places[row], doorways[row], facts[row], goals[row],
                       program[row], body[row])  # fmt: skip
