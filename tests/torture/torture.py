"""Kills and fuzz against the whole tool: `make torture`, outside `make check`, bounded in time and count, with a seed.

A run is killed at a random point, by a random signal, perhaps with its caches damaged or its repository changed meanwhile,
and begun again; what it then finds must be what an undisturbed run finds, nothing may go on running, nothing may be left
behind, and the checkout must be as it was.  And every reader of something that others write gets inputs that are damaged:
whatever comes of it must be an answer or one of our own sentences, within seconds.

Prints the figures that README quotes; exit code 1 when one of them that should be zero is not.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cocci_gen.api import scan_texts
from cocci_gen.coccinelle.parse_report import read_report
from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.source import EVERY, file_facts
from cocci_gen.corpus.folder import read_corpus
from cocci_gen.document.obligations import obligations, read_obligations
from cocci_gen.document.tables import read_document
from cocci_gen.errors import CocciGenError
from cocci_gen.kernel.mailboxes import parse_mailboxes, read_mailmap
from cocci_gen.runs.baseline import read_baseline
from cocci_gen.runs.folder import read_findings, read_header, read_helpers, read_standings, read_unexamined
from cocci_gen.runs.nightly.state import read_state
from cocci_gen.series.rerolls.former import read_former

ROOT = Path(__file__).resolve().parents[2]
RULES = "Documentation/filesystems/locking.rst"
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
#: What must not happen at all.
ZEROS = (
    "lost findings",
    "orphans",
    "left behind",
    "checkouts changed",
    "wrong exit codes",
    "hangs",
    "crashes",
    "inputs that take long",
)
#: What nests, or ends what should not end.
NESTS = (b"(", b"{", b"[", b'"', b"/*", b"#if 0\n", b"\\\n", b"<", b"\0", b"\r")
#: A damaged case that goes through all stages.
WHOLE = "a whole scan"
#: Seconds that one damaged input may take.
PATIENCE = 10
FUNCTION = """\
#include <linux/fs.h>
static int {0}_writepage(struct page *page, struct writeback_control *wbc)
{{
	if (!page->{0})
		return -EIO;
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return 0;
}}
static const struct address_space_operations {0}_aops = {{ .writepage = {0}_writepage }};
"""


@dataclass
class Figures:
    """What was done, and what went wrong."""

    kills: int = 0
    runs: int = 0
    inputs: int = 0
    executions: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def fault(self, kind: str, words: str) -> None:
        """Something that must not be."""
        self.wrong[kind] += 1
        self.told.append(f"{kind}: {words}")


def git(folder: Path, *words: str, check: bool = True) -> str:
    """git in the throw-away repository."""
    ended = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=check, text=True)
    return ended.stdout


class Kills:
    """The tool as processes that are killed."""

    def __init__(self, folder: Path, dice: random.Random, figures: Figures) -> None:
        self.folder, self.dice, self.figures = folder, dice, figures
        self.kernel = folder / "kernel"
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(self.temporary), "HOME": str(folder)}
        self._make_kernel()
        self.wanted = self._reference()

    def _make_kernel(self) -> None:
        files = dict(read_corpus(ROOT / "corpus").trees["6.1"])
        files |= {f"fs/{name}/inode.c": FUNCTION.format(name).encode() for name in ("ada", "bob", "cid", "dan", "eve")}
        files["MAINTAINERS"] = (
            b"EVERYTHING\nM:\tA B <a@b.example>\nL:\tlinux-fsdevel@vger.kernel.org\nS:\tMaintained\nF:\tfs/\n"
        )
        for path, text in files.items():
            (self.kernel / path).parent.mkdir(parents=True, exist_ok=True)
            (self.kernel / path).write_bytes(text)
        (self.folder / ".gitconfig").write_text("[user]\n\tname = T. Ester\n\temail = t@test.example\n")
        os.environ["HOME"] = str(self.folder)
        git(self.kernel, "init", "-q", "-b", "main")
        git(self.kernel, "add", "-fA")
        git(self.kernel, "commit", "-qm", "a small kernel")
        self.before = git(self.kernel, "rev-parse", "HEAD").strip()
        path = self.kernel / "fs/ada/inode.c"
        path.write_text(path.read_text().replace("\tredirty", "\tif (page->eve)\n\t\treturn -EIO;\n\tredirty"))
        git(self.kernel, "commit", "-qam", "ada: another breach")
        self.commit = git(self.kernel, "rev-parse", "HEAD").strip()

    def command(self, verb: str, out: Path, cache: Path) -> list[str]:
        """The words of a verb on the small kernel."""
        place = ["--kernel", str(self.kernel), "--rev", self.commit, "-o", str(out), "--cache", str(cache), "-j", "2"]
        rules = ["--rule", "*.writepage.unlocks", "--rule", "*.writepage.writeback"]
        config = self.folder / "batch.toml"
        config.write_text(
            f'output = "{out.name}-nights"\ncache = "{cache}"\njobs = 2\nkeep = 3\n[[tree]]\npath = "{self.kernel}"\n'
            f'name = "small"\nrevisions = ["{self.commit}"]\nrules = ["*.writepage.unlocks", "*.writepage.writeback"]\n'
        )
        return [sys.executable, "-m", "cocci_gen.cli"] + {
            "scan": ["scan", *place, *rules],
            "run": ["run", *place, *rules],
            "series": ["series", str(out)],
            "reroll": ["series", str(out), "--reroll", str(self.folder / "reference")],
            "review": ["review", str(out), "--accept", self.one, "--baseline", str(out.parent / f"{out.name}.toml")],
            "batch": ["batch", str(config)],
            "check": ["check", *place[:4], *place[6:], *rules, "--since", self.before],
        }[verb]

    def _reference(self) -> list[str]:
        self.one = "0" * 16
        out = self.folder / "reference"
        code = self._finish("run", out, self.folder / "reference-cache")
        if code != 1:
            raise SystemExit(f"the undisturbed run ended with {code}")
        found = self._found(out)
        self.one = json.loads(found[0])["fingerprint"]
        self._finish("check", out, self.folder / "reference-cache")
        self.brought = self.told_of_check
        if not self.brought:
            raise SystemExit("the undisturbed check found nothing new")
        return found

    def _found(self, out: Path) -> list[str]:
        with contextlib.suppress(OSError):
            return sorted((out / "findings.jsonl").read_text().splitlines())
        return []

    def _start(self, verb: str, out: Path, cache: Path) -> subprocess.Popen[bytes]:
        self.figures.runs += 1
        words = self.command(verb, out, cache)
        return subprocess.Popen(
            words, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip

    def _finish(self, verb: str, out: Path, cache: Path) -> int:
        process = self._start(verb, out, cache)
        try:
            printed, said = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            process.kill()
            self.figures.fault("hangs", f"{verb} after a kill")
            return -1
        if b"Traceback" in said or process.returncode == 70:
            self.figures.fault("crashes", f"{verb}: {said.decode(errors='replace')[-400:]}")
        if verb == "check":
            self.told_of_check = [line for line in printed.decode().splitlines() if line.startswith("  new ")]
        return process.returncode

    def once(self, number: int) -> None:
        """One run that is killed, disturbed, and begun again."""
        out, cache = self.folder / f"out{number}", self.folder / f"cache{number}"
        verb = self.dice.choice(("scan", "run", "run", "series", "reroll", "review", "batch", "check"))
        if verb in ("series", "reroll", "review"):
            shutil.copytree(self.folder / "reference", out)
        for _ in range(self.dice.randint(1, 3)):
            process = self._start(verb, out, cache)
            time.sleep(self.dice.uniform(0.05, 6.0 if verb in ("run", "scan", "batch", "check") else 3.0))
            self._meddle()
            process.send_signal(self.dice.choice(SIGNALS))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=60)
            if process.poll() is None:
                self.figures.fault("hangs", f"{verb} does not end after a signal")
                process.kill()
            self.figures.kills += 1
            self._damage(cache)
        code = self._finish(verb, out, cache)
        self._check(verb, out, code)
        if verb == "check" and code == 1 and self.brought != self.told_of_check:
            self.figures.fault("lost findings", f"check told {self.told_of_check}, not {self.brought}")
        for path in (out, cache, self.folder / f"{out.name}-nights"):
            shutil.rmtree(path, ignore_errors=True)

    def _meddle(self) -> None:
        """What others do to a repository while it is read."""
        match self.dice.randrange(12):
            case 0:
                git(self.kernel, "commit", "-q", "--allow-empty", "-m", "another", check=False)
            case 4:
                git(self.kernel, "commit", "-q", "--allow-empty", "--amend", "-m", "rewritten", check=False)
            case 5:
                git(self.kernel, "branch", "-f", "other", self.dice.choice((self.before, self.commit)), check=False)
                git(self.kernel, "tag", "-f", "moved", self.dice.choice((self.before, self.commit)), check=False)
            case 6:
                git(self.kernel, "reflog", "expire", "--expire=now", "--all", check=False)
                git(self.kernel, "prune-packed", "-q", check=False)
            case 1:
                git(self.kernel, "gc", "-q", "--prune=now", check=False)
            case 2:
                git(self.kernel, "repack", "-adq", check=False)
            case 3:
                git(self.kernel, "pack-refs", "--all", check=False)

    def _damage(self, cache: Path) -> None:
        """What a disk or a stranger does to a cache."""
        files = [path for path in cache.glob("*.sqlite") if path.stat().st_size] if cache.is_dir() else []
        if not files or self.dice.random() < 0.5:
            return
        path = self.dice.choice(files)
        text = bytearray(path.read_bytes())
        match self.dice.randrange(4):
            case 0:
                text = text[: self.dice.randrange(len(text))]
            case 1:
                for _ in range(self.dice.randint(1, 200)):
                    text[self.dice.randrange(len(text))] ^= 1 << self.dice.randrange(8)
            case 2:
                start = self.dice.randrange(len(text))
                text[start : start + 8192] = bytes(len(text[start : start + 8192]))
            case 3:
                text = bytearray(b"somebody else's " * 100)
        path.write_bytes(text)

    def _check(self, verb: str, out: Path, code: int) -> None:
        expected = {
            "scan": (1,),
            "run": (1,),
            "series": (0,),
            "reroll": (0,),
            "review": (0,),
            "batch": (0, 1),
            "check": (1,),
        }[verb]
        changed_meanwhile = 2  # a commit of the meddler during the series is told, and the series is not made
        if code not in (*expected, changed_meanwhile):
            self.figures.fault("wrong exit codes", f"{verb} ended with {code}")
        runs = list((self.folder / f"{out.name}-nights").glob("small*/*/")) if verb == "batch" else [out]
        found = [self._found(run) for run in runs if (run / "findings.jsonl").exists()]
        if verb not in ("batch", "check") and not found and code != changed_meanwhile:
            self.figures.fault("lost findings", f"{verb}: no findings at all")
        for one in found:
            if one != self.wanted:
                self.figures.fault("lost findings", f"{verb}: {len(one)} findings, not {len(self.wanted)}, or others")
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"TMPDIR={self.temporary}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    self.figures.fault("orphans", (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
                    os.kill(int(folder.name), signal.SIGKILL)
        for path in self.temporary.iterdir():
            if not path.name.startswith("cocci-gen-crash"):
                self.figures.fault("left behind", f"{verb}: {path.name}")
                shutil.rmtree(path, ignore_errors=True)  # it is told once
        if status := git(self.kernel, "status", "--porcelain"):
            self.figures.fault("checkouts changed", status)


# Damaged inputs.


def damaged(text: bytes, dice: random.Random) -> bytes:
    """A text with a few faults in it."""
    data = bytearray(text)
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(data) + 1)
        match dice.randrange(8):
            case 0:
                del data[place : place + dice.randint(1, 40)]
            case 1:
                data[place:place] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 8)))
            case 2:
                data[place:place] = data[place : place + dice.randint(1, 200)] * dice.randint(1, 20)
            case 3:
                data[place:place] = dice.choice(NESTS) * dice.randint(1, 300)
            case 4:
                other = dice.randrange(len(data) + 1)
                data[place:place] = data[other : other + 300]
            case 5:
                data = data[:place]
            case 6:
                data[place : place + 1] = b"\xff\xfe"
            case 7:
                data[place:place] = str(dice.choice((0, -1, 2**31, 2**64, 10**400))).encode()
    return bytes(data)


def readers(folder: Path, reference: Path) -> Iterator[tuple[str, bytes, Callable[[bytes], object]]]:
    """What is read: a name, a whole input, and who reads it."""
    corpus = read_corpus(ROOT / "corpus")
    for version, files in corpus.trees.items():
        yield (
            f"locking.rst {version}",
            files[RULES],
            lambda text: obligations(read_obligations(read_document(text, RULES))),
        )

    def code(text: bytes) -> None:
        for span in file_facts(text, EVERY).functions:
            graph_of(text[span.start : span.end], span.line)

    for case in corpus.cases[:: max(1, len(corpus.cases) // 60)]:
        yield "C", case.text, code
    yield (
        "MAINTAINERS",
        b"A B <a@b.c>, (x) D <d@e.f>\nC (c (d)) <x@y.z>",
        lambda text: [parse_mailboxes(line) for line in text.decode("utf-8", "replace").split("\n")],
    )
    yield (
        "mailmap",
        b"A B <a@b.c> <d@e.f>\n<x@y.z> <q@r.s>\n",
        lambda text: read_mailmap(text.decode("utf-8", "replace")),
    )
    yield (
        "spatch",
        b"badcount: 1\nBAD:!!!!! x;\nnb good = 1,  nb bad = 2 =",
        lambda text: read_report(b"x;\n", text, text),
    )

    def of_run(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
        def of(text: bytes) -> object:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text)
            return read(folder)

        return of

    small = corpus.trees["6.1"]

    def whole(text: bytes) -> object:
        return scan_texts({**small, "fs/a/a.c": text}, rules=["*.read_folio.*", "*.writepage.*"], jobs=1)

    for case in corpus.cases[:: max(1, len(corpus.cases) // 4)]:
        yield WHOLE, case.text, whole
    shutil.copytree(reference / "diffs", folder / "diffs")
    for name, read in (
        ("findings.jsonl", read_findings), ("run.json", read_header), ("unexamined.jsonl", read_unexamined),
        ("examined.jsonl", read_standings), ("helpers.jsonl", read_helpers), ("series/series.json", read_former),
    ):  # fmt: skip
        if (reference / name).exists() and (reference / name).stat().st_size:
            yield name, (reference / name).read_bytes()[:20000].rpartition(b"\n")[0] or b"{}", of_run(name, read)
    record = b'{"folder": "a", "key": "k", "commit": "c", "complete": true, "told": false}'
    state = b'{"format": 1, "runs": [' + record + b'], "known": {}, "begun": []}'
    yield "state", state, of_run("state.json", read_state)
    ruling = b'[[finding]]\nfingerprint = "0123456789abcdef"\nstatus = "rejected"\nreason = "x"\n'
    yield "baseline", ruling, of_run("cocci-gen.toml", lambda place: read_baseline(place / "cocci-gen.toml"))


class Late(BaseException):
    """An input has taken too long."""


def late(_number: int, _frame: object) -> None:
    """The alarm."""
    raise Late


def fuzz(folder: Path, reference: Path, dice: random.Random, figures: Figures, inputs: int, until: float) -> None:
    """Damaged inputs to every reader in turn."""
    signal.signal(signal.SIGALRM, late)
    every = list(readers(folder, reference))
    while figures.inputs < inputs and time.monotonic() < until:
        for name, text, read in every:
            if name == WHOLE and dice.random() > 0.1:
                continue  # a scan takes a hundred times what a reader takes
            data = damaged(text, dice)
            figures.inputs += 1
            figures.executions += 1
            signal.alarm(PATIENCE * (12 if name == WHOLE else 1))
            try:
                read(data)
            except (CocciGenError, Late) as error:
                if isinstance(error, Late):
                    figures.fault("inputs that take long", f"{name}: {len(data)} bytes")
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                figures.fault("crashes", f"{name}: {''.join(traceback.format_exception(error)[-3:])}")
            finally:
                signal.alarm(0)


def main() -> int:
    """Torture, figures, exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=20, help="runs that are killed, each up to three times")
    parser.add_argument("--inputs", type=int, default=5000, help="damaged inputs")
    parser.add_argument("--seconds", type=float, default=600, help="no round or input begins later")
    asked = parser.parse_args()
    dice, figures, until = random.Random(asked.seed), Figures(), time.monotonic() + asked.seconds
    with tempfile.TemporaryDirectory(prefix="torture-", ignore_cleanup_errors=True) as name:
        kills = Kills(Path(name), dice, figures)
        for number in range(asked.rounds):
            if time.monotonic() > until:
                break
            kills.once(number)
        (Path(name) / "fuzz").mkdir()
        fuzz(Path(name) / "fuzz", Path(name) / "reference", dice, figures, asked.inputs, until + asked.seconds / 2)
    for words in figures.told[:40]:
        print(words)
    print(f"seed {asked.seed}")
    for words, number in (("kill points", figures.kills), ("runs", figures.runs), ("damaged inputs", figures.inputs)):
        print(f"{words:<24} {number:>7}")
    for words in ZEROS:
        print(f"{words:<24} {figures.wrong[words]:>7}")
    return 1 if any(figures.wrong.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
