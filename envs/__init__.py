"""The headless world and its gymnasium and PettingZoo faces; knows nothing of minds or Unity."""
