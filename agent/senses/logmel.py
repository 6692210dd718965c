"""Log-mel spectrograms of binaural frames, vectorised across the 20 windows of one row.

Ten windows of 512 samples per ear with a hop of 120 fit the 1600 samples of a decision, so that
nothing has to be remembered between decisions. The real FFT of 512 samples is a complex FFT of 256
whose innermost loops run over the windows: that is what the CPU's vector units like.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from agent.senses.percepts import MEL_BANDS
from envs.contract import EAR_SAMPLES, EARS, SAMPLE_RATE
from envs.jit import njit, prange

WINDOW = 512
HOP = 120
FRAMES = (EAR_SAMPLES - WINDOW) // HOP + 1
_HALF = WINDOW // 2
_LANES = EARS * FRAMES
_FLOOR = 1e-6
_SCALE = 10.0


def _mel_weights() -> NDArray[np.float32]:
    """Triangular mel filters, ``(MEL_BANDS, WINDOW // 2 + 1)``, 60 Hz to 7.9 kHz."""
    low, high = (2595.0 * math.log10(1.0 + hertz / 700.0) for hertz in (60.0, 7900.0))
    hertz = 700.0 * (10.0 ** (np.linspace(low, high, MEL_BANDS + 2) / 2595.0) - 1.0)
    points = hertz / (SAMPLE_RATE / WINDOW)
    bins = np.arange(_HALF + 1)
    weights = np.zeros((MEL_BANDS, _HALF + 1), np.float32)
    for band in range(MEL_BANDS):
        left, centre, right = points[band : band + 3]
        rising = (bins - left) / max(centre - left, 1e-3)
        falling = (right - bins) / max(right - centre, 1e-3)
        weights[band] = np.maximum(0.0, np.minimum(rising, falling))
        if not weights[band].any():  # bands narrower than a bin take the nearest one
            weights[band, round(centre)] = 1.0
    return weights


_MEL = _mel_weights()
_MEL_START = np.argmax(_MEL > 0, axis=1)
_MEL_STOP = _MEL.shape[1] - np.argmax(_MEL[:, ::-1] > 0, axis=1)
_HANN = np.hanning(WINDOW).astype(np.float32)
_COS = np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW).astype(np.float32)
_SIN = np.sin(2 * np.pi * np.arange(WINDOW) / WINDOW).astype(np.float32)
_REVERSED = np.array([int(f"{i:08b}"[::-1], 2) for i in range(_HALF)])


@njit(cache=True, error_model="numpy", nogil=True, fastmath=True)
def _fft256(real, imag):
    """In-place radix-2 FFT of bit-reversed input ``(256, _LANES)``, all lanes at once."""
    span = 2
    while span <= _HALF:
        half, stride = span // 2, _HALF // span
        for start in range(0, _HALF, span):
            for step in range(half):
                c, s = _COS[step * stride * 2], _SIN[step * stride * 2]
                upper, lower = start + step, start + step + half
                for lane in range(_LANES):
                    x = real[lower, lane] * c + imag[lower, lane] * s
                    y = imag[lower, lane] * c - real[lower, lane] * s
                    real[lower, lane] = real[upper, lane] - x
                    imag[lower, lane] = imag[upper, lane] - y
                    real[upper, lane] += x
                    imag[upper, lane] += y
        span *= 2


@njit(cache=True, error_model="numpy", nogil=True, fastmath=True)
def _power(real, imag, power):
    """Power spectrum ``(257, _LANES)`` of the real signals that were packed as complex ones."""
    for k in range(_HALF + 1):
        a, b = k & (_HALF - 1), (_HALF - k) & (_HALF - 1)
        c, s = _COS[k % WINDOW], _SIN[k % WINDOW]
        for lane in range(_LANES):
            even_real = np.float32(0.5) * (real[a, lane] + real[b, lane])
            even_imag = np.float32(0.5) * (imag[a, lane] - imag[b, lane])
            odd_real = np.float32(0.5) * (imag[a, lane] + imag[b, lane])
            odd_imag = np.float32(0.5) * (real[b, lane] - real[a, lane])
            x = even_real + c * odd_real + s * odd_imag
            y = even_imag + c * odd_imag - s * odd_real
            power[k, lane] = x * x + y * y


@njit(cache=True, error_model="numpy", nogil=True, fastmath=True, parallel=True)
def log_mel(audio, out):
    """Log-mel spectrograms.

    Args:
        audio: ``(R, EARS * EAR_SAMPLES)`` float32, left ear then right.
        out: ``(R, EARS, MEL_BANDS, FRAMES)`` float32, written; 0 is silence, speech-like levels
            are around 1.
    """
    offset = np.float32(math.log(_FLOOR))
    for row in prange(audio.shape[0]):
        real = np.empty((_HALF, _LANES), np.float32)
        imag = np.empty((_HALF, _LANES), np.float32)
        power = np.empty((_HALF + 1, _LANES), np.float32)
        total = np.empty(_LANES, np.float32)
        silent = True
        for sample in range(audio.shape[1]):
            if audio[row, sample] != 0:
                silent = False
                break
        if silent:
            out[row] = 0
            continue
        for i in range(_HALF):
            source = 2 * _REVERSED[i]
            first, second = _HANN[source], _HANN[source + 1]
            for ear in range(EARS):
                for frame in range(FRAMES):
                    at = ear * EAR_SAMPLES + frame * HOP + source
                    real[i, ear * FRAMES + frame] = audio[row, at] * first
                    imag[i, ear * FRAMES + frame] = audio[row, at + 1] * second
        _fft256(real, imag)
        _power(real, imag, power)
        for band in range(MEL_BANDS):
            for lane in range(_LANES):
                total[lane] = np.float32(_FLOOR)
            for k in range(_MEL_START[band], _MEL_STOP[band]):
                share = _MEL[band, k]
                for lane in range(_LANES):
                    total[lane] += share * power[k, lane]
            for lane in range(_LANES):
                level = (np.float32(math.log(total[lane])) - offset) / np.float32(_SCALE)
                out[row, lane // FRAMES, band, lane % FRAMES] = level
