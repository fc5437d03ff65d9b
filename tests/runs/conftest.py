"""Findings and scans as tests of run folders need them."""

from dataclasses import replace

import pytest

from cocci_gen.facts.calls.steps import Step
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Breach, Confidence, Edit, Finding, Fix, NoFix, Registration, fingerprint
from cocci_gen.scan.pipeline import Judged, Scan

DIFF = "--- a/fs/a.c\n+++ b/fs/a.c\n@@ -1,2 +1,3 @@\n caf\udce9\n+x\n b\n"


@pytest.fixture
def judged(make_obligation):
    """judged(function, ...) -> an accepted finding with a fix; bytes that are no text in it."""

    def make(function="demo", kind="unlocks", fixed=True, **more):
        owner = make_obligation("writepage", kind)
        fix = Fix((Edit(4, (b"caf\xe9\n",), (b"caf\xe9 {\n", b"x\n")),), "@fix@\n", DIFF) if fixed else NoFix("none")
        finding = Finding(
            fingerprint=fingerprint(owner.id, "fs/a.c", function, "return -EIO;"),
            obligation=owner,
            file="fs/a.c",
            function=function,
            line=4,
            message=f"{function}() returns with the page locked",
            confidence=Confidence.HIGH,
            breach=Breach("return -EIO;", "!info", True, 3, ("unlock_page",), "page", "page"),
            registrations=(Registration("address_space_operations", "demo_aops", "fs/a.c", 9),),
            evidence=(Step("fs/a.c", 3, "`info` is false"),),
            semantic_patch="@report@\n",
            fix=fix,
        )
        return Judged(replace(finding, **more), Accepted(), ("applies", "parses"))

    return make


@pytest.fixture
def scan_of():
    """scan_of(finding, ..., unexamined=()) -> a scan with these findings."""

    def make(*findings, unexamined=()):
        owners = tuple({one.finding.obligation.id: one.finding.obligation for one in findings}.values())
        return Scan("c" * 40, owners, findings, tuple(unexamined), 12, 3, 40, 30)

    return make
