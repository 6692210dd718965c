"""From pixels and sound waves to evidence: colours of entities, sounds and where they come from."""

from agent.senses.percepts import COLOR_NAMES, SOUND_NAMES, Percepts

__all__ = ["COLOR_NAMES", "SOUND_NAMES", "Percepts"]
