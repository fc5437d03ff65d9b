"""`make removed`: which calls of a kernel it takes away, by a script that knows no word of the rules."""

import importlib.util
import sys

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def removed():
    """The script, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("removed", ROOT / ".ci/removed.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["removed"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["removed"]


@pytest.mark.parametrize(
    ("body", "callees"),
    [
        ("\tif (err) {\n\t\tbed_put(bed);\n\t\treturn err;\n\t}", ["bed_put"]),
        ("\tif (!bed) {\n\t\tbed_unlock(all);\n\t\tkfree(row);\n\t\tgoto out;\n\t}", ["bed_unlock"]),
        ("\treturn 0;\nerr_bed:\n\tbed_put(bed);\nerr:\n\treturn err;", ["bed_put"]),
        ("\tif (bed->n > 2) {\n\t\tbed_put(bed);\n\t\treturn 1;\n\t}", []),
        ("\tif (err) {\n\t\tbed_put(bed);\n\t\tgoto retry;\n\t}", []),
        ("\tif (err) {\n\t\tkfree(bed);\n\t\treturn err;\n\t}", []),
        ("out:\n\tbed_put(bed);\n\treturn err;", []),
    ],
    ids=["failure", "one of two", "label", "no failure", "again", "memory", "every way"],
)
def test_what_fails_gives_back(removed, body, callees):
    """What no failure passes, or what only looks like a release, would be counted as missed for ever."""
    lines = f"static int demo(struct bed *bed)\n{{\n{body}\n}}".split("\n")
    assert [one.callee for one in removed.candidates("fs/a.c", lines)] == callees


def test_the_same_seed_gives_the_same(removed):
    """A figure that nobody can get again is none; no callee may crowd out the others."""
    every = [removed.Removed("fs/a.c", n, f"f{n}", "iput" if n % 3 else "dput") for n in range(30)]
    first = removed.chosen(every, 1, 12, 4)
    assert first == removed.chosen(every, 1, 12, 4) != removed.chosen(every, 2, 12, 4)
    assert [sum(one.callee == name for one in first) for name in ("iput", "dput")] == [4, 4]
