"""The page that is read first: patches, then what has none, worst first, then the rest."""

from dataclasses import replace

import pytest

from cocci_gen.findings.findings import Confidence, NoFix
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.kinds.working import working_kinds
from cocci_gen.series import index
from cocci_gen.series.assembly import SeriesOptions, build_series
from cocci_gen.series.index import index_page
from cocci_gen.series.mails.recipients import Envelope
from cocci_gen.series.texts import Reading

PLACES = [("fs/demo/file.c", "demo_writepage1", "unlocks"), ("fs/gone/file.c", "gone_writepage1", "unlocks")]


@pytest.fixture
def findings(demo_kernel, make_finding):
    """Two findings, one of them in code of nobody."""
    with KernelTree.open(demo_kernel) as tree:
        return [make_finding(tree, *place) for place in PLACES]


@pytest.fixture
def built(demo_kernel, findings, run_facts):
    """Two series, one of them to nobody."""
    with KernelTree.open(demo_kernel) as tree:
        return build_series(tree, findings, run_facts(tree, findings), SeriesOptions(Person("T", "t@x.org")))


def at(built, reading):
    """The same, as if somebody had come so far with all patches."""
    return replace(
        built,
        series=tuple(
            replace(one, patches=tuple(replace(patch, reading=reading) for patch in one.patches))
            for one in built.series
        ),
    )


def test_the_index_tells_what_a_person_needs(built, tmp_path):
    """Which patches, what was checked, who gets them and why, what to mind, and what to do."""
    page = index_page(built, tmp_path / "out dir" / "series")

    for words in (
        "# 2 series, 2 patches",
        "## DEMO FILE SYSTEM",
        "(demo-file-system/0001-demo-unlock-the-page-when-demo_writepage1-returns-EI.patch): to be read",
        "passed: applies, parses, finding gone, none new, converges",
        "not run: ",
        "To: `A Demo <a@demo.example>`, maintainer:DEMO FILE SYSTEM (MAINTAINERS:2, DEMO FILE SYSTEM, by F: fs/demo/)",
        "Mind: fs/gone/file.c: GONE FILE SYSTEM is 'Orphan'",
        "Not ready to send",
        "out dir' --signoff",
    ):
        assert words in page, words
    assert "git send-email" not in page


def test_every_patch_is_one_line_before_anything_else(built, tmp_path):
    """Twenty patches must fit on a screen; recipients are for whoever is about to send."""
    lines = index_page(built, tmp_path / "series").splitlines()

    assert [4, 5] == [number for number, line in enumerate(lines) if line.startswith("* [")]
    assert "   <details><summary>" in "\n".join(lines)


def test_only_what_was_signed_and_passed_has_the_command_that_sends_it(built, tmp_path):
    """A command that can be pasted will be pasted."""
    page = index_page(at(built, Reading.SIGNED), tmp_path / "out dir" / "series")

    assert "git send-email --confirm=always" in page
    assert "out dir/series/demo-file-system'/*.patch" in page
    assert ".patch): ready" in page


def test_a_series_for_nobody_has_a_place_for_the_address(built, tmp_path):
    """git send-email with nobody in it asks, or takes sendemail.to of another project."""
    signed = at(built, Reading.SIGNED)
    alone = replace(signed.series[1].patches[0], envelope=Envelope((), (), ()))
    lost = replace(signed, series=(signed.series[0], replace(signed.series[1], patches=(alone,))))
    sends = [line for line in index_page(lost, tmp_path / "series").splitlines() if "git send-email" in line]

    assert [False, True] == ["--to=WHO-TAKES-IT" in line for line in sends]


def test_what_is_accepted_is_not_to_be_read_again(built, tmp_path):
    """Whoever has accepted everything would look for a finding that he has missed."""
    page = index_page(at(built, Reading.ACCEPTED), tmp_path / "out dir" / "series")

    assert ".patch): accepted, to be signed off" in page
    assert "\n    cocci-gen series '" in page
    assert not any(words in page for words in ("to be read", "cocci-gen review", "git send-email"))


def test_what_has_no_patch_stands_there_with_its_reason_worst_first(built, findings, tmp_path):
    """The worst bug of a run may be the one that no machine can mend."""
    mild, deadlock, doubtful = (
        replace(
            findings[0],
            fingerprint=f"{number}" * 16,
            obligation=replace(findings[0].obligation, kind=kind),
            confidence=confidence,
            message=f"message {number}",
            fix=NoFix(f"reason {number}"),
        )
        for number, (kind, confidence) in enumerate(
            [("writeback", Confidence.HIGH), ("no_relock", Confidence.HIGH), ("no_relock", Confidence.LOW)], 1
        )
    )
    page = index_page(built, tmp_path / "series", [doubtful, mild, deadlock])
    part = page[page.index("## Findings without a patch, worst first") : page.index("## DEMO")]

    assert part.index("message 2") < part.index("message 1") < part.index("<details>") < part.index("message 3")
    assert "message 2 (writepage.no_relock, `22222222`): no fix: reason 2" in part


def test_what_a_patch_mends_by_the_way_is_not_without_one(demo_kernel, findings, run_facts, tmp_path):
    """Whoever reads the list from its worst on would mend again what the patch above it mends."""
    mended, left = (
        replace(
            findings[0],
            fingerprint=f"{number}" * 16,
            message=f"message {number}",
            breach=replace(findings[0].breach, missing=(missing,)),
            fix=NoFix("shared"),
        )
        for number, missing in enumerate(("unlock_page", "put_page"), 1)
    )
    every = [*findings, mended, left]
    with KernelTree.open(demo_kernel) as tree:
        made = build_series(tree, every, run_facts(tree, every), SeriesOptions(Person("T", "t@x.org")))
    page = index_page(made, tmp_path / "series", [mended, left])

    assert "message 2" in page
    assert "message 1" not in page


def test_a_doubtful_finding_with_a_fix_says_how_it_gets_into_a_series(built, findings, tmp_path):
    """Its fix lies ready; only a person's word is missing."""
    page = index_page(built, tmp_path / "series", [replace(findings[0], confidence=Confidence.MODERATE)])

    assert "once somebody has accepted the finding in review" in page


def test_every_kind_has_its_place_among_the_worst():
    """A kind that is forgotten would stand behind the prototypes."""
    assert working_kinds() == set(index._WORST)


@pytest.mark.parametrize(("body", "minded"), [("It might be lost.", True), ("It is lost.", False)])
def test_what_readers_object_to_stands_beside_the_patch(built, tmp_path, body, minded):
    """Words that were edited by hand are read by nobody else before they are sent."""
    first, *others = built.series
    worded = replace(first, patches=tuple(replace(patch, body=body) for patch in first.patches))

    assert ("mind the words" in index_page(replace(built, series=(worded, *others)), tmp_path)) == minded
