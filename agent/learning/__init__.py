"""How the shipped brain is made: perception heads, then imitation of the expert."""
