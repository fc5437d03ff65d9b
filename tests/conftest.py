"""What every test gets: a home, a git configuration and an environment of its own, and kernels to run on."""

import gc
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import tomllib
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from cocci_gen.cli import main
from cocci_gen.corpus.folder import read_corpus
from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.findings.findings import Breach, Confidence, Edit, Finding, Fix, Registration, fingerprint, split_lines
from cocci_gen.kernel.tree import Blob
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.series.assembly import RunFacts

#: As often as the command itself looks for cycles (cli/process): after every 700 objects costs a tenth of the time.
gc.set_threshold(50_000, 20, 100)

ROOT = Path(__file__).resolve().parent.parent
#: The environment before it is made hermetic: the kernels of Debian lie in the real cache, shared by all runs.
REAL_ENVIRONMENT = dict(os.environ)
KEPT = ("PATH", "TMPDIR", "COCCI_GEN_NEED", "PYTEST_XDIST_WORKER")
GIT_CONFIG = """\
[user]
	name = Test Person
	email = person@test.example
[init]
	defaultBranch = main
[commit]
	gpgSign = false
"""
COMMIT_ENVIRONMENT = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Test"), ("EMAIL", "test@test.example"), ("DATE", "1700000000 +0000"))
}


@pytest.fixture(scope="session", autouse=True)
def hermetic(tmp_path_factory):
    """Own HOME, git configuration, locale and time zone; nothing of the user's, no network from within Python."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(GIT_CONFIG)
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(kept):
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("GIT_ALLOW_PROTOCOL", "file")
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("LC_ALL", "C.UTF-8")
        patch.setenv("TZ", "UTC")
        patch.setattr(socket.socket, "connect", _no_network)
        yield home


@pytest.fixture(scope="session", autouse=True)
def heard_signals():
    """Under `nohup make test &` all children ignore Ctrl-C and hang-ups, and the tests that send them would wait for ever."""
    ignored = [number for number in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


def _no_network(_socket, address):
    raise AssertionError(f"a test tried to connect to {address}")


@pytest.fixture(scope="session")
def need():
    """need("spatch") -> its path; without the program the test is skipped, or fails if COCCI_GEN_NEED names it."""

    def find(program):
        path = shutil.which(program)
        if path is None and program.startswith("git-"):
            path = shutil.which(program, path=_git("--exec-path"))
        if path is None and program in REAL_ENVIRONMENT.get("COCCI_GEN_NEED", "").split():
            pytest.fail(f"{program} is not installed, and COCCI_GEN_NEED says that it must be")
        if path is None:
            pytest.skip(f"{program} is not installed")
        return path

    return find


def _git(*args, cwd=ROOT, **environment):
    ended = subprocess.run(
        ["git", *args], cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


@pytest.fixture(scope="session")
def make_repository():
    """make_repository(folder, {path: text}) -> folder, a git repository with one commit of fixed identity and date.

    A path of bytes may hold what no character is; paths are added with -f, so that a .gitignore hides nothing.
    """

    def make(folder, files):
        folder.mkdir(parents=True)
        for path, text in files.items():
            target = os.path.join(os.fsencode(folder), os.fsencode(path))  # noqa: PTH118 - pathlib knows no bytes
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 - the same
            with open(target, "wb") as file:  # noqa: PTH123 - the same
                file.write(text)
        _git("init", "-q", cwd=folder)
        _git("add", "-f", "-A", cwd=folder)
        _git("commit", "-q", "--allow-empty", "-m", "a small kernel", cwd=folder, **COMMIT_ENVIRONMENT)
        return folder

    return make


@pytest.fixture(scope="session")
def corpus():
    """The corpus of this checkout."""
    return read_corpus(ROOT / "corpus")


@pytest.fixture
def small_kernel(tmp_path, corpus, make_repository):
    """A git repository with the 6.1 kernel of the corpus, all its cases included; free to be changed by the test."""
    return make_repository(tmp_path / "small-kernel", corpus.kernel("6.1"))


@pytest.fixture
def few_cases(tmp_path, corpus, make_repository):
    """few_cases(folder, *cases, above=text) -> a repository of these cases of read_folio, `above` on top of each."""

    def make(folder, *cases, above=b""):
        every = corpus.kernel("6.1")
        kept = {path: text for path, text in every.items() if not path.startswith("fs/")}
        paths = [f"fs/{case}/read_folio_unlocks.c" for case in cases]
        return make_repository(tmp_path / folder, {**kept, **{path: above + every[path] for path in paths}})

    return make


@pytest.fixture(scope="session")
def cocci_gen_says():
    """cocci_gen_says("scan", ...) -> exit code, stdout and stderr of the command line."""

    def say(*words, stdin=None):
        ended = CliRunner().invoke(main, [str(word) for word in words], stdin, catch_exceptions=False)
        return ended.exit_code, ended.stdout, ended.stderr

    return say


#: The test that runs now; fixtures of a session do not know it.
RUNNING = pytest.StashKey()


def pytest_runtest_setup(item):
    """Tell the fixtures of the session which test they serve."""
    item.config.stash[RUNNING] = item


@pytest.fixture(scope="session")
def debian_kernel(request):
    """debian_kernel("6.1") -> the repository with Debian's kernel, which no test may change; a failure without it, but
    a skip where .ci/test has found out that the system's archive lacks it."""

    def prepare(version):
        if not request.config.stash[RUNNING].get_closest_marker("kernel"):
            pytest.fail("a test that wants a real kernel is marked `kernel`: make check fetches none")
        had = REAL_ENVIRONMENT.get("COCCI_GEN_KERNELS", version).split()
        if version not in had:
            pytest.skip(f"left out: the archive of this system has no linux-source-{version}, only {', '.join(had)}")
        script = [ROOT / ".ci/prepare-kernel", version]
        ended = subprocess.run(script, env=REAL_ENVIRONMENT, capture_output=True, text=True, check=False)
        if ended.returncode:
            pytest.fail(f"there is no kernel {version}: {ended.stderr}")
        return Path(ended.stdout.strip())

    return prepare


@pytest.fixture(scope="session")
def locking_facts():
    """locking_facts("v5.8") -> sections, tables and prototypes of that locking.rst as facts with lines (tests/data)."""

    def read(version):
        return tomllib.loads((ROOT / f"tests/data/locking-{version}.toml").read_text(encoding="utf-8"))

    return read


#: A sentence of ours for each [reason] of document/readings.toml by which a sentence binds nobody.
DECLINED = {
    "advice": "It should try to avoid a wait.",
    "consequence": "This incoherency hurts.",
    "default": "A file system that does not provide a method gets another.",
    "document": "The text is about itself.",
    "explains": "It has to do with extreme care.",
    "inverted": "It returns zero to indicate that the buffers are free.",
    "io_pages": "It is about mapping->io_pages.",
    "no_lock_named": "The appropriate locks are those.",
    "nr_to_write": "If nr_to_write is NULL, all goes out.",
    "permission": "It is currently allowed to block.",
    "plan": "The older one will eventually go away.",
    "pointer": "See there.",
    "purpose": "It is used for two purposes.",
    "quantity": "It starts on at least ``*nr_to_write`` of them.",
    "users": "A few are providing these.",
    "vfs": "The VM will do it.",
    "void": "It returns zero on success.",
    "when": "It is called when its time has come.",
}


def table_lines(section):
    """Line -> text of the table of a section of tests/data/locking-*.toml, each row on its own line."""
    rows = [["ops", 0, section["columns"]], *section["rows"]]
    cells = [[row[0], *row[2]] for row in rows]
    widths = [max(map(len, column)) + (number == 0) for number, column in enumerate(zip(*cells, strict=True))]
    border = "  ".join("=" * max(width, 1) for width in widths)
    heading = section["rows"][0][1] - 2
    lines = dict.fromkeys((heading - 1, heading + 1, section["rows"][-1][1] + 1), border)
    for number, row in zip([heading, *(row[1] for row in rows[1:])], cells, strict=True):
        lines[number] = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
    return lines


def prototype_lines(section, prose):
    """Line -> text of the prototypes: of their types only what `prose` tells, which is what decides a reading."""
    first = section["prototypes"][0][1]
    lines = {first - 2 if first - 2 > section["line"] + 1 else first - 1: "prototypes::"}
    through = {method: f"struct {name} *" for name, methods in prose.get("receives", {}).items() for method in methods}
    for method, line in section["prototypes"]:
        returns = "void" if method in prose.get("void", ()) else "int"
        returns, parameters = prose.get("signatures", {}).get(method, (returns, through.get(method, "void")))
        lines[line] = f"\t{returns} (*{method})({parameters});"
    return lines


def prose_lines(prose):
    """Line -> the sentences that begin there; of two that share a line the one that binds comes first."""
    notes = [line for line, _ in prose.get("footnotes", ())]
    lines = {line: f".. [{number}]:" for line, number in prose.get("footnotes", ())}
    if "transition" in prose:
        lines[prose["transition"]] = "-" * 40
    unbound = []
    for line, why, *methods in prose.get("declined", ()):
        named = ", ".join(f"->{method}()" for method in methods)
        unbound.append([line, f"{named}: {DECLINED[why]}" if named else DECLINED[why]])
    for line, sentence in [*prose.get("sentences", ()), *unbound]:
        indent = "   " if notes and line > min(notes) else ""
        before = lines.get(line, "")
        new = f"And again: {sentence}" if sentence in before else sentence
        lines[line] = f"{before} {new}" if before else indent + new
    return lines


@pytest.fixture(scope="session")
def rst_of_facts():
    """rst_of_facts(facts, sections of prose) -> a locking.rst with everything on its own line, as bytes."""

    def render(facts, prose=()):
        about = {section["title"]: section for section in prose}
        lines = {}
        for section in facts["section"]:
            of_section = about.pop(section["title"], {})
            lines |= {section["line"]: section["title"], section["line"] + 1: "=" * len(section["title"])}
            lines |= prototype_lines(section, of_section) | prose_lines(of_section)
            lines |= table_lines(section) if "rows" in section else {}
        for of_nobody in about.values():
            lines |= prose_lines(of_nobody)
        return "\n".join([*(lines.get(number + 1, "") for number in range(facts["lines"])), ""]).encode()

    return render


@pytest.fixture(scope="session")
def locking_rst(debian_kernel, rst_of_facts, locking_facts):
    """locking_rst("6.1") -> the document of Debian's kernel; for "v5.8", which Debian lacks, one made from tests/data."""

    def read(version):
        if version == "v5.8":
            prose = tomllib.loads((ROOT / "tests/data/prose-v5.8.toml").read_text(encoding="utf-8"))
            return rst_of_facts(locking_facts(version), prose["section"])
        command = ["git", "show", "HEAD:Documentation/filesystems/locking.rst"]
        return subprocess.run(command, cwd=debian_kernel(version), capture_output=True, check=True).stdout

    return read


DEMO_MAINTAINERS = b"""\
DEMO FILE SYSTEM
M:\tA Demo <a@demo.example>
R:\tJ\xc3\xa9r\xc3\xb4me Reviewer <j@demo.example>
L:\tdemo@lists.example
S:\tMaintained
F:\tfs/demo/

OTHER FILE SYSTEM
M:\t"O. Ther, Jr." <o@other.example>
L:\tother@lists.example (moderated for non-subscribers)
S:\tSupported
F:\tfs/other/

GONE FILE SYSTEM
S:\tOrphan
F:\tfs/gone/

THE REST
M:\tLinus Torvalds <torvalds@linux-foundation.org>
L:\tlinux-kernel@vger.kernel.org
S:\tBuried alive in reporters
F:\t*
F:\t*/
"""


@pytest.fixture(scope="session")
def demo_source():
    """demo_source(name) -> C code with two ->writepage methods that each return early with the page locked."""

    def make(name, functions=2):
        code = f"#include <linux/fs.h>\n\nstatic int {name}_ready;\n"
        for number in range(1, functions + 1):
            code += (
                f"\nstatic int {name}_writepage{number}(struct page *page, struct writeback_control *wbc)\n{{\n"
                f"\tstruct {name}_inode *info = page->mapping->host->i_private;\n\tint err;\n\n"
                f"\tif (!info)\n\t\treturn -EIO;\n\n"
                f"\terr = {name}_write(info, page);\n\tunlock_page(page);\n\treturn err;\n}}\n"
            )
        return code.encode()

    return make


@pytest.fixture
def demo_kernel(tmp_path, make_repository, demo_source):
    """A git repository with a few small file systems and MAINTAINERS, free to be changed."""
    names = ("demo", "other", "gone", "wild")
    files = {f"fs/{name}/{file}.c": demo_source(name) for name in names for file in ("file", "inode")}
    files |= {"MAINTAINERS": DEMO_MAINTAINERS, "Makefile": b"VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n"}
    return make_repository(tmp_path / "demo-kernel", files)


@pytest.fixture(scope="session")
def make_finding():
    """make_finding(tree, path, function, kind) -> a finding of the early return there, with the fix that belongs to it."""

    def make(tree, path, function, kind="unlocks", confidence=Confidence.HIGH):
        lines = split_lines(tree.read(path))
        numbered = list(enumerate(lines))
        start = next(
            number for number, line in numbered if line.startswith(b"static") and function.encode() + b"(" in line
        )
        place = next(number for number, line in numbered[start:] if b"return -EIO" in line)
        if kind == "unlocks":
            head = lines[place - 1]
            edits = (
                Edit(place, (head,), (head.rstrip(b"\n") + b" {\n",)),
                Edit(place + 1, (), (b"\t\tunlock_page(page);\n",)),
                Edit(place + 2, (), (b"\t}\n",)),
            )
        else:
            after = next(number for number, line in numbered[place:] if b"unlock_page" in line) + 1
            starts, ends = b"\tset_page_writeback(page);\n", b"\tend_page_writeback(page);\n"
            edits = (Edit(after, (), (starts,)), Edit(after + 1, (), (ends,)))
        source = RuleSource("Documentation/filesystems/locking.rst", 272, "writepage: yes, unlocks (see below)")
        obligation = Obligation(
            "address_space_operations", "writepage", kind, "page", "PageLocked(page)", "yes, unlocks", source
        )
        patch = (
            f"@releases exists@\nsymbol page;\n@@\n {function}(...)\n {{\n"
            " ... when != unlock_page(...)\n+unlock_page(page);\n return -EIO;\n }\n"
        )
        breach = Breach("return -EIO;", "!info", True, place, ("unlock_page",), "page", "page")
        return Finding(
            fingerprint(obligation.id, path, function, "x"),
            obligation,
            path,
            function,
            place + 1,
            f"{function}() returns with the page locked",
            confidence,
            breach,
            (Registration("address_space_operations", "demo_aops", path, 7),),
            (Step(path, place, "info is NULL"), Step(path, place + 1, "returns with the page locked")),
            patch,
            Fix(edits, patch, ""),
        )

    return make


@pytest.fixture(scope="session")
def run_facts():
    """run_facts(tree, findings) -> what a series says about its run: all rungs before stage 8 passed."""

    def make(tree, findings=()):
        rungs = ("applies", "parses", "finding gone", "none new", "converges")
        checks = {finding.fingerprint: rungs for finding in findings}
        return RunFacts("0.1.0", "1.1.1", tree.commit, "6.1.0", 12, 3, "cocci-gen run --kernel linux -o out", checks)

    return make


class MemoryTree:
    """A kernel tree that lies in memory alone: what the index and the stages behind it ask of a KernelTree."""

    root = Path("/nowhere")
    commit = "c" * 40
    revision = "HEAD"

    def __init__(self, files):
        self.held = {}
        self.texts = {hashlib.sha1(text).hexdigest(): text for text in files.values()}
        self.files = {path: Blob(hashlib.sha1(text).hexdigest(), path, "100644") for path, text in files.items()}
        self.tree = hashlib.sha1(repr(sorted(files.items())).encode()).hexdigest()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    @property
    def base(self):
        """Nothing is laid over it."""
        return self

    def part(self):
        """Another process has the same in its memory."""

    def grep_over(self, below, *_):
        """Nothing is laid over it."""
        return below

    def blobs(self):
        """Every file."""
        return self.files

    def grep(self, pattern, *_globs):
        """The lines that an extended regular expression fits, as git grep would find them."""
        fits = re.compile(pattern.replace(r"\<", r"\b").replace(r"\>", r"\b")).search
        texts = ((path, self.texts[blob.oid].decode("utf-8", "replace")) for path, blob in sorted(self.files.items()))
        lines = ((path, n, line) for path, text in texts for n, line in enumerate(text.split("\n"), 1))
        return tuple(hit for hit in lines if fits(hit[2]))

    def read(self, path):
        """The text of a file."""
        return self.texts[self.files[path].oid]

    def text_of(self, path):
        """The text of a file, None where there is none."""
        return self.read(path) if path in self.files else None

    def home(self, path):
        """The folder of the module that a file is of: what lies in module/ is of one."""
        return "module" if path.startswith("module/") else ""

    def read_blobs(self, oids):
        """(oid, text) of each."""
        return ((oid, self.texts[oid]) for oid in oids)


@pytest.fixture
def index_of(tmp_path):
    """index_of({path: C text}, methods) -> the index of such a tree, without a repository: a few milliseconds each."""
    made = []

    def make(files, methods=("writepage", "read_folio")):
        tree = MemoryTree({path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()})
        index = KernelIndex(tree, tmp_path / f"index-{len(made)}", frozenset(methods))
        made.append(index)
        index.update(1)
        return index

    yield make
    for index in made:
        index.close()


@pytest.fixture
def facts_of(index_of):
    """facts_of({path: C text}) -> what the rules may ask about a tree of these files."""

    def make(files, **options):
        index = index_of(files, **options)
        return TreeFacts(index.tree, index, Effects(index))

    return make


@pytest.fixture(scope="session")
def make_obligation():
    """make_obligation("writepage", "unlocks") -> the obligation of a page method."""

    def make(method="writepage", kind="unlocks"):
        source = RuleSource("Documentation/filesystems/locking.rst", 272, f"{method}: yes, unlocks")
        return Obligation("address_space_operations", method, kind, "page", "PageLocked(page)", "yes, unlocks", source)

    return make


@pytest.fixture(scope="session")
def kernel_cache():
    """The caches for scans of Debian's kernels, beside the kernels in the real cache: the first scan of all tests parses.

    One folder for each state of the modules that read C, so that a change of theirs is never hidden by an old cache.
    """
    home = REAL_ENVIRONMENT.get("XDG_CACHE_HOME") or Path(REAL_ENVIRONMENT.get("HOME", Path.home())) / ".cache"
    facts = [
        ROOT / "cocci_gen/facts" / f"{name}.py" for name in ("extraction", "index", "outlines", "readings", "store")
    ]
    code = b"".join(
        path.read_bytes() for path in [*sorted((ROOT / "cocci_gen/code").iterdir()), *facts] if path.is_file()
    )
    folder = Path(home) / "cocci-gen/tests" / f"{zlib.crc32(code):08x}"
    folder.mkdir(parents=True, exist_ok=True)
    for other in folder.parent.iterdir():
        if other != folder and other.stat().st_mtime < time.time() - 86400:
            shutil.rmtree(other, ignore_errors=True)
    return folder
