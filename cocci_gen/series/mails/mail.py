"""Commits -> patch mails as bytes, and a proof that `git am` reads back what was meant.

git format-patch runs in a scratch repository that borrows the objects of the kernel's, so neither the user's nor the
kernel's configuration, attributes or hooks can change a byte.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from cocci_gen import programs, temporary
from cocci_gen.errors import CocciGenError
from cocci_gen.kernel.mailboxes import Mailbox, address_header
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.series.mails.commits import base_date
from cocci_gen.series.words.lint import lint_notes

_SETTINGS = (
    "i18n.logOutputEncoding=UTF-8",
    "i18n.commitEncoding=UTF-8",
    "core.quotePath=true",
    "core.hooksPath=/dev/null",
    "core.abbrev=12",
    "core.autocrlf=false",
    "diff.interHunkContext=0",
    "diff.orderFile=/dev/null",
    "diff.suppressBlankEmpty=false",
    "diff.noprefix=false",
    "diff.mnemonicPrefix=false",
    "gc.auto=0",
)
_FORMAT = (
    *(
        "--quiet",
        "--suffix=.patch",
        "--filename-max-length=64",
        "--signature=cocci-gen",
        "--subject-prefix=PATCH",
    ),
    *("--no-attach", "--no-thread", "--no-signoff", "--no-to", "--no-cc", "--no-add-header", "--no-notes"),
    *("--cover-from-description=subject", "--zero-commit", "--encode-email-headers"),
    *("--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--diff-algorithm=myers", "--binary"),
    *("-U3", "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/", "--abbrev=12", "--stat=72"),
)
#: The tip of the series in the scratch repository.
_BRANCH = "series"
_TIMEOUT = 300.0


@dataclass(frozen=True, slots=True)
class Mail:
    """One file of a series."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class NoCover:
    """A single patch speaks for itself."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a mail must give back: author, subject, body, and the content of its commit."""

    author: Person
    subject: str
    body: str
    commit: str


@dataclass(frozen=True, slots=True)
class Version:
    """Which version of a series it is, and the range of commits of the one before, empty for the first."""

    number: int = 1
    former: str = ""


class MailRoom:
    """A scratch repository beside the kernel's; a context manager."""

    def __init__(self, tree: KernelTree, known: str = "") -> None:
        """Make the scratch repository in the temporary folder; `known` is the commit that the mails name as their base, where
        that of the tree stands on patches of others: those are named as prerequisites."""
        self.date = base_date(tree)
        self._tree = tree
        self._known = known or tree.commit
        self._temporary = tempfile.TemporaryDirectory(prefix=temporary.prefix("mail"))
        self._home = Path(self._temporary.name)
        self._repository = self._home / "scratch.git"
        self._environment = programs.clean_environment(
            self._home, GIT_COMMITTER_DATE=f"{self.date} +0000", GIT_CEILING_DIRECTORIES=str(self._home)
        )
        self._git("init", "--quiet", "--bare", "--template=", str(self._repository), cwd=self._home)
        objects = tree.git("rev-parse", "--path-format=absolute", "--git-path", "objects").rstrip(b"\n")
        (self._repository / "objects/info").mkdir(exist_ok=True)
        (self._repository / "objects/info/alternates").write_bytes(_alternate(objects) + b"\n")
        (self._repository / "info").mkdir(exist_ok=True)
        # The kernel's own choice: hunk headers name functions, never labels.
        (self._repository / "info/attributes").write_bytes(b"*.c diff=cpp\n*.h diff=cpp\n")
        shallow = Path(
            os.fsdecode(tree.git("rev-parse", "--path-format=absolute", "--git-path", "shallow").rstrip(b"\n"))
        )
        if shallow.is_file():
            (self._repository / "shallow").write_bytes(shallow.read_bytes())

    def __enter__(self) -> MailRoom:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._temporary.cleanup()

    def format(self, tip: str, cover: str | NoCover, person: Person, version: Version = Version()) -> tuple[Mail, ...]:
        """The last commit of a series and the text of its cover letter (subject, blank line, body) -> its mails; the cover
        letter of a later version, or its only patch, shows what differs from the one before."""
        folder = self._home / "mails"
        folder.mkdir()
        self._git("update-ref", f"refs/heads/{_BRANCH}", tip)
        sender = f"{person.name} <{person.email}>"
        identity: tuple[str, ...] = ("-c", f"user.name={person.name}", "-c", f"user.email={person.email}")
        what = ["--no-numbered", "--no-cover-letter"]
        if not isinstance(cover, NoCover):
            identity = ("-c", f"branch.{_BRANCH}.description={cover}", *identity)
            what = ["--numbered", "--cover-letter"]
        what += [f"--base={self._known}", f"--from={sender}", "-o", str(folder)]
        what += [f"--reroll-count={version.number}"] if version.number > 1 else []
        what += [f"--range-diff={version.former}"] if version.former else []
        self._git(*identity, "format-patch", *_FORMAT, *what, f"{self._tree.commit}..refs/heads/{_BRANCH}")
        mails = tuple(Mail(path.name, _ascii_from(path.read_bytes(), person)) for path in sorted(folder.iterdir()))
        for mail in mails:
            (folder / mail.name).unlink()
        folder.rmdir()
        return mails

    def check(self, mails: Sequence[Mail], expected: Sequence[Expected]) -> tuple[tuple[str, ...], ...]:
        """The patch mails of a series in order -> for each what `git am` would get wrong; empty where nothing.

        The index that they are applied to holds only the files that they change: a commit whose every changed entry
        comes out of the mail with the same mode and content, and no other, has the tree that it should have.
        """
        if not mails:
            return ()
        names = [want.commit for want in expected]
        raw = self._git(
            "diff-tree",
            "--stdin",
            "-r",
            "-z",
            "--raw",
            "--no-renames",
            "--abbrev=40",
            stdin="\n".join([*names, ""]).encode(),
        )
        changes = _raw_changes(raw.decode("utf-8", "surrogateescape"), names)
        before = {path: entry for name in reversed(names) for path, (entry, _) in changes[name].items()}
        index = self._home / "index"
        index.unlink(missing_ok=True)
        listing = "".join(f"{entry}\t{path}\0" for path, entry in before.items())
        self._git("update-index", "-z", "--index-info", stdin=listing.encode("utf-8", "surrogateescape"), index=index)
        return tuple(
            tuple(self._problems(mail, want, {path: after for path, (_, after) in changes[want.commit].items()}, index))
            for mail, want in zip(mails, expected, strict=True)
        )

    def _problems(self, mail: Mail, want: Expected, changed: Mapping[str, str], index: Path) -> list[str]:
        """One mail, read by git mailinfo and applied to the index of the mails before it."""
        message, patch = self._home / "message", self._home / "patch"
        info = self._git("mailinfo", "--encoding=UTF-8", str(message), str(patch), stdin=mail.data).decode()
        fields = dict(line.split(": ", 1) for line in info.splitlines() if ": " in line)
        problems = [
            f"the {what} is read back as {found!r}"
            for what, found, meant in (
                ("author", fields.get("Author"), want.author.name),
                ("address", fields.get("Email"), want.author.email),
                ("subject", fields.get("Subject"), want.subject),
            )
            if found != meant
        ]
        if message.read_bytes().decode().strip("\n") != want.body:
            problems.append("the message is read back differently")
        before = self._entries(index)
        ended = self._run("apply", "--cached", "--whitespace=nowarn", str(patch), index=index)
        if not isinstance(ended, programs.Completed) or ended.returncode:
            return [*problems, f"the patch does not apply: {programs.describe(ended)}"]
        same = self._entries(index) == {**before, **changed}
        return problems if same else [*problems, "the patch gives another tree"]

    def _entries(self, index: Path) -> dict[str, str]:
        """Path -> `<mode> <oid>` of an index."""
        listing = self._git("ls-files", "--stage", "-z", index=index).decode("utf-8", "surrogateescape")
        entries = (entry.partition("\t") for entry in listing.split("\0") if entry)
        return {path: facts.rpartition(" ")[0] for facts, _, path in entries}

    def _git(self, *args: str, stdin: bytes = b"", cwd: Path | None = None, index: Path | None = None) -> bytes:
        """Arguments -> stdout; CocciGenError when git fails, which is nobody's mistake but ours."""
        ended = self._run(*args, stdin=stdin, cwd=cwd, index=index)
        if isinstance(ended, programs.Completed) and ended.returncode == 0:
            return ended.stdout
        raise CocciGenError(f"the mails could not be made: {programs.describe(ended)}")

    def _run(
        self, *args: str, stdin: bytes = b"", cwd: Path | None = None, index: Path | None = None
    ) -> programs.Ended:
        """Arguments -> how git ended in the scratch repository."""
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        environment = {**self._environment, **({"GIT_INDEX_FILE": str(index)} if index else {})}
        argv = ["git", *settings, *args]
        return programs.run(argv, cwd=cwd or self._repository, timeout=_TIMEOUT, env=environment, stdin=stdin)


def _ascii_from(data: bytes, person: Person) -> bytes:
    """A mail with the From: header in ASCII, which git leaves raw in cover letters."""
    headers, blank, rest = data.partition(b"\n\n")
    if headers.isascii():
        return data
    sender = f"\nFrom: {Mailbox(person.name, person.email).header()}\n".encode()
    return re.sub(rb"\nFrom: [^\n]*\n", lambda _: sender, headers, count=1) + blank + rest


def address(mail: Mail, to: Sequence[Mailbox], cc: Sequence[Mailbox]) -> Mail:
    """A mail -> the same with To: and Cc: at the end of its headers."""
    headers, blank, rest = mail.data.partition(b"\n\n")
    lines = address_header("To", list(to)) + address_header("Cc", list(cc))
    return Mail(mail.name, headers + b"\n" + lines.encode("ascii").rstrip(b"\n") + blank + rest if lines else mail.data)


def identify(cover: Mail, change_id: str) -> Mail:
    """The first mail of a series -> the same with the change id beside the base commit, where b4 looks for it."""
    data = re.sub(
        rb"(?m)^base-commit: \w+\n", lambda found: found[0] + f"change-id: {change_id}\n".encode(), cover.data
    )
    return Mail(cover.name, data)


def answer(mail: Mail, message_id: str) -> Mail:
    """The first mail of a series -> the same as an answer to another mail; `git send-email --thread` lets the rest follow."""
    headers, blank, rest = mail.data.partition(b"\n\n")
    lines = f"\nIn-Reply-To: {message_id}\nReferences: {message_id}"
    return Mail(mail.name, headers + lines.encode("ascii") + blank + rest)


def annotate(mail: Mail, notes: str) -> Mail:
    """A mail -> the same with notes between the cut and the diffstat."""
    if complaints := lint_notes(notes):
        raise CocciGenError(f"the notes of {mail.name} cannot be mailed: {complaints[0]}")
    before, cut, after = mail.data.partition(b"\n---\n")
    return Mail(mail.name, before + cut + notes.strip("\n").encode() + b"\n\n" + after if cut else mail.data)


def send_email_line(folder: Path, *, addressed: bool = True) -> str:
    """The folder of a series -> the command that sends it, to the recipients in the files, after asking the user; one with a
    place to fill in where some mail names nobody to send it to."""
    words = ["git", "send-email", "--confirm=always", "--thread", "--no-chain-reply-to", "--suppress-cc=bodycc"]
    words += [] if addressed else ["--to=WHO-TAKES-IT"]
    return " ".join([*words, "--suppress-cc=author", "--suppress-cc=sob", f"{shlex.quote(str(folder))}/*.patch"])


def _raw_changes(output: str, names: Sequence[str]) -> dict[str, dict[str, tuple[str, str]]]:
    """`git diff-tree --stdin -z --raw` -> commit -> path -> (`<mode> <oid>` before, the same after)."""
    changes: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in names}
    words, current = iter(output.split("\0")), ""
    for word in words:
        if word.startswith(":"):
            old_mode, new_mode, old, new, _ = word[1:].split(" ")
            changes[current][next(words)] = (f"{old_mode} {old}", f"{new_mode} {new}")
        elif word:
            current = word.strip()
    return changes


def _alternate(objects: bytes) -> bytes:
    """A path as objects/info/alternates takes it."""
    if re.search(rb'[\n"#]', objects):
        return b'"' + re.sub(rb"[^ !#-\[\]-~]", lambda found: b"\\%03o" % found[0][0], objects) + b'"'
    return objects
