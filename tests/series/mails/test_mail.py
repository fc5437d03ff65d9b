"""Leaf `mail`: headers, notes and the command that sends; with the real git send-email and b4."""

import email
import email.policy
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from cocci_gen.errors import CocciGenError
from cocci_gen.kernel.mailboxes import Mailbox
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.series.assembly import SeriesOptions, build_series
from cocci_gen.series.folder import write_series_set
from cocci_gen.series.mails.mail import Mail, address, annotate, send_email_line

PERSON = Person("Jérôme Tester", "person@test.example")
MAIL = Mail(
    "0001-x.patch",
    b"From 0 Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\nSubject: [PATCH] x\n\nbody\n---\n fs/x | 2 +-\n\ndiff --git a/x b/x\n",
)
PLACES = [
    (f"fs/{name}/file.c", f"{name}_writepage1", kind) for name in ("demo", "other") for kind in ("unlocks", "writeback")
]

#: A sendmail that keeps what it is given: the arguments, then the mail.
SENDMAIL = """\
#!/bin/sh
number=$(ls {folder} | wc -l)
printf '%s\\n' "$@" >{folder}/$number.args
cat >{folder}/$number.mail
"""


def git(folder, *args):
    """Run git in a test repository."""
    ended = subprocess.run(["git", *args], cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture
def folders(demo_kernel, make_finding, run_facts, tmp_path):
    """Two series on disk."""
    with KernelTree.open(demo_kernel) as tree:
        findings = [make_finding(tree, *place) for place in PLACES]
        built = build_series(tree, findings, run_facts(tree, findings), SeriesOptions(PERSON))
    return write_series_set(built, tmp_path / "a folder;with" / "out")


def test_recipients_become_headers():
    """Headers end where the body begins; a recipient in the body is nobody's."""
    addressed = address(MAIL, [Mailbox('"B, C"', "b@c.org")], [Mailbox("", "d@e.org"), Mailbox("É", "f@g.org")])
    parsed = email.message_from_bytes(addressed.data, policy=email.policy.default)

    assert [a.addr_spec for a in parsed["to"].addresses] == ["b@c.org"]
    assert [a.addr_spec for a in parsed["cc"].addresses] == ["d@e.org", "f@g.org"]
    assert parsed.get_payload() == email.message_from_bytes(MAIL.data).get_payload()
    assert address(MAIL, [], []) == MAIL


def test_notes_stand_below_the_cut():
    """What is no part of the commit must be where git am drops it, before the diffstat."""
    assert annotate(MAIL, "a note\n").data.split(b"\n---\n")[1].startswith(b"a note\n\n fs/x |")
    with pytest.raises(CocciGenError, match=r"notes of 0001-x\.patch"):
        annotate(MAIL, "diff --git a/y b/y\n")


def test_the_command_is_safe_to_paste():
    """A folder's name must not end the argument."""
    line = send_email_line(Path("/tmp/a folder;rm -rf ~"))

    assert shlex.split(line)[-1] == "/tmp/a folder;rm -rf ~/*.patch"
    assert "--confirm=always" in line


def test_send_email_accepts_every_mail(folders, need):
    """git send-email has its own ideas of headers and threads: the dry run must end well and name the recipients."""
    need("git-send-email")
    for folder in folders:
        line = send_email_line(folder).replace("--confirm=always", "--confirm=never") + " --dry-run"
        ended = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, cwd=folder)

        assert ended.returncode == 0, ended.stderr
        assert ended.stdout.count("Result: OK") == len(list(folder.glob("*.patch")))


def test_what_is_really_sent(folders, need, tmp_path, demo_kernel):
    """Envelopes, threads, encoded names and content as a server gets them; then git am of exactly that."""
    need("git-send-email")
    sent = tmp_path / "sent"
    sent.mkdir()
    sendmail = tmp_path / "sendmail"
    sendmail.write_text(SENDMAIL.format(folder=sent))
    sendmail.chmod(0o755)
    line = send_email_line(folders[0]).replace("--confirm=always", "--confirm=never")
    ended = subprocess.run(
        ["bash", "-c", f"{line} --sendmail-cmd={sendmail}"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert ended.returncode == 0, ended.stderr

    raw = [path.read_bytes() for path in sorted(sent.glob("*.mail"), key=lambda path: int(path.stem))]
    cover, *patches = [email.message_from_bytes(data, policy=email.policy.default) for data in raw]
    arguments = [path.read_text().split("\n") for path in sorted(sent.glob("*.args"), key=lambda path: int(path.stem))]
    everybody = {"a@demo.example", "j@demo.example", "demo@lists.example", "linux-kernel@vger.kernel.org"}
    assert len(raw) == 3
    for words in arguments:
        assert {word for word in words if "@" in word and word != PERSON.email} == everybody
    assert all(patch["in-reply-to"] == cover["message-id"] for patch in patches)
    assert patches[0]["cc"].addresses[0].display_name == "Jérôme Reviewer"
    assert patches[0]["from"].addresses[0].display_name in ("Test Person", "Jérôme Tester")

    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(demo_kernel), str(clone))
    for number, data in enumerate(raw[1:]):
        (tmp_path / f"{number}.eml").write_bytes(data)
        git(clone, "am", "-q", str(tmp_path / f"{number}.eml"))
    authors = set(git(clone, "log", "--format=%an <%ae>", "@{upstream}..").splitlines())
    assert authors == {f"{PERSON.name} <{PERSON.email}>"}


def test_b4_applies_the_series(folders, need, tmp_path, demo_kernel):
    """Maintainers use b4: it must find the series whole, with its base, in a plain mailbox."""
    need("b4")
    box = tmp_path / "series.mbx"
    mails = []
    for number, path in enumerate(sorted(folders[0].glob("*.patch"))):
        data = path.read_bytes()
        identity = f"Message-Id: <{number}.x@test.example>\n" + ("In-Reply-To: <0.x@test.example>\n" if number else "")
        head, rest = data.split(b"\n", 1)
        mails.append(head + b"\n" + identity.encode() + rest)
    box.write_bytes(b"\n".join(mails))
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(demo_kernel), str(clone))
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data")}
    (tmp_path / "b4").mkdir()
    words = [
        "b4",
        "-n",
        "--offline-mode",
        "am",
        "-m",
        str(box),
        "-o",
        str(tmp_path / "b4"),
        "--no-cache",
        "0.x@test.example",
    ]
    ended = subprocess.run(words, cwd=clone, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr

    assert "base-commit" in ended.stderr or "Base:" in ended.stderr
    [ready] = (tmp_path / "b4").glob("*.mbx")
    git(clone, "am", "-q", str(ready))
    assert len(git(clone, "log", "--oneline", "@{upstream}..").splitlines()) == 2
