"""The warm-up says what it does and covers every task."""

from __future__ import annotations

from envs import warmup


def test_every_step_is_announced_and_done(monkeypatch, capsys):
    done = []
    steps = tuple((name, lambda name=name: done.append(name)) for name in ("one", "two"))
    monkeypatch.setattr(warmup, "STEPS", steps)
    warmup.main()
    said = capsys.readouterr().out
    assert done == ["one", "two"]
    assert "needed once" in said and "1/2 one ... 0 s" in said and "2/2 two ... 0 s" in said


def test_its_steps_run():
    for _, compile_kernels in warmup.STEPS:
        compile_kernels()
