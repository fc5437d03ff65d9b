"""SARIF: valid by the schema of OASIS, with the path, the fix and the verdicts where viewers look for them."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from cocci_gen.findings.findings import apply_edits
from cocci_gen.reports.plain import as_text
from cocci_gen.reports.sarif import FINGERPRINT, sarif
from cocci_gen.reports.selection import Selection, select
from cocci_gen.runs.baseline import Baseline, Ruling, Status

SCHEMA = Path(__file__).resolve().parents[1] / "data" / "sarif-schema-2.1.0.json"


@pytest.fixture(scope="session")
def validator():
    """The schema, formats included."""
    return jsonschema.Draft4Validator(json.loads(SCHEMA.read_bytes()), format_checker=jsonschema.FormatChecker())


def log(record, **wanted):
    """The log as a reader gets it."""
    return json.loads(as_text(sarif(record, select(record.findings, Selection(**wanted)))))


def test_the_log_is_valid_whatever_the_tree_wrote(record, validator):
    """An upload that the schema refuses shows nothing at all."""
    read = log(record, rejected=True)

    assert [] == [f"{one.json_path}: {one.message}" for one in validator.iter_errors(read)]
    assert 5 == len(read["runs"][0]["results"])
    assert "\x1b" not in json.dumps(read, ensure_ascii=False)
    json.dumps(read, ensure_ascii=False).encode("utf-8")


def test_the_validator_can_refuse(record, validator):
    """A schema that takes everything would prove nothing."""
    read = log(record)
    read["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0

    assert not validator.is_valid(read)


def test_a_result_tells_the_path_the_rule_and_a_stable_fingerprint(record, every_sort):
    """These are what a viewer shows and what a forge matches results by."""
    [result] = [one for one in log(record)["runs"][0]["results"] if "demo_writepage" in one["message"]["text"]]
    [thread] = result["codeFlows"][0]["threadFlows"]
    steps = [one["location"]["message"]["text"] for one in thread["locations"]]

    assert ["`info` is false", "returns"] == steps
    assert {FINGERPRINT: every_sort[2].finding.fingerprint} == result["partialFingerprints"]
    assert result["relatedLocations"][0]["message"]["text"].startswith("the rule: ")
    assert ("error", "fs/a.c") == (
        result["level"],
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
    )


def test_a_fix_as_replacement_gives_what_the_edits_give(record, every_sort):
    """Who presses "apply fix" in an editor must get the code that was checked."""
    text = "1\n2\n3\nold\n5\n"
    [result] = [one for one in log(record)["runs"][0]["results"] if "demo_writepage" in one["message"]["text"]]
    [replacement] = result["fixes"][0]["artifactChanges"][0]["replacements"]
    region, lines = replacement["deletedRegion"], text.splitlines(keepends=True)
    head, tail = lines[: region["startLine"] - 1], lines[region["endLine"] - 1 :]
    made = "".join([*head, replacement["insertedContent"]["text"], *tail])

    assert (1, 1) == (region["startColumn"], region["endColumn"])
    assert apply_edits(text.encode(), every_sort[2].finding.fix.edits).decode() == made


def test_the_verdict_of_a_person_is_a_suppression(make_record, every_sort):
    """A finding that somebody has judged must not come back on the dashboard as open."""
    finding = every_sort[2].finding
    who = (finding.file, finding.function, Status.WONTFIX, "it waits", date(2025, 1, 31), "A")
    ruling = Ruling(finding.fingerprint, finding.obligation.id, *who)
    read = log(make_record(every_sort, Baseline((ruling,))))
    said = {one["fingerprints"][FINGERPRINT]: one["suppressions"] for one in read["runs"][0]["results"]}

    assert "it waits" in said.pop(finding.fingerprint)[0]["justification"]
    assert {0} == {len(one) for one in said.values()}


def test_what_was_not_examined_is_a_notification(record):
    """A log without results must not be taken for a clean bill."""
    [invocation] = log(record)["runs"][0]["invocations"]

    assert (False, 6) == (invocation["executionSuccessful"], len(invocation["toolExecutionNotifications"]))


def test_new_results_say_so(record):
    """`--new-since` on a forge: only what this change brought."""
    results = sarif(record, select(record.findings, Selection()), frozenset())["runs"][0]["results"]

    assert {"new"} == {one["baselineState"] for one in results}
