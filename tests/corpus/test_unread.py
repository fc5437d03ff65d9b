"""What nobody has read: after a change of a rule, verdicts and findings are compared one by one."""

import json

import pytest

from cocci_gen.corpus.records import read_records

FINDING = {
    "file": "fs/a.c",
    "function": "f",
    "kind": "unlocks",
    "obligation": "address_space_operations.writepage.unlocks",
    "breach": {"statement": "return -EIO;", "condition": "err"},
    "verdict": "accepted",
    "confidence": "high",
    "line": 7,
    "message": "f() returns with the page locked",
}
RECORD = """
[[finding]]
file = "fs/a.c"
function = "f"
obligation = "address_space_operations.writepage.unlocks"
exit = "return -EIO;"
condition = "err"
outcome = "accepted"
confidence = "{confidence}"
verdict = "taken"
reason = "because"
"""


@pytest.fixture
def compared(tmp_path, cocci_gen_says):
    """compared(findings, records) -> exit code and text of the command."""

    def compare(findings, records):
        (tmp_path / "run").mkdir(exist_ok=True)
        (tmp_path / "run/run.json").write_text('{"counts": {"named": 5, "named_examined": 4}}')
        (tmp_path / "run/findings.jsonl").write_text("".join(json.dumps(one) + "\n" for one in findings))
        (tmp_path / "linux-6.1.toml").write_text(records)
        return cocci_gen_says("corpus", "unread", tmp_path / "run", "--tree", "linux-6.1", "--corpus", tmp_path)[:2]

    return compare


def test_what_was_read_is_silence(compared):
    """The nightly comparison must not cry for nothing."""
    assert (0, "") == compared([FINDING], RECORD.format(confidence="high"))


def test_a_finding_without_a_verdict_is_an_entry_to_complete(compared, tmp_path):
    """Whoever reads it fills in two words; with them the entry is one that can be read."""
    code, text = compared([FINDING], "")
    (tmp_path / "linux-6.1.toml").write_text(
        text.replace('verdict = ""', 'verdict = "false"').replace('n = ""', 'n = "x"')
    )

    assert 1 == code
    assert ["return -EIO;"] == [one.statement for one in read_records(tmp_path, "linux-6.1")]
    assert "# fs/a.c:7: f() returns with the page locked" in text


def test_another_confidence_is_another_finding(compared):
    """A finding that became sure is read again before it goes into a series."""
    code, text = compared([FINDING], RECORD.format(confidence="low"))

    assert (1, True, True) == (code, 'confidence = "high"' in text, "# not reported any more: fs/a.c f" in text)


def test_two_that_look_alike_need_two_verdicts(compared):
    """One verdict would hide that a second return of the same words was never read."""
    assert 1 == compared([FINDING, FINDING], RECORD.format(confidence="high"))[0]
    assert 0 == compared([FINDING, FINDING], 2 * RECORD.format(confidence="high"))[0]


def test_how_much_was_examined_is_compared_too(compared):
    """A share that nobody measures again would go on shining when the front end has become blind."""
    assert (0, "") == compared([], "named = 5\nexamined = 4\n")
    assert (1, "# the run says: named = 5, examined = 4\n") == compared([], "named = 5\nexamined = 5\n")


def test_a_folder_without_findings_is_told(tmp_path, cocci_gen_says):
    """A wrong folder must not look like a run in which all is read."""
    code, _, problem = cocci_gen_says("corpus", "unread", tmp_path, "--tree", "linux-6.1")

    assert (2, True) == (code, "name the folder that a scan wrote" in problem)
