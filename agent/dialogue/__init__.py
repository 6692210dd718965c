"""Dialogue: from text to facts and goals."""
