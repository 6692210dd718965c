"""``heedful bench``: how fast the world is, where its time goes, and how peers compare."""
