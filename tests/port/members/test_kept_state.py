"""What has to be kept for what takes the place of a function."""

import pytest

from cocci_gen.port.changes.evolutions import FunctionGone
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.members.kept_state import with_kept_state

OLD = b"struct bed { int rows; };\nvoid note_weed(struct weed *weed, struct bed *bed);\nvoid rake(struct bed *bed);\n"
NEW = b"""\
struct bed { int rows; };
void weeds_note(struct weed *weed, %s *weeds);
void weeds_init(struct weeds *weeds);
static inline void weeds_note(struct weed *weed, %s *weeds) {}
int weeds_pull(struct weeds *weeds);
void rake(struct bed *bed);
"""
NOW = NEW.replace(b"%s", b"struct weeds")
TOLD = "of 4 functions that do without it by now, 4 use weeds_note()"


def words(new=NOW, told=TOLD, said=("weed", "bed")):
    """What is told of note_weed()."""
    old, now = (read_headers([("include/linux/bed.h", text)]) for text in (OLD, new))
    gone = FunctionGone(old.functions["note_weed"][0], ())
    return with_kept_state({gone.id: told}, [gone], lambda path: old, lambda path: now, lambda: said)[gone.id]


def test_a_structure_that_came_is_told_with_what_else_takes_it():
    """One would look for it in the kernel's own objects, and forget to write it out."""
    more = "; weeds_note() takes a `struct weeds *`, which was not there before: who uses it keeps one"

    assert f"{TOLD}{more}, which weeds_init(), weeds_pull() take too" == words()
    assert f"{TOLD}{more}" == words(NEW.partition(b"void weeds_init")[0].replace(b"%s", b"struct weeds"))


@pytest.mark.parametrize(
    "given",
    [
        {"said": ("weed", "bed", "weeds")},
        {"new": NEW.replace(b"%s", b"struct bed")},
        {"new": NEW.replace(b"%s", b"struct weeds", 1).replace(b"%s", b"struct bed")},
        {"told": "of 4 functions that do without it by now, 4 use rake()"},
        {"told": "of 4 functions that do without it by now, 4 use ->weeds_note"},
    ],
    ids=["it was there", "the old one is taken", "one of two takes it", "a function that was there", "a member"],
)
def test_what_was_there_before_has_not_to_be_kept(given):
    """Each successor would come with a remark that is none."""
    assert given.get("told", TOLD) == words(**given)
