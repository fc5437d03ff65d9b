"""Patches as they come: mails, mboxes, diffs."""

import base64
import gzip
import quopri

import pytest

from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.applying import NotApplied, apply_patches
from cocci_gen.kernel.damage import Sound
from cocci_gen.kernel.patches import Letter, NoLetter, PatchSeries, read_patches
from cocci_gen.kernel.tree import KernelTree

DIFF = (
    "diff --git a/fs/{0}.c b/fs/{0}.c\n--- a/fs/{0}.c\n+++ b/fs/{0}.c\n@@ -1,2 +1,2 @@\n int a;\n-int {1};\n+int {2};\n"
)


def mail(subject, name="a", old="b", new="c", headers="", body=""):
    """One mail with a patch."""
    head = f"From: A B <a@b.example>\nSubject: {subject}\nMessage-ID: <{subject.replace(' ', '')}@b>\n{headers}\n"
    return f"{head}{body}\n---\n fs/{name}.c | 2 +-\n\n{DIFF.format(name, old, new)}-- \n2.40\n"


def mbox(*mails):
    """Several mails as lore gives them."""
    return "".join(f"From mboxrd@z Thu Jan  1 00:00:00 1970\n{one}\n" for one in mails).encode()


def subjects(data):
    """What is found, in order."""
    return [patch.subject for patch in read_patches(data, "x").patches]


def test_an_mbox_of_a_thread_gives_the_patches_in_order():
    """Lore sorts by arrival; cover letters and answers hold no patch."""
    cover = "From: A B <a@b.example>\nSubject: [PATCH 0/2] all\n\nText.\n\n--\nx\n"
    answer = (
        "From: C <c@d.example>\nSubject: Re: [PATCH 1/2] one\n\n> diff --git a/fs/a.c b/fs/a.c\n> --- a/fs/a.c\n\nNo.\n"
    )

    assert ["one", "two"] == subjects(mbox(cover, mail("[PATCH 2/2] two"), answer, mail("[PATCH 1/2] one")))


@pytest.mark.parametrize(
    ("head", "part"),
    [
        ('multipart/mixed; boundary="b0"', '--b{0}\nContent-Type: multipart/mixed; boundary="b{1}"\n\n'),
        ("message/rfc822", "Content-Type: message/rfc822\n\n"),
    ],
)
def test_a_mail_nested_without_end_takes_no_thread_away(head, part):
    """Anybody may send one to a list, and whoever checks the thread would see a fault of the tool."""
    nested = mail("Re: [PATCH 1/1] a", headers=f"Content-Type: {head}\n", name="b")
    nested = nested.partition("\n\n")[0] + "\n\n" + "".join(part.format(n, n + 1) for n in range(3000))

    assert ["a"] == subjects(mbox(mail("[PATCH 1/1] a"), nested))
    with pytest.raises(KernelTreeError, match="holds no patch"):
        read_patches(nested.encode(), "x")


def test_the_latest_version_of_a_thread_counts():
    """v1 would not apply, or break what v2 has mended."""
    data = mbox(mail("[PATCH 1/1] old"), mail("[PATCH v3 1/1] new"), mail("[PATCH v2 1/1] middle"))

    assert ["new"] == subjects(data)


REPLY = "In-Reply-To: <[PATCH1/2]one@b>\n"


@pytest.mark.parametrize(
    "answer",
    [
        mail("Re: [PATCH 1/2] one", "a", "b", "d", REPLY),
        mail("AW: [PATCH 1/2] one", "a", "b", "d", REPLY),
        mail("[EXTERNAL] Re: [PATCH 1/2] one", "a", "b", "d", REPLY),
        mail("Re: [PATCH 1/2] one", "a", "b", "d"),
        mail("What about this?", "a", "b", "d", REPLY),
        mail("[PATCH] another way", "a", "b", "d", REPLY),
    ],
    ids=["Re:", "AW:", "bracket before", "not threaded", "other subject", "another patch"],
)
def test_what_a_reviewer_would_have_written_is_no_patch_of_the_series(answer):
    """It does not apply on top of what it answers, and 2/2 would be told as 3/3."""
    series = read_patches(mbox(mail("[PATCH 1/2] one"), answer, mail("[PATCH 2/2] two", "z")), "x")

    assert ["one", "two"] == [patch.subject for patch in series.patches]
    assert ["1/2", "2/2"] == [series.place(patch, index) for index, patch in enumerate(series.patches, 1)]
    (remark,) = series.remarks()
    assert "1 answer of the thread holds a diff that is no part of the series and not checked: " in remark
    assert answer.split("Subject: ")[1].split("\n")[0] in remark


def test_an_answer_alone_is_what_is_to_be_checked():
    """Who saves just this mail wants to know of the reviewer's code."""
    assert ["one"] == subjects(mail("Re: [PATCH 1/2] one", headers=REPLY).encode())


def test_some_patches_sent_again_take_the_others_from_the_version_before():
    """As b4 takes it: v2 3/5 in answer to 3/5 does not mean that the other four are withdrawn."""
    again = mail("[PATCH v2 2/2] two, better", "z", headers="In-Reply-To: <[PATCH2/2]two@b>\n")
    series = read_patches(mbox(mail("[PATCH 1/2] one"), mail("[PATCH 2/2] two", "z"), again), "x")

    assert ["one", "two, better"] == [patch.subject for patch in series.patches]
    assert (2, (1,), ()) == (series.version, series.older, series.missing)
    assert "only a part of the series was sent again as v2: patch 1 is taken from v1" in "".join(series.remarks())


def test_a_new_version_below_the_old_cover_letter_stands_alone():
    """It has fewer patches since one was dropped, not since one was forgotten."""
    cover = "From: A B <a@b.example>\nSubject: [PATCH 0/2] all\nMessage-ID: <cover@b>\n\nText.\n"
    below = "In-Reply-To: <cover@b>\n"
    old = (mail("[PATCH 1/2] one", headers=below), mail("[PATCH 2/2] two", "z", headers=below))
    series = read_patches(mbox(cover, *old, mail("[PATCH v2 1/1] only", headers=below)), "x")

    assert ["only"] == [patch.subject for patch in series.patches]
    assert ("the file also holds v1 of the series; v2 is checked",) == series.remarks()
    assert ["one", "two"] == [
        patch.subject for patch in read_patches(mbox(*old, mail("[PATCH v2 1/1] x")), "x", 2).patches
    ]


def test_what_lore_packs_is_unpacked_up_to_a_limit(monkeypatch):
    """t.mbox.gz is what lore offers; a bomb must not fill the memory."""
    data = gzip.compress(mbox(mail("[PATCH 1/2] one"), mail("[PATCH 2/2] two")))
    assert ["one", "two"] == subjects(data)
    with pytest.raises(KernelTreeError, match=r"is a damaged gzip file .*; download it again"):
        read_patches(data[:-20], "x")
    monkeypatch.setattr("cocci_gen.kernel.mail_files.LARGEST", 100_000)
    with pytest.raises(KernelTreeError, match="has more than 100000 bytes"):
        read_patches(gzip.compress(b"\0" * 10_000_000), "x")


def test_a_mail_that_is_cut_within_a_hunk_is_told_with_its_line(tmp_path, make_repository):
    """`--rev` mends no mail; the line tells an editor where to look."""
    root = make_repository(tmp_path / "linux", {"fs/a.c": b"int a;\nint b;\n", "fs/z.c": b"int a;\nint b;\n"})
    whole = mbox(mail("[PATCH 1/2] one"), mail("[PATCH 2/2] two", "z"))
    cut = whole[: whole.rindex(b"-int b;")]
    with KernelTree.open(root) as tree:
        good, bad = apply_patches(tree, read_patches(cut, "x"), "x")

    assert ["fs/a.c"] == list(good.files)
    line = cut.count(b"\n") + 1
    assert bad.reason.startswith('patch 2/2 ("two") of x cannot be applied, its mail is damaged: ')
    assert (
        f"line {line} of x ends the diff too early: the hunk whose head stands 2 lines above lacks 1 line" in bad.reason
    )
    assert "--rev" not in bad.reason
    assert ("2/2",) == bad.left


def test_a_wrapped_line_is_told_with_its_line(tmp_path, make_repository):
    """Mail programs break long lines."""
    root = make_repository(tmp_path / "linux", {"fs/a.c": b"int a;\nint b;\n"})
    text = mail("[PATCH] one").replace("-int b;", "-int\nb;")
    with KernelTree.open(root) as tree:
        (bad,) = apply_patches(tree, read_patches(text.encode(), "x"), "x")

    place = text.split("\n").index("b;") + 1
    assert f"line {place} of x begins with none of blank, + and -, as if a mail program had wrapped it" in bad.reason


@pytest.mark.parametrize(
    ("stat", "doubt"),
    [
        (" 1 file changed, 1 insertion(+), 1 deletion(-)", ""),
        (
            " 2 files changed, 5 insertions(+), 1 deletion(-)",
            "its diffstat says +5 -1 in 2 files, its diff +1 -1 in 1 file",
        ),
        (" 1 file changed, 1 insertion(+)", "its diffstat says +1 -0 in 1 file, its diff +1 -1 in 1 file"),
        ("", ""),
    ],
)
def test_a_mail_that_is_cut_behind_a_hunk_is_told(stat, doubt):
    """It applies, and what is missing is not checked."""
    doubts = read_patches(mail("[PATCH] one", body=stat).encode(), "x").doubts()

    assert (
        [f'patch 1/1 ("one"), in the mail at line 1, may have been cut, or was edited by hand: {doubt}']
        if doubt
        else []
    ) == list(doubts)


@pytest.mark.parametrize("head", ["", "Content-Transfer-Encoding: quoted-printable\n"])
def test_where_nothing_is_cut_nothing_is_told(head):
    """Signatures, lists' footers and blank lines that lost their blank are below and within healthy patches."""
    text = mail("[PATCH] one", headers=head).replace("-int b;", "\n-int b;").replace("@@ -1,2 +1,2", "@@ -1,3 +1,3")
    patch = read_patches((text + "\n\n________\nlist mailing list\n").encode(), "x").patches[0]

    assert Sound() == patch.damage


def test_mails_of_format_patch_without_a_signature_are_parted():
    """No empty line stands between them then, and the second was taken for the end of the first."""
    mails = [
        f"From {'0123456789' * 4} Mon Sep 17 00:00:00 2001\n{mail(f'[PATCH {n}/2] {n}')}".rstrip("\n") for n in (1, 2)
    ]

    assert ["1", "2"] == subjects("\n".join(mails).encode() + b"\n")


def test_a_mail_that_came_twice_counts_once():
    """Two lists bring the same mail."""
    assert ["one"] == subjects(mbox(mail("[PATCH] one"), mail("[PATCH] one")))


@pytest.mark.parametrize(
    "data",
    [
        mail("[PATCH] one").encode(),
        mail("[PATCH] one").replace("\n", "\r\n").encode(),
        DIFF.format("a", "b", "c").encode(),
        b"some words first\n\n" + DIFF.format("a", "b", "c").encode(),
        DIFF.format("a", "b", "c").split("\n", 1)[1].encode(),
        b"From 0123456789abcdef Mon Sep 17 00:00:00 2001\n" + mail("[PATCH] one").encode(),
        mail("[PATCH] =?UTF-8?q?one?=", headers="Content-Transfer-Encoding: base64\n").split("\n\n")[0].encode() + b"\n\n"
        + base64.encodebytes(DIFF.format("a", "b", "c").encode()),
        mail("[PATCH] one", headers="Content-Transfer-Encoding: quoted-printable\n").split("\n\n")[0].encode() + b"\n\n"
        + quopri.encodestring(DIFF.format("a", "b", "c").encode()),
    ],
    ids=["mail", "crlf", "git diff", "words before", "plain diff", "format-patch", "base64", "quoted-printable"],
)  # fmt: skip
def test_one_patch_in_every_form(data, tmp_path, make_repository):
    """Whatever a mail program has made of it, it applies."""
    root = make_repository(tmp_path / "linux", {"fs/a.c": b"int a;\nint b;\n"})
    series = read_patches(data, "x")
    with KernelTree.open(root) as tree:
        (applied,) = apply_patches(tree, series, "x")

    assert {"fs/a.c": b"int a;\nint c;\n"} == dict(applied.files)


def test_line_ends_that_are_not_read_as_they_stand_are_told():
    """Whoever checks a patch of a file whose lines end in CR LF would not learn that blanks were passed over."""
    text = mail("[PATCH] one")

    assert () == read_patches(text.encode(), "x").remarks()
    assert ("lines of the file end in CR LF and are read as if they ended in LF",) == read_patches(
        text.replace("\n", "\r\n").encode(), "x"
    ).remarks()


def test_patches_pile_up_and_files_come_and_go(tmp_path, make_repository):
    """Each state is that after all patches so far, and the repository holds none of it."""
    root = make_repository(tmp_path / "linux", {"fs/a.c": b"int a;\nint b;\n", "fs/old.c": b"int o;\n"})
    new = "diff --git a/fs/n.c b/fs/n.c\nnew file mode 100644\n--- /dev/null\n+++ b/fs/n.c\n@@ -0,0 +1 @@\n+int n;\n"
    gone = "diff --git a/fs/old.c b/fs/old.c\ndeleted file mode 100644\n--- a/fs/old.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int o;\n"
    moved = "diff --git a/fs/n.c b/fs/moved.c\nsimilarity index 100%\nrename from fs/n.c\nrename to fs/moved.c\n"
    before = sorted(path for path in root.rglob("*") if path.is_file())
    patches = [read_patches(one.encode(), "x").patches[0] for one in (DIFF.format("a", "b", "c"), new, gone, moved)]
    with KernelTree.open(root) as tree:
        states = list(apply_patches(tree, PatchSeries(tuple(patches), ""), "x"))

    assert [["fs/a.c"], ["fs/a.c", "fs/n.c"], ["fs/a.c", "fs/n.c"], ["fs/a.c", "fs/moved.c"]] == [
        sorted(one.files) for one in states
    ]
    assert [set(), set(), {"fs/old.c"}, {"fs/old.c"}] == [set(one.gone) for one in states]
    assert before == sorted(path for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", ["../outside.c", "/etc/passwd", ".git/config"])
def test_a_patch_that_leaves_the_tree_is_refused(path, tmp_path, make_repository):
    """Mails are hostile."""
    root = make_repository(tmp_path / "linux", {"fs/a.c": b"int a;\n"})
    text = f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n"
    with KernelTree.open(root) as tree:
        (refused,) = apply_patches(tree, read_patches(text.encode(), "x"), "x")

    assert isinstance(refused, NotApplied)
    assert "does not apply" in refused.reason


def test_what_an_answer_needs_is_kept():
    """Headers are decoded; what has no mail around it has none."""
    text = mail(
        "[PATCH v2 3/7] =?UTF-8?q?fs=3A_caf=C3=A9?=",
        headers="To: l@l.example\nCc: c@c.example,\n d@d.example\nIn-Reply-To: <0@b>\n",
    )
    patch = read_patches(text.encode(), "x").patches[0]

    assert ("fs: café", 3, 7) == (patch.subject, patch.number, patch.total)
    assert isinstance(patch.letter, Letter)
    assert ("[PATCH v2 3/7] fs: café", "<0@b>", "c@c.example, d@d.example") == (
        patch.letter.subject, patch.letter.references, patch.letter.cc,
    )  # fmt: skip
    assert NoLetter() == read_patches(DIFF.format("a", "b", "c").encode(), "x").patches[0].letter


def test_the_base_that_a_series_names_is_found():
    """It is what it was made for."""
    name = "1234567890123456789012345678901234567890"

    assert name == read_patches(mail("[PATCH] one").encode() + f"\nbase-commit: {name}\n".encode(), "x").base


def test_a_patch_in_the_encoding_of_another_system_is_told_so():
    """`git diff > x` of PowerShell; "no patch" would send its reader to look for one."""
    with pytest.raises(KernelTreeError, match=r"x is UTF-16, .*; write it with `git diff --output=FILE`"):
        read_patches(DIFF.format("a", "b", "c").encode("utf-16"), "x")


@pytest.mark.parametrize("data", [b"", b"hello\n", b"\0\1\2", b"Subject: x\n\nno diff\n"])
def test_what_is_no_patch_is_told_so(data):
    """Nothing new in nothing would look like a good patch."""
    with pytest.raises(KernelTreeError, match="holds no patch"):
        read_patches(data, "x")


ALTERNATIVE = (
    "MIME-Version: 1.0\nFrom: A <a@b.example>\nSubject: [PATCH] one\n"
    'Content-Type: multipart/alternative; boundary="=="\n\n'
)
HTML = "--==\nContent-Type: text/html\n\n<pre>" + DIFF.format("a", "b", "c") + "</pre>\n--==--\n"


def test_the_html_beside_the_text_is_no_second_patch(tmp_path, make_repository):
    """The same hunk twice applies to nothing."""
    root = make_repository(tmp_path / "linux", {"fs/a.c": b"int a;\nint b;\n"})
    text = f"{ALTERNATIVE}--==\nContent-Type: text/plain\n\n{DIFF.format('a', 'b', 'c')}\n{HTML}"
    with KernelTree.open(root) as tree:
        (applied,) = apply_patches(tree, read_patches(text.encode(), "x"), "x")

    assert {"fs/a.c": b"int a;\nint c;\n"} == applied.files


@pytest.mark.parametrize(
    "head", [ALTERNATIVE, ALTERNATIVE.replace('multipart/alternative; boundary="=="', "text/html")]
)
def test_a_mail_that_is_all_html_is_told_so(head):
    """`git apply` speaks of an invalid mode, and nobody thinks of HTML."""
    with pytest.raises(KernelTreeError, match="HTML without a diff in plain text"):
        read_patches((head + HTML).encode(), "x")


def test_tabs_that_became_spaces_are_told(tmp_path, make_repository):
    """Another base, which the general answer asks for, would not help."""
    root = make_repository(tmp_path / "linux", {"fs/a.c": b"int\ta;\nint b;\n"})
    with KernelTree.open(root) as tree:
        (refused,) = apply_patches(tree, read_patches(DIFF.format("a", "b", "c").encode(), "x"), "x")

    assert isinstance(refused, NotApplied)
    assert "a mail program has changed its tabs" in refused.reason


@pytest.mark.parametrize(
    ("numbers", "missing", "places"),
    [
        (["2/3", "3/3"], (1,), ["2/3", "3/3"]),
        (["1/2", "2/2"], (), ["1/2", "2/2"]),
        (["3/2"], (), ["1/1"]),
        (["1/99999999"], (), ["1/1"]),
        (["1/2", "2/3"], (), ["1/2", "2/2"]),
    ],
)
def test_patches_that_a_series_lacks_are_known(numbers, missing, places):
    """What is told of 1/2 would be sought in the first mail, and is in the second; odd numbers count for nothing."""
    series = read_patches(mbox(*(mail(f"[PATCH {number}] {number}") for number in numbers)), "x")

    assert missing == series.missing
    assert places == [series.place(patch, index) for index, patch in enumerate(series.patches, 1)]
