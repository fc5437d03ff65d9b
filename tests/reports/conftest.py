"""A run folder with one finding of every sort, whose words a hostile tree could have chosen."""

from dataclasses import replace

import pytest

from cocci_gen.facts.calls.steps import Step
from cocci_gen.filters import Accepted, Reason, Rejected
from cocci_gen.findings.findings import Breach, Confidence, Edit, Finding, Fix, NoFix, Registration, fingerprint
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.reports.record import read_run
from cocci_gen.runs.baseline import Baseline
from cocci_gen.runs.folder import RunHeader, write_run
from cocci_gen.scan.pipeline import Judged, Scan
from cocci_gen.scan.standings import Stand, Standing

HOSTILE = "x</script><img src=x onerror=alert(1)>\"'&\x1b[2J\u202e%0A::error::\udcff]]>"
NOBODY = Baseline()
#: Where the tests of the page have the row of their document.
RULE_LINE = 17
OWNER = "address_space_operations.writepage.unlocks"


@pytest.fixture
def make_judged(make_obligation):
    """make_judged(function, ...) -> a finding with a fix, accepted unless `against` says why not."""

    def make(function="demo_writepage", kind="unlocks", against=(), fixed=True, **more):
        owner = make_obligation("writepage", kind)
        owner = replace(owner, source=replace(owner.source, line=RULE_LINE))
        diff = "--- a/fs/a.c\n+++ b/fs/a.c\n@@ -4 +4,2 @@\n-old\n+new {\n+x\n"
        fix = Fix((Edit(4, (b"old\n",), (b"new {\n", b"x\n")),), "@fix@\n", diff) if fixed else NoFix("no shape fits")
        path = more.get("file", "fs/a.c")
        finding = Finding(
            fingerprint=fingerprint(owner.id, path, function, "return -EIO;"),
            obligation=owner,
            file=path,
            function=function,
            line=4,
            message=f"{function}() returns with the page locked",
            confidence=Confidence.HIGH,
            breach=Breach("return -EIO;", "!info", True, 3, ("unlock_page",), "page", "page"),
            registrations=(Registration("address_space_operations", "demo_aops", path, 9),),
            evidence=(Step(path, 3, "`info` is false"), Step(path, 4, "returns")),
            semantic_patch="@report@\n",
            fix=fix,
        )
        verdict = Rejected(tuple(Reason(*one) for one in against)) if against else Accepted()
        return Judged(replace(finding, **more), verdict, ("applies", "parses"))

    return make


@pytest.fixture
def every_sort(make_judged):
    """Findings of every sort: sure, doubtful, in the document, rejected, and with hostile words."""
    document = make_judged("writepage", "prototype").finding.obligation.source.path
    return (
        make_judged("low_writepage", confidence=Confidence.LOW, fixed=False, file="fs/b.c"),
        make_judged("writepage", "prototype", file=document, evidence=()),
        make_judged(),
        make_judged("gone_writepage", against=(("infeasible_path", "every path contradicts itself"),), file="fs/c.c"),
        make_judged("hostile", message=HOSTILE, file=f"fs/{HOSTILE}.c", confidence=Confidence.MODERATE),
    )


@pytest.fixture
def make_record(tmp_path):
    """make_record(findings, baseline) -> the record of a run with them, as read from its folder."""

    def make(findings, baseline=NOBODY, unexamined=(), name="run"):
        header = RunHeader(
            tree=str(tmp_path / "no tree"),
            revision="HEAD",
            commit="c" * 40,
            kernel_version="6.1.192",
            tool_version="0.1.0",
            spatch_version="1.1.1",
            command="cocci-gen scan",
            options={"rules": [], "paths": [], "timeout": 60.0},
            baseline={"file": "", "verdicts": 0, "stale": []},
        )
        owners = tuple({one.finding.obligation.id: one.finding.obligation for one in findings}.values())
        stood = (
            Standing(OWNER, "fs/a.c", "demo_writepage", 1, Stand.FOUND, "it returns"),
            Standing(
                OWNER, "fs/k.c", "kept_writepage", 7, Stand.KEPT, "nothing starred", (), (Step("fs/k.c", 8, "unlocks"),)
            ),
            Standing(OWNER, "fs/u.c", "lost_writepage", 9, Stand.NOT_EXAMINED, "does not parse"),
        )
        write_run(
            tmp_path / name, Scan("c" * 40, owners, tuple(findings), tuple(unexamined), 3, 3, 4, 0, stood), header
        )
        return read_run(tmp_path / name, baseline)

    return make


@pytest.fixture
def record(every_sort, make_record):
    """A run with findings of every sort and things that were not examined."""
    lost = [
        Unexamined(OWNER, f"fs/{name}.c", f"{name}_writepage", 3, "has no page or folio parameter") for name in "pqrst"
    ]
    return make_record(every_sort, unexamined=[*lost, Unexamined(OWNER, "fs/z.c", HOSTILE, 1, "spatch failed: killed")])


@pytest.fixture(scope="session")
def demo_tree(tmp_path_factory, corpus, make_repository):
    """A kernel with two cases of the corpus, one of them with hostile words in a comment."""
    every = corpus.kernel("6.1")
    kept = {path: text for path, text in every.items() if not path.startswith("fs/")}
    for case in ("early-error-return", "error-in-loop"):
        path = f"fs/{case}/read_folio_unlocks.c"
        kept[path] = every[path] + f"/* {HOSTILE} */\n".encode("utf-8", "surrogateescape")
    return make_repository(tmp_path_factory.mktemp("demo") / "tree", kept)


@pytest.fixture(scope="session")
def demo_run(need, tmp_path_factory, demo_tree, cocci_gen_says):
    """The folder of a real run over it, with its series."""
    need("spatch")
    folder = tmp_path_factory.mktemp("demo-run")
    words = (
        "run",
        "--kernel",
        demo_tree,
        "--rule",
        "*.read_folio.*",
        "-o",
        folder / "run",
        "--cache",
        folder / "cache",
    )
    assert 1 == cocci_gen_says(*words, "-j", 1)[0]
    return folder / "run"


@pytest.fixture(scope="session")
def demo_night(need, tmp_path_factory, demo_tree, cocci_gen_says):
    """The output of a batch over it, and over a tree that is not there."""
    need("spatch")
    folder = tmp_path_factory.mktemp("night")
    tree = f'[[tree]]\npath = "{demo_tree}"\nname = "demo"\nrevisions = ["main"]\nrules = ["*.read_folio.*"]\n'
    gone = '[[tree]]\npath = "gone"\nname = "gone"\nrevisions = ["main"]\n'
    (folder / "batch.toml").write_text(f'output = "out"\ncache = "cache"\njobs = 1\n{tree}{gone}')
    assert 3 == cocci_gen_says("batch", folder / "batch.toml")[0]
    return folder / "out"
