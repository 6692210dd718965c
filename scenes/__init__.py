"""Scene files: the places in which NPCs live, as YAML, shipped as package data."""
