"""The steps between two parameter lists."""

import pytest

from cocci_gen.port.texts.parameters import (
    Added,
    Kept,
    MovedAway,
    MovedHere,
    Removed,
    Retyped,
    name_of,
    steps_between,
    without_name,
)


@pytest.mark.parametrize(
    ("old", "new", "steps"),
    [
        (["struct a *x", "int y"], ["struct b *x", "int y"], (Retyped(0, 0), Kept(1, 1))),
        (["int y"], ["struct b *x", "int y"], (Added(0), Kept(0, 1))),
        (["struct a *x", "int y"], ["int y"], (Removed(0), Kept(1, 0))),
        (["struct a *x", "int y"], ["int y", "struct a *x"], (MovedHere(1, 0), Kept(0, 1), MovedAway(1, 0))),
        (["unsigned n"], ["unsigned int count"], (Kept(0, 0),)),
        (["unsigned n", "struct a **p"], ["struct b **q"], (Removed(0), Retyped(1, 0))),
    ],
)
def test_steps(old, new, steps):
    """A head would get its parameters in the wrong places."""
    assert steps == steps_between(old, new)


@pytest.mark.parametrize(
    ("parameter", "name", "kind"),
    [
        ("struct page **pagep", "pagep", "struct page **"),
        ("struct inode *", "", "struct inode *"),
        ("struct page*", "", "struct page *"),
        ("struct page* * p", "p", "struct page **"),
        ("umode_t mode", "mode", "umode_t"),
        ("umode_t", "", "umode_t"),
        ("unsigned long", "", "unsigned long"),
        ("const char *name", "name", "const char *"),
    ],
)
def test_names(parameter, name, kind):
    """A type would be taken for a name, and replaced all over the body."""
    assert (name, kind) == (name_of(parameter), without_name(parameter))
