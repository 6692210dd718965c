"""The belief: what an NPC has seen, heard, been told or inferred, never the world's truth."""
