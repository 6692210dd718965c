"""The mind of an NPC: belief, attention, heads, metacognition, and how they are learned."""

import os

# Idle OpenMP threads sleep instead of spinning: torch and numba each have a pool, and on few cores
# one pool's spinning takes the other's time. Read once, when the first of the two is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
