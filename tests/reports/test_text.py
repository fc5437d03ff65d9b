"""The lines that compilers write: editors jump by them, people read the first screen of them."""

import re
from dataclasses import replace
from datetime import date

from cocci_gen.findings.findings import Confidence
from cocci_gen.reports.record import PatchEntry, SeriesEntry
from cocci_gen.reports.selection import Selection, select
from cocci_gen.reports.text import finding_line, folded_lines, series_lines, unexamined_lines
from cocci_gen.runs.baseline import Baseline, Ruling, Status


def test_a_finding_is_one_line_that_editors_understand(make_judged):
    """`vim -q` and `M-x compile` jump to `path:line:`; the fingerprint is what `review` and `explain` take."""
    one = make_judged()

    assert (
        f"fs/a.c:4: high: demo_writepage() returns with the page locked [writepage.unlocks {one.finding.fingerprint[:8]}, fix]"
        == finding_line(one)
    )


def test_a_message_without_its_function_gets_it(make_judged):
    """A line that names no function sends its reader into the file for nothing."""
    assert "high: demo_writepage(): it does [" in finding_line(make_judged(message="it does"))


def test_the_surest_stand_first_and_code_before_documents(record):
    """What is read first is what is most likely true and most worth a patch."""
    functions = [one.finding.function for one in select(record.findings, Selection())]

    assert ["demo_writepage", "writepage", "hostile", "low_writepage"] == functions


def test_what_filters_reject_is_shown_on_demand_with_the_reason(record):
    """A filter that errs must be seen to err."""
    lines = [finding_line(one) for one in select(record.findings, Selection(rejected=True))]

    assert 1 == sum(line.endswith("(rejected: every path contradicts itself)") for line in lines)


def test_many_findings_are_folded_and_sure_ones_of_the_code_are_not(make_judged):
    """A screen full of doubtful findings hides the three that matter."""
    sure = [make_judged(f"s{number}_writepage") for number in range(3)]
    rest = [
        make_judged(f"l{number}_writepage", confidence=Confidence.LOW, file=f"fs/{number}.c") for number in range(9)
    ]
    lines = list(folded_lines(select([*rest, *sure], Selection()), 5))

    assert [": high: ", ": high: ", ": high: ", "... 9 low in 9 files: 9 unlocks"] == [
        re.search(r": \w+: |^\.\.\..*", line)[0] for line in lines
    ]
    assert ["... 1 high in 1 file: 1 unlocks"] == list(folded_lines(sure, 2))[2:]


def test_what_was_not_examined_is_counted_by_reason_with_places(record):
    """No finding is not clean, and the reason tells whether anything can be done about it."""
    first, second = unexamined_lines(record.unexamined)

    assert first == (
        "    5  has no page or folio parameter: p_writepage() in fs/p.c, q_writepage() in fs/q.c, r_writepage() in fs/r.c, 2 more"
    )
    assert second.startswith("    1  spatch failed: ")


def test_many_reasons_are_folded(record):
    """Sixty lines behind the findings push these off the screen; one line in place of another would save nothing."""
    odd = [replace(record.unexamined[0], reason=f"reason {number}") for number in range(3, 10)]
    lines = list(unexamined_lines([odd[0], odd[0], *odd]))

    assert 7 == len(lines)
    assert lines[0].startswith("    3  reason 3: ")
    lines = list(unexamined_lines([*record.unexamined, *odd]))
    assert "... 3 more reasons" == lines[-1]
    assert 7 == len(lines)


def series(tmp_path, *, signed, failed=(), mends="f"):
    """A series of one patch."""
    patch = PatchEntry("0001-x.patch", "x", (mends,), signed, failed)
    return SeriesEntry("DEMO", tmp_path / "series" / "demo", (patch,))


def test_only_series_that_are_ready_get_the_command_that_sends_them(record, tmp_path):
    """A command that can be pasted will be pasted; before it, a person must have read and signed every patch."""
    ready = list(series_lines((series(tmp_path, signed=True),), record))
    unread = list(series_lines((series(tmp_path, signed=False),), record))
    broken = list(series_lines((series(tmp_path, signed=True, failed=("checkpatch",)),), record))

    lost = list(series_lines((replace(series(tmp_path, signed=True), addressed=False),), record))

    assert "git send-email" in ready[-1]
    assert "--to=" not in ready[-1]
    assert "--to=WHO-TAKES-IT" in lost[-1]
    assert "  nobody is named who takes demo; put the address in:" == lost[-2]
    assert not any("git send-email" in line for line in [*unread, *broken])
    assert f"  cocci-gen review {record.folder} && cocci-gen series {record.folder} --signoff" == unread[-1]
    assert "  demo/0001-x.patch did not pass: checkpatch" == broken[-1]


def test_inside_the_kernel_tree_the_commands_name_a_file_beside_it(record, tmp_path, monkeypatch):
    """The command that is pasted would be refused: no verdict may lie in the tree."""
    record.header.kernel.mkdir()
    monkeypatch.chdir(record.header.kernel)
    command = list(series_lines((series(tmp_path, signed=False),), record))[-1]

    words = f"{record.folder} --baseline ../cocci-gen.toml"
    assert f"  cocci-gen review {words} && cocci-gen series {words} --signoff" == command


def test_what_is_accepted_is_not_to_be_read_again(record, tmp_path):
    """Whoever has accepted everything would look for a finding that he has missed."""
    ruling = Ruling("f", "x.y.z", "fs/a.c", "f", Status.ACCEPTED, "true", date(2026, 1, 1), "me")
    accepted = replace(record, baseline=Baseline((ruling,)))
    [_, words, command] = series_lines((series(tmp_path, signed=False),), accepted)
    [_, _, other] = series_lines((series(tmp_path, signed=False, mends="g"),), accepted)
    [_, only, failed] = series_lines((series(tmp_path, signed=True, failed=("checkpatch",)),), accepted)

    assert "  1 not ready to send; all is accepted, so sign it off:" == words
    assert f"  cocci-gen series {record.folder} --signoff" == command
    assert "cocci-gen review" in other
    assert ("  1 not ready to send:", "  demo/0001-x.patch did not pass: checkpatch") == (only, failed)
