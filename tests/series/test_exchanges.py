"""The same exchange of a word in several sections is one series, for all who are asked about it."""

import dataclasses

import pytest

from cocci_gen.findings.findings import Edit, Fix
from cocci_gen.kernel.maintainers import Maintainers
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.series.assembly import SeriesOptions, build_series
from cocci_gen.series.plans import plan_sections
from cocci_gen.series.texts import said_once

NAMES = ("demo", "other", "gone")
SECTIONS = "".join(f"{name.upper()}\nM:\tA <a@x.org>\nF:\tfs/{name}/\n\n" for name in (*NAMES, "wild")).encode()


def exchanged(line, old="-EIO", new="-EROFS"):
    """The edit that puts one word of a line into the place of another."""
    return Edit(line, (f"\t\treturn {old};\n".encode(),), (f"\t\treturn {new};\n".encode(),))


@pytest.fixture
def findings(demo_kernel, make_finding):
    """findings(names) -> a finding of each file system, and the base texts; the fix exchanges one word."""
    with KernelTree.open(demo_kernel) as tree:

        def make(names=NAMES, file="file", change=exchanged):
            found = [make_finding(tree, f"fs/{name}/{file}.c", f"{name}_writepage1") for name in names]
            found = [dataclasses.replace(one, fix=Fix((change(one.line),), "", "")) for one in found]
            return found, {one.file: tree.read(one.file) for one in found}

        yield make


def planned(findings, bases):
    """Titles -> the files of their patches."""
    sections, left_out = plan_sections(findings, Maintainers.parse(SECTIONS, []), bases)
    assert left_out == ()
    return {section.title: [patch.files[0].path for patch in section.patches] for section in sections}


def test_three_sections_with_the_same_exchange_are_one_series(findings):
    """Three maintainers would be told the same thing without a word of the others."""
    made = planned(*findings())

    assert made == {"several sections: EROFS for EIO": [f"fs/{name}/file.c" for name in sorted(NAMES)]}


def test_two_sections_are_told_each(findings):
    """A series across file systems for one neighbour's sake has no tree that it goes through."""
    assert list(planned(*findings(NAMES[:2]))) == ["DEMO", "OTHER"]


@pytest.mark.parametrize(
    "change",
    [
        lambda line: Edit(line, (b"\t\treturn -EIO;\n",), (b"\t\treturn 1;\n",)),
        lambda line: Edit(line, (b"\t\treturn -EIO;\n",), (b"\t\tgoto out;\n", b"\t\treturn -EIO;\n")),
        lambda line: Edit(line, (b"\t\treturn -EIO;\n",), (b"\t\tgoto ENOENT;\n",)),
        lambda line: Edit(line, (b"\t\treturn -EIO;\n",), (b"\t\treturn -1;\n",)),
    ],
    ids=["a sign less", "a line more", "two words", "a number"],
)
def test_another_change_stays_with_its_section(findings, change):
    """Code that each file system writes its own way would be read as one and the same change."""
    assert list(planned(*findings(change=change))) == ["DEMO", "GONE", "OTHER"]


def test_other_words_are_another_exchange(findings):
    """What one file system does would hold up what two others do."""
    found, bases = findings()
    found[0] = dataclasses.replace(found[0], fix=Fix((exchanged(found[0].line, new="-ENOSPC"),), "", ""))

    assert list(planned(found, bases)) == ["DEMO", "GONE", "OTHER"]


def test_a_patch_that_another_builds_upon_stays_with_it(findings):
    """The second patch to a file would not apply in a tree that has only one of the two series."""
    found, bases = findings((*NAMES, "wild"))
    first = dataclasses.replace(found[0], fix=Fix((Edit(1, (), (b"/* x */\n",)),), "", ""), line=1, function="other")
    made = planned([*found, first], bases)

    assert made["DEMO"] == ["fs/demo/file.c"] * 2
    assert len(made["several sections: EROFS for EIO"]) == 3


def test_the_rest_of_a_section_stays_a_series(findings):
    """What else a file system is told would be lost, or come among patches of others."""
    found, bases = findings()
    other, more = findings(("demo",), "inode", lambda line: Edit(line, (), (b"\t\tdone();\n",)))
    made = planned([*found, *other], bases | more)

    assert made.pop("DEMO") == ["fs/demo/inode.c"]
    assert [len(paths) for paths in made.values()] == [3]


@pytest.mark.parametrize(("names", "asked"), [(NAMES, True), (NAMES[:2], False)])
def test_the_list_over_all_of_them_is_asked(demo_kernel, make_repository, findings, run_facts, names, asked):
    """The people who know the rule would hear nothing of a change to all file systems."""
    makefile = b"\nALL FILE SYSTEMS\nM:\tV <v@x.org>\nL:\tall-fs@x.org\nF:\tfs/*\n"
    files = {path.relative_to(demo_kernel).as_posix(): path.read_bytes() for path in demo_kernel.rglob("*.c")}
    root = {"MAINTAINERS": SECTIONS + makefile, "fs/Makefile": b"\n", "Makefile": b"VERSION = 6\nPATCHLEVEL = 1\n"}
    folder = make_repository(demo_kernel.parent / "with-makefile", files | root)
    found, _ = findings(names)
    with KernelTree.open(folder) as tree:
        made = build_series(tree, found, run_facts(tree, found), SeriesOptions(Person("T", "t@x.org")))

    told = {to.mailbox.address for series in made.series for mail in series.patches for to in mail.envelope.cc}
    assert ("all-fs@x.org" in told) == asked
    assert "v@x.org" not in told
    texts = [series.cover_text for series in made.series]
    assert any("use EROFS instead of EIO" in text for text in texts) == asked
    assert (
        any("make the same change, and do not depend on each other" in " ".join(text.split()) for text in texts)
        == asked
    )


@pytest.mark.parametrize(
    ("paragraphs", "said"),
    [
        (["f() fails. It is lost. So.", "g() fails. It is lost. So."], ["f() fails.", "g() fails.", "It is lost. So."]),
        (["f() fails. It is lost.", "g() fails. It is kept."], ["f() fails. It is lost.", "g() fails. It is kept."]),
        (["It is lost.", "It is lost."], ["It is lost.", "It is lost."]),
        (["f() fails. It is lost."], ["f() fails. It is lost."]),
        (["These fail:\n\n  - f()", "g() fails. It is lost."], ["These fail:\n\n  - f()", "g() fails. It is lost."]),
    ],
)
def test_a_cover_says_what_all_patches_say_once(paragraphs, said):
    """Three times the same four lines, and nobody sees where they differ."""
    assert said_once(paragraphs) == said
