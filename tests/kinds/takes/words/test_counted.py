"""The structures of which a file system counts references itself, read out of the functions that count."""

import pytest

from cocci_gen.kinds.takes.words.owned import owned_of

PUT = "void %s(struct bed *bed%s)\n{\n\t%sif (refcount_dec_and_test(&bed->users))\n\t\tkfree(bed);\n}\n"
GET = "%s%s(struct bed *bed)\n{\n\trefcount_inc(&bed->users);\n%s}\n"
MAKE = "struct bed *bed_new(int a)\n{\n\tstruct bed *bed = kzalloc(8, 1);\n\trefcount_set(&bed->users, %s);\n\treturn bed;\n}\n"
USE = "int uses(struct bed *bed)\n{\n\treturn 0;\n}\n"


def counted(facts_of, text, path="fs/a/a.c", name="uses"):
    """The things that a function of fs/a/use.c is asked about, beside a file that counts."""
    index = facts_of({path: text, "fs/a/use.c": USE}).index
    (one,) = index.definitions(name)
    return owned_of(index).asked(one)


def test_pair(facts_of):
    """Without it nothing that a file system counts for itself would be missed where it fails: no document names it."""
    (thing,) = counted(facts_of, PUT % ("bed_put", "", "") + MAKE % "1")
    assert (thing.word, thing.kept, thing.types) == ("bed", "referenced", {"bed"})
    assert (thing.releases, thing.returning, thing.undo) == ({"bed_put"}, {"bed_new"}, {"bed": "bed_put"})


def test_takers(facts_of):
    """Who returns what it is given hands that back, and who returns nothing has counted it: a value of the one is the thing."""
    takers = GET % ("struct bed *", "bed_get", "\treturn bed;\n") + GET % ("void ", "bed_hold", "")
    (thing,) = counted(facts_of, PUT % ("bed_put", "", "if (!bed)\n\t\treturn;\n\t") + takers)
    assert (thing.taking, thing.same, thing.null) == ({"bed_get", "bed_hold"}, {"bed_get"}, {"bed_put"})


@pytest.mark.parametrize(("asked", "same"), [("bed", {"bed_get"}), ("all->n", set())], ids=["for it", "for another"])
def test_who_counts_where_there_is_anything(facts_of, asked, same):
    """`if (bed) refcount_inc(&bed->users);` counts whatever there is; who asks for something else counts at times."""
    get = (GET % ("struct bed *", "bed_get", "\treturn bed;\n")).replace(
        "refcount_inc", f"if ({asked})\n\t\trefcount_inc"
    )
    (thing,) = counted(facts_of, PUT % ("bed_put", "", "") + MAKE % "1" + get)
    assert thing.same == same


def test_subfolder(facts_of):
    """A file system keeps what it counts in a folder of its own folder, as often as beside its methods; a driver beside it is
    another, but for headers below."""
    table = "const struct super_operations demo_sops = { .statfs = demo_statfs };\n"
    text = PUT % ("bed_put", "", "") + MAKE % "1"
    for users, found in (
        ("fs/a/use.c", True),
        ("fs/b/use.c", False),
        ("drivers/a/use.c", False),
        ("lib/a/use.c", True),
    ):
        files = {"fs/a/core/beds.c": text, "fs/a/super.c": table, "drivers/a/core/beds.c": text, users: USE}
        files |= {"lib/a/include/beds.h": text.replace("void", "static inline void")}
        index = facts_of(files, methods=("statfs", "lookup", "dirty_folio", "kill_sb")).index
        (one,) = index.definitions("uses")
        assert bool(owned_of(index).asked(one)) == found


@pytest.mark.parametrize(
    "text",
    [
        PUT % ("bed_put", "", ""),
        MAKE % "1",
        PUT % ("bed_put", "", "") + MAKE % "2",
        PUT % ("bed_put", "", "") + (GET % ("int ", "bed_part", "\treturn 0;\n")),
        PUT % ("bed_put", "", "") + GET % ("void ", "bed_link", "\tlist_add(&bed->list, &beds);\n"),
        PUT % ("bed_send", "", "refcount_inc(&bed->users);\n\t") + MAKE % "1",
        PUT % ("bed_put", "", "") + (MAKE % "1").replace("return bed", "plot->beds[a] = bed;\n\treturn bed"),
        PUT % ("bed_put", "", "") + (MAKE % "1").replace("return bed", "idr_alloc(&beds, bed, 1, 0, 1);\n\treturn bed"),
        PUT % ("bed_put", "", "") + (MAKE % "1").replace("return bed", "refcount_inc(&bed->users);\n\treturn bed"),
        PUT % ("bed_put", "", "") + (MAKE % "1").replace("return bed", "kref_init(&bed->part.count);\n\treturn bed"),
        PUT % ("bed_put_all", "", "while (next(bed))\n\t\t") + MAKE % "1",
        PUT % ("bed_end", ", int error", "") + MAKE % "1",
        PUT % ("deactivate_locked_super", "", "") + MAKE % "1",
        (PUT % ("bed_sync", "", "")).replace("kfree(bed)", "wake_up(&bed->wait)") + MAKE % "1",
    ],
    ids=[
        "no maker",
        "no put",
        "a second one for others",
        "no taker",
        "for a list",
        "of work",
        "stored",
        "found by number",
        "counted twice",
        "two counts",
        "in a loop",
        "told how it went",
        "with its lock",
        "waited for",
    ],
)
def test_no_pair(facts_of, text):
    """What counts for a list or work that is under way would be asked back of whoever has counted it."""
    assert not counted(facts_of, text)


def test_arguments(facts_of):
    """No fix calls what wants more than the thing."""
    (thing,) = counted(facts_of, PUT % ("bed_put", ", int why", "") + MAKE % "1")
    assert not thing.undo


def test_who_counts_decides(facts_of):
    """A put that no longer is one changes what is said of all who get one, though they do not call it."""
    index = facts_of({"fs/a/a.c": PUT % ("bed_put", "", "") + MAKE % "1", "fs/a/use.c": USE}).index
    owned_of(index).asked(index.definitions("uses")[0])
    assert index.mentions({}).of_judged_by("bed_put") == {("fs/a/use.c", "uses")}


def test_what_counts_inside_and_at_times(facts_of):
    """A count may stand in a structure inside, and he who tries to take one gets what he has given, or nothing: an open file of
    NFS was nobody's to give back."""
    put = PUT.replace("bed->users", "bed->row.users")
    tries = "\tif (bed != NULL && refcount_inc_not_zero(&bed->row.users))\n\t\treturn bed;\n\treturn NULL;\n"
    (thing,) = counted(facts_of, put % ("bed_put", "", "") + f"struct bed *bed_get(struct bed *bed)\n{{\n{tries}}}\n")
    assert (thing.taking, thing.same, thing.releases) == ({"bed_get"}, {"bed_get"}, {"bed_put"})


def test_who_only_hands_on_gives_back(facts_of):
    """What a caller gives back by a plain function is seen for his own; a function that does more is followed, and ends nothing
    by its name."""
    puts = PUT % ("bed_put_later", ", int later", "")
    plain = "void bed_put(struct bed *bed)\n{\n\tbed_put_later(bed, 0);\n}\n"
    more = "void bed_close(struct bed *bed)\n{\n\tdig(bed);\n\tbed_put_later(bed, 0);\n}\n"
    (thing,) = counted(facts_of, puts + plain + more + MAKE % "1")
    assert thing.releases == {"bed_put_later", "bed_put"}


def test_who_takes_a_lock_with_the_last(facts_of):
    """Most of what NFS counts is given back so that the last one comes with a lock: nobody looked for who keeps it."""
    put = "void bed_put(struct bed *bed)\n{\n\tif (!refcount_dec_and_lock(&bed->users, &beds_lock))\n\t\treturn;\n"
    (thing,) = counted(facts_of, f"{put}\tspin_unlock(&beds_lock);\n\tkfree(bed);\n}}\n" + MAKE % "1")
    assert (thing.releases, thing.returning) == ({"bed_put"}, {"bed_new"})


def test_what_goes_over_the_parts_behind_the_last(facts_of):
    """A node of a tree marks its pages when it goes, and a list of servers puts each: that is no put of many."""
    put = (PUT % ("bed_put", "", "")).replace("kfree(bed)", "{ while (next(bed))\n\t\t\tcut(bed); kfree(bed); }")
    (thing,) = counted(facts_of, put + MAKE % "1")
    assert thing.releases == {"bed_put"}


BEGIN = "static %s bed_setup(int a, struct bed *bed)\n{\n\trefcount_set(&bed->users, %s);\n%s}\n"
MADE = "struct bed *bed_new(int a)\n{\n\tstruct bed *bed = kzalloc(8, 1);\n\tif (bed)\n\t\tbed_setup(a, bed);\n\treturn bed;\n}\n"


@pytest.mark.parametrize(
    ("begin", "made", "known"),
    [
        (BEGIN % ("void", "1", ""), MADE, True),
        (BEGIN % ("void", "2", ""), MADE, False),
        (BEGIN % ("void", "1", "\tlist_add(&bed->list, &beds);\n"), MADE, False),
        (BEGIN % ("void", "1", "#ifdef BED_DEBUG\n\tlist_add(&bed->list, &beds);\n#endif\n"), MADE, True),
        ((BEGIN % ("void", "1", "")).replace(")\n{", ")\n\t__must_hold(beds)\n{", 1), MADE, True),
        (BEGIN % ("int", "1", "\treturn 0;\n"), MADE, False),
        (BEGIN % ("void", "1", ""), MADE.replace("return bed", "plot->bed = bed;\n\treturn bed"), False),
        (
            BEGIN % ("void", "1", ""),
            MADE.replace("kzalloc(8, 1)", "plot->bed").replace("(int a)", "(struct bed *bed)"),
            False,
        ),
    ],
    ids=["begun", "two", "linked", "linked at times", "annotated", "may fail", "stored", "given"],
)
def test_who_has_the_count_begun_by_another_makes_one(facts_of, begin, made, known):
    """What a list for debugging holds is not what was counted: without debugging the first reference is there as well."""
    found = counted(facts_of, PUT % ("bed_put", "", "") + begin + made)
    assert any("bed_new" in one.returning for one in found) == known


def test_a_count_of_nothing_is_no_second_one(facts_of):
    """`atomic_set(&bed->waiting, 0)` begins no reference: its maker was taken for one that counts for others."""
    text = (MAKE % "1").replace("return bed", "atomic_set(&bed->waiting, 0);\n\treturn bed")
    (thing,) = counted(facts_of, PUT % ("bed_put", "", "") + text)
    assert thing.returning == {"bed_new"}
