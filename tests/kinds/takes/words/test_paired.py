"""The structures that a file system gets and gives back by pairs of calls, read out of who uses them."""

import pytest

from cocci_gen.kinds.takes.words.owned import owned_of

BEDS = (
    "struct bed *bed_alloc(int a)\n{\n\treturn kzalloc(a, 1);\n}\nvoid bed_free(struct bed *bed)\n{\n\tkfree(bed);\n}\n"
)
BOTH = "int both%d(int a)\n{\n\tstruct bed *bed = bed_alloc(a);\n\tbed_free(bed);\n\treturn 0;\n}\n"
ONE = "int one%d(int a)\n{\n\tstruct bed *bed = bed_alloc(a);\n\treturn bed ? 1 : 0;\n}\n"
OTHER = "int other%d(int a)\n{\n\tstruct bed *bed = bed_make(a);\n\tbed_free(bed);\n\treturn 0;\n}\n"
MAKE = "struct bed *bed_make(int a)\n{\n\treturn bed_alloc(a);\n}\n"
TWO = BOTH % 1 + BOTH % 2


USES = "int uses(struct bed *bed, struct page *page, struct list_head *list)\n{\n\treturn 0;\n}\n"


def owned(facts_of, text, path="fs/a/a.c"):
    """The things that a function of fs/a/use.c is asked about, beside another file."""
    index = facts_of({path: text, "fs/a/use.c": USES}).index
    return owned_of(index).asked(index.definitions("uses")[0])


def test_pair(facts_of):
    """Without it what a file system gets by calls of its own would be missed where it fails: no document names it."""
    (thing,) = owned(facts_of, BEDS + TWO)
    assert (thing.word, thing.types, thing.releases) == ("bed", {"bed"}, {"bed_free"})
    assert (thing.returning, thing.fresh, thing.null) == ({"bed_alloc"}, {"bed_alloc"}, frozenset())


def test_other_getter(facts_of):
    """What is given back like what a pair gets is got, too, whatever the call is named."""
    (thing,) = owned(facts_of, BEDS + MAKE + TWO + OTHER % 1 + OTHER % 2)
    assert (thing.returning, thing.fresh) == ({"bed_alloc", "bed_make"}, {"bed_alloc"})


@pytest.mark.parametrize(
    ("body", "allocates"),
    [
        ("return kzalloc(a, 1);", True),
        ("struct bed *bed = kmem_cache_alloc(beds, a);\n\treturn bed;", True),
        ("struct bed *bed = kzalloc(a, 1);\n\treturn rows[a];", False),
        ("return rows[a];", False),
    ],
)
def test_memory_that_nobody_counts(facts_of, body, allocates):
    """A message called it a reference to the bed that bed_get() had allocated."""
    gets = BEDS.replace("bed_alloc", "bed_get").replace("bed_free", "bed_put").replace("return kzalloc(a, 1);", body)
    (thing,) = owned(facts_of, gets + (TWO + BOTH % 3).replace("bed_alloc", "bed_get").replace("bed_free", "bed_put"))
    assert thing.allocating == thing.fresh == (frozenset({"bed_get"}) if allocates else frozenset())


def test_null(facts_of):
    """Who is given nothing may be called where nothing was got."""
    (thing,) = owned(facts_of, BEDS.replace("kfree", "if (bed)\n\t\tkfree") + TWO)
    assert thing.null == {"bed_free"}


def test_ways(facts_of):
    """What ends one way says nothing of the others, on which there is more to do."""
    ends = BOTH.replace(
        "\tbed_free", "\tif (plant(bed)) {\n\t\tbed_free(bed);\n\t\treturn 1;\n\t}\n\tplant(bed);\n\tbed_free"
    )
    assert len(owned(facts_of, BEDS + ends % 1 + ends % 2)) == 1


GETS = "int bed_get(int a, struct bed **out)\n{\n\t*out = kzalloc(a, 1);\n\treturn *out ? 0 : -ENOMEM;\n}\n"
PUTS = "void bed_put(struct bed *bed)\n{\n\tkfree(bed);\n}\n"
TAKES = "int takes%d(int a)\n{\n\tstruct bed *bed;\n\tint err = bed_get(f(a, 1), &bed);\n\tbed_put(bed);\n\treturn err;\n}\n"


def test_by_address(facts_of):
    """What a call puts where it is told to was nobody's, as no text showed where it came from."""
    (thing,) = owned(facts_of, GETS + PUTS + TAKES % 1 + TAKES % 2)
    assert (thing.filling, thing.returning, thing.releases) == ({"bed_get": 1}, frozenset(), {"bed_put"})


@pytest.mark.parametrize(
    "change",
    [
        ("bed_put(bed);\n\treturn", "bed_put(&bed);\n\treturn"),
        ("&bed);", "&beds[0]);"),
        ("bed_get", "bed_add"),
        ("struct bed *bed;", "struct bed bed;"),
    ],
    ids=["put by its address", "an element", "no pair of names", "no pointer"],
)
def test_not_by_address(facts_of, change):
    """Who hands an address on may have another one put there, and gives that back."""
    assert owned(facts_of, GETS + PUTS + (TAKES % 1 + TAKES % 2).replace(*change)) == ()


def test_another_by_address(facts_of):
    """Who is handed what has been got may put another one in its place, which is nothing got."""
    swap = "int bed_%s(int a, struct bed **out)\n{\n\treturn 0;\n}\n"
    uses = "".join((TAKES % n).replace("bed_get", "bed_%s") for n in (3, 4))
    for word, known in (("swap", {"bed_get"}), ("get_dry", {"bed_get", "bed_get_dry"})):
        text = GETS + PUTS + TAKES % 1 + TAKES % 2 + swap % word + uses % (word, word)
        (thing,) = owned(facts_of, text)
        assert thing.filling.keys() == known


def test_macros(facts_of):
    """A pair of macros is one."""
    macros = "#define bed_alloc(a) __bed_alloc(a, 0)\n#define bed_free(bed) __bed_free(bed, 0)\n"
    assert len(owned(facts_of, macros + TWO)) == 1


def test_counted_too(facts_of):
    """What is counted was told of twice, where the calls that count make a pair by their names as well."""
    counts = BEDS.replace(
        "return kzalloc(a, 1);", "struct bed *bed = kzalloc(a, 1);\n\tkref_init(&bed->users);\n\treturn bed;"
    )
    counts = counts.replace("kfree(bed);", "kref_put(&bed->users, bed_end);")
    (thing,) = owned(facts_of, counts + TWO)
    assert (thing.returning, thing.lent) == ({"bed_alloc"}, False)


@pytest.mark.parametrize(
    "text",
    [
        BEDS + BOTH % 1,
        BEDS + TWO + ONE % 1 + ONE % 2,
        BEDS + (BOTH % 1 + BOTH % 2).replace("bed_free(bed)", "bed_free(old)"),
        TWO,
        BEDS + TWO.replace("return 0", "return bed->users"),
        (BEDS + TWO).replace("struct bed *", "struct page *"),
        (BEDS + TWO).replace("struct bed *", "struct list_head *"),
        (BEDS + TWO).replace("bed_free", "bed_close"),
        BEDS.replace("bed_free", "up_read") + (TWO).replace("bed_free", "up_read").replace("bed_alloc", "down_read"),
    ],
    ids=[
        "used once",
        "kept by most",
        "of another",
        "defined elsewhere",
        "looked at behind",
        "of things.toml",
        "a part",
        "no pair of names",
        "a lock",
    ],
)
def test_no_pair(facts_of, text):
    """What most who get it keep would be asked back of them."""
    assert not [one for one in owned(facts_of, text) if one.releases]


COUNTED = "void bed_put(struct bed *bed)\n{\n\tif (refcount_dec_and_test(&bed->users))\n\t\tkfree(bed);\n}\n"
FINDS = (
    "int finds%d(int a)\n{\n\tstruct bed *bed = bed_of_row(a);\n\tplant(bed);\n\tbed_put(bed);\n\treturn 0;\n}\n"
    "struct bed *bed_of_row%d(int a)\n{\n\treturn 0;\n}\n"
)
ROW = "struct bed *bed_of_row(int a)\n{\n\treturn rows[a];\n}\n"


def test_counted_and_got_by_other_names(facts_of):
    """Of what is counted many functions return one that say so by no name: without those who give it back nobody would know."""
    (thing,) = owned(facts_of, COUNTED + ROW + FINDS % (1, 1) + FINDS % (2, 2))
    assert (thing.returning, thing.releases, thing.fresh, thing.lent) == (
        {"bed_of_row"},
        {"bed_put"},
        frozenset(),
        True,
    )


def test_counted_and_made(facts_of):
    """A getter beside a maker: what the count says stays, and nothing is taken to be lent that callees may give away."""
    make = "struct bed *bed_new(int a)\n{\n\tstruct bed *bed = kzalloc(8, 1);\n"
    make += "\trefcount_set(&bed->users, 1);\n\treturn bed;\n}\n"
    (thing,) = owned(facts_of, COUNTED + ROW + FINDS % (1, 1) + FINDS % (2, 2) + make)
    assert (thing.returning, thing.fresh, thing.lent) == ({"bed_new", "bed_of_row"}, {"bed_new"}, False)


def test_counted_and_freed(facts_of):
    """What a pair ends by something else than the count is a pair of its own."""
    text = COUNTED + BEDS + TWO
    (thing,) = owned(facts_of, text)
    assert (thing.returning, thing.releases) == ({"bed_alloc"}, {"bed_free"})


def test_counted_alone(facts_of):
    """What nobody is seen to take is not asked about."""
    assert owned(facts_of, COUNTED + ROW + FINDS % (1, 1)) == ()


FILL = "struct bed *row_first(int a)\n{\n\treturn rows[a];\n}\nvoid bed_put(struct bed *bed)\n{\n\tkfree(bed);\n}\n"
FIRST = "int first%d(int a)\n{\n\tstruct bed *bed = row_first(a);\n\tplant(bed);\n\tbed_put(%s);\n\treturn 0;\n}\n"


def four(given="bed"):
    """Four functions that get one and end it."""
    return "".join(FIRST % (number, given) for number in range(4))


def test_the_end_alone_says_so(facts_of):
    """Where the name of what gets says nothing, four who end it do: `path = find_extent(...); free_path(path);`."""
    (thing,) = owned(facts_of, FILL + four())
    assert (thing.returning, thing.releases, thing.lent) == ({"row_first"}, {"bed_put"}, True)


@pytest.mark.parametrize(
    "text",
    [
        FILL + FIRST % (1, "bed") + FIRST % (2, "bed") + FIRST % (3, "bed"),
        FILL + four("a, bed"),
        FILL.replace("bed_put", "bed_show") + four().replace("bed_put", "bed_show"),
        FILL + four() + four().replace("int first", "int second").replace("\tbed_put(bed);\n", ""),
        FILL.replace("struct bed *row_first(int a)", "struct bed *row_other(int a)") + four(),
    ],
    ids=["three users", "the second argument", "no name for an end", "half of the users", "a getter of others"],
)
def test_the_end_alone_says_too_little(facts_of, text):
    """What few do, or half of them, or by a name that says nothing, is no rule."""
    assert owned(facts_of, text) == ()


def test_counted_and_paired_apart(facts_of):
    """A structure whose makers free it by a pair of names is counted by others all the same: each is told by who ends it."""
    found = owned(facts_of, COUNTED + ROW + FINDS % (1, 1) + FINDS % (2, 2) + BEDS + TWO)
    assert [(one.returning, one.releases) for one in found] == [
        ({"bed_of_row"}, {"bed_put"}),
        ({"bed_alloc"}, {"bed_free"}),
    ]


COUNTED_AGAIN = BOTH.replace("\tbed_free", "\trefcount_inc(&bed->users);\n\tbed_free")
TAKEN_AGAIN = BOTH.replace("\tbed_free", "\tbed_get(bed);\n\tbed_put").replace("bed_alloc", "bed_find")


def test_what_is_counted_again_was_not_got(facts_of):
    """Who looks one up, and counts it before he gives it back, says nothing of the look: it was told of those who only look."""
    assert owned(facts_of, BEDS + COUNTED_AGAIN % 1 + COUNTED_AGAIN % 2) == ()
    found = owned(facts_of, TAKEN_AGAIN % 1 + TAKEN_AGAIN % 2 + "void bed_get(struct bed *b)\n{\n}\n" + PUTS + FIND)
    assert all("bed_find" not in one.returning for one in found)


FIND = "struct bed *bed_find(int a)\n{\n\treturn beds[a];\n}\n"
NUMBER = "int one%d(int a)\n{\n\tunsigned int no = ticket_take();\n\tint err = use(no);\n\n\tticket_free(no);\n\treturn err;\n}\n"
TICKETS = "#define ticket_take() next(1)\nvoid ticket_free(unsigned int no)\n{\n}\n"


@pytest.mark.parametrize(("users", "kept", "found"), [(4, 0, 1), (3, 0, 0), (4, 2, 0)])
def test_numbers(facts_of, users, kept, found):
    """A number that is given back by the same call was nobody's; one that many keep is none to give back."""
    keeps = NUMBER.replace("\tticket_free(no);\n", "")
    text = TICKETS + "".join(NUMBER % n for n in range(users)) + "".join(keeps % n for n in range(9, 9 + kept))
    index = facts_of({"fs/a/a.c": text}).index
    things = owned_of(index).asked(index.definitions("one1")[0])

    assert [("number", True)] * found == [(one.word, one.number) for one in things]


INSIDE = "void bed_rele(struct bed *bed)\n{\n\ttrace_bed(bed);\n\tiput(%s);\n}\n"
FOUND = """\
int find%d(int a)
{
	struct bed *bed;
	int err = bed_find(a, &bed);
	if (err)
		return err;
	bed_rele(bed);
	return 0;
}
"""
FIND = "int bed_find(int a, struct bed **bedp)\n{\n\t*bedp = look(a);\n\treturn 0;\n}\n"


@pytest.mark.parametrize(
    ("inside", "users", "found"),
    [
        ("&bed->inode", 8, {"bed_find": 1}),
        ("BED_I(bed)", 8, {"bed_find": 1}),
        ("&bed->inode", 7, None),
        ("&other->inode", 8, None),
    ],
    ids=["a member", "by a macro", "used by few", "of another"],
)
def test_what_has_an_inode_inside_is_given_back_with_it(facts_of, inside, users, found):
    """A file system looks its inodes up by calls of its own, and releases them so: no document names either."""
    text = INSIDE % inside + FIND + "".join(FOUND % number for number in range(users))
    every = owned(facts_of, text)
    assert [dict(one.filling) for one in every if one.releases == {"bed_rele"}] == ([found] if found else [])


def test_many_users(facts_of):
    """Of what all over a file system is given back by one call some users make use of another: it had no end for that.  ext4
    looks for an extent in the place of another one, which is the caller's."""
    made = BOTH.replace("bed_alloc", "bed_read")
    read = MAKE.replace("bed_make", "bed_read").replace("bed_alloc(a)", "bed_of(a)")
    other = made.replace("both", "sells").replace("bed_free", "bed_sell")
    changes = read.replace("(int a)", "(int a, struct bed **old)")
    for users, of, found in ((12, read, True), (11, read, False), (12, changes, False)):
        text = BEDS + of + "".join(made % n for n in range(users)) + "".join(other % n for n in range(4))
        assert bool([one for one in owned(facts_of, text) if "bed_read" in one.returning]) is found
