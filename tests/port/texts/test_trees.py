"""What kernels are called."""

import pytest

from cocci_gen.port.texts.trees import of_texts, titles_of


def kernel(name, version):
    """A kernel whose Makefile states a version, "" for none."""
    words = zip(("VERSION", "PATCHLEVEL", "SUBLEVEL"), version.split("."), strict=False)
    text = "".join(f"{key} = {number}\n" for key, number in words)
    return of_texts(name, {"Makefile": text.encode()} if version else {})


@pytest.mark.parametrize(
    ("old", "new", "titles"),
    [
        ("6.12.0", "7.3.4", ("Linux 6.12", "Linux 7.3")),
        ("7.3.1", "7.3.4", ("Linux 7.3.1", "Linux 7.3.4")),
        ("7.3.4", "7.3.4", ("desk HEAD", "desk WORKTREE")),
        ("", "7.3.4", ("desk HEAD", "desk WORKTREE")),
    ],
    ids=["two", "stable", "the same", "none"],
)
def test_a_kernel_is_called_by_its_version(old, new, titles):
    """A mail would name a folder on somebody's disk."""
    assert titles == titles_of(kernel("desk HEAD", old), kernel("desk WORKTREE", new))
