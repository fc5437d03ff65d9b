"""`check`: what a commit, a patch or a work tree breaks, and nothing else."""

import email
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cocci_gen.cli.check import _patches
from cocci_gen.errors import UsageProblem

GOOD = """\
int {0}_write(struct page *page);

static int {0}_writepage(struct page *page, struct writeback_control *wbc)
{{
	int err;

	set_page_writeback(page);
	err = {0}_write(page);
	{0}_finish(page);
	end_page_writeback(page);
	return err;
}}

const struct address_space_operations {0}_aops = {{
	.writepage = {0}_writepage,
}};
"""
HELPER = """\
void {0}_finish(struct page *page)
{{
	unlock_page(page);
}}

int {0}_write(struct page *page)
{{
	return page->index ? 0 : 1;
}}
"""
LAUNDER = """\
static int l_launder_folio(struct folio *folio)
{
	folio_unlock(folio);
	return 0;
}

const struct address_space_operations l_aops = {
	.launder_folio = l_launder_folio,
};
"""
EARLY = "\tset_page_writeback(page);\n"
BROKEN = "\tif (!page->index)\n\t\treturn -EIO;\n" + EARLY
MENDED = "\tif (!page->index) {\n\t\tunlock_page(page);\n\t\treturn -EIO;\n\t}\n" + EARLY


class History:
    """A repository to which a test adds commits."""

    def __init__(self, root):
        self.root = root
        self.number = 0

    def git(self, *words, stdin=None):
        """stdout of a git command."""
        ended = subprocess.run(["git", *words], cwd=self.root, input=stdin, capture_output=True, check=True)
        return ended.stdout.decode()

    def read(self, path):
        """A file of the work tree."""
        return (self.root / path).read_text()

    def write(self, path, text):
        """A file of the work tree, with its folders."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def commit(self, subject):
        """Commit whatever was written; the subject."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject)
        return subject

    def change(self, path, old, new, subject):
        """Replace one text of a file and commit it."""
        text = self.read(path)
        assert old in text
        self.write(path, text.replace(old, new, 1))
        return self.commit(subject)


@pytest.fixture
def history(tmp_path, corpus, make_repository):
    """A small kernel with two file systems that keep to the rules; helpers stand in files of their own."""
    files = {f"fs/{name}/aops.c": GOOD.format(name).encode() for name in ("a", "b")}
    files |= {f"fs/{name}/help.c": HELPER.format(name).encode() for name in ("a", "b")}
    return History(make_repository(tmp_path / "linux", {**corpus.trees["6.1"], **files}))


@pytest.fixture
def check(tmp_path, cocci_gen_says, history, need, monkeypatch):
    """check(...) -> (code, stdout, stderr) of `check` over the history, with a cache of its own."""
    need("spatch")
    monkeypatch.chdir(tmp_path)

    def say(*words, stdin=None):
        fixed = ("check", "--kernel", history.root, "--cache", tmp_path / "cache")
        return cocci_gen_says(*fixed, *words, stdin=stdin)

    return say


def told(check, *words):
    """{subject: [kind and function of what is new]} of the changes that bring something, and the same of what goes."""
    code, out, err = check(*words, "--format", "json")
    assert code in (0, 1), err
    new, gone = {}, {}
    for change in json.loads(out)["changes"]:
        for found, key in ((new, "new"), (gone, "gone")):
            if change[key]:
                found[change["subject"]] = sorted({f"{one['kind']} {one['function']}" for one in change[key]})
    return new, gone


def test_of_twenty_commits_those_that_break_something_are_named(history, check):
    """A commit that is blamed wrongly costs its author an hour, one that is not named costs a release."""
    start = history.git("rev-parse", "HEAD").strip()
    h = history
    h.write("fs/a/Kconfig", "config A\n")
    h.commit("1: not C")
    h.change("fs/a/aops.c", "\tint err;\n", "\tint err; /* of the write */\n", "2: a comment in a bound function")
    early = h.change("fs/a/aops.c", EARLY, BROKEN, "3: an early return")
    h.change("fs/b/help.c", "return page->index ? 0 : 1;", "return !page->index;", "4: another helper, as good")
    h.write("fs/c/aops.c", GOOD.format("c") + HELPER.format("c"))
    h.commit("5: a new file system that keeps to the rules")
    helper = h.change(
        "fs/b/help.c", "\tunlock_page(page);\n", "\tpage->index = 0;\n", "6: a helper in another file unlocks no more"
    )
    h.change("fs/a/help.c", "void a_finish", "/* Done. */\nvoid a_finish", "7: a comment between functions")
    mended = h.change("fs/a/aops.c", BROKEN, MENDED, "8: the early return unlocks")
    h.change("fs/a/aops.c", "int err;", "int err = 0;", "9: another change of the same function")
    h.write("fs/d/plain.c", "int d_write(int x)\n{\n\tif (!x)\n\t\treturn -5;\n\treturn 0;\n}\n")
    h.commit("10: a function that no rule binds")
    h.write(
        "fs/d/tables.c",
        "static int d_page(struct page *page, struct writeback_control *wbc)\n{\n\treturn page->index;\n}\n",
    )
    h.commit("11: a function that no table names yet")
    tabled = h.change(
        "fs/d/tables.c",
        "}\n",
        "}\nstatic const struct address_space_operations d_aops = {\n\t.writepage = d_page,\n};\n",
        "12: a table names it",
    )
    back = h.change("fs/b/help.c", "\tpage->index = 0;\n", "\tunlock_page(page);\n", "13: the helper unlocks again")
    h.git("mv", "fs/c/aops.c", "fs/c/file.c")
    h.commit("14: a file moves")
    h.change("fs/c/file.c", "int err;", "int error_code_of_write = 0, err;", "15: a local name")
    h.change("fs/c/file.c", "int c_write", "#define C_DONE(p) unlock_page(p)\n\nint c_write", "16: a macro")
    h.change("fs/c/file.c", "\tc_finish(page);\n", "\tC_DONE(page);\n", "17: that is used")
    h.write("fs/e/aops.c", (GOOD + HELPER).format("e").replace("\te_finish(page);\n", ""))
    whole = h.commit("18: a new file that breaks a rule")
    h.git("rm", "-q", "fs/d/tables.c")
    gone = h.commit("19: what was broken goes")
    h.write("README", "x\n")
    h.commit("20: the end")
    assert "20" == h.git("rev-list", "--count", f"{start}..HEAD").strip()

    new, ended = told(check, "--since", start, "--rule", "unlocks")

    assert {
        early: ["unlocks a_writepage"],
        helper: ["unlocks b_writepage"],
        tabled: ["unlocks d_page"],
        whole: ["unlocks e_writepage"],
    } == new
    assert {mended: new[early], back: new[helper], gone: new[tabled]} == ended


def test_what_was_there_before_is_not_blamed_on_a_change(history, check):
    """A maintainer would send the patch back for somebody else's bug."""
    history.change("fs/a/aops.c", EARLY, BROKEN, "old")
    history.change("fs/a/aops.c", "\tint err;\n", "\tint err = 0;\n", "fs: a harmless change")
    code, out, _ = check("--since", "HEAD~1", "--rule", "unlocks")

    assert 0 == code
    assert f"{history.git('rev-parse', 'HEAD')[:12]} fs: a harmless change: nothing new\n" in out
    assert "  still fs/a/aops.c:" in out
    assert "1 change: 0 new, 1 still there, 0 gone; 1 function looked at" in out


def test_a_file_that_moves_takes_its_findings_along(history, check):
    """Who renames a folder was blamed for all that was wrong in it, and praised for mending it."""
    history.change("fs/a/aops.c", EARLY, BROKEN, "old")
    history.git("mv", "fs/a", "fs/moved")
    history.commit("fs: a has moved")
    code, out, _ = check("--since", "HEAD~1", "--rule", "unlocks")

    assert 0 == code
    assert "  still fs/moved/aops.c:" in out
    assert "1 change: 0 new, 1 still there, 0 gone" in out
    history.git("mv", "fs/b", "fs/other")
    history.change("fs/other/aops.c", EARLY, BROKEN, "moved and broken")
    assert "1 new (1 high)" in check("--since", "HEAD~1", "--rule", "unlocks")[1]


def test_another_error_at_an_old_leak_is_no_new_one(history, check):
    """Who changes a code in place would be blamed for the leak, and praised for mending another."""
    history.change("fs/a/aops.c", EARLY, BROKEN, "old")
    history.change("fs/a/aops.c", "return -EIO;", "return -ENXIO;", "fs: another code")
    history.change("fs/a/aops.c", "return -ENXIO;", "return -EROFS;", "fs: and another one")
    code, out, _ = check("--since", "HEAD~2", "--rule", "unlocks")
    whole, told_once, _ = check("--since", "HEAD~3", "--rule", "unlocks")

    assert (0, 1) == (code, whole)
    assert "2 changes: 0 new, 1 still there, 0 gone" in out
    assert "3 changes: 1 new (1 high), 0 still there, 0 gone" in told_once


def test_a_work_tree_is_looked_at_and_left_alone(history, check):
    """Index, unstaged and untracked files all count; git's own index keeps its bytes."""
    history.write("fs/a/aops.c", history.read("fs/a/aops.c").replace(EARLY, BROKEN))
    history.git("add", "fs/a/aops.c")
    history.write("fs/n/new.c", (GOOD + HELPER).format("n").replace("\tn_finish(page);\n", ""))
    before = [hashlib.sha1((history.root / name).read_bytes()).digest() for name in (".git/index", "fs/a/aops.c")]
    new, _ = told(check, "--worktree", "--rule", "unlocks")

    assert {"uncommitted changes in 2 files": ["unlocks a_writepage", "unlocks n_writepage"]} == new
    assert before == [
        hashlib.sha1((history.root / name).read_bytes()).digest() for name in (".git/index", "fs/a/aops.c")
    ]
    assert "A  fs/a/aops.c" in history.git("status", "-s", "-uno").replace("M  ", "A  ")


def test_a_table_that_names_a_function_of_others_brings_none_of_its_callers(history, check):
    """A new file system with .writepage = block_write_full_page would bring those of all others along."""
    history.write(
        "fs/a/own.c",
        "int shared_writepage(struct page *page, struct writeback_control *wbc)\n{\n\tunlock_page(page);\n\treturn 0;\n}\n",
    )
    history.write(
        "fs/b/aops.c",
        history.read("fs/b/aops.c").replace(
            "err = b_write(page);", "err = b_write(page) ? shared_writepage(page, wbc) : 0;"
        ),
    )
    history.commit("b: a helper")
    history.write(
        "fs/n/new.c", "const struct address_space_operations n_aops = {\n\t.writepage = shared_writepage,\n};\n"
    )
    code, out, _ = check("--worktree", "--rule", "writepage.*")

    assert 1 == code
    assert "fs/a/own.c:" in out
    assert re.search(r"; 1 functions? looked at\n$", out)


def test_a_clean_work_tree_has_nothing_new(check):
    """The hook of every commit runs it."""
    code, out, _ = check("--worktree")

    assert (0, "0 changes: 0 new, 0 still there, 0 gone; 0 functions looked at\n") == (code, out)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("fs/a/hidden.c", "fs/a/hidden.o"), "1 file is ignored by git and not looked at: fs/a/hidden.c (`git add -f`"),
        (
            ("fs/a/hidden.c", "fs/h/a.c"),
            "2 files are ignored by git and not looked at: fs/a/hidden.c, fs/h/a.c (`git add -f`",
        ),
        (("fs/a/hidden.o",), ""),
    ],
)
def test_what_git_ignores_is_told(history, check, names, says):
    """The packages of a distribution ignore whole trees; a breach there would pass as "0 new"."""
    history.write(".gitignore", "hidden.*\nfs/h\n")
    for name in names:
        history.write(name, "int hidden;\n")
    _, _, err = check("--worktree", "--rule", "unlocks")

    assert says in err
    assert bool(says) == ("ignored by git" in err)


@pytest.fixture
def mails(history):
    """An mbox of three patches with a cover letter, as `git format-patch` makes it; the branch is put back."""
    history.change("fs/a/aops.c", "\tint err;\n", "\tint err; /* x */\n", "a: say what err is")
    history.change("fs/b/help.c", "\tunlock_page(page);\n", "\tpage->index = 0;\n", "b: unlock elsewhere")
    history.change("fs/a/aops.c", "/* x */", "/* y */", "a: say it better")
    words = ("--stdout", "--cover-letter", "--thread", "--subject-prefix=PATCH v2", "--base=HEAD~3")
    words += ("--to=List <list@lists.example>", "--cc=Other <other@other.example>", "HEAD~3")
    text = history.git("format-patch", *words)
    history.git("reset", "-q", "--hard", "HEAD~3")
    return text


def test_a_series_by_mail(history, check, mails, tmp_path):
    """`patch 2/3 introduces`, and the checkout knows nothing of it."""
    (tmp_path / "series.mbx").write_text(mails)
    before = history.git("for-each-ref") + history.git("status", "-s") + history.git("count-objects")
    code, out, _ = check("--patch", tmp_path / "series.mbx", "--rule", "unlocks")

    assert 1 == code
    assert "2/3 b: unlock elsewhere\n  new   fs/b/aops.c:" in out
    assert "3 changes: 1 new (1 high), 0 still there, 0 gone" in out
    assert before == history.git("for-each-ref") + history.git("status", "-s") + history.git("count-objects")


@pytest.mark.parametrize(("level", "expected"), [("high", 1), ("moderate", 1), ("low", 1), ("none", 0)])
def test_the_level_decides_the_exit_code(check, mails, level, expected):
    """A hook that fails for a guess is switched off."""
    assert expected == check("--patch", "-", "--fail-on", level, "--rule", "unlocks", stdin=mails)[0]


def test_a_path_that_is_nowhere_is_no_clean_change(history, check):
    """A typo in a hook would let every change pass."""
    history.write("fs/a/more.c", "int more;\n")
    code, out, err = check("--worktree", "--path", "fs/aa")

    assert (2, "") == (code, out)
    assert "--path 'fs/aa': there is no such file or folder" in err
    assert "did you mean fs/a" in err


def test_a_path_may_come_with_a_later_change(history, check):
    """The folder of a new file system is not there before the last patches of its series."""
    history.change("fs/a/help.c", "\n", "\n\n", "first")
    history.write("fs/new/x.c", "int more;\n")
    history.git("add", "fs/new")
    history.git("commit", "-qm", "second")
    code, out, _ = check("--since", "HEAD~2", "--path", "fs/new")

    assert 0 == code
    assert "2 changes: 0 new" in out


def test_a_diff_is_a_patch_too(history, check, tmp_path):
    """What `git diff` prints has no mail around it, and nobody to answer."""
    history.write("fs/a/aops.c", history.read("fs/a/aops.c").replace(EARLY, BROKEN))
    (tmp_path / "x.diff").write_text(history.git("diff"))
    history.git("checkout", "-q", ".")
    code, out, _ = check("--patch", tmp_path / "x.diff", "--reply", tmp_path / "answers", "--rule", "unlocks")

    assert 1 == code
    assert "1/1\n  new   fs/a/aops.c:" in out
    assert not (tmp_path / "answers").exists()


@pytest.mark.parametrize("words", [(), ("--no-prefix",)])
def test_a_diff_as_git_prints_it_without_options_is_checked(history, check, tmp_path, words):
    """`git diff` says of a picture only that it differs, which `git apply` takes for no diff at all; and `diff.noprefix` is what
    many have set."""
    history.write("fs/a/aops.c", history.read("fs/a/aops.c").replace(EARLY, BROKEN))
    history.write("fs/a/late.c", "int late;\n")
    history.write("fs/a/tree.png", "a picture \0 of a tree")
    history.git("add", "-A")
    (tmp_path / "x.diff").write_text(history.git("diff", "--cached", *words))
    history.git("reset", "-q", "--hard")
    code, out, err = check("--patch", tmp_path / "x.diff", "--rule", "unlocks")

    assert 1 == code, err
    assert "1/1\n  new   fs/a/aops.c:" in out
    assert "the diff does not hold (git diff --binary) are left out: /dev/null and " in err
    assert "fs/a/tree.png" in err


def test_a_diff_of_pictures_alone_changes_nothing(history, check, tmp_path):
    """There is nothing to apply, and nothing wrong with that."""
    history.write("fs/a/tree.png", "a picture \0 of a tree")
    history.git("add", "-A")
    (tmp_path / "x.diff").write_text(history.git("diff", "--cached"))
    history.git("reset", "-q", "--hard")

    assert 0 == check("--patch", tmp_path / "x.diff")[0]


def test_what_a_later_patch_mends_is_told_so(history, check, tmp_path):
    """The author has mended it already, but a bisection stops between the two; without a word he would look for it in vain."""
    history.change("fs/a/aops.c", EARLY, BROKEN, "a: return early")
    history.change("fs/a/aops.c", BROKEN, EARLY, "a: unlock what is refused")
    (tmp_path / "s.mbx").write_text(history.git("format-patch", "--stdout", "HEAD~2"))
    history.git("reset", "-q", "--hard", "HEAD~2")
    code, out, err = check("--patch", tmp_path / "s.mbx", "--reply", tmp_path / "answers", "--rule", "unlocks")
    (answer,) = (tmp_path / "answers").glob("*.eml")

    assert 1 == code, err
    assert "1/2 a: return early\n  new   fs/a/aops.c:" in out
    assert "\n        2/2 mends it, and what stands between them is broken\n2/2 a: unlock" in out
    assert "Patch 2/2 mends it, but a bisection may stop between the two." in answer.read_text()
    assert "In this patch this would mend it:" in answer.read_text()
    changes = json.loads(check("--patch", tmp_path / "s.mbx", "--rule", "unlocks", "--format", "json")[1])["changes"]
    assert [{changes[0]["new"][0]["fingerprint"]: "2/2"}, {}] == [one["mended_by"] for one in changes]


def test_an_answer_is_threaded_and_says_why(check, mails, tmp_path):
    """What a maintainer needs to act on it: the hunk, the rule as it stands, the path; to everybody who got the patch."""
    (tmp_path / "series.mbx").write_text(mails)
    _, out, _ = check("--patch", tmp_path / "series.mbx", "--reply", tmp_path / "answers", "--rule", "unlocks")
    (path,) = (tmp_path / "answers").glob("*.eml")
    answer = email.message_from_bytes(path.read_bytes())
    sent = [email.message_from_string(part) for part in re.split(r"(?m)^(?=From [0-9a-f]{40} )", mails)[1:]]
    second = next(mail for mail in sent if "2/3" in mail["Subject"])
    body = answer.get_payload(decode=True).decode()

    assert "0002-re-b-unlock-elsewhere.eml" == path.name
    assert second["Message-ID"] == answer["In-Reply-To"]
    assert second["Message-ID"] in answer["References"]
    assert "Re: [PATCH v2 2/3] b: unlock elsewhere" == answer["Subject"]
    assert "list@lists.example" in answer["To"]
    assert "other@other.example" in answer["Cc"]
    assert "\n> -\tunlock_page(page);\n> +\tpage->index = 0;\n" in body
    assert re.search(r"\n> -- ?\n", body) is None
    assert "Documentation/filesystems/locking.rst (line " in body
    assert "writepage:" in body
    assert re.search(r"\n  fs/b/aops\.c:\d+: ", body)
    assert "Signed-off-by" not in body
    assert "git send-email --confirm=always" in out


def test_patches_that_do_not_apply_are_named(check, mails, tmp_path):
    """Without a hint everybody tries again on the same base."""
    (tmp_path / "series.mbx").write_text(
        re.sub(r"base-commit: \w+", "", mails).replace("unlock_page(page)", "other(page)")
    )
    code, out, err = check("--patch", tmp_path / "series.mbx", "--rule", "unlocks")

    assert 2 == code
    assert 'patch 2/3 ("b: unlock elsewhere") of' in err
    assert "does not apply to HEAD" in err
    assert "1/3 a: say what err is: nothing new, no function is changed\nnot looked at: 2/3, 3/3, since 2/3 " in out
    assert "\n1 change: 0 new" in out
    assert "name the commit that it was made for with --rev" in err


def test_what_comes_before_a_patch_that_does_not_apply_is_checked(check, mails, tmp_path):
    """One bad patch at the end of twenty takes nothing back of what the others break; programs see both."""
    (tmp_path / "series.mbx").write_text(
        mails.replace("/* y */", "/* y */ ;").replace("-\tint err; /* x */", "-\tint e;")
    )
    code, out, _ = check("--patch", tmp_path / "series.mbx", "--rule", "unlocks", "--format", "json")
    told = json.loads(out)

    assert 2 == code
    assert [0, 1] == [len(one["new"]) for one in told["changes"]]
    assert ["patch 3/3"] == [reason[:9] for reason in told["not_applied"]]


@pytest.fixture
def run_of_mails(check, mails, tmp_path):
    """The run folder that a check of the mails leaves, and what it said."""
    (tmp_path / "series.mbx").write_text(mails)
    code, out, _ = check("--patch", tmp_path / "series.mbx", "--rule", "unlocks", "-o", tmp_path / "out")
    assert 1 == code
    return tmp_path / "out", out


def test_a_check_leaves_a_run_that_can_be_judged(run_of_mails, cocci_gen_says, history):
    """From a mail to a verdict: every verb that reads a run reads this one, at the state that the patches make."""
    run, out = run_of_mails
    header = json.loads((run / "run.json").read_text())
    (fingerprint,) = header["change"]["new"]

    assert f"run           {run} (cocci-gen review {run}" in out
    assert [[], [fingerprint], []] == [one["new"] for one in header["change"]["changes"]]
    assert (history.git("rev-parse", "HEAD").strip(), []) == (header["commit"], header["change"]["still"])
    _, listed, _ = cocci_gen_says("review", run, "--list")
    assert fingerprint in listed
    _, text, _ = cocci_gen_says("findings", run)
    assert f"[writepage.unlocks {fingerprint[:8]}, fix, new]" in text
    _, page, _ = cocci_gen_says("findings", run, "--format", "html")
    assert ">new, open, fix<" in page
    brought = "brought by 2/3 b: unlock elsewhere"
    assert f"<p>{brought}</p>" in page
    assert brought in cocci_gen_says("explain", run, fingerprint[:8])[1]
    code, why, _ = cocci_gen_says("explain", run, "b_writepage")
    assert (0, True) == (code, "breaks address_space_operations.writepage.unlocks" in why)
    assert "the scan was narrowed (to what `check` of" in why


def test_formats_of_a_check_are_those_of_findings(check, mails, run_of_mails, cocci_gen_says):
    """A forge gets what the change brings, without a run folder in between."""
    run, _ = run_of_mails
    for form in ("github", "gitlab", "junit"):
        _, direct, _ = check("--patch", "-", "--rule", "unlocks", "--format", form, stdin=mails)
        assert direct == cocci_gen_says("findings", run, "--new", "--format", form)[1]
    _, sarif, _ = check("--patch", "-", "--rule", "unlocks", "--format", "sarif", stdin=mails)
    assert ["new"] == [one["baselineState"] for one in json.loads(sarif)["runs"][0]["results"]]
    assert "<html" in check("--patch", "-", "--rule", "unlocks", "--format", "html", stdin=mails)[1]


def test_what_was_there_is_marked_and_what_is_mended_is_kept_beside(history, check, cocci_gen_says, tmp_path):
    """Who judges a change judges what it brings."""
    for name in ("a", "b"):
        history.change(f"fs/{name}/aops.c", EARLY, BROKEN, f"{name}: leave early")
    history.change("fs/a/aops.c", BROKEN, MENDED, "a: mend it")
    history.change("fs/b/aops.c", "int err;", "int err = 0;", "b: nothing")
    check("--since", "HEAD~2", "--rule", "unlocks", "-o", tmp_path / "out")
    _, text, _ = cocci_gen_says("findings", tmp_path / "out")
    still, gone = text.splitlines()

    assert re.search(r"^fs/b/aops\.c:\d+: high: .*, still there\]$", still)
    assert gone.startswith("gone  fs/a/aops.c:")
    assert "" == cocci_gen_says("findings", tmp_path / "out", "--new")[1]
    _, page, _ = cocci_gen_says("findings", tmp_path / "out", "--format", "html")
    assert ">still there, open" in page
    assert "a: mend it: 0 new, 1 gone</li>" in page
    assert "<h3>Gone</h3>" in page


def test_what_came_and_went_within_the_changes_can_be_asked_about(history, check, cocci_gen_says, tmp_path):
    """The check names it by its fingerprint; "no finding of this run" would make its reader doubt all the others."""
    history.change("fs/a/aops.c", EARLY, BROKEN, "a: leave early")
    history.change("fs/a/aops.c", BROKEN, MENDED, "a: mend it")
    _, out, _ = check("--since", "HEAD~2", "--rule", "unlocks", "-o", tmp_path / "out")
    (name,) = re.findall(r"^  new .* ([0-9a-f]{8})[],]", out, re.MULTILINE)
    code, told, _ = cocci_gen_says("explain", tmp_path / "out", name)

    assert 0 == code
    assert re.search(r"brought by [0-9a-f]{12} a: leave early", told)
    assert re.search(r"ended by [0-9a-f]{12} a: mend it", told)
    assert 0 == cocci_gen_says("findings", tmp_path / "out")[0]


def test_a_work_tree_that_was_checked_can_be_judged_later(history, check, cocci_gen_says, tmp_path):
    """What is judged is what was checked, and not what has been typed since."""
    history.write("fs/a/aops.c", history.read("fs/a/aops.c").replace(EARLY, BROKEN))
    check("--worktree", "--rule", "unlocks", "-o", tmp_path / "out")
    history.git("checkout", "-q", ".")

    assert "return -EIO;" in cocci_gen_says("findings", tmp_path / "out", "--format", "html")[1]
    assert (
        "go on top of what is not committed here, and nobody else has that"
        in cocci_gen_says("series", tmp_path / "out")[2]
    )


def test_inside_the_tree_the_way_on_keeps_verdicts_outside(history, check, cocci_gen_says, monkeypatch, tmp_path):
    """`review` as the check names it would refuse to write into the kernel tree, and ask for an option that nobody named."""
    history.write("fs/a/aops.c", history.read("fs/a/aops.c").replace(EARLY, BROKEN))
    monkeypatch.chdir(history.root)
    _, out, _ = check("--worktree", "--rule", "unlocks", "-o", tmp_path / "out")
    (words,) = re.findall(r"cocci-gen (review .*?), then", out)

    assert words.endswith("--baseline ../cocci-gen.toml")
    assert 0 == cocci_gen_says(*words.split(), "--list")[0]


def test_a_series_stands_on_the_patches_that_were_checked(history, run_of_mails, cocci_gen_says):
    """Its mails apply behind those of the author, and name them; the commit that only this repository has is named nowhere."""
    run, _ = run_of_mails
    state = history.git("status", "-s") + history.git("rev-parse", "HEAD")
    code, _, err = cocci_gen_says("series", run)
    (mail,) = (run / "series").glob("*/*.patch")
    text = mail.read_text()

    assert 0 == code, err
    assert f"base-commit: {history.git('rev-parse', 'HEAD').strip()}\n" in text
    assert 3 == text.count("prerequisite-patch-id: ")
    assert "cocci-gen check --kernel linux --rule unlocks --patch series.mbx -o out" in text
    assert "Fixes:" not in text
    assert state == history.git("status", "-s") + history.git("rev-parse", "HEAD")


def test_a_series_answers_the_mail_that_brings_what_it_mends(mails, run_of_mails, cocci_gen_says):
    """Who wrote the patch is to see the fix in the thread, and would never learn of a series that starts one of its own."""
    run, _ = run_of_mails
    code, _, err = cocci_gen_says("series", run)
    (mail,) = (run / "series").glob("*/*.patch")
    head, _, rest = mail.read_text().partition("\n\n")
    second = re.findall(r"(?m)^Message-I[dD]: (<\S+>)$", mails)[2]  # behind the cover letter and the first patch
    author = re.search(r"(?m)^From: (.* <\S+@\S+>)$", mails)[1]

    assert 0 == code, err
    assert f"\nIn-Reply-To: {second}\nReferences: {second}" in head
    assert author.partition(" <")[2].rstrip(">") in re.search(r"\nTo: ([^:]*)\n", head)[1]
    assert f'\nWhat this mends comes with the patch "b: unlock elsewhere":\n\n  {second}\n' in rest
    assert rest.index("---\n") < rest.index("What this mends")


@pytest.mark.parametrize("name", ["<a b@c>", "no brackets", "<a@b> <c@d\n\tBcc: x@y>", "<\u00e4@b.example>"])
def test_a_mail_whose_name_is_none_is_not_answered(mails, name, check, cocci_gen_says, tmp_path):
    """What stands in a header of somebody else's mail must not become a header of ours."""
    second = re.findall(r"(?m)^Message-I[dD]: .*$", mails)[2]
    odd = mails.replace(second, f"Message-ID: {name}")
    check("--patch", "-", "--rule", "unlocks", "-o", tmp_path / "out", stdin=odd)
    cocci_gen_says("series", tmp_path / "out")
    texts = [mail.read_text() for mail in (tmp_path / "out" / "series").glob("*/*.patch")]

    assert texts
    assert all("Bcc" not in text and "c@d" not in text and "b@c>" not in text for text in texts)
    assert all(found == "<a@b>" for text in texts for found in re.findall(r"(?m)^In-Reply-To: (.*)$", text))


def test_a_scan_into_the_folder_of_a_check_is_a_scan(history, run_of_mails, cocci_gen_says, tmp_path):
    """The files of the patches would be taken for those of the commit."""
    run, _ = run_of_mails
    words = ("--kernel", history.root, "--cache", tmp_path / "cache", "--rule", "unlocks", "-o", run)
    assert 0 == cocci_gen_says("scan", *words)[0]

    assert not (run / "laid.json").exists()
    assert {} == json.loads((run / "run.json").read_text())["change"]
    assert 2 == cocci_gen_says("findings", run, "--new")[0]


@pytest.mark.parametrize("together", [False, True])
def test_a_new_version_tells_what_it_has_mended(check, cocci_gen_says, mails, tmp_path, together):
    """v2 of a series without the finding of v1 says "0 new" like one that nobody has looked at."""
    old = mails.replace("PATCH v2", "PATCH").replace("a: say it better", "a: say it")
    new = mails.replace("+\tpage->index = 0;", "+\tunlock_page(page); /* here */")
    (tmp_path / "v1.mbx").write_text(old + (new if together else ""))
    (tmp_path / "v2.mbx").write_text(old + new if together else new)
    words = (
        "--patch",
        tmp_path / "v2.mbx",
        "--previous",
        tmp_path / "v1.mbx",
        "--rule",
        "unlocks",
        "-o",
        tmp_path / "out",
    )
    code, out, err = check(*words)

    assert 0 == code
    assert f"since v1 in {tmp_path / 'v1.mbx'}:\n  gone  fs/b/aops.c:" in out
    assert f"; since v1 in {tmp_path / 'v1.mbx'}: 0 new, 0 still there, 1 gone; " in out.splitlines()[-2]
    assert together == ("the file also holds v1 of the series; v2 is checked" in err)
    (since,) = json.loads((tmp_path / "out" / "run.json").read_text())["change"]["since"]
    assert ([], [], 1) == (since["new"], since["still"], len(since["gone"]))
    why = cocci_gen_says("explain", tmp_path / "out", since["gone"][0][:8])[1]
    assert f"brought by v1 in {tmp_path / 'v1.mbx'}, and no more by what was checked" in why
    same = check("--patch", tmp_path / "v1.mbx", "--previous", tmp_path / "v1.mbx", "--rule", "unlocks")[1]
    assert together or "\n  still fs/b/aops.c:" in same


def test_an_earlier_version_that_does_not_apply_is_told(check, mails, tmp_path):
    """Nothing gone would be a lie."""
    (tmp_path / "v1.mbx").write_text(mails.replace("unlock_page(page)", "other(page)"))
    code, _, err = check("--patch", "-", "--previous", tmp_path / "v1.mbx", "--rule", "unlocks", stdin=mails)

    assert 2 == code
    assert '--previous: patch 2/3 ("b: unlock elsewhere") of' in err


def test_json_stays_json_beside_answers(check, mails, tmp_path):
    """A line about an answer behind the document makes it none."""
    _, out, _ = check(
        "--patch", "-", "--rule", "unlocks", "--format", "json", "--reply", tmp_path / "answers", stdin=mails
    )

    (path,) = json.loads(out)["answers"]
    assert str(tmp_path / "answers" / "0002-re-b-unlock-elsewhere.eml") == path


def test_answers_of_an_earlier_check_go(check, mails, tmp_path):
    """`git send-email answers/*` would send what was said of v1 again; what a person wrote stays."""
    into = tmp_path / "answers"
    check("--patch", "-", "--rule", "unlocks", "--reply", into, stdin=mails)
    (into / "mine.eml").write_text("mine")
    good = mails.replace("+\tpage->index = 0;", "+\tunlock_page(page); /* here */")
    _, _, err = check("--patch", "-", "--rule", "unlocks", "--reply", into, stdin=good)

    assert ["mine.eml"] == sorted(one.name for one in into.glob("*"))[-1:]
    assert not list(into.glob("0*"))
    assert "1 answer of an earlier check is gone" in err


def test_an_answer_that_was_edited_is_not_lost(check, mails, tmp_path):
    """An hour of work on it may be."""
    into = tmp_path / "answers"
    check("--patch", "-", "--rule", "unlocks", "--reply", into, stdin=mails)
    (path,) = into.glob("*.eml")
    path.write_text(path.read_text() + "And thanks.\n")
    code, _, err = check("--patch", "-", "--rule", "unlocks", "--reply", into, stdin=mails)

    assert 2 == code
    assert f"{path} was changed since an earlier check wrote it; move it elsewhere, or name another folder" in err
    assert path.read_text().endswith("And thanks.\n")


def test_no_answer_is_written_into_a_checkout(history, check, mails):
    """A checkout is only read."""
    code, _, err = check("--patch", "-", "--rule", "unlocks", "--reply", history.root / "answers", stdin=mails)

    assert 2 == code
    assert "which is only read; choose a folder outside of it" in err
    assert not (history.root / "answers").exists()


@pytest.mark.parametrize(
    ("words", "mailed"), [((), False), (("--fail-on", "low"), True), (("--fail-on", "high"), False)]
)
def test_a_guess_is_mailed_only_where_it_fails_the_check(history, check, tmp_path, words, mailed):
    """A bot that mails guesses is put into everybody's filters; a note says how they can be had."""
    behind = "\tif (page->index > i_size_read(page->mapping->host) >> PAGE_SHIFT) {\n\t\tunlock_page(page);\n\t\treturn 0;\n\t}\n"
    history.change("fs/a/aops.c", EARLY, behind + EARLY, "a: leave early behind the end")
    text = history.git("format-patch", "--stdout", "-1")
    history.git("reset", "-q", "--hard", "HEAD~1")
    rules = ("--rule", "*.writepage.writeback", "--reply", tmp_path / "answers", *words)
    _, out, err = check("--patch", "-", *rules, stdin=text)

    assert " low: " in out
    assert mailed == any((tmp_path / "answers").glob("*.eml"))
    assert mailed == ("in no answer; --fail-on low writes of them too" not in err)


def test_what_changes_the_meaning_of_the_result_is_told_quietly_too(cocci_gen_says, history, need, mails, tmp_path):
    """-q is how hooks and bots call it: two patches of three would pass as the series."""
    need("spatch")
    parts = re.split(r"(?m)^(?=From [0-9a-f]{40} )", mails)
    kept = "".join(part for part in parts if "2/3" not in part)
    words = ("check", "--kernel", history.root, "--cache", tmp_path / "cache", "--rule", "unlocks", "--patch", "-")
    _, _, err = cocci_gen_says("-q", *words, stdin=kept)

    assert "warning: patch 2 of 3 is not in the file" in err


def test_what_a_series_lacks_is_told(check, mails, tmp_path):
    """A check of two patches of three, or on another commit, looks like one of the series."""
    parts = re.split(r"(?m)^(?=From [0-9a-f]{40} )", mails)
    kept = "".join(part for part in parts if "3/3" not in part)
    (tmp_path / "series.mbx").write_text(re.sub(r"base-commit: \w+", "base-commit: " + "1" * 40, kept))
    code, out, err = check("--patch", tmp_path / "series.mbx", "--rule", "unlocks")

    assert 1 == code
    assert "2/3 b: unlock elsewhere" in out
    assert "patch 3 of 3 is not in the file" in err
    assert "the series is for commit 111111111111, which " in err


def test_a_patch_that_is_in_already_is_told_so(history, check, tmp_path):
    """Who checks his last commit by mail thinks that the patch is broken."""
    history.write("fs/a/aops.c", history.read("fs/a/aops.c").replace(EARLY, BROKEN))
    history.git("commit", "-qam", "a: tidy up")
    (tmp_path / "a.mbox").write_text(history.git("format-patch", "--stdout", "-1"))
    code, _, err = check("--patch", tmp_path / "a.mbox")

    assert 2 == code
    assert 'patch 1/1 ("a: tidy up") of ' in err
    assert f"is in HEAD of {history.root} already; name the commit before it with --rev" in err


def test_a_series_is_checked_on_the_commit_that_it_names(history, check, mails):
    """The branch has moved on since it was sent."""
    history.change("fs/b/help.c", "\tunlock_page(page);\n", "\tunlock_page(page); /* moved on */\n", "meanwhile")

    assert 1 == check("--patch", "-", "--rule", "unlocks", stdin=mails)[0]
    assert 2 == check("--patch", "-", "--rev", "HEAD", "--rule", "unlocks", stdin=mails)[0]


def test_a_merge_is_blamed_for_what_it_changes_itself(history, check):
    """A conflict that was solved wrongly is in neither parent; what a branch brings is told of its own commits."""
    h = history
    start = h.git("rev-parse", "HEAD").strip()
    h.git("checkout", "-q", "-b", "side")
    h.change("fs/a/aops.c", "\tint err;\n", "\tint err = 1;\n", "side: a value")
    h.git("checkout", "-q", "main")
    h.change("fs/a/aops.c", "\tint err;\n", "\tint err = 0;\n", "main: another value")
    subprocess.run(["git", "merge", "-q", "side"], cwd=h.root, check=False, capture_output=True)
    h.write("fs/a/aops.c", GOOD.format("a").replace(EARLY, BROKEN).replace("int err;", "int err = 2;"))
    h.commit("Merge branch 'side'")
    new, _ = told(check, "--since", start, "--rule", "unlocks")

    assert {"Merge branch 'side'": ["unlocks a_writepage"]} == new


def test_a_changed_rule_is_a_change_too(history, check):
    """locking.rst is as good as code here."""
    document = "Documentation/filesystems/locking.rst"
    row = next(line for line in history.read(document).split("\n") if line.startswith("launder_folio:"))
    history.write("fs/l/launder.c", LAUNDER)
    history.commit("broken before there was a rule")
    history.change(document, row, "launder_folio:", "no rule")
    history.change(document, "launder_folio:", row, "the rule comes")
    new, gone = told(check, "--since", "HEAD~2", "--rule", "keeps_locked", "--rule", "unlocks")

    assert ["keeps_locked l_launder_folio"] == new["the rule comes"] == gone["no rule"]


def test_a_checked_patch_of_a_module_can_be_judged(check, tmp_path, make_repository, cocci_gen_says):
    """Its paths are its own there too, and its mails stand on its own commits."""
    files = {"Makefile": b"obj-m := m.o\nm-y := aops.o help.o\n", "aops.c": GOOD.format("m").encode()}
    module = History(make_repository(tmp_path / "module", {**files, "help.c": HELPER.format("m").encode()}))
    module.change("aops.c", EARLY, BROKEN, "aops: leave early")
    text = module.git("format-patch", "--stdout", "-1")
    module.git("reset", "-q", "--hard", "HEAD~1")
    words = ("--module", module.root, "--patch", "-", "--rule", "unlocks", "-o", tmp_path / "out")
    assert 1 == check(*words, stdin=text)[0]

    assert cocci_gen_says("findings", tmp_path / "out")[1].startswith("aops.c:")
    assert "return -EIO;" in cocci_gen_says("findings", tmp_path / "out", "--format", "html")[1]
    code, _, err = cocci_gen_says("series", tmp_path / "out")
    (mail,) = (tmp_path / "out" / "series").glob("*/*.patch")
    assert 0 == code, err
    assert f"base-commit: {module.git('rev-parse', 'HEAD').strip()}\nchange-id" in mail.read_text()
    module.git("commit", "-q", "--allow-empty", "-m", "later")
    module.change("aops.c", EARLY, BROKEN, "aops: leave early")
    again = check(*words[:4], "--module-rev", "HEAD", stdin=text)[2]
    assert "already; name the commit before it with --module-rev" in again
    assert "\nprerequisite-patch-id: " in mail.read_text()


def test_a_module_is_checked_like_a_kernel(check, tmp_path, make_repository):
    """Its own commits, over the kernel; the paths are its own."""
    files = {
        "src/Kbuild": b"obj-m := m.o\nm-y := aops.o help.o\n",
        "src/aops.c": GOOD.format("m").encode(),
        "src/help.c": HELPER.format("m").encode(),
    }
    module = History(make_repository(tmp_path / "module", files))
    module.change("src/help.c", "\tunlock_page(page);\n", "\tpage->index = 0;\n", "helper: no unlock")
    diff = module.git("show")
    code, out, err = check("--module", module.root, "--since", "HEAD~1", "--rule", "unlocks")

    assert 1 == code, err
    assert "helper: no unlock\n  new   src/aops.c:" in out
    module.git("reset", "-q", "--hard", "HEAD~1")
    assert 1 == check("--module", module.root, "--patch", "-", "--rule", "unlocks", stdin=diff)[0]
    module.write("src/aops.c", module.read("src/aops.c").replace(EARLY, BROKEN))
    assert 1 == check("--module", module.root, "--worktree", "--rule", "unlocks")[0]


def test_a_new_file_of_a_module_counts_as_its_makefile_says(check, tmp_path, make_repository):
    """A file that nobody looked at was a clean one, and the makefile that names it was left as HEAD has it."""
    files = {"Kbuild": b"obj-m += m.o\nm-y := a.o\n", "a.c": (GOOD + HELPER).format("m").encode()}
    module = History(make_repository(tmp_path / "module", files))
    module.write("b.c", (GOOD + HELPER).format("n").replace(EARLY, BROKEN, 1))
    words = ("--module", module.root, "--worktree", "--rule", "unlocks")
    code, _, err = check(*words)
    module.write("Kbuild", "obj-m += m.o\nm-y := a.o b.o\n")
    new, _ = told(check, *words)

    assert (0, True) == (code, "b.c is changed and named by no makefile of the module, so it is not looked at" in err)
    assert {"uncommitted changes in 2 files": ["unlocks n_writepage"]} == new


def test_what_others_hand_on_to_as_well_is_not_gone_with_one_of_them(history, check):
    """A commit that removed a file system was said to have mended a helper that all others use."""
    by_helper = GOOD.replace("static int {0}_writepage", "int shared(struct page *page);\nstatic int {0}_writepage")
    head, _, tail = by_helper.partition("\tint err;")
    text = head + "\treturn shared(page);\n}}\n\n" + tail[tail.index("const struct") :]
    history.write(
        "fs/shared.c",
        "int shared(struct page *page)\n{\n\tif (page->index)\n\t\treturn -EIO;\n\tunlock_page(page);\n\treturn 0;\n}\n",
    )
    history.write("fs/c/aops.c", text.format("c"))
    history.write("fs/d/aops.c", text.format("d"))
    start = history.commit("two that share a helper") and history.git("rev-parse", "HEAD").strip()
    (history.root / "fs/c/aops.c").unlink()
    history.commit("one is gone")
    helped = told(check, "--since", f"{start}~1", "--rule", "unlocks")
    after = told(check, "--since", start, "--rule", "unlocks")

    assert ["unlocks shared"] == helped[0]["two that share a helper"]
    assert ({}, {}) == after


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "say what is to be checked: --since REV, --patch FILE or --worktree"),
        (("--worktree", "--since", "HEAD"), "one of them"),
        (("--worktree", "--reply", "x"), "--reply answers the mails of --patch"),
        (("--since", "nowhere"), "has no revision 'nowhere'"),
        (("--patch", "-"), "stdin holds no patch"),
    ],
)
def test_what_cannot_be_checked_is_said(check, words, says):
    """With the way out."""
    code, _, err = check(*words, stdin="hello\n")

    assert 2 == code
    assert says in err


def test_a_dirty_tree_is_told_how_it_can_be_looked_at(history, cocci_gen_says, need, tmp_path):
    """Whoever has not committed yet would believe that his change was scanned."""
    need("spatch")
    words = (
        "scan",
        "--kernel",
        history.root,
        "--cache",
        tmp_path / "cache",
        "--rule",
        "unlocks",
        "-o",
        tmp_path / "out",
    )
    assert "uncommitted" not in cocci_gen_says(*words)[2]
    history.write("fs/a/aops.c", history.read("fs/a/aops.c").replace(EARLY, BROKEN))
    err = cocci_gen_says(*words)[2]

    assert (
        "has uncommitted changes in 1 file; this looks at HEAD (`cocci-gen check --worktree` looks at the changes)"
        in err
    )


def test_a_change_of_comments_and_white_space_touches_nothing(history, check):
    """Whoever mends a comment would wait for all callers, and may be told that they are too many."""
    start = history.git("rev-parse", "HEAD").strip()
    history.change("fs/a/help.c", "\tunlock_page(page);", "\t/* Done. */\n\tunlock_page( page );", "a remark")
    code, out, _ = check("--since", start)

    assert 0 == code
    assert "0 functions looked at" in out


def test_functions_that_are_not_looked_at_are_named(history, check, monkeypatch):
    """Who is told that a change was not decided has to know what is left to be looked at, and how."""
    monkeypatch.setattr("cocci_gen.facts.calls.callers.MOST", 1)
    start = history.git("rev-parse", "HEAD").strip()
    history.change("fs/a/help.c", "\tunlock_page(page);", "\tpage->index = 1;\n\tunlock_page(page);", "a helper")
    code, out, _ = check("--since", start)
    _, told, _ = check("--since", start, "--format", "json")
    ((left,),) = [one["unexamined"] for one in json.loads(told)["changes"]]

    assert 3 == code
    assert "not looked at: a_writepage() in fs/a/aops.c and what comes to them by calls; `cocci-gen scan` looks" in out
    assert ("fs/a/aops.c", "a_writepage") == (left["path"], left["function"])
    assert "cocci-gen scan" in left["reason"]


def test_patches_from_a_closed_standard_input_are_asked_for_in_words(monkeypatch):
    """It was called a fault of cocci-gen itself."""
    monkeypatch.setattr(sys, "stdin", None)

    with pytest.raises(UsageProblem, match="the standard input is closed"):
        _patches(Path("-"))
