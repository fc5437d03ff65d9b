"""`scan`, `run`, `series` and `obligations` of a module outside the kernel, by what the user types."""

import json
import re
import shutil
import subprocess

import pytest

from cocci_gen.scan.pipeline import Examination

CODE = b"""\
#include "own.h"
static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	if (!page->x)
		return -EIO;
	redirty_page_for_writepage(wbc, page);
	demo_finish(page);
	return 0;
}
const struct address_space_operations demo_aops = { .writepage = demo_writepage };
"""
HEADER = b"static inline void demo_finish(struct page *page)\n{\n\tunlock_page(page);\n}\n"
TEST = CODE.replace(b"demo", b"test").replace(b"own.h", b"none.h").replace(b"test_leave", b"unlock_page")
SETTINGS = b'[module]\nname = "demofs"\nmaintainers = ["A Demo <a@demo.example>"]\nlists = ["demo@lists.example"]\n'


@pytest.fixture
def kernel(tmp_path, corpus, make_repository):
    """A kernel whose own file system breaks the same rule."""
    return make_repository(
        tmp_path / "linux",
        {
            **corpus.trees["6.1"],
            "fs/kern.c": CODE.replace(b"demo", b"kern").replace(b"kern_leave", b"unlock_page"),
            "MAINTAINERS": b"THE REST\nM:\tThe Rest <rest@kernel.example>\nS:\tMaintained\nF:\t*\nF:\t*/\n",
        },
    )


@pytest.fixture
def module(tmp_path, make_repository):
    """A module with its own Kbuild, a test program that no build takes, and people of its own."""
    files = {
        "src/Kbuild": b"obj-m := demo.o\ndemo-y := file.o\n", "src/file.c": CODE, "src/own.h": HEADER,
        "tests/t.c": TEST, "cocci-gen.toml": SETTINGS,
    }  # fmt: skip
    return make_repository(tmp_path / "demofs", files)


@pytest.fixture
def say(tmp_path, cocci_gen_says, kernel, need, monkeypatch):
    """say(verb, ...) -> (code, stdout, stderr), with a cache of its own, over the kernel."""
    need("spatch")
    monkeypatch.chdir(tmp_path)
    return lambda verb, *words: cocci_gen_says(verb, "--kernel", kernel, "--cache", tmp_path / "cache", *words)


def lines(path):
    """The objects of a .jsonl file."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def git(folder, *words, stdin=None):
    """stdout of a git command."""
    return subprocess.run(["git", *words], cwd=folder, input=stdin, capture_output=True, check=True).stdout.decode()


def test_a_module_is_examined_in_terms_of_its_own_repository(say, module, kernel, tmp_path):
    """Neither the kernel's own breach nor a file that is not built is told, and neither repository is written to."""
    before = [git(place, "for-each-ref") + git(place, "status", "-s") for place in (module, kernel)]
    code, out, _ = say("scan", "--module", module, "-o", tmp_path / "out")
    every = lines(tmp_path / "out/findings.jsonl")
    (found,) = [one for one in every if one["kind"] == "unlocks"]
    header = json.loads((tmp_path / "out/run.json").read_bytes())

    assert 1 == code
    assert "1 C file by its makefiles, 1 other left out: tests/t.c" in out
    assert ["tests/t.c"] == header["module"]["left_out"]
    assert ("src/file.c", "demo_writepage", 5) == (found["file"], found["function"], found["line"])
    assert {"src/file.c"} == {one["file"] for one in every}
    assert "prototype" not in {one["kind"] for one in every}
    assert (str(module), str(kernel)) == (header["tree"], header["module"]["kernel"])
    diff = (tmp_path / "out" / found["fix"]).read_bytes()
    assert b"--- a/src/file.c\n+++ b/src/file.c\n" in diff
    git(module, "apply", "--check", stdin=diff)
    assert before == [git(place, "for-each-ref") + git(place, "status", "-s") for place in (module, kernel)]


def test_the_functions_of_the_kernel_are_not_looked_at(say, module, tmp_path, monkeypatch):
    """What is told of them is thrown away, and looking at them takes a minute."""
    seen, told = set(), Examination._bound_by

    def heard(self, obligation, asked):
        seen.update(duty.definition.path for _, duties, _ in asked for duty in duties)
        yield from told(self, obligation, asked)

    monkeypatch.setattr(Examination, "_bound_by", heard)
    say("scan", "--module", module, "-o", tmp_path / "out")
    assert seen
    assert not seen & {"fs/kern.c"}


def test_a_file_is_explained_by_what_is_bound_in_it_or_why_it_does_not_count(say, module, tmp_path, cocci_gen_says):
    """Who misses a file must learn whether it was looked at."""
    say("scan", "--module", module, "-o", tmp_path / "out")
    code, out, _ = cocci_gen_says("explain", tmp_path / "out", "src/file.c")
    _, left, _ = cocci_gen_says("explain", tmp_path / "out", "./tests/t.c")

    assert 0 == code
    assert "src/file.c: 1 function is bound by rules\n  examined by spatch: demo_writepage()" in out
    assert "tests/t.c was left out: no makefile of the module names an object of it" in left


def test_the_figures_of_a_module_count_what_binds_its_own_code(say, module, tmp_path, cocci_gen_says):
    """541 obligations of the kernel's document say nothing of a module with one method."""
    _, out, _ = say("scan", "--module", module, "-o", tmp_path / "out")
    counts = json.loads((tmp_path / "out/run.json").read_bytes())["counts"]
    told = lines(tmp_path / "out/examined.jsonl")
    (page, names) = (tmp_path / "page.html", {one["obligation"] for one in told})
    cocci_gen_says("findings", tmp_path / "out", "--format", "html", "-o", page)

    assert counts["obligations_binding"] == len(names) < counts["obligations"]
    assert (
        f"bound         1 function in 1 file by {len(names)} of {counts['obligations']} obligations; operations tables name 1\n"
        in out
    )
    assert "<b>1</b> function bound, 1 examined by spatch" in page.read_text()
    assert f"<b>{len(names)}</b> obligations bind them" in page.read_text()


def test_the_page_of_a_module_asks_for_what_was_asked(say, module, tmp_path, cocci_gen_says):
    """`prototype: asked` for all methods says that something was looked at which is left out for modules."""
    page = tmp_path / "page.html"
    say("scan", "--module", module, "-o", tmp_path / "out")
    cocci_gen_says("findings", tmp_path / "out", "--format", "html", "-o", page)
    say("scan", "--module", module, "-o", tmp_path / "out2", "--rule", "*.writepage.prototype")
    cocci_gen_says("findings", tmp_path / "out2", "--format", "html", "-o", tmp_path / "page2.html")

    assert '<th scope="col">prototype</th>' not in page.read_text()
    assert "<code>tests/t.c</code>" in page.read_text()
    assert '<th scope="col">prototype</th>' in (tmp_path / "page2.html").read_text()


def test_accepted_means_accepted_by_somebody(say, module, tmp_path, cocci_gen_says):
    """A word for two things leaves a reader to guess whether his verdict has counted."""
    _, before, _ = say("scan", "--module", module, "-o", tmp_path / "out", "--rule", "*.unlocks")
    (found,) = lines(tmp_path / "out/findings.jsonl")
    cocci_gen_says("review", tmp_path / "out", "--accept", found["fingerprint"], "--who", "A <a@a.example>")
    code, after, _ = say("scan", "--module", module, "-o", tmp_path / "out", "--rule", "*.unlocks")
    told, text, _ = cocci_gen_says("findings", tmp_path / "out")
    _, page, _ = cocci_gen_says("findings", tmp_path / "out", "--format", "html")

    assert "findings      1 (1 high), 1 with a fix\n" in before
    assert "findings      1 (1 high), 1 with a fix, of which you accepted 1\n" in after
    assert "(judged: accepted (A <a@a.example>" in after
    assert "(judged: accepted (A <a@a.example>" in text
    assert 1 == code == told
    assert '<b class="high">1</b> open, high' in page
    assert "<b>1</b> of these accepted by people" in page


def test_the_series_is_for_the_people_of_the_module(say, module, tmp_path, cocci_gen_says):
    """The kernel's MAINTAINERS would send it to people who cannot take it; `series` makes the same again."""
    head = git(module, "rev-parse", "HEAD").strip()
    say("run", "--module", module, "-o", tmp_path / "out")
    patch = max((tmp_path / "out/series").glob("*/*.patch"))
    text = patch.read_text()

    assert "To: A Demo <a@demo.example>\nCc: demo@lists.example\n" in text
    assert "rest@kernel" not in text
    assert re.search(r"^Subject: \[PATCH.*\] demofs: ", text, re.MULTILINE)
    assert "Documentation/filesystems/locking.rst" in text
    assert "Fixes:" not in text  # a tag of the kernel, and nobody outside of it asks for one
    git(module, "am", "-q", *sorted((tmp_path / "out/series").glob("*/0*.patch")))
    assert CODE != (module / "src/file.c").read_bytes()
    shutil.rmtree(tmp_path / "out/series")
    code, out, _ = cocci_gen_says("series", tmp_path / "out", "--make-branches", "mended")
    assert 0 == code
    assert text == patch.read_text()
    assert re.search(rf"^branch +mended/demofs .* prep -e {head[:12]}\)$", out, re.MULTILINE)  # no commit of the kernel


def test_history_and_settings_say_the_prefix(say, module, tmp_path):
    """`fs: ` or the name of a folder is what the kernel's tree would suggest."""
    for number in range(3):
        (module / "src/file.c").write_bytes(CODE + b"/* %d */\n" % number)
        git(module, "commit", "-qam", f"demo/vfs: change {number}")
    say("run", "--module", module, "-o", tmp_path / "out")
    patch = max((tmp_path / "out/series").glob("*/*.patch"))

    assert re.search(r"^Subject: \[PATCH.*\] demo/vfs: ", patch.read_text(), re.MULTILINE)


def test_a_folder_without_git_has_findings_and_no_series(say, module, tmp_path):
    """What a package installs below /usr/src is such a folder."""
    shutil.rmtree(module / ".git")
    code, out, err = say("run", "--module", f"{module}:src", "-o", tmp_path / "out")

    assert 1 == code, err
    assert "is no git repository; the fixes lie in diffs/ (patch -p1)" in out
    assert {"src/file.c"} == {one["file"] for one in lines(tmp_path / "out/findings.jsonl")}
    assert not (tmp_path / "out/series").exists()


def test_people_who_are_not_committed_are_told(say, module, tmp_path):
    """The series would go to nobody, though the file names somebody."""
    (module / "cocci-gen.toml").write_text('[module]\nmaintainers = ["New <new@demofs.example>"]\n')
    _, _, err = say("scan", "--module", module, "-o", tmp_path / "out")

    assert "cocci-gen.toml is not committed so; patches go to whom HEAD names" in err


def test_what_would_end_the_scan_is_said_before_the_module_is_looked_at(say, module, tmp_path):
    """Looking at a big module takes half a minute on a busy machine."""
    for words, says in (
        (["-o", module / "out"], "which is only read"),
        (["-o", tmp_path / "o", "--baseline", tmp_path / "b"], "cannot be read"),
        (["-o", tmp_path / "o", "--spatch", "nix"], "could not be started"),
    ):
        code, out, err = say("scan", "--module", module, *words)

        assert (2, "") == (code, out)
        assert says in err


def test_a_document_that_is_none_is_named(say, module, tmp_path):
    """The kernel's own, which nobody has touched, was named."""
    (tmp_path / "some.rst").write_text("no rules\n")
    code, _, err = say("scan", "--module", module, "--document", tmp_path / "some.rst", "-o", tmp_path / "out")

    assert 2 == code
    assert "some.rst:1: no prototypes block" in err


def test_several_kernels_give_a_table(say, module, kernel, tmp_path):
    """What breaks where: the second kernel has no such rule."""
    document = kernel / "Documentation/filesystems/locking.rst"
    text = document.read_text()
    document.write_text("\n".join(line for line in text.split("\n") if "writepage" not in line or "writepages" in line))
    git(kernel, "commit", "-qam", "no ->writepage any more")
    code, out, _ = say("scan", "--module", module, "--rev", "HEAD~1", "--rev", "HEAD", "-o", tmp_path / "out")
    table = out.split("what breaks (X found, . not found, ? not examined, - no such rule there)\n")[1]

    assert 1 == code
    assert ["X", "-"] == table.split("\n")[0].split()[:2]
    assert "src/file.c:5: high: demo_writepage()" in table
    assert 2 == len(list((tmp_path / "out").glob("*/run.json")))


def test_version_tests_are_decided_for_each_kernel(say, module, kernel, tmp_path):
    """A module holds the code of all kernels at once; what another one compiles is no breach of this one."""
    early = b"\tif (!page->x)\n\t\treturn -EIO;\n"
    newer = b"#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)\n" + early + b"#endif\n"
    (module / "src/file.c").write_bytes(CODE.replace(early, newer))
    git(module, "commit", "-qam", "only on 6.12")
    (kernel / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n")
    git(kernel, "add", "-A")
    git(kernel, "commit", "-qm", "6.1")
    (kernel / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\n")
    git(kernel, "commit", "-qam", "6.12")
    words = ("--rule", "unlocks", "--rev", "HEAD~1", "--rev", "HEAD")
    _, out, _ = say("scan", "--module", module, *words, "-o", tmp_path / "out")
    row = next(line for line in out.split("\n") if "src/file.c:" in line and "[writepage.unlocks]" in line)

    assert [".", "X"] == row.split()[:2]


def test_prototypes_are_the_business_of_the_kernel_unless_asked_for(say, module, kernel, tmp_path):
    """A module cannot mend the kernel's document."""
    document = kernel / "Documentation/filesystems/locking.rst"
    document.write_text(
        document.read_text().replace("(*writepage)(struct page *page,", "(*writepage)(struct folio *page,")
    )
    git(kernel, "commit", "-qam", "another prototype")
    kinds = {}
    for name, words in (("all", ()), ("asked", ("--rule", "*.prototype"))):
        say("scan", "--module", module, *words, "-o", tmp_path / name)
        kinds[name] = {one["kind"] for one in lines(tmp_path / name / "findings.jsonl")}

    assert "prototype" not in kinds["all"]
    assert {"prototype"} == kinds["asked"]


def test_the_bound_functions_are_listed(say, module):
    """Whoever wonders what is examined sees it without a scan."""
    code, out, _ = say("obligations", "--module", module)

    assert 0 == code
    assert "address_space_operations.writepage: " in out
    assert "  src/file.c:2: demo_writepage()\n" in out
    assert "1 methods with rules, 1 functions bound, 0 table entries without one" in out


def test_a_document_in_place_of_the_kernels_own(say, module, kernel, tmp_path, corpus):
    """A tree without one can still be scanned by the rules of another."""
    document = tmp_path / "locking.rst"
    document.write_bytes(corpus.trees["6.1"]["Documentation/filesystems/locking.rst"])
    git(kernel, "rm", "-q", "Documentation/filesystems/locking.rst")
    git(kernel, "commit", "-qm", "no document")

    assert 2 == say("scan", "--module", module, "-o", tmp_path / "a")[0]
    assert 1 == say("scan", "--module", module, "--document", document, "-o", tmp_path / "b")[0]
    assert 1 == say("scan", "--document", document, "--path", "fs", "-o", tmp_path / "c")[0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--module", "nowhere"], "there is no folder nowhere; --module takes a git repository or a folder"),
        (["--module", "demofs", "--module-rev", "v9"], "has no revision 'v9'"),
        (["--module", "demofs:doc"], "has no folder doc"),
        (["--module", "demofs", "--path", "doc"], "--path 'doc': the module"),
        (["--module", "demofs:src", "--path", "file.c"], "has no such file or folder; did you mean src/file.c?"),
        (
            ["--module", "demofs", "--path", "tests"],
            "--path 'tests': nothing there is built: 1 C file by its makefiles",
        ),
        (["--module-rev", "v1"], "--module-rev says something of a module"),
    ],
)
def test_what_cannot_be_done_is_said(say, module, words, says, tmp_path):
    """With the way out, before anything is scanned."""
    assert module.is_dir()
    code, _, err = say("scan", *words, "-o", tmp_path / "out")

    assert 2 == code
    assert says in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [("--path", "doc"), ("--rule", "wirtepage.unlocks")])
def test_a_typo_is_told_before_the_module_is_laid_over(say, module, words, tmp_path, monkeypatch):
    """Whoever mistypes a path would wait seconds to be told so."""

    def laid_over(kernel, laid):
        raise AssertionError(f"{laid.root} was laid over {kernel.root}")

    monkeypatch.setattr("cocci_gen.scan.modules.laid_over", laid_over)
    code, _, err = say("scan", "--module", module, *words, "-o", tmp_path / "out")

    assert 2 == code
    assert f"{words[0]} {words[1]!r}" in err


@pytest.mark.parametrize("verb", ["scan", "run"])
def test_settings_that_are_wrong_name_their_line(say, module, verb, tmp_path):
    """A typo would send mails to nobody; told by the series alone, it is told after minutes."""
    (module / "cocci-gen.toml").write_text('[module]\nmaintainer = "A <a@b.example>"\n')
    git(module, "commit", "-qam", "typo")
    code, _, err = say(verb, "--module", module, "-o", tmp_path / "out")

    assert (2, False) == (code, (tmp_path / "out/run.json").exists())
    assert "cocci-gen.toml:2: 'maintainer' is unknown in [module]; there are name, maintainers" in err


def test_nights_of_a_module(module, kernel, tmp_path, cocci_gen_says, need):
    """A change of the module, or of the kernel below it, is scanned; the series are the module's."""
    need("spatch")
    config = tmp_path / "batch.toml"
    tree = f'[[tree]]\npath = "linux"\nrevisions = ["HEAD"]\nmodule = "{module.name}:src"\n'
    config.write_text(f'output = "nights"\ncache = "cache"\njobs = 1\n{tree}')
    first, again = cocci_gen_says("batch", config), cocci_gen_says("batch", config)
    (module / "src/file.c").write_bytes(CODE + b"/* changed */\n")
    git(module, "commit", "-qam", "a change")
    third = cocci_gen_says("batch", config)
    summary = json.loads((tmp_path / "nights/summary.json").read_bytes())

    assert [1, 0, 0] == [first[0], again[0], third[0]]
    assert "1 unchanged" in again[1]
    assert "1 unchanged" not in third[1]
    assert ["demofs-linux-HEAD"] == [one["name"] for one in summary["runs"]]
    assert any((tmp_path / "nights").glob("demofs-linux-HEAD/*/series/*/*.patch"))
    assert "cocci-gen" in git(module, "for-each-ref")
    assert "cocci-gen" not in git(kernel, "for-each-ref")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('module_revision = "x"', "module_revision says something of a module"),
        ('module = "gone"', "there is no folder"),
    ],
)
def test_nights_that_name_a_module_wrongly(more, says, tmp_path, kernel, cocci_gen_says, need):
    """With its line, or as an outcome of that target."""
    need("spatch")
    config = tmp_path / "batch.toml"
    config.write_text(f'output = "nights"\n[[tree]]\npath = "{kernel}"\nrevisions = ["HEAD"]\n{more}\n')
    code, out, err = cocci_gen_says("batch", config)

    assert code in (2, 3)
    assert says in out + err
