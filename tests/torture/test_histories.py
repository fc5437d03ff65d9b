"""Histories, attributes and links that somebody made to do harm: what is found is the same, and nothing is run or drawn."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

NASTY = "\x1b[2J\x1b]0;gone\x07 \u202egpj.c <script>alert(1)</script> ]]> Bcc: x@evil.example"


def git(folder, *words, stdin=None, **environment):
    """git ARGS -> what it prints."""
    environment = {**os.environ, **environment}
    ended = subprocess.run(["git", *words], cwd=folder, input=stdin, env=environment, check=True, capture_output=True)
    return ended.stdout.decode("utf-8", "replace").strip()


def rewrite(folder, author, subject):
    """Another commit over HEAD with the same tree, as `git commit` would not make it."""
    tree, parent = git(folder, "rev-parse", "HEAD^{tree}"), git(folder, "rev-parse", "HEAD")
    text = f"tree {tree}\nparent {parent}\nauthor {author} 1700000000 +0000\ncommitter {author} 1700000000 +0000\n\n{subject}\n"
    name = git(
        folder, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=text.encode("utf-8", "replace")
    )
    git(folder, "update-ref", "HEAD", name)


def shown(words, surroundings):
    """What a command prints, which must be printable."""
    code, out, err = surroundings.say(list(map(str, words)))
    assert code in (0, 1), err
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", out + err)
    return out


@pytest.mark.parametrize(
    ("author", "subject"),
    [
        (f"{NASTY} <a@b.example>", NASTY),
        ("A\tB <a@b.example>", "fs/early-error-return: [PATCH] From: x"),
        ("<>", "x" * 100_000),
        (
            "Ä Ö =?utf-8?q?x?= <a@b.example\x00>".replace("\x00", ""),
            'Fixes: 0123456789ab ("x")\n\n---\n diff --git a/x b/x',
        ),
        ('"a, b" <c@d.example>, e', "%s %d %n $(touch canary) `touch canary`"),
    ],
)
def test_names_and_subjects_of_a_history_stay_words(surroundings, author, subject):
    """Prefixes, Fixes: tags and reports are taken from what anybody has committed."""
    kernel, out = surroundings.kernel, surroundings.folder / "out"
    path = kernel / "fs/early-error-return/read_folio_unlocks.c"
    path.write_bytes(b"/* touched */\n" + path.read_bytes())
    git(kernel, "commit", "-qam", "x")
    rewrite(kernel, author, subject)
    git(kernel, "reset", "-q", "--soft", "HEAD")
    shown(surroundings.words("run", out=out), surroundings)
    shown(surroundings.words("check", "--since", "HEAD~2"), surroundings)

    mails = [path.read_bytes() for path in (out / "series").rglob("*.patch")]
    assert 3 == len(surroundings.findings(out))
    assert mails
    for mail in mails:
        head = mail.split(b"\n\n")[0].decode()
        assert {"From", "Date", "Subject"} <= {line.split(":")[0] for line in head.splitlines() if ":" in line}
        assert b"evil" not in mail
    assert not list(surroundings.folder.rglob("canary"))


@pytest.mark.parametrize(
    "attributes",
    [
        "* text eol=crlf", "* ident", "* filter=evil diff=evil merge=evil", "* export-subst", "* binary", "* -diff -text",
        "* working-tree-encoding=UTF-16", "* export-ignore", "[attr]x text\n* x\n" * 2000, "\"unfinished", "* " + "a" * 100_000,
    ],
)  # fmt: skip
def test_attributes_change_nothing(surroundings, attributes):
    """They say what a checkout and a diff look like; a series that was made by them would not apply."""
    kernel, plain, out = surroundings.kernel, surroundings.folder / "plain", surroundings.folder / "out"
    assert 1 == surroundings.say(surroundings.words("run", out=plain))[0]
    (kernel / ".gitattributes").write_text(f"{attributes}\n")
    (kernel / ".git/info/attributes").write_text(f"{attributes}\n")
    listing = git(kernel, "hash-object", "-w", "--no-filters", ".gitattributes")
    git(kernel, "update-index", "--add", "--cacheinfo", f"100644,{listing},.gitattributes")
    git(kernel, "commit", "-qm", "attributes")
    for driver in (
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "merge.evil.driver",
    ):
        git(kernel, "config", driver, f"touch {surroundings.folder}/canary")
    (surroundings.folder / "canary").unlink(missing_ok=True)
    code, _, err = surroundings.say(surroundings.words("run", out=out))

    assert 1 == code, err
    assert surroundings.findings(plain) == surroundings.findings(out)
    assert diffs(plain) == diffs(out)
    assert not (surroundings.folder / "canary").exists()


def diffs(out):
    """The changed lines of all mails."""
    lines = [line for path in sorted((out / "series").rglob("*.patch")) for line in path.read_bytes().split(b"\n")]
    return [line for line in lines if line.startswith((b"+", b"-", b"@@"))]


def test_submodules_are_no_files(surroundings):
    """A gitlink names a commit that is not here, .gitmodules an address that may be a program."""
    kernel, out = surroundings.kernel, surroundings.folder / "out"
    url = f"ext::sh -c 'touch {surroundings.folder}/canary'"
    (kernel / ".gitmodules").write_text(f'[submodule "x"]\n\tpath = fs/x.c\n\turl = {url}\n\tupdate = !touch canary\n')
    git(kernel, "config", "submodule.x.url", url)
    git(kernel, "config", "submodule.recurse", "true")
    for path in ("fs/x.c", "include/linux/sub", "fs/early-error-return/sub.h"):
        git(kernel, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{path}")
    git(kernel, "add", ".gitmodules")
    git(kernel, "commit", "-qm", "submodules")
    code, _, err = surroundings.say(surroundings.words("run", out=out))

    assert 1 == code, err
    assert 3 == len(surroundings.findings(out))
    assert 0 == surroundings.say(surroundings.words("check", "--since", "HEAD~1"))[0]
    assert 0 == surroundings.say(surroundings.words("check", "--worktree"))[0]
    assert not list(surroundings.folder.rglob("canary"))


@pytest.mark.parametrize(
    "jump", ["lambda: 0.0", "lambda: 4e9", "lambda real=time.time: real() * random.choice((0, 1, 2))"]
)
def test_clocks_may_jump(surroundings, jump):
    """A machine that wakes up, or has no battery, is in another year; what is found has no date."""
    plain, out = surroundings.folder / "plain", surroundings.folder / "out"
    assert 1 == surroundings.say(surroundings.words("run", out=plain))[0]
    (surroundings.folder / "odd").mkdir()
    (surroundings.folder / "odd/sitecustomize.py").write_text(f"import random, time\ntime.time = {jump}\n")
    for cached in (surroundings.folder / "cache").iterdir():
        os.utime(cached, (4e9, 4e9))
    for cache in ("cache", "another"):
        words = surroundings.words("run", out=out, cache=surroundings.folder / cache)
        code, _, err = surroundings.say(words, PYTHONPATH=f"{surroundings.folder / 'odd'}:{ROOT}")
        assert 1 == code, err
        assert surroundings.findings(plain) == surroundings.findings(out)
        assert diffs(plain) == diffs(out)
