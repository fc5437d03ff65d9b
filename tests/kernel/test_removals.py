"""Leaf `removals`: who took a call away is named, and nobody who did not."""

import subprocess

import pytest

from cocci_gen.kernel.origins import Culprit, NoOrigin, Origin, find_origin
from cocci_gen.kernel.removals import Gap, find_removal
from cocci_gen.kernel.tree import KernelTree

HEAD = "static int oak_read(struct oak *oak);\n\nstatic int oak_other(void)\n{\n\tleaf_drop(leaf);\n\treturn 0;\n}\n\n"
RIGHT = (
    "static int oak_read(struct oak *oak,\n\t\t    int depth)\n{\n\tif (depth < 0) {\n\t\tleaf_drop(leaf);\n"
    "\t\treturn -EINVAL;\n\t}\n\tif (depth > 9) {\n\t\tleaf_put(leaf);\n\t\tleaf_drop(leaf);\n"
    "\t\treturn -EINVAL;\n\t}\n\tleaf_drop(leaf);\n\treturn 0;\n}\n"
)
FIRST = RIGHT.replace(
    "(depth < 0) {\n\t\tleaf_drop(leaf);\n\t\treturn -EINVAL;\n\t}", "(depth < 0)\n\t\treturn -EINVAL;"
)
BOTH = RIGHT.replace("(depth > 9) {\n\t\tleaf_put(leaf);\n\t\tleaf_drop(leaf);\n", "(depth > 9) {\n")
TWINS = FIRST.replace("depth > 9", "depth < 0").replace("\t\tleaf_put(leaf);\n", "")
DROP = frozenset({"leaf_drop(leaf);"})


@pytest.fixture
def wood(tmp_path, make_repository):
    """wood(text, ...) -> a repository with these versions of one file, a commit each, and the names of the commits."""

    def grow(*texts):
        folder = make_repository(tmp_path / "wood", {"fs/oak.c": (HEAD + texts[0]).encode()})
        commits = [named(folder)]
        for number, text in enumerate(texts[1:], 1):
            (folder / "fs/oak.c").write_text(HEAD + text)
            subprocess.run(["git", "-C", folder, "commit", "-q", "-a", "-m", f"oak: {number}"], check=True)
            commits.append(named(folder))
        return folder, commits

    return grow


def named(folder):
    """The newest commit."""
    return subprocess.run(
        ["git", "-C", folder, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()


def line_of(text, words, number=1):
    """The 1-based line of the file that holds some words for the n-th time."""
    return [line for line, one in enumerate((HEAD + text).split("\n"), 1) if words in one][number - 1]


def removal(folder, line, statements=DROP, since=()):
    """What find_removal says of a line of oak_read()."""
    with KernelTree.open(folder) as tree:
        return find_removal(tree, Gap("fs/oak.c", "oak_read", line, statements), since)


def test_who_removed_the_call_is_named_across_later_commits(wood):
    """The line that lost its call is older than the bug; blamed, it accused the one who had it right."""
    later = FIRST.replace("\treturn 0;", "\toak->depth = depth;\n\treturn 0;")
    folder, commits = wood("int none;\n", RIGHT, FIRST, later)
    line = line_of(later, "return -EINVAL")
    with KernelTree.open(folder) as tree:
        culprit = Culprit((("fs/oak.c", line),), (Gap("fs/oak.c", "oak_read", line, DROP),))
        assert Origin(commits[2], "oak: 2") == find_origin(tree, [culprit])
        assert NoOrigin("the line comes with the change that was checked") == find_origin(tree, [culprit], commits[1])

    assert commits[2] == removal(folder, line)
    assert "" == removal(folder, line, since=[commits[2]])


def test_a_removal_with_others_is_found(wood):
    """Who takes out two calls at once broke two rules."""
    folder, commits = wood(RIGHT, BOTH)
    line = line_of(BOTH, "return -EINVAL", 2)

    assert commits[1] == removal(folder, line)
    assert commits[1] == removal(folder, line, frozenset({"leaf_put(leaf);"}))


@pytest.mark.parametrize(
    ("versions", "number", "statements"),
    [
        pytest.param((FIRST,), 1, DROP, id="never-there"),
        pytest.param((RIGHT, FIRST), 2, DROP, id="removed-elsewhere"),
        pytest.param((RIGHT, FIRST), 1, frozenset({"branch_drop(leaf);"}), id="another-call"),
        pytest.param((RIGHT, RIGHT + RIGHT.replace("oak_read", "elm_read"), FIRST), 9, DROP, id="no-such-line"),
        pytest.param((RIGHT + RIGHT.replace("oak", "elm"), RIGHT + FIRST.replace("oak", "elm")), 1, DROP, id="elsewhere"),
        pytest.param(("int none;\n", FIRST), 1, DROP, id="came-without-it"),
        pytest.param((TWINS, TWINS.replace("\tleaf_drop(leaf);\n\t\treturn -E", "\treturn -E")), 1, DROP, id="its-twin"),
    ],
)  # fmt: skip
def test_nobody_is_named_who_is_not_sure_to_have_done_it(wood, versions, number, statements):
    """A wrong Fixes: tag sends a backport to trees that lack the bug, and mail to the wrong person."""
    folder, _ = wood(*versions)
    lines = [line for line, one in enumerate((HEAD + versions[-1]).split("\n"), 1) if "return -EINVAL" in one]
    line = lines[number - 1] if number <= len(lines) else 400

    assert "" == removal(folder, line, statements)


def test_a_file_that_is_gone_is_no_error(wood):
    """The series goes on without a tag."""
    folder, _ = wood(RIGHT, FIRST)
    with KernelTree.open(folder) as tree:
        assert "" == find_removal(tree, Gap("fs/none.c", "oak_read", 1, DROP))
