"""What forges read is a protocol: the words of a tree must not be able to speak it."""

import json
from xml.etree import ElementTree as ET

from cocci_gen.reports.annotations import github, gitlab
from cocci_gen.reports.junit import junit
from cocci_gen.reports.plain import as_text
from cocci_gen.reports.selection import Selection, select


def test_a_hostile_message_is_one_command_and_no_other(record):
    """A comment in a tree that becomes `::error` or `::set-output` commands whoever runs the CI."""
    lines = list(github(select(record.findings, Selection())))

    assert 4 == len(lines)
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert all("\n" not in line and "\r" not in line and "\x1b" not in line for line in lines)
    [hostile] = [line for line in lines if "onerror" in line]
    assert hostile.split("::", 2)[1].count("::") == 0
    assert "%250A" in hostile


def test_code_quality_has_every_open_finding_once(record):
    """GitLab matches by fingerprint; two of the same are one."""
    read = json.loads(as_text(gitlab(select(record.findings, Selection(rejected=True)))))

    assert 4 == len({one["fingerprint"] for one in read}) == len(read)
    assert {"critical", "major", "info"} == {one["severity"] for one in read}
    assert all({"path", "lines"} == set(one["location"]) for one in read)


def test_junit_counts_what_it_holds(record):
    """Dashboards show the counts of the suites, not their cases."""
    root = ET.fromstring(junit(record, select(record.findings, Selection())))

    for suite in root:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
    assert ["4", "1"] == [str(len(root.findall(f".//{name}"))) for name in ("failure", "skipped")]
    assert any(case.get("name") == "kept_writepage" and not len(case) for case in root.iter("testcase"))
