"""The corpus: what is read from it, and that every way in which a case can be wrong is seen."""

import os
import re
import subprocess

import pytest

from cocci_gen.corpus.cases import NothingToFix, Twin, Unfixable, Word
from cocci_gen.corpus.check import accepted_twins, check
from cocci_gen.corpus.folder import read_corpus
from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.errors import CocciGenError
from cocci_gen.findings.findings import Breach, Confidence, Edit, Finding, Fix, NoFix, Registration, split_lines
from cocci_gen.resources import data_folder

FOLDER = "demo_operations/write.unlocks"
CASE = """\
// SPDX-License-Identifier: GPL-2.0-only
/// An early return keeps the page.
static int demo(struct page *page)
{
	if (bad())
		return -EIO;	/* violates: write.unlocks */
	unlock(page);
	return 0;		/* ok: write.unlocks */
}
"""
TWIN = """\
// SPDX-License-Identifier: GPL-2.0-only
/// An early return keeps the page.
static int demo(struct page *page)
{
	if (bad()) {
		unlock(page);
		return -EIO;
	}
	unlock(page);
	return 0;
}
"""


def obligation(short="write.unlocks"):
    """An obligation of the struct that the miniature corpus speaks of."""
    method, kind = short.split(".")
    source = RuleSource("Documentation/filesystems/locking.rst", 7, "write: yes, unlocks")
    return Obligation("demo_operations", method, kind, "page", "PageLocked(page)", "yes, unlocks", source)


DOCUMENT_FOLDER = "demo_operations/open.prototype"
DOCUMENT = """\
.. SPDX-License-Identifier: GPL-2.0-only
.. /// The method has another type.
.. Kernel: 6.1

demo_operations
===============

prototypes::

	int (*open)(struct file *); /* first */	/* violates: open.prototype */
	int (*close)(struct file *);	/* ok: open.prototype */
"""
DOCUMENT_TWIN = """\
.. SPDX-License-Identifier: GPL-2.0-only
.. /// The method has another type.
.. Kernel: 6.1

demo_operations
===============

prototypes::

	int (*open)(struct inode *); /* first */
	int (*close)(struct file *);
"""


def finding(path, line, fix, short="write.unlocks", confidence=Confidence.HIGH):
    """A finding of the fake pipeline."""
    return Finding(
        fingerprint="0" * 16,
        obligation=obligation(short),
        file=path,
        function="demo",
        line=line,
        message="the page stays locked",
        confidence=confidence,
        breach=Breach("return -EIO;", "bad()", True, line - 1, ("unlock",), "page", "page"),
        registrations=(Registration("demo_operations", "demo_ops", path, 1),),
        evidence=(),
        semantic_patch="",
        fix=fix,
    )


def honest_scan(files):
    """A fake pipeline: a `return -EIO;` behind `if (bad())` in the line above keeps the page, and ->open() takes no file."""
    for path, text in files.items():
        lines = split_lines(text)
        for index, line in enumerate(lines):
            if line == b"\t\treturn -EIO;\n" and lines[index - 1] == b"\tif (bad())\n":
                new = (b"\tif (bad()) {\n", b"\t\tunlock(page);\n", line, b"\t}\n")
                fix = Fix((Edit(index, (lines[index - 1], line), new),), "", "")
                yield finding(path, index + 1, fix)
            if line.startswith(b"\tint (*open)(struct file *)"):
                fix = Fix((Edit(index + 1, (line,), (line.replace(b"file", b"inode"),)),), "", "")
                yield finding(path, index + 1, fix, "open.prototype")


def scan(files):
    """`honest_scan` as the list that a pipeline returns."""
    return list(honest_scan(files))


def understood(texts):
    """A fake parser, which stumbles over one word."""
    return ["BROKEN in line 1" if b"BROKEN" in text else "" for text in texts]


@pytest.fixture
def folder(tmp_path):
    """A miniature corpus that holds: one kernel, one case, its twin."""
    (tmp_path / "trees/6.1/fs").mkdir(parents=True)
    (tmp_path / "trees/common").mkdir()
    (tmp_path / "trees/6.1/fs/good.c").write_text("int good;\n")
    (tmp_path / "trees/common/MAINTAINERS").write_text("nobody\n")
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "case.c").write_text(CASE)
    (tmp_path / FOLDER / "case.fixed.c").write_text(TWIN)
    return tmp_path


def problems(folder, scan=scan):
    """What `check` says of a folder, as `path:line: text`."""
    report = check(read_corpus(folder), scan, understood)
    return [f"{problem.path}:{problem.line}: {problem.text}" for problem in report.problems]


def test_a_right_corpus_holds(folder):
    """If this fails, every seeded fault below would be seen for the wrong reason."""
    report = check(read_corpus(folder), scan, understood)

    assert () == report.problems
    assert (1, 2) == (report.cases, report.expectations)


def test_reading_a_case(folder):
    """Marks are blanked and lines stay where they are, or fixes would carry marks and findings would be off by some."""
    (case,) = read_corpus(folder).cases

    assert [(6, Word.VIOLATES, "write.unlocks", "high"), (8, Word.OK, "write.unlocks", "high")] == [
        (mark.line, mark.word, mark.short, mark.confidence) for mark in case.marks
    ]
    assert re.sub(r"[ \t]*/\*.*\*/", "", CASE).encode() == case.text
    assert ("An early return keeps the page.", "6.1", "") == (case.meaning, case.kernel, case.source)
    assert Twin(TWIN.encode()) == case.repair


SEEDED = {
    "mark removed": ("case.c", CASE.replace("\t/* violates: write.unlocks */", ""), "reported without a mark"),
    "mark too many": ("case.c", CASE.replace("/* ok:", "/* violates:"), "is not reported"),
    "false ok": ("case.c", CASE.replace("/* violates:", "/* ok:"), "the mark says that this is right"),
    "mark on another line": (
        "case.c",
        CASE.replace("\t/* violates: write.unlocks */", "").replace(
            "(bad())", "(bad())	/* violates: write.unlocks */"
        ),
        "is not reported",
    ),
    "no mark at all": ("case.c", re.sub(r"\t+/\*.*\*/", "", CASE), "has no mark"),
    "typo in the method": ("case.c", CASE.replace("violates: write.", "violates: wirte."), "there is no folder for"),
    "typo in the kind": ("case.c", CASE.replace("violates: write.unlocks", "violates: write.unlock"), "no folder for"),
    "unknown word": ("case.c", CASE.replace("violates:", "violate:"), "is no mark"),
    "colon forgotten": ("case.c", CASE.replace("violates:", "violates"), "is no mark"),
    "unknown confidence": ("case.c", CASE.replace("write.unlocks */", "write.unlocks sure */", 1), "is no confidence"),
    "other confidence": ("case.c", CASE.replace("write.unlocks */", "write.unlocks low */", 1), "the mark says low"),
    "code behind the mark": (
        "case.c",
        CASE.replace("unlocks */\n\tunlock", "unlocks */ x();\n\tunlock"),
        "end its line",
    ),
    "spatch does not understand it": ("case.c", CASE.replace("demo", "BROKEN"), "spatch does not understand"),
    "no licence": ("case.c", CASE.replace("// SPDX", "// S"), "does not begin with"),
    "no meaning": ("case.c", CASE.replace("/// An", "// An"), "is neither"),
    "unknown key": ("case.c", CASE.replace("///", "// Fixed: yes\n///"), "is neither"),
    "unknown kernel": ("case.c", CASE.replace("///", "// Kernel: 2.4\n///"), "there is no kernel 2.4"),
    "fixable, says nobody": ("case.c", CASE.replace("///", "// Fixable: yes\n///"), "may say is 'no'"),
    "undeclared fix": ("case.c", CASE.replace("///", "// Fixable: no\n///"), "has a repaired file beside it"),
    "too long": ("case.c", CASE + "int x;\n" * 60, "is longer than 59 lines"),
    "todo that is found": ("case.c", CASE.replace("violates:", "todo-violates:"), "promote the mark to 'violates'"),
    "todo that is silent": ("case.c", CASE.replace("/* ok:", "/* todo-ok:"), "promote the mark to 'ok'"),
    "spacing in the twin": (
        "case.fixed.c",
        TWIN.replace("\t\tunlock", "        unlock"),
        "another text from this line",
    ),
    "mark in the twin": ("case.fixed.c", TWIN.replace("0;", "0; /* ok: write.unlocks */"), "carry no marks"),
    "twin broken": ("case.fixed.c", TWIN.replace("demo", "BROKEN"), "spatch does not understand"),
    "twin without a case": ("other.fixed.c", TWIN, "has no case beside it"),
    "stray file": ("notes.txt", "", "is no case"),
    "upper case": ("Case.c", CASE, "is no case"),
}


@pytest.mark.parametrize("name", SEEDED)
def test_seeded_faults_are_seen(folder, name):
    """A runner that overlooks one of these would let the corpus rot, or prove rules that never fire."""
    file, text, expected = SEEDED[name]
    (folder / FOLDER / file).write_text(text)

    assert any(expected in problem for problem in problems(folder)), problems(folder)


@pytest.fixture
def documents(folder):
    """The miniature corpus with a case that is a document, and its header."""
    (folder / DOCUMENT_FOLDER).mkdir()
    (folder / DOCUMENT_FOLDER / "case.rst").write_text(DOCUMENT)
    (folder / DOCUMENT_FOLDER / "case.fixed.rst").write_text(DOCUMENT_TWIN)
    (folder / DOCUMENT_FOLDER / "case.h").write_text("struct demo_operations { int (*open)(struct inode *); };\n")
    return folder


def test_a_right_document_holds(documents):
    """If this fails, the faults of documents below would be seen for the wrong reason."""
    case, _ = read_corpus(documents).cases

    assert [] == problems(documents)
    assert (case.is_document, case.meaning, case.kernel) == (True, "The method has another type.", "6.1")
    assert b"\tint (*open)(struct file *); /* first */\n\tint (*close)(struct file *);\n" in case.text


def test_each_document_has_a_kernel_of_its_own(documents):
    """Two documents in one tree would overwrite each other; a document without its header has nothing to differ from."""
    (documents / DOCUMENT_FOLDER / "other.rst").write_text(DOCUMENT)
    (documents / DOCUMENT_FOLDER / "other.fixed.rst").write_text(DOCUMENT_TWIN)
    seen = []

    def spy(files):
        seen.append(files)
        return scan(files)

    check(read_corpus(documents), spy, understood)
    own = [files for files in seen if "Documentation/filesystems/locking.rst" in files]

    assert len(seen) == 6  # the C case, two documents, and the repaired files of each
    assert [["include/linux/case.h"]] * 2 + [[]] * 2 == [
        sorted(path for path in files if path.startswith("include/linux/")) for files in own
    ]
    assert all(files["fs/good.c"] and "fs/case/write_unlocks.c" not in files for files in own)


DOCUMENT_FAULTS = {
    "mark removed": ("case.rst", DOCUMENT.replace("\t/* violates: open.prototype */", ""), "reported without a mark"),
    "mark too many": ("case.rst", DOCUMENT.replace("/* ok:", "/* violates:"), "is not reported"),
    "false ok": ("case.rst", DOCUMENT.replace("/* violates:", "/* ok:"), "the mark says that this is right"),
    "header of a C file": ("case.rst", DOCUMENT.replace(".. SPDX", "// SPDX"), "does not begin with .. SPDX"),
    "no meaning": ("case.rst", DOCUMENT.replace(".. /// The", ".. The"), "is neither '.. /// sentence' nor '.. Kernel"),
    "unknown kernel": ("case.rst", DOCUMENT.replace("6.1", "2.4"), "there is no kernel 2.4"),
    "fix of another text": ("case.fixed.rst", DOCUMENT_TWIN.replace("first", "last"), "another text from this line"),
    "mark in the twin": ("case.fixed.rst", DOCUMENT_TWIN + "\t/* ok: open.prototype */\n", "carry no marks"),
    "mark in the header": ("case.h", "int x; /* ok: open.prototype */\n", "carry no marks"),
    "header without a case": ("other.h", "int x;\n", "has no case beside it"),
    "twin without a case": ("other.fixed.rst", DOCUMENT_TWIN, "has no case beside it"),
    "C among documents": ("other.c", CASE, "is no case"),
    "document among C": (f"../../{FOLDER}/other.rst", DOCUMENT, "is no case"),
    "broken document": ("case.rst", DOCUMENT.replace("prototypes::", "====="), "is no locking.rst"),
    "broken twin": ("case.fixed.rst", DOCUMENT_TWIN.replace("prototypes::", "====="), "is no locking.rst"),
}


@pytest.mark.parametrize("name", DOCUMENT_FAULTS)
def test_seeded_faults_of_documents_are_seen(documents, name):
    """What holds for cases in C must hold for documents, or the kind `prototype` would prove nothing."""
    file, text, expected = DOCUMENT_FAULTS[name]
    (documents / DOCUMENT_FOLDER / file).write_text(text)

    assert any(expected in problem for problem in problems(documents)), problems(documents)


def test_a_typing_error_in_a_mark_is_told_with_what_was_meant(folder):
    """A list of all the folders of the corpus helps nobody."""
    (folder / FOLDER / "case.c").write_text(CASE.replace("violates: write.", "violates: wirte."))

    assert f"{FOLDER}/case.c:6: there is no folder for 'wirte.unlocks'; perhaps write.unlocks" in problems(folder)


def test_twin_removed(folder):
    """Without its twin a case would prove nothing about the fix."""
    (folder / FOLDER / "case.fixed.c").unlink()

    assert [
        f"{FOLDER}/case.c:0: has no repaired file (.fixed.c) beside it; say 'Fixable: no' if it shall have none"
    ] == (problems(folder))


def test_an_undeclared_change_is_seen(folder):
    """`Fixable: no` promises that nothing is changed."""
    (folder / FOLDER / "case.fixed.c").unlink()
    (folder / FOLDER / "case.c").write_text(CASE.replace("///", "// Fixable: no\n///"))

    assert [f"{FOLDER}/case.c:6: is changed here, and the header says 'Fixable: no'"] == problems(folder)


def test_a_finding_left_in_the_twin_is_seen(folder):
    """A golden file that was accepted wrongly: the fix is as it says, and does not mend anything."""

    def useless(files):
        return [
            finding(path, number, Fix((Edit(1, (), (b"/* fixed */\n",)),), "", ""))
            for path, text in files.items()
            for number, line in enumerate(split_lines(text), 1)
            if line == b"\t\treturn -EIO;\n"
        ]

    (folder / FOLDER / "case.fixed.c").write_bytes(
        accepted_twins(read_corpus(folder), useless)[f"{FOLDER}/case.fixed.c"]
    )

    text = "write.unlocks is still reported in the repaired file, and a second run would change it again"

    assert [f"{FOLDER}/case.fixed.c:7: {text}"] == problems(folder, useless)


@pytest.mark.parametrize(
    ("confidence", "complaints"), [(Confidence.LOW, 0), (Confidence.MODERATE, 1), (Confidence.HIGH, 1)]
)
def test_the_doubtful_rest_of_a_mended_exit_may_stay(folder, confidence, complaints):
    """A sure breach hides the excused one that comes to the same exit; what is sure after the fix is another breach."""

    def leaves(files):
        found = scan(files)
        mended = [path for path, text in files.items() if text == TWIN.encode()]
        return found + [finding(path, 9, NoFix("doubtful"), confidence=confidence) for path in mended]

    assert complaints == sum("still reported in the repaired file" in problem for problem in problems(folder, leaves))


def test_a_finding_outside_of_the_cases_is_seen(folder):
    """The rest of a small kernel is right; what is reported there is a false alarm."""

    def eager(files):
        return [*scan(files), finding("fs/good.c", 1, NoFix("none"))]

    assert ["trees/6.1/fs/good.c:1: write.unlocks is reported outside of the cases"] == problems(folder, eager)


def test_two_things_that_go_wrong_at_one_exit_have_two_marks(folder):
    """Each lock that is kept is a finding; a lost one must not hide behind the other's mark."""
    case = folder / FOLDER / "case.c"
    case.write_text(case.read_text().replace("violates: write.unlocks", "violates: write.unlocks, write.unlocks"))

    assert [] == problems(folder, lambda files: scan(files) * 2)
    assert [f"{FOLDER}/case.c:6: write.unlocks is reported 1 times (high), and marked 2 times"] == problems(
        folder, scan
    )


def test_a_finding_reported_twice_is_seen(folder):
    """Two findings at one place would become two patches."""
    assert [f"{FOLDER}/case.c:6: write.unlocks is reported 2 times"] == problems(folder, lambda files: scan(files) * 2)


def test_edits_that_overlap_are_seen(folder):
    """Two fixes that touch the same lines in different ways cannot both be right."""

    def torn(files):
        other = [finding(one.file, 8, Fix((Edit(6, (b"\t\treturn -EIO;\n",), ()),), "", "")) for one in scan(files)]
        return scan(files) + other

    assert any("the fixes do not apply together" in problem for problem in problems(folder, torn))


def test_a_silent_rule_is_seen(folder):
    """A rule that never fires must not pass: that is how a dead template looks."""
    assert f"{FOLDER}/case.c:6: write.unlocks is not reported" in problems(folder, lambda _files: [])


@pytest.mark.parametrize("word", ["violates", "ok"])
def test_a_folder_needs_both_sides(folder, word):
    """A folder of silent cases alone, or of firing ones alone, proves half of a rule."""
    other = {"violates": "ok", "ok": "violates"}[word]
    text = re.sub(rf"\t+/\* {word}: .*\*/", "", CASE)
    (folder / FOLDER / "case.c").write_text(text)

    assert f"/* {other}:" in text
    assert any(f"has no case with the mark '{word}: write.unlocks'" in problem for problem in problems(folder))


def test_an_empty_folder_is_seen(folder):
    """An obligation whose cases were all removed must not look tested."""
    (folder / "demo_operations/read.unlocks").mkdir()

    assert 2 == len([problem for problem in problems(folder) if "read.unlocks" in problem])


def test_todo_marks_hold_while_nothing_changes(folder):
    """What is known to be wrong must neither fail the check nor be asked for its fix."""
    (folder / FOLDER / "later.c").write_text(CASE.replace("-EIO;\t/* v", "-EROFS;\t/* todo-v"))

    assert [] == problems(folder)


def test_silent_case_with_a_twin_is_seen(folder):
    """A twin of a case that has nothing to repair is compared with nothing."""
    (folder / FOLDER / "silent.c").write_text(re.sub(r"\t/\* violates.*\*/", "", CASE).replace("-EIO", "-EROFS"))
    (folder / FOLDER / "silent.fixed.c").write_text(TWIN)

    assert any("nothing to repair" in problem for problem in problems(folder))


def test_two_findings_may_ask_for_the_same_edit(folder):
    """One place can break two obligations, and one fix can mend both."""
    other = folder / "demo_operations/write.writeback"
    other.mkdir()
    both = CASE.replace("violates: write.unlocks", "violates: write.unlocks, write.writeback")
    (folder / FOLDER / "case.c").write_text(both)
    (other / "case.c").write_text(both.replace("ok: write.unlocks", "ok: write.writeback"))
    (other / "case.fixed.c").write_text(TWIN)

    def double(files):
        return scan(files) + [finding(one.file, one.line, one.fix, "write.writeback") for one in scan(files)]

    assert [] == problems(folder, double)


def test_accept_writes_missing_twins(folder):
    """`make accept` must give exactly the file that the check then asks for."""
    twin = folder / FOLDER / "case.fixed.c"
    twin.unlink()
    for path, text in accepted_twins(read_corpus(folder), scan).items():
        (folder / path).write_bytes(text)

    assert TWIN.encode() == twin.read_bytes()
    assert {} == accepted_twins(read_corpus(folder), scan)


def test_accept_leaves_what_must_not_be_fixed(folder):
    """`Fixable: no` is a decision of a person."""
    (folder / FOLDER / "case.fixed.c").unlink()
    (folder / FOLDER / "case.c").write_text(CASE.replace("///", "// Fixable: no\n///"))

    assert {} == accepted_twins(read_corpus(folder), scan)


def test_a_folder_without_a_corpus_is_refused(tmp_path):
    """A wrong folder with no case in it would hold without a word."""
    with pytest.raises(CocciGenError, match="holds no corpus"):
        read_corpus(tmp_path)


def test_the_corpus_itself_is_well_formed(corpus):
    """A typo in a mark would otherwise show up as a strange difference, or not at all."""
    assert () == corpus.problems
    assert {f"address_space_operations.{method}.unlocks" for method in ("read_folio", "readpage", "write_end")} <= (
        corpus.tested()
    )


def test_the_corpus_has_cases_of_all_sorts(corpus):
    """At least 15 cases for the kinds `unlocks` and `writeback`, and as many must stay silent as must not."""
    firing = [case for case in corpus.cases if isinstance(case.repair, Twin | Unfixable)]
    silent = [case for case in corpus.cases if isinstance(case.repair, NothingToFix)]

    assert len(firing) >= 15
    assert len(silent) >= 15


def test_every_case_is_c(corpus, need, tmp_path):
    """spatch and tree-sitter take much for C that no compiler takes; a case must be something that people write.

    All of them where the compiler must be there (`make test`), else every seventh: 1,000 compilers take 6 s of CPU.
    """
    step = 1 if "cc" in os.environ.get("COCCI_GEN_NEED", "").split() else 7
    compiler = [need("cc"), "-std=gnu11", "-ffreestanding", "-nostdinc", "-fsyntax-only", "-Wall", "-Wextra", "-Werror"]
    calm = ["-Wno-unused-parameter", "-Wno-sign-compare", "-Wno-builtin-declaration-mismatch"]
    for version, tree in corpus.trees.items():
        cases = [case for case in corpus.cases if case.kernel == version]
        code = [case for case in cases if not case.is_document][::step]
        left_out = {case.tree_path for case in cases if case not in code}
        sampled = {path: text for path, text in corpus.kernel(version).items() if path not in left_out}
        twins = {f"fixed/{case.tree_path}": case.repair.text for case in code if isinstance(case.repair, Twin)}
        headers = {  # one by one: two may define the same structure
            f"headers/{number}.c": case.header for number, case in enumerate(cases) if case.header is not None
        }
        for path, text in {**tree, **sampled, **twins, **headers}.items():
            (tmp_path / version / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / version / path).write_bytes(text)
        sources = sorted(str(path) for path in (tmp_path / version).rglob("*.c"))
        ended = subprocess.run(
            [*compiler, *calm, f"-I{tmp_path / version / 'include'}", *sources],
            capture_output=True,
            text=True,
            check=False,
        )

        assert (0, "") == (ended.returncode, ended.stderr)


def test_spatch_parses_every_case(corpus, need, tmp_path):
    """What spatch does not parse it skips without a word, and a silent case would prove nothing."""
    macros = str(data_folder("templates") / "macros.h")
    for number, case in enumerate(case for case in corpus.cases if not case.is_document):
        folder = tmp_path / str(number // 50)  # spatch overflows its stack on more than 200 files
        folder.mkdir(exist_ok=True)
        (folder / f"case{number}.c").write_bytes(case.text)
        if isinstance(case.repair, Twin):
            (folder / f"twin{number}.c").write_bytes(case.repair.text)
    for folder in sorted(tmp_path.iterdir()):
        argv = [need("spatch"), "--macro-file-builtins", macros, "--parse-c", str(folder)]
        ended = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)

        assert re.search(r"pbs = 0;.*nb bad = 0\b", ended.stdout + ended.stderr, re.DOTALL), ended.stdout[-2000:]
