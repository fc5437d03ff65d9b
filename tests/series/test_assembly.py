"""Stage 8 `series`: from findings to mails that `git am` takes."""

import dataclasses
import email
import email.policy
import itertools
import os
import statistics
import subprocess
import time

import pytest

from cocci_gen.errors import CocciGenError
from cocci_gen.findings.findings import Edit, Fix, NoFix
from cocci_gen.kernel.origins import NoOrigin, Origin
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.series import assembly
from cocci_gen.series.assembly import SeriesOptions, build_series
from cocci_gen.series.folder import write_series_set
from cocci_gen.series.ladder.rungs import Passed, Rung
from cocci_gen.series.texts import reproduction

PERSON = Person("Jérôme Tester", "tester@test.example")
#: Settings of git that change what format-patch prints, how it numbers, whom it names, or that run programs.
HOSTILE = """\
core.abbrev=40 core.quotePath=false core.autocrlf=true core.attributesFile=/tmp/none core.hooksPath=/tmp/none
diff.noprefix=true diff.mnemonicPrefix=true diff.context=9 diff.interHunkContext=9 diff.algorithm=patience
diff.renames=copies diff.orderFile=/dev/null diff.external=false diff.suppressBlankEmpty=true diff.wsErrorHighlight=all
diff.submodule=log diff.colorMoved=zebra diff.cpp.xfuncname=^never color.ui=always color.diff=always
format.attach=true format.subjectPrefix=EVIL format.signature=evil format.coverLetter=false format.thread=deep
format.useAutoBase=true format.to=evil@example.org format.cc=evil@example.org format.headers=Bcc:evil@example.org
format.numbered=false format.suffix=.evil format.signOff=true format.notes=refs/notes/* format.encodeEmailHeaders=false
format.pretty=email format.coverFromDescription=message format.outputDirectory=/tmp/none format.filenameMaxLength=9
format.from=Evil<evil@example.org> i18n.commitEncoding=latin1 i18n.logOutputEncoding=latin1 log.showSignature=true
log.showRoot=false log.date=relative log.decorate=full notes.displayRef=refs/notes/* fastimport.unpackLimit=0
commit.gpgSign=true user.signingKey=0 gpg.program=false blame.showEmail=true blame.ignoreRevsFile=/dev/null
apply.whitespace=fix apply.ignoreWhitespace=change am.keepcr=true mailinfo.scissors=true merge.conflictStyle=diff3
"""


def git(folder, *args, **environment):
    """Run git in a test repository."""
    ended = subprocess.run(
        ["git", *args], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture
def made(make_finding, run_facts):
    """made(folder, places, **options) -> the series over findings at (path, function, kind)."""

    def make(folder, places, change=lambda finding: finding, **options):
        with KernelTree.open(folder) as tree:
            findings = [change(make_finding(tree, *place)) for place in places]
            return build_series(tree, findings, run_facts(tree, findings), SeriesOptions(PERSON, **options))

    return make


ALL = [
    (f"fs/{name}/{file}.c", f"{name}_writepage{number}", kind)
    for name in ("demo", "other", "gone")
    for file in ("file", "inode")
    for number in (1, 2)
    for kind in ("unlocks", "writeback")
]


def mails(series_set):
    """All mails by folder and name."""
    return {f"{series.slug}/{mail.name}": mail.data for series in series_set.series for mail in series.mails}


def test_one_patch_per_section_file_and_kind(made, demo_kernel):
    """A patch with two logical changes, or a change cut into two patches, is sent back."""
    [demo] = made(demo_kernel, [place for place in ALL if place[0].startswith("fs/demo")]).series

    assert (demo.title, demo.slug) == ("DEMO FILE SYSTEM", "demo-file-system")
    assert [(patch.paths, patch.kind, len(patch.fingerprints)) for patch in demo.patches] == [
        (("fs/demo/file.c",), "unlocks", 2),
        (("fs/demo/file.c",), "writeback", 2),
        (("fs/demo/inode.c",), "unlocks", 2),
        (("fs/demo/inode.c",), "writeback", 2),
    ]
    assert len({patch.subject for patch in demo.patches}) == 4


@pytest.mark.parametrize(
    ("places", "order"),
    [
        (ALL[:2], "are independent, but apply in this order"),
        ([ALL[0], ALL[4]], "do not depend on each other"),
    ],
    ids=["one file", "two files"],
)
def test_a_cover_letter_tells_what_is_wrong_and_in_which_order(made, demo_kernel, places, order):
    """Whoever reads it first must not have to open each patch; an order that nothing asks for is looked for in vain."""
    [demo] = made(demo_kernel, places).series
    text = " ".join(demo.cover_text.split())

    assert all(" ".join(patch.body.split("\n\n")[0].split()) in text for patch in demo.patches)
    assert order in text


@pytest.mark.parametrize(
    ("count", "title"), [(2, "demo: fix leaked page lock and missing writeback"), (8, "page locks")]
)
def test_the_title_of_a_cover_letter_is_never_folded(made, demo_kernel, count, title):
    """b4 0.12 stops at a cover letter whose subject git has folded, and the whole series is lost to its reader."""
    [demo] = made(demo_kernel, ALL[:count]).series
    [subject, following] = demo.cover.data.decode().split("\nSubject: ")[1].split("\n")[:2]

    assert title in subject
    assert not following.startswith(" ")


def test_a_title_that_would_be_folded_counts_the_patches(made, make_repository, demo_source, tmp_path):
    """A file system with a long name would send no series that b4 can read."""
    name = "averylongnameofafilesystem"
    files = {f"fs/{name}/file.c": demo_source(name), "MAINTAINERS": b"", "Makefile": b"VERSION = 6\nPATCHLEVEL = 1\n"}
    folder = make_repository(tmp_path / "kernel", files)
    [series] = made(
        folder, [(f"fs/{name}/file.c", f"{name}_writepage1", kind) for kind in ("unlocks", "writeback")]
    ).series

    assert series.cover_text.startswith("averylongnameofafilesystem"[:26])
    assert "fix 2 breaches of VFS rules" in series.cover_text.split("\n")[0]


def test_nothing_of_the_users_is_touched(made, demo_kernel):
    """Whoever loses staged or unsaved work to a tool never runs it again."""
    (demo_kernel / "staged.c").write_text("int staged;\n")
    git(demo_kernel, "add", "staged.c")
    (demo_kernel / "Makefile").write_text("edited\n")
    hook = demo_kernel / ".git/hooks/reference-transaction"
    hook.write_text(f"#!/bin/sh\ntouch {demo_kernel}/HOOK-RAN\n")
    hook.chmod(0o755)
    before = {
        path: path.read_bytes() for path in demo_kernel.rglob("*") if path.is_file() and "objects" not in path.parts
    }
    made(demo_kernel, ALL)
    after = {
        path: path.read_bytes() for path in demo_kernel.rglob("*") if path.is_file() and "objects" not in path.parts
    }

    added = {path.relative_to(demo_kernel).as_posix() for path in set(after) - set(before)}
    assert {path: data for path, data in after.items() if path in before} == before
    assert all(name.startswith(".git/refs/cocci-gen/") for name in added)


def test_git_am_of_all_series_in_any_order(made, demo_kernel, tmp_path):
    """Maintainers apply what they get in their own order; each must give the tree that was meant, author and message."""
    built = made(demo_kernel, ALL)
    folders = write_series_set(built, tmp_path / "out")
    trees = set()
    for number, order in enumerate(itertools.permutations(range(len(folders)))):
        clone = tmp_path / f"clone{number}"
        git(tmp_path, "clone", "-q", str(demo_kernel), str(clone))
        for place in order:
            git(clone, "am", "-q", *sorted(map(str, folders[place].glob("0*[1-9]-*.patch"))))
        trees.add(git(clone, "rev-parse", "HEAD^{tree}"))
        subjects = git(clone, "log", "--format=%an %ae %s", "main@{upstream}..").splitlines()
        expected = {
            f"{PERSON.name} {PERSON.email} {patch.subject}" for series in built.series for patch in series.patches
        }
        assert set(subjects) == expected
    assert len(trees) == 1


def test_every_rung_that_was_climbed_is_in_the_notes(made, demo_kernel):
    """A reader must see what was checked and what was not, below the cut, where git am drops it."""
    [series] = made(demo_kernel, ALL[:1]).series
    [patch] = series.patches

    passed = {result.rung for result in patch.results if isinstance(result, Passed)}
    notes = patch.mail.data.decode().split("\n---\n")[1].split("\n fs/")[0]
    assert passed == set(Rung) - {Rung.CHECKPATCH, Rung.BUILDS}
    assert "Checked: the patch applies" in notes
    assert "fs/demo/file.c:10: info is NULL" in notes
    assert "neither compiled nor run" in notes


def test_a_semantic_patch_that_makes_more_is_not_shown(made, demo_kernel):
    """Who runs it gets more than the patch, perhaps what does not compile, and trusts the rest of the mail no more."""

    def wide(finding):
        return dataclasses.replace(
            finding, fix=dataclasses.replace(finding.fix, beyond=(finding.fix.edits[0].line, 31, 33, 45))
        )

    [told, quiet] = (
        " ".join(made(demo_kernel, places, change=change).series[0].patches[0].mail.data.decode().split())
        for places, change in (
            (ALL[:1], wide),
            (ALL[:1], lambda finding: finding),
        )
    )

    assert "is only a part of what a semantic patch makes, which is not shown: it would change lines 31 and 45" in told
    assert "<smpl>" not in told
    assert "This one made the change: // <smpl>" in quiet
    assert "not shown" not in quiet


def test_equal_findings_give_equal_bytes(made, demo_kernel, tmp_path, monkeypatch):
    """What differs between two runs over the same findings hides what really changed: the user's settings, the order
    of the findings, the number of jobs, the day and the place of the repository must not."""
    first = mails(made(demo_kernel, ALL))
    second_kernel = tmp_path / "elsewhere" / "ke rnel"
    git(tmp_path, "clone", "-q", "--no-local", str(demo_kernel), str(second_kernel))
    evil = tmp_path / "evil"
    evil.write_text("")
    for setting in HOSTILE.split():
        for where in (("--file", str(evil)), ("--local",)):
            git(second_kernel, "config", *where, *setting.split("=", 1))
    (second_kernel / ".gitattributes").write_text("*.c diff=evil -text eol=crlf\n* binary\n")
    (second_kernel / ".git/info/attributes").write_text("*.c diff=evil binary\n")
    git(second_kernel, "config", "diff.evil.textconv", "false")
    git(second_kernel, "config", "diff.evil.command", "false")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(evil))
    for name, value in {
        "GIT_DIR": "/nonexistent",
        "GIT_AUTHOR_NAME": "Evil",
        "GIT_DIFF_OPTS": "-u9",
        "LC_ALL": "C",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)

    assert mails(made(second_kernel, ALL[::-1], jobs=7)) == first
    assert all(b"vil" not in data for data in first.values())


def test_recipients_are_those_of_the_files(made, demo_kernel):
    """A mail to people who have nothing to do with it is spam; one without the list is lost."""
    built = made(demo_kernel, ALL)
    headers = {name: email.message_from_bytes(data, policy=email.policy.default) for name, data in mails(built).items()}

    for name, mail in headers.items():
        assert mail["bcc"] is None
        if name.startswith("demo"):
            assert [a.addr_spec for a in mail["to"].addresses] == ["a@demo.example"]
            assert [(a.display_name, a.addr_spec) for a in mail["cc"].addresses] == [
                ("Jérôme Reviewer", "j@demo.example"),
                ("", "demo@lists.example"),
                ("", "linux-kernel@vger.kernel.org"),
            ]
        if name.startswith("other"):
            assert [(a.display_name, a.addr_spec) for a in mail["to"].addresses] == [
                ("O. Ther, Jr.", "o@other.example")
            ]
    [rest] = [series for series in built.series if series.title == "THE REST"]
    assert any("Orphan" in warning for warning in rest.envelope.warnings)
    assert any("names no person" in warning for warning in rest.envelope.warnings)
    sizes = [patch.envelope.size for series in built.series for patch in series.patches]
    assert max(sizes) <= 20
    assert statistics.median(sizes) <= 6


def test_nobody_signs_unasked(made, demo_kernel):
    """Only a person can certify a patch, and only one that a person has read."""
    unasked = made(demo_kernel, ALL[:2])
    with KernelTree.open(demo_kernel) as tree:
        assert tree.commit
    unlocks = next(patch for patch in unasked.series[0].patches if patch.kind == "unlocks")
    asked = made(demo_kernel, ALL[:2], signoff=True, reviewed=frozenset(unlocks.fingerprints))

    assert not any(b"Signed-off-by: " in data for data in mails(unasked).values())
    signed = {patch.kind: patch.signed for patch in asked.series[0].patches}
    assert signed == {"unlocks": True, "writeback": False}
    bodies = {patch.kind: patch.body for patch in asked.series[0].patches}
    assert bodies["unlocks"].endswith(f"\n\nSigned-off-by: {PERSON.name} <{PERSON.email}>")
    assert "Signed-off-by" not in bodies["writeback"]


def test_fixes_are_proposed_only_where_one_commit_is_to_blame(made, demo_kernel):
    """A wrong Fixes: sends a patch to stable trees that never had the bug."""
    [before] = made(demo_kernel, ALL[:1]).series
    text = (demo_kernel / "fs/demo/file.c").read_text()
    (demo_kernel / "fs/demo/file.c").write_text(text.replace("\t\treturn -EIO;", "\t\treturn -EROFS;", 1))
    git(demo_kernel, "commit", "-q", "-a", "-m", "demo: return another error")
    (demo_kernel / "fs/demo/file.c").write_text(text)
    git(demo_kernel, "commit", "-q", "-a", "-m", 'demo: return "the" error again')
    guilty = git(demo_kernel, "rev-parse", "HEAD").strip()
    [after] = made(demo_kernel, ALL[:1]).series

    why = b"No Fixes: tag is proposed, as the line is as old as the history at hand, which is a single commit."
    assert why in b" ".join(before.patches[0].mail.data.split())
    assert b"\n  Fixes:" not in before.patches[0].mail.data
    assert b"No Fixes: tag" not in after.patches[0].mail.data
    tag = f'Fixes: {guilty[:12]} ("demo: return "the" error again")'
    assert after.patches[0].origin.tag == tag
    assert f"\n  {tag}\n".encode() in after.patches[0].mail.data.split(b"\n---\n")[1]
    assert "Fixes:" not in after.patches[0].body


def test_the_prefix_comes_from_the_history(made, demo_kernel):
    """The subject must look like the others of this file."""
    for number in range(3):
        file = demo_kernel / "fs/demo/file.c"
        file.write_text(f"{file.read_text()}/* {number} */\n")
        git(demo_kernel, "commit", "-q", "-a", "-m", f"DemoFS: Say {number}")
    [series] = made(demo_kernel, ALL[:1]).series

    assert series.patches[0].subject == "DemoFS: Unlock the page when demo_writepage1() returns -EIO"


def test_more_than_fifteen_patches_become_several_series(made, demo_kernel):
    """Lists refuse longer series; no file may be in two of them, or their order would matter."""
    for number in range(20):
        (demo_kernel / f"fs/demo/f{number:02}.c").write_bytes((demo_kernel / "fs/demo/file.c").read_bytes())
    git(demo_kernel, "add", "-A")
    git(demo_kernel, "commit", "-q", "-m", "more files")
    places = [
        (f"fs/demo/f{number:02}.c", "demo_writepage1", kind)
        for number in range(10)
        for kind in ("unlocks", "writeback")
    ]
    built = made(demo_kernel, places)

    assert [(series.slug, len(series.patches)) for series in built.series] == [
        ("demo-file-system-part-1", 16),
        ("demo-file-system-part-2", 4),
    ]
    subjects = [patch.subject for series in built.series for patch in series.patches]
    assert len(set(subjects)) == len(subjects)


def test_two_fixes_of_the_same_lines_do_not_add_up(made, demo_kernel):
    """Two unlocks in a row would be worse than the bug."""

    def clumsy(finding):
        return finding if finding.obligation.kind == "unlocks" else replaced_fix(finding)

    def replaced_fix(finding):
        edit = Edit(finding.line, (), (b"\t\tredirty(page);\n",))
        return type(finding)(**{**fields(finding), "fix": Fix((edit,), finding.semantic_patch, "")})

    built = made(demo_kernel, ALL[:2], change=clumsy)

    assert len(built.series[0].patches) == 1
    assert [out.reason.split(";")[0] for out in built.left_out] == [
        "its fix touches the same lines as that of writepage.unlocks in demo_writepage1()"
    ]


def test_a_wider_fix_stands_for_both(made, demo_kernel):
    """One fix that does what two findings ask for is one patch that names both."""

    def wide(finding):
        if finding.obligation.kind == "unlocks":
            return finding
        with KernelTree.open(demo_kernel) as tree:
            text = tree.read(finding.file).split(b"\n")
        head = text[finding.line - 2]
        edits = (
            Edit(finding.line - 1, (head + b"\n",), (head + b" {\n",)),
            Edit(finding.line, (), (b"\t\tredirty_page_for_writepage(wbc, page);\n", b"\t\tunlock_page(page);\n")),
            Edit(finding.line + 1, (), (b"\t}\n",)),
        )
        return type(finding)(**{**fields(finding), "fix": Fix(edits, finding.semantic_patch, "")})

    built = made(demo_kernel, ALL[:2], change=wide)

    [patch] = built.series[0].patches
    assert (patch.kind, len(patch.fingerprints), built.left_out) == ("writeback", 2, ())


def fields(finding):
    """The fields of a slotted dataclass."""
    return {name: getattr(finding, name) for name in finding.__dataclass_fields__}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(lambda text: text.replace(b"\n", b"\r\n"), "carriage returns", id="crlf"),
        pytest.param(lambda text: text.replace(b"if (!info)", b"if (!info " + b"&& 1 " * 400 + b")"), "998", id="long"),
        pytest.param(lambda text: text + b"/* " + b"x" * 2000 + b" */\n", "", id="long-line-elsewhere"),
        pytest.param(
            lambda text: text.replace(b"\tif (!info)", b"\t/* J\xe9r\xf4me */\n\tif (!info)"), "", id="latin-1"
        ),
        pytest.param(lambda text: text.rstrip(b"\n"), "", id="no-newline-at-the-end"),
        pytest.param(lambda text: text.replace(b"\n\n", b"\n\x0c\n"), "", id="form-feed"),
    ],
)
def test_odd_content_is_mailed_exactly_or_refused(made, demo_kernel, tmp_path, content, reason):
    """A mail that changes bytes on its way, or is bounced, is worse than none."""
    file = demo_kernel / "fs/demo/file.c"
    file.write_bytes(content(file.read_bytes()))
    git(demo_kernel, "commit", "-q", "-a", "-m", "odd")
    built = made(demo_kernel, ALL[:1])

    if reason:
        assert built.series == ()
        assert reason in built.left_out[0].reason
        return
    [folder] = write_series_set(built, tmp_path / "out")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(demo_kernel), str(clone))
    git(clone, "am", "-q", *sorted(map(str, folder.glob("0001*"))))
    assert git(clone, "rev-parse", "HEAD^{tree}").strip() == built.series[0].patches[0].commit.tree


@pytest.mark.parametrize(
    "path",
    [
        b"fs/demo/a b.c",
        b"fs/demo/'q\";touch x;.c",
        b"fs/demo/-rf.c",
        b"fs/demo/\xff\xe9.c",
        b"-dash/x.c",
        b"fs/demo/new\nline.c",
    ],
)
def test_odd_paths_are_mailed_exactly_or_refused(made, make_repository, demo_source, tmp_path, path):
    """A path is a path, not an option, a command or a header."""
    folder = make_repository(tmp_path / "odd", {path: demo_source("demo")})
    built = made(folder, [(os.fsdecode(path), "demo_writepage1", "unlocks")])
    assert not (folder / "x").exists()

    if not os.fsdecode(path).isprintable():
        assert built.left_out[0].reason.startswith("the patch cannot be mailed: its path")
        return
    [mails_folder] = write_series_set(built, tmp_path / "out")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(folder), str(clone))
    git(clone, "am", "-q", *sorted(map(str, mails_folder.glob("0001*"))))
    assert git(clone, "rev-parse", "HEAD^{tree}").strip() == built.series[0].patches[0].commit.tree


def test_symlinks_and_strangers_are_not_changed(made, demo_kernel, tmp_path):
    """A symbolic link leads out of the tree; what is no blob of the base tree is not ours."""
    (tmp_path / "secret.c").write_bytes((demo_kernel / "fs/demo/file.c").read_bytes())
    (demo_kernel / "fs/demo/link.c").symlink_to(tmp_path / "secret.c")
    git(demo_kernel, "add", "-A")
    git(demo_kernel, "commit", "-q", "-m", "link")

    def to_link(finding):
        return type(finding)(**{**fields(finding), "file": "fs/demo/link.c"})

    built = made(demo_kernel, ALL[:1], change=to_link)
    assert built.series == ()
    assert "does not apply" in built.left_out[0].reason


def test_a_finding_without_good_words_costs_no_other(made, demo_kernel):
    """One file with an impossible name must not end the run for all others."""

    def unspeakable(finding):
        name = "f" * 300 if finding.function == "demo_writepage1" else finding.function
        return type(finding)(**{**fields(finding), "function": name})

    built = made(demo_kernel, [place for place in ALL if place[0] == "fs/demo/file.c"], change=unspeakable)
    assert [out.reason.split(":")[0] for out in built.left_out] == ["its message cannot be mailed"] * len(
        built.left_out
    )
    assert len(built.left_out) >= 2
    assert made(demo_kernel, []).series == ()


def test_a_series_without_findings_is_no_series(made, demo_kernel):
    """An empty run must not fail, nor write an empty cover letter."""
    assert made(demo_kernel, []).series == ()


def test_the_same_run_again_changes_nothing(made, demo_kernel, tmp_path):
    """A second run over the same findings keeps refs and files; a run with fewer removes the mails that are gone."""
    everything = made(demo_kernel, ALL)
    write_series_set(everything, tmp_path / "out")
    (tmp_path / "out/demo-file-system/notes.txt").write_text("mine")
    refs = git(demo_kernel, "for-each-ref")
    assert made(demo_kernel, ALL) == everything
    assert git(demo_kernel, "for-each-ref") == refs

    write_series_set(made(demo_kernel, ALL[:1]), tmp_path / "out")
    left = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert left == {
        "demo-file-system/0001-demo-unlock-the-page-when-demo_writepage1-returns-EI.patch",
        "demo-file-system/notes.txt",
        "index.md",
        "series.json",
    }


def test_the_command_to_reproduce_names_no_folder_of_the_user():
    """A cover letter is public, and must not differ with the folder that somebody worked in."""
    command = reproduction({"rules": ["address_space_operations.*"], "paths": ["fs"], "timeout": 60})

    assert command == "cocci-gen run --kernel linux --rule 'address_space_operations.*' --path fs -o out"
    assert reproduction({"rules": 7}) == "cocci-gen run --kernel linux -o out"


@pytest.mark.parametrize(
    "meddle",
    [
        lambda folder: (folder / "fs/demo/file.c").write_text("edited"),
        lambda folder: git(folder, "commit", "-q", "--allow-empty", "-m", "another"),
        lambda folder: git(folder, "checkout", "-q", "-b", "another"),
        lambda folder: git(folder, "rm", "-q", "--cached", "fs/demo/file.c"),
        lambda folder: (folder / "untracked").write_text(""),
    ],
    ids=["edited", "commit", "branch", "index", "untracked"],
)
def test_a_checkout_that_changes_meanwhile_is_noticed(made, demo_kernel, monkeypatch, meddle):
    """We promise to touch nothing; should a later git of ours do so, it must not pass for a series."""
    prefixes = assembly.find_prefixes
    monkeypatch.setattr(assembly, "find_prefixes", lambda *words: (meddle(demo_kernel), prefixes(*words))[1])

    with pytest.raises(CocciGenError, match=r"HEAD, the index or the work tree of .* changed during the run"):
        made(demo_kernel, ALL[:1])


def test_a_withheld_fix_is_named_and_not_sent(made, demo_kernel, make_finding):
    """What is mended upstream must neither be mailed nor vanish without a word; what has changed there must be told."""
    places = [ALL[0], ALL[2]]
    with KernelTree.open(demo_kernel) as tree:
        first, second = (make_finding(tree, *place).fingerprint for place in places)
    told = {
        "standing": {first: "changed in v9", second: "fixed in v9"},
        "withheld": {second: "fixed in v9"},
    }
    found = made(demo_kernel, places, **told)

    [patch] = found.series[0].patches
    assert patch.fingerprints == (first,)
    assert "demo_writepage1() is changed in v9." in patch.mail.data.decode()
    assert [(one.finding.fingerprint, one.reason) for one in found.left_out] == [(second, "fixed in v9")]


def test_what_stays_broken_in_the_function_is_told(made, demo_kernel):
    """Who applies a patch that mends one exit of two must not believe that the function is right now."""

    def lame(finding):
        if finding.obligation.kind == "unlocks":
            return finding
        breach = dataclasses.replace(finding.breach, missing=("redirty_page_for_writepage",))
        return dataclasses.replace(finding, breach=breach, fix=NoFix("the exit is shared"))

    [patch] = made(demo_kernel, ALL[:2], lame).series[0].patches

    flat = " ".join(patch.mail.data.decode().split("\n---\n")[1].split())
    assert "Left as it is in demo_writepage1()" in flat
    assert "There is no fix for it here: the exit is shared." in flat


def test_who_removed_the_call_is_to_blame_and_not_who_wrote_the_exit(made, demo_kernel):
    """The exit was right until then: its author would be accused of the bug of another."""
    file = demo_kernel / "fs/demo/file.c"
    text = file.read_text()
    [patch] = made(demo_kernel, ALL[:1]).series[0].patches
    file.write_text(text.replace("\t\treturn -EIO;", "\t\tunlock_page(page);\n\t\treturn -EIO;", 1))
    git(demo_kernel, "commit", "-q", "-a", "-m", "demo: unlock the page")
    file.write_text(text)
    git(demo_kernel, "commit", "-q", "-a", "-m", "demo: one line less")
    guilty = git(demo_kernel, "rev-parse", "HEAD").strip()
    [after] = made(demo_kernel, ALL[:1]).series[0].patches

    assert isinstance(patch.origin, NoOrigin)
    assert after.origin == Origin(guilty, "demo: one line less")


def test_the_statement_that_a_fix_replaces_is_to_blame(made, demo_kernel):
    """The exit is often as old as the file; the line that the fix takes away brought the bug."""
    file = demo_kernel / "fs/demo/file.c"
    text = file.read_text()
    file.write_text(text.replace("\t\treturn -EIO;", "\t\tret = -EROFS;\n\t\treturn -EIO;", 1))
    git(demo_kernel, "commit", "-q", "-a", "-m", "demo: a wrong value")
    guilty = git(demo_kernel, "rev-parse", "HEAD").strip()

    def exchanging(finding):
        lines = file.read_bytes().split(b"\n")
        number = lines.index(b"\t\tret = -EROFS;") + 1
        edit = Edit(number, (lines[number - 1] + b"\n",), (b"\t\tret = -EIO;\n",))
        return dataclasses.replace(finding, fix=Fix((edit,), finding.fix.semantic_patch, ""))

    [patch] = made(demo_kernel, ALL[:1], exchanging).series[0].patches
    assert patch.origin.tag == f'Fixes: {guilty[:12]} ("demo: a wrong value")'
