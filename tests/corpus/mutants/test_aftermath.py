"""What a fix of a mutant leaves otherwise than the unbroken function does: the harm that a figure must show."""

import pytest

from cocci_gen.corpus.mutants.aftermath import Seen, differences

RIGHT = """\
static int does(struct page *page, struct writeback_control *wbc)
{
	int err = 0;

	mutex_lock(&lock);
	if (PageError(page)) {
		err = -EIO;
		goto out;
	}
	set_page_writeback(page);
	unlock_page(page);
	end_page_writeback(page);
	put_page(page);
	mutex_unlock(&lock);
	return 0;
out:
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	put_page(page);
	mutex_unlock(&lock);
	return err;
}
"""
#: The failing exit without its unlock.
BROKEN = RIGHT.replace("wbc, page);\n\tunlock_page(page);", "wbc, page);\n")


@pytest.fixture
def compare(facts_of):
    """compare(mended text) -> the differences from RIGHT."""

    def find(mended, broken=BROKEN, right=RIGHT):
        def seen(text):
            return Seen(facts_of({"fs/a.c": text}).index, "fs/a.c", "does", lambda line: line)

        return differences(seen(right), seen(broken), seen(mended))

    return find


def failing(*calls):
    """RIGHT with other calls at its failing exit, on the same lines."""
    exit_ = RIGHT[RIGHT.index("out:") :].split("\n")
    return RIGHT[: RIGHT.index("out:")] + "\n".join(["out:", "\t" + " ".join(calls), "", "", "", *exit_[5:]])


REDIRTY, UNLOCK, PUT, MUTEX = (
    "redirty_page_for_writepage(wbc, page);", "unlock_page(page);", "put_page(page);", "mutex_unlock(&lock);",
)  # fmt: skip


def test_another_order_is_the_same_in_effect(compare):
    """A fix need not put the text back as it was."""
    assert compare(RIGHT) == ()
    assert compare(failing(PUT, UNLOCK, REDIRTY, MUTEX)) == ()


@pytest.mark.parametrize(
    ("calls", "thing"),
    [
        ((REDIRTY, UNLOCK, PUT, PUT, MUTEX), "reference of page: -2"),
        ((REDIRTY, UNLOCK, MUTEX), "reference of page: 0"),
        ((REDIRTY, UNLOCK, UNLOCK, PUT, MUTEX), "lock of page: -2"),
        ((UNLOCK, PUT, MUTEX), "what is written of page:  unlocked"),
        (
            ("set_page_writeback(page);", UNLOCK, "end_page_writeback(page);", PUT, MUTEX),
            "what is written of page: done",
        ),
        ((REDIRTY, UNLOCK, PUT), "mutex_lock(&lock): +1"),
    ],
    ids=["second put", "no put", "second unlock", "not dirty any more", "writeback of nothing", "mutex held"],
)
def test_harm(compare, calls, thing):
    """Each of these was taken for a restored contract, for the page was unlocked."""
    found = compare(failing(*calls))

    assert [one.words.startswith(thing) for one in found].count(True) == 1
    assert all(one.made for one in found)


def test_another_error_is_no_success(compare):
    """A fix that swallows the error, or makes one."""
    found = compare(RIGHT.replace("\treturn err;", "\treturn 0;"))

    assert any("where zero is returned" in one.words and one.made for one in found)


def test_what_was_broken_before_is_not_made(compare):
    """A fix of one of two breaches does no harm."""
    both = BROKEN.replace(
        "\tput_page(page);\n\tmutex_unlock(&lock);\n\treturn err", "\n\tmutex_unlock(&lock);\n\treturn err"
    )
    found = compare(both.replace("wbc, page);\n", "wbc, page);\n\tunlock_page(page);"), broken=both)

    assert [one.words.partition(" where")[0] for one in found] == ["reference of page: 0"]
    assert not found[0].made


def test_a_callee_counts(compare):
    """A helper that puts the page was no put to who looks at the function alone."""
    helper = "static void drop(struct page *page)\n{\n\tput_page(page);\n}\n"
    found = compare(
        helper + RIGHT.replace("\tput_page(page);", "\tdrop(page);"), right=helper + RIGHT, broken=helper + BROKEN
    )
    twice = compare(
        helper + failing(REDIRTY, UNLOCK, PUT, "drop(page);", MUTEX), right=helper + RIGHT, broken=helper + BROKEN
    )

    assert found == ()
    assert any(one.words.startswith("reference of page: -2") for one in twice)


def test_what_cannot_be_read_is_not_judged(compare):
    """Two functions of the name: which of them was mended nobody knows."""
    assert compare(RIGHT + RIGHT) is None


def test_the_control_is_no_page(compare):
    """`redirty_page_for_writepage(wbc, page)`: what is redirtied is the second."""
    found = compare(RIGHT.replace("redirty_page_for_writepage(wbc, page)", "set_page_dirty(page)"))

    assert found == ()


def test_a_way_out_of_rcu_walk_does_no_harm(compare):
    """Its caller comes again; but not when something was taken before."""
    early = RIGHT.replace("int err = 0;", "int err = 0; if (!wbc) return -ECHILD;")
    late = RIGHT.replace("mutex_lock(&lock);", "mutex_lock(&lock); if (!wbc) return -ECHILD;")

    assert compare(early) == ()
    assert [one.words.partition(" where")[0] for one in compare(late)] == ["mutex_lock(&lock): +1"]
