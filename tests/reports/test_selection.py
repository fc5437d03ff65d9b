"""What is asked for is what is shown, and a question that can have no answer is refused."""

import pytest

from cocci_gen.errors import UsageProblem
from cocci_gen.findings.findings import Confidence
from cocci_gen.reports.selection import Selection, check_selection, select, unbound_paths


def functions(record, **wanted):
    """The functions of the selected findings."""
    return [one.finding.function for one in select(record.findings, Selection(**wanted))]


@pytest.mark.parametrize("glob", ["prototype", "writepage.prototype", "*.writepage.proto*"])
def test_a_rule_is_named_as_in_a_scan(record, glob):
    """`--rule` of a scan takes ids, ids without structure, and kinds."""
    assert ["writepage"] == functions(record, rules=(glob,))


@pytest.mark.parametrize("path", ["fs/a.c", "./fs/a.c", "fs/a.[c]"])
def test_a_path_is_named_as_people_write_it(record, path):
    """Tab completion writes `./fs/a.c`."""
    assert ["demo_writepage"] == functions(record, paths=(path,))


def test_confidence_and_an_earlier_run_narrow_it(record):
    """A gate of a CI asks for new sure findings and nothing else."""
    sure = functions(record, confidences=(Confidence.HIGH,))
    known = frozenset(one.finding.fingerprint for one in record.findings if one.finding.function == "demo_writepage")

    assert ["demo_writepage", "writepage"] == sure
    assert "demo_writepage" not in functions(record, known=known)


def test_a_glob_that_nothing_can_match_is_refused(record):
    """A misspelt kind must not look like a clean tree; 17 kB of ids are no help, the nearest are."""
    known = [one.obligation for one in record.standings]
    with pytest.raises(UsageProblem, match=r"'unlcoks' matches no obligation of this run; perhaps unlocks") as caught:
        check_selection(known, Selection(rules=("unlcoks",)))

    assert len(str(caught.value)) < 200
    with pytest.raises(UsageProblem, match="kinds are callers, "):
        check_selection(known, Selection(rules=("%",)))


def test_a_kind_without_findings_is_no_mistake(record):
    """A gate of a CI asks for a kind of which there is, with luck, nothing."""
    check_selection([one.obligation for one in record.standings], Selection(rules=("irq_safe", "writepage.unlocks")))


def test_a_path_of_which_the_run_knows_nothing_is_told(record):
    """`findings --path fs/nfss` said nothing and ended with 0, like a clean folder."""
    assert ("fs/nfss",) == unbound_paths(record, ("fs", "./fs/a.c", "fs/nfss", "fs/*.c"))
