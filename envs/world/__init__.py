"""Many worlds stepped as one batch: layout, motion, camera, sound, speech and rules."""
