"""Policies that act on the belief without a brain: the expert and the scripted one."""
