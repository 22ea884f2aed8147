"""URIs: what is relative, what is data, what is neither."""

from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from axis_core.audit.gltf.uri import UriError, parse_uri


@pytest.mark.parametrize("text", ["a", "a b", "a/b:c", "../x", "./x", "", "%", "ü.png", "^`|"])
def test_paths_are_relative(text: str) -> None:
    assert parse_uri(text).is_relative


@pytest.mark.parametrize("text", ["/a", "//h/x", "http://x/y", "C:\\x", "\\\\x", "?q", "#f", "a?b", "mailto:x"])
def test_what_points_outside_is_not_relative(text: str) -> None:
    assert not parse_uri(text).is_relative


@pytest.mark.parametrize(
    "text",
    [":", "1:2", "ht!tp:x", "http://a:b/", "http://[", "http://[z]/", "data:", "data:a;base64,AA==", "data:a/b;c,x"]
    + [f"data:a/b;base64,{wrong}" for wrong in ("A", "AA=A", "A A=", "A===", "AA==A", "`")],
)
def test_malformed_uris_are_errors(text: str) -> None:
    with pytest.raises(UriError):
        parse_uri(text)


@given(st.binary(max_size=40), st.booleans(), st.booleans())
def test_data_come_back_from_base64_of_either_alphabet_with_or_without_padding(
    data: bytes, url_safe: bool, padded: bool
) -> None:
    text = (base64.urlsafe_b64encode if url_safe else base64.b64encode)(data).decode()
    uri = parse_uri(f"data:image/png;base64,{text if padded else text.rstrip('=')}")
    assert (uri.data, uri.media_type, uri.is_data) == (data, "image/png", True)


@given(st.text(max_size=30))
def test_no_text_does_anything_but_parse_or_raise_its_error(text: str) -> None:
    for prefix in ("", "data:", "http://", "data:a/b;base64,"):
        with contextlib.suppress(UriError):
            assert parse_uri(prefix + text).text == prefix + text
