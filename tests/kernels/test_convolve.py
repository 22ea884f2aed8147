"""Convolution against its definition."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

from axis_core.kernels.convolve import convolve, upsample


def reference(image: np.ndarray, weights: np.ndarray, bias: np.ndarray, stride: int) -> np.ndarray:
    """Channel by channel with another library, padded as the contract says."""
    size = weights.shape[0]
    out = [-(-side // stride) for side in image.shape[:2]]
    pads = [max((n - 1) * stride + size - side, 0) for n, side in zip(out, image.shape[:2], strict=True)]
    padded = np.pad(image, ((pads[0] // 2, size), (pads[1] // 2, size), (0, 0)))
    result = np.zeros((*out, weights.shape[3])) + bias
    for d in range(weights.shape[3]):
        for c in range(image.shape[2]):
            full = correlate2d(padded[..., c], weights[..., c, d], mode="valid")
            result[..., d] += full[::stride, ::stride][: out[0], : out[1]]
    return result


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(3, 11),
    st.integers(3, 11),
    st.sampled_from([1, 3, 5, 7]),
    st.sampled_from([1, 2, 4]),
)
def test_equals_channel_wise_correlation(seed: int, x: int, y: int, size: int, stride: int) -> None:
    rng = np.random.default_rng(seed)
    image, weights, bias = rng.normal(size=(x, y, 3)), rng.normal(size=(size, size, 3, 4)), rng.normal(size=4)
    assert np.allclose(convolve(image, weights, bias, stride), reference(image, weights, bias, stride), atol=1e-4)


def test_a_single_one_copies_the_image_and_inputs_stay_as_they_are() -> None:
    image = np.random.default_rng(0).normal(size=(6, 5, 1)).astype(np.float32)
    image.flags.writeable = False
    kernel = np.zeros((3, 3, 1, 1))
    kernel[1, 1] = 1.0
    assert np.array_equal(convolve(image, kernel, np.zeros(1)), image)
    assert np.allclose(convolve(image[::-1], kernel, np.ones(1)), image[::-1] + 1.0)


def test_upsampling_gives_every_pixel_four_times() -> None:
    image = np.arange(6.0).reshape(2, 3, 1)
    large = upsample(image)
    assert large.shape == (4, 6, 1)
    for i in (0, 1):
        for j in (0, 1):
            assert np.array_equal(large[i::2, j::2], image.astype(np.float32))
