"""Patches as they come: mails, mboxes, diffs."""

import base64
import quopri

import pytest

from cocci_gen.errors import KernelTreeError
from cocci_gen.kernel.patches import Letter, NoLetter, apply_patches, read_patches
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


def test_the_latest_version_of_a_thread_counts():
    """v1 would not apply, or break what v2 has mended."""
    data = mbox(mail("[PATCH 1/1] old"), mail("[PATCH v3 1/1] new"), mail("[PATCH v2 1/1] middle"))

    assert ["new"] == subjects(data)


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
        (applied,) = apply_patches(tree, series.patches, "x")

    assert {"fs/a.c": b"int a;\nint c;\n"} == dict(applied.files)


def test_patches_pile_up_and_files_come_and_go(tmp_path, make_repository):
    """Each state is that after all patches so far, and the repository holds none of it."""
    root = make_repository(tmp_path / "linux", {"fs/a.c": b"int a;\nint b;\n", "fs/old.c": b"int o;\n"})
    new = "diff --git a/fs/n.c b/fs/n.c\nnew file mode 100644\n--- /dev/null\n+++ b/fs/n.c\n@@ -0,0 +1 @@\n+int n;\n"
    gone = "diff --git a/fs/old.c b/fs/old.c\ndeleted file mode 100644\n--- a/fs/old.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int o;\n"
    moved = "diff --git a/fs/n.c b/fs/moved.c\nsimilarity index 100%\nrename from fs/n.c\nrename to fs/moved.c\n"
    before = sorted(path for path in root.rglob("*") if path.is_file())
    patches = [read_patches(one.encode(), "x").patches[0] for one in (DIFF.format("a", "b", "c"), new, gone, moved)]
    with KernelTree.open(root) as tree:
        states = list(apply_patches(tree, patches, "x"))

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
    with KernelTree.open(root) as tree, pytest.raises(KernelTreeError, match="does not apply"):
        list(apply_patches(tree, read_patches(text.encode(), "x").patches, "x"))


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
        (applied,) = apply_patches(tree, read_patches(text.encode(), "x").patches, "x")

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
    with KernelTree.open(root) as tree, pytest.raises(KernelTreeError, match="a mail program has changed its tabs"):
        list(apply_patches(tree, read_patches(DIFF.format("a", "b", "c").encode(), "x").patches, "x"))


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
