"""Diffs of whole files, which `git apply` takes and people read."""

import random
import subprocess

import pytest

from cocci_gen.port.texts.unified import diff_of


@pytest.mark.parametrize(
    "name", ["a.c", "with space.c", "line\nbreak.c", 'quote".c', "back\\slash.c", "tab\there.c", "\udcff.c"]
)
def test_git_takes_the_diff_of_a_file_with_any_name(tmp_path, name):
    """One file with a line break in its name would keep `git apply` from all others of port.diff."""
    (tmp_path / name).write_bytes(b"int old;\n")
    (tmp_path / "z.c").write_bytes(b"int old;\n")
    diff = diff_of(name, b"int old;\n", b"int new;\n") + diff_of("z.c", b"int old;\n", b"int new;\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=diff, check=True)

    assert [b"int new;\n"] * 2 == [(tmp_path / one).read_bytes() for one in (name, "z.c")]


@pytest.mark.parametrize("seed", range(12))
def test_git_makes_the_text_after_of_the_text_before(tmp_path, seed):
    """A hunk with a wrong count keeps people from the whole of port.diff."""
    chance = random.Random(seed)
    before = [b"%d" % chance.randrange(12) for _ in range(chance.choice((0, 1, 9, 60)))]
    after = [line for line in before if chance.random() > 0.1]
    for _ in range(chance.randrange(4)):
        after.insert(chance.randrange(len(after) + 1), b"new")
    old, new = (b"\n".join(lines) + chance.choice((b"\n", b"")) for lines in (before, after))
    (tmp_path / "a.c").write_bytes(old)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    diff = diff_of("a.c", old, new)
    if diff:
        subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=diff, check=True)

    assert new == (tmp_path / "a.c").read_bytes()


def test_a_line_that_stands_often_is_no_change():
    """The last bracket of a function seemed to be another one in each long file."""
    before = b"int f(void)\n{\n}\n" * 200 + b"int g(void)\n{\n\treturn old(1);\n}\n"

    diff = diff_of("a.c", before, before.replace(b"old", b"new"))

    assert diff.endswith(b"-\treturn old(1);\n+\treturn new(1);\n }\n")
