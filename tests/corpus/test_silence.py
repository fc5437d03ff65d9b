"""Whoever writes a case that is not reported is told where it got lost."""

import pytest

from cocci_gen.corpus.bench import BenchTree
from cocci_gen.corpus.check import check
from cocci_gen.corpus.folder import read_corpus
from cocci_gen.corpus.silence import why_silent

CODE = b"""\
#include <linux/fs.h>
static int keeper_writepage(struct page *page, struct writeback_control *wbc)
{
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return 0;
}
static int breaker_writepage(struct page *page, struct writeback_control *wbc)
{
	if (!page->x)
		return -EIO;
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return 0;
}
static int other_writepage(struct inode *inode, struct writeback_control *wbc)
{
	return 0;
}
static int twice_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = 0;

	if (!page->x)
		err = -EIO;
	if (!err)
		goto unlock;
	if (!page->x)
		goto unlock;
	return err;
unlock:
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return err;
}
static int lonely(void)
{
	return 0;
}
static int calm_setattr(struct user_namespace *ns, struct dentry *dentry, struct iattr *attr)
{
	return 0;
}
static const struct inode_operations calm_iops = { .setattr = calm_setattr };
static const struct address_space_operations keeper_aops = { .writepage = keeper_writepage };
static const struct address_space_operations breaker_aops = { .writepage = breaker_writepage };
static const struct address_space_operations other_aops = { .writepage = other_writepage };
static const struct address_space_operations twice_aops = { .writepage = twice_writepage };
"""
UNLOCKS = "address_space_operations.writepage.unlocks"


@pytest.fixture(scope="module")
def scan(corpus, need, tmp_path_factory):
    """A scan of the code above."""
    need("spatch")
    return BenchTree(tmp_path_factory.mktemp("bench"), 1).examine({**corpus.trees["6.1"], "fs/demo.c": CODE})


def line_of(text):
    """The line of the first occurrence."""
    return CODE[: CODE.index(text)].count(b"\n") + 1


@pytest.mark.parametrize(
    ("text", "identity", "reason"),
    [
        (
            b"unlock_page(page);",
            "address_space_operations.writepag.unlocks",
            f"hold no such obligation; perhaps {UNLOCKS}",
        ),
        (b"redirty_page", UNLOCKS, "keeper_writepage() was examined: spatch searched the function and starred nothing"),
        (b"if (!page->x)", UNLOCKS, "breaker_writepage() is reported elsewhere, in line 11"),
        (b"struct inode *inode", UNLOCKS, "other_writepage() was not examined: has no page or folio parameter"),
        (b"static int lonely", "inode_operations.setattr.no_relock", "binds no function there: no operations table"),
        (
            b"static int calm",
            "inode_operations.setattr.no_relock",
            "was not given to spatch: the facts of the tree",
        ),
        (b"return err;", UNLOCKS, "rejected by infeasible_path: "),
    ],
)
def test_the_reason_is_told(scan, text, identity, reason):
    """Each way in which a mark can get lost has its words."""
    assert reason in why_silent(scan, "fs/demo.c", line_of(text), identity)


def test_the_check_tells_it_beside_the_mark(tmp_path):
    """`corpus check` is where the author of a case looks."""
    (tmp_path / "trees/6.1/fs").mkdir(parents=True)
    (tmp_path / "trees/6.1/fs/good.c").write_text("int good;\n")
    folder = tmp_path / "address_space_operations/writepage.unlocks"
    folder.mkdir(parents=True)
    (folder / "case.c").write_text(
        "// SPDX-License-Identifier: GPL-2.0-only\n/// Kernel: 6.1\n/// It returns.\n// Fixable: no\n"
        "int f(void)\n{\n\treturn 0; /* violates: writepage.unlocks high */\n}\n"
    )
    report = check(
        read_corpus(tmp_path), lambda files: [], lambda texts: ["" for _ in texts], lambda files, *what: f"lost {what}"
    )

    [problem] = [one.text for one in report.problems if "is not reported" in one.text]
    assert problem.startswith("writepage.unlocks is not reported: lost ('fs/")
    assert UNLOCKS in problem
