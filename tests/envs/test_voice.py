"""Sentences as waveforms, and what is said where there is no synthesiser."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from envs import voice, voice_store
from envs.contract import EAR_SAMPLES, SAMPLE_RATE
from envs.settings import EnvSettings
from envs.voice import VOICES, Synthesiser, VoiceError, load_synthesiser, voice_of
from envs.voice_store import WaveStore
from envs.world.sound_bank import LEAD_SAMPLES, LOUDNESS, MAX_WALLS, PEAK

SENTENCE = "please bring the red vase to the amber hall"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def voices_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("voices")


@pytest.fixture(autouse=True)
def _own_synthesiser(monkeypatch, voices_folder):
    """What this machine has kept is not tested, and a synthesiser that is spoilt is forgotten."""
    monkeypatch.setattr(voice, "default_folder", lambda: voices_folder)
    load_synthesiser.cache_clear()
    yield
    load_synthesiser.cache_clear()


def spoken(text: str, who: voice.Voice = VOICES[0]) -> NDArray[np.float32]:
    """(N,) what is heard in the open."""
    return load_synthesiser().frames(who, text)[0, LEAD_SAMPLES:]


def centroid(sound: NDArray[np.float32]) -> float:
    """Hertz of the middle of a spectrum below 1 kHz."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(sound.size, 1 / SAMPLE_RATE)
    return float((power * hertz)[hertz < 1000].sum() / power[hertz < 1000].sum())


def test_a_sentence_lasts_as_long_as_somebody_needs_to_say_it():
    assert 1.3 < spoken(SENTENCE).size / SAMPLE_RATE < 3.0
    assert 0.3 < spoken("no").size / SAMPLE_RATE < 0.9
    long = spoken(f"{SENTENCE} and {SENTENCE}").size
    assert 1.6 < long / spoken(SENTENCE).size < 2.4
    lengths = [spoken(SENTENCE, who).size for who in VOICES]
    assert max(lengths) < 1.4 * min(lengths)  # a deeper voice is hardly slower


def test_it_is_as_loud_as_other_sounds_and_begins_and_ends_in_silence():
    for who in VOICES:
        frames = load_synthesiser().frames(who, SENTENCE)
        assert frames.dtype == np.float32 and frames.shape[0] == MAX_WALLS + 1
        assert (frames.shape[1] - LEAD_SAMPLES) % EAR_SAMPLES == 0
        heard = frames[0, LEAD_SAMPLES:]
        assert 0.4 * LOUDNESS < np.sqrt(np.mean(heard**2)) <= LOUDNESS
        assert np.abs(heard).max() <= PEAK + 1e-4
        assert not heard[:200].any()
        assert not frames[0, -LEAD_SAMPLES:].any()
        assert np.abs(frames[:, -LEAD_SAMPLES:]).max() < 1e-6


def test_walls_muffle_it():
    power = np.abs(np.fft.rfft(load_synthesiser().frames(VOICES[0], SENTENCE))) ** 2
    split = power.shape[1] // 8  # 1 kHz
    treble = power[:, split:].sum(axis=1) / power[:, :split].sum(axis=1)
    assert np.all(treble[1:] < 0.8 * treble[:-1])


def test_voices_differ_and_stay_with_a_name():
    assert voice_of("Ada") == voice_of("Ada")
    names = ("Ada", "Bruno", "Cleo", "Dora", "Emil", "Fritz", "Gina", "Hugo", "Ida", "Jon")
    assert len({voice_of(name) for name in names}) > 4
    assert len(set(VOICES)) == len(VOICES)
    deepest, highest = min(VOICES, key=lambda v: v.height), max(VOICES, key=lambda v: v.height)
    assert centroid(spoken(SENTENCE, highest)) > 1.2 * centroid(spoken(SENTENCE, deepest))


def test_the_same_bytes_again_in_another_process():
    code = (
        "import hashlib; from envs.voice import *; "
        f"wave = Synthesiser().frames(VOICES[1], {SENTENCE!r}); "
        "print(hashlib.sha256(wave.tobytes()).hexdigest())"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    here = Synthesiser().frames(VOICES[1], SENTENCE)
    assert said.strip() == hashlib.sha256(here.tobytes()).hexdigest()


def test_what_cannot_be_pronounced_has_no_length():
    assert spoken("馆").size == 0
    assert spoken("").size == 0


def test_sentences_are_kept_up_to_a_bound(monkeypatch):
    synthesiser = Synthesiser()
    first = synthesiser.frames(VOICES[0], "yes")
    assert synthesiser.frames(VOICES[0], "yes") is first
    assert not first.flags.writeable
    monkeypatch.setattr(voice, "CACHE_BYTES", 2 * first.nbytes)
    for text in ("no", "yes", "now", "one", "two"):
        synthesiser.frames(VOICES[0], text)
        assert sum(kept.nbytes for kept in synthesiser._kept.values()) <= voice.CACHE_BYTES
    again = synthesiser.frames(VOICES[0], "yes")
    assert again is not first and np.array_equal(again, first)


def test_sentences_are_kept_from_one_run_to_the_next(monkeypatch, tmp_path):
    folder = tmp_path / "voices"
    made = Synthesiser(folder=folder).frames(VOICES[3], "yes")
    [file] = folder.iterdir()
    with wave.open(str(file)) as sound:
        assert sound.getframerate() == SAMPLE_RATE
        assert 0.3 < sound.getnframes() / SAMPLE_RATE < 1.0
    later = Synthesiser(folder=folder)
    monkeypatch.setattr(later, "_engine", None)  # it is not asked
    assert np.array_equal(later.frames(VOICES[3], "yes"), made)
    assert np.array_equal(Synthesiser().frames(VOICES[3], "yes"), made)


@pytest.mark.parametrize("spoilt", [b"", b"RIFF", None])
def test_a_spoilt_file_is_made_anew(tmp_path, spoilt):
    made = Synthesiser(folder=tmp_path).frames(VOICES[3], "yes")
    [file] = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-100] if spoilt is None else spoilt)
    assert np.array_equal(Synthesiser(folder=tmp_path).frames(VOICES[3], "yes"), made)
    assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert Synthesiser(folder=tmp_path / "file").frames(VOICES[3], "yes").size


def test_a_store_has_a_bound_and_keeps_its_makers_apart(monkeypatch, tmp_path):
    store, samples = WaveStore(tmp_path, "one"), np.arange(1000, dtype=np.int16)
    for number in range(10):
        store.write(str(number), samples)
        os.utime(store.path(str(number)), (number, number))
    assert WaveStore(tmp_path, "two").read("9") is None
    monkeypatch.setattr(voice_store, "STORE_BYTES", 3 * store.path("9").stat().st_size)
    WaveStore(tmp_path, "one")
    left = [number for number in range(10) if store.read(str(number)) is not None]
    assert left == [7, 8, 9]


def test_another_model_may_be_named(monkeypatch, tmp_path):
    import hibari

    given = Path(hibari.__file__).parent / "assets" / voice.MODEL_FILE
    usual = spoken("yes")
    monkeypatch.setitem(
        voice.WEIGHTS, voice.MODEL_FILE, "0" * 64
    )  # of a named one nothing is known
    assert np.array_equal(Synthesiser(given).frames(VOICES[0], "yes")[0, LEAD_SAMPLES:], usual)
    monkeypatch.setenv(voice.MODEL_VARIABLE, str(tmp_path / "none.onnx"))
    load_synthesiser.cache_clear()
    with pytest.raises(VoiceError, match=r"^There is no voice model .*none\.onnx: set HEEDFUL_"):
        load_synthesiser()
    (tmp_path / "none.onnx").write_bytes(b"not a network")
    with pytest.raises(VoiceError, match=r"^The voice model .*none\.onnx cannot be loaded \("):
        load_synthesiser()


@pytest.mark.parametrize("module", ["hibari", "onnxruntime"])
def test_without_the_extra_the_cure_is_said(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "hibari.dsp", raising=False)
    load_synthesiser.cache_clear()
    with pytest.raises(VoiceError) as refused:
        EnvSettings.read({"speech": "voice"})
    assert str(refused.value) == (
        'speech="voice" needs a synthesiser, which is not installed: '
        "pip install 'heedful[voice]', or leave speech=\"text\"."
    )
    EnvSettings.read({"speech": "text"}).make_world(1, 1)


def test_another_version_is_refused(monkeypatch):
    monkeypatch.setattr(voice.metadata, "version", lambda name: "0.3.0")
    told = "was made for hibari-tts 0.2.1, but 0.3.0 is installed: pip install 'heedful[voice]'."
    with pytest.raises(VoiceError, match=re.escape(told)):
        Synthesiser()


@pytest.mark.parametrize("name", voice.WEIGHTS)
def test_other_bytes_are_refused(monkeypatch, name):
    monkeypatch.setitem(voice.WEIGHTS, name, "0" * 64)
    told = rf"{re.escape(name)} is not the file of hibari-tts 0\.2\.1: pip install --force-"
    with pytest.raises(VoiceError, match=told):
        Synthesiser()


def test_there_are_two_ways_of_speaking():
    with pytest.raises(ValueError, match=r"^There is no speech 'voices': did you mean 'voice'\?"):
        EnvSettings.read({"speech": "voices"})
