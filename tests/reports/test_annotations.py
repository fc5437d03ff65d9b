"""What forges read is a protocol: the words of a tree must not be able to speak it."""

import json
import re
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from cocci_gen.reports.annotations import github, gitlab
from cocci_gen.reports.hostile import legal
from cocci_gen.reports.junit import junit
from cocci_gen.reports.plain import as_text
from cocci_gen.reports.record import accepted
from cocci_gen.reports.selection import Selection, message_of, select


def test_a_hostile_message_is_one_command_and_no_other(record):
    """A comment in a tree that becomes `::error` or `::set-output` commands whoever runs the CI."""
    lines = list(github(select(record.findings, Selection())))

    assert 4 == len(lines)
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert all("\n" not in line and "\r" not in line and "\x1b" not in line for line in lines)
    [hostile] = [line for line in lines if "onerror" in line]
    assert hostile.split("::", 2)[1].count("::") == 0
    assert "%250A" in hostile


def test_the_words_of_a_command_come_out_as_they_went_in(record):
    """GitHub takes `%XX` back; what it would not take back it shows to people as signs."""
    selected = [one for one in select(record.findings, Selection()) if accepted(one)]

    for one, line in zip(selected, github(selected), strict=True):
        command, place, text = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()
        read = dict(part.split("=", 1) for part in place.split(","))
        assert ({"file", "line", "title"}, True) == (set(read), command in ("error", "warning", "notice"))
        assert legal(one.finding.file) == unquote(read["file"])
        assert unquote(text).startswith(legal(message_of(one.finding)))


#: What GitLab documents of its code quality reports: https://docs.gitlab.com/ci/testing/code_quality/
CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1, "pattern": "^[^\r\n]*$"},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/.]"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"minimum": 1}}},
                },
            },
        },
    },
}


@pytest.mark.parametrize(("key", "value"), [("", None), ("severity", "high"), ("fingerprint", 7), ("location", {})])
def test_code_quality_is_what_gitlab_takes(record, key, value):
    """GitLab drops a report that it cannot read and shows a merge request without a finding."""
    report = json.loads(as_text(gitlab(select(record.findings, Selection()))))
    for one in report if key else ():
        one[key] = value

    assert bool(key) == bool(list(Draft202012Validator(CODE_QUALITY).iter_errors(report)))


def test_code_quality_has_every_open_finding_once(record):
    """GitLab matches by fingerprint; two of the same are one."""
    read = json.loads(as_text(gitlab(select(record.findings, Selection(rejected=True)))))

    assert 4 == len({one["fingerprint"] for one in read}) == len(read)
    assert {"critical", "major", "info"} == {one["severity"] for one in read}
    assert all({"path", "lines"} == set(one["location"]) for one in read)


#: Element -> the attributes that it must have, those that it may have, and its children, in Jenkins's schema for JUnit
#: (junit-10.xsd), as far as these reports use it.
JUNIT = {
    "testsuites": (set(), {"name", "tests", "failures", "errors", "time"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, {"skipped", "time", "timestamp"}, {"testcase"}),
    "testcase": ({"name"}, {"classname", "time", "group"}, {"skipped", "failure", "error"}),
    "failure": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
}


def test_junit_is_what_jenkins_takes(record):
    """One attribute too many and Jenkins refuses the whole report, and shows a build without a finding."""
    root = ET.fromstring(junit(record, select(record.findings, Selection())))

    assert "testsuites" == root.tag
    for element in root.iter():
        needed, allowed, children = JUNIT[element.tag]
        assert (True, set()) == (needed <= set(element.attrib), set(element.attrib) - needed - allowed)
        assert {child.tag for child in element} <= children
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(names) == len(set(names))


def test_junit_counts_what_it_holds(record):
    """Dashboards show the counts of the suites, not their cases."""
    root = ET.fromstring(junit(record, select(record.findings, Selection())))

    for suite in root:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
    assert ["4", "1"] == [str(len(root.findall(f".//{name}"))) for name in ("failure", "skipped")]
    assert any(case.get("name") == "fs/k.c: kept_writepage" and not len(case) for case in root.iter("testcase"))
