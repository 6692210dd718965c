"""What the numba kernels of the senses share."""

from __future__ import annotations

import numpy as np

FAST_MATH = {"nnan", "ninf", "nsz", "contract"}
"""Freedoms given to the compiler: none that approximates or reorders, so that what an NPC sees and
hears does not depend on the make of the processor."""
INLINED = {
    "cache": True, "fastmath": FAST_MATH, "error_model": "numpy", "_nrt": False,
    "forceinline": True, "no_cpython_wrapper": True,
}  # fmt: skip
"""How small kernels of the camera are compiled: into the one that calls them. An array is passed as
some ten numbers, so a call that hands over a whole canvas takes longer than what it does.
Python cannot call them."""
ZERO = np.float32(0.0)
HALF = np.float32(0.5)
ONE = np.float32(1.0)
"""Literals that do not lift float32 arithmetic to float64."""
