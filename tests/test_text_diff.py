"""The diff of a text is what `patch` makes the new text of."""

from __future__ import annotations

import subprocess
from shutil import which

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.text_diff import text_diff

WITH_PATCH = pytest.mark.skipif(which("patch") is None, reason="the command patch is not installed")


@WITH_PATCH
@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "b", "c", "\r", "\u2028", ""]), min_size=1, max_size=8),
    st.lists(st.sampled_from(["a", "b", "c", "\r", "\u2028", ""]), min_size=1, max_size=8),
    st.booleans(),
    st.booleans(),
)
def test_patch_makes_the_new_text_of_the_old(
    tmp_path_factory: pytest.TempPathFactory, old: list[str], new: list[str], one: bool, other: bool
) -> None:
    before, after = "\n".join(old) + "\n" * one, "\n".join(new) + "\n" * other
    if not before or not after:
        return
    file = tmp_path_factory.mktemp("patched") / "x"
    file.write_bytes(before.encode())
    diff = text_diff(before, after, "x")
    assert bool(diff) == (before != after)
    command = ["patch", "-s", "--binary", str(file)]
    subprocess.run(command, input=diff.encode(), check=True, timeout=30)
    assert file.read_bytes() == after.encode()
