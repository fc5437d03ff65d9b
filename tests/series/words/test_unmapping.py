"""Which helpers undo a mapping, as their bodies say and not their names."""

from cocci_gen.kernel.tree import KernelTree
from cocci_gen.series.words.unmapping import unmapping_helpers

HEADER = """\
static inline void box_put(struct page *page)
{
	kunmap(page);
	put_page(page);
}

static inline void box_drop(struct page *page)
{
	put_page(page);
}

static void box_all(struct page *page)
{
	one(); two();
	three();
	four();
	five();
	six();
	seven();
	eight();
	kunmap(page);
	nine();
}
"""
FILE = """\
#include <linux/pagemap.h>
#include "box.h"
#include "../far.h"

void box_release(struct page *page, void *kaddr)
{
	unmap_and_put_page(page, kaddr);
}
"""


def test_what_a_helper_does_is_in_its_body(tmp_path, make_repository):
    """`box_put()` says nothing of a mapping; a long function that undoes one on its way gives back nothing of the caller's."""
    files = {"fs/box/box.c": FILE, "fs/box/box.h": HEADER, "fs/far.h": HEADER.replace("box_", "far_")}
    files["fs/other/box.h"] = HEADER.replace("box_", "other_")
    make_repository(tmp_path / "kernel", {path: text.encode() for path, text in files.items()})
    with KernelTree.open(tmp_path / "kernel") as tree:
        assert unmapping_helpers(tree, ["fs/box/box.c"]) == {"box_put()", "box_release()"}
        assert unmapping_helpers(tree, ["fs/none.c"]) == frozenset()
