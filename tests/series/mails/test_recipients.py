"""Leaf `recipients`: who gets which mail, and what a person is warned of."""

from cocci_gen.kernel.maintainers import Maintainers
from cocci_gen.series.mails.recipients import envelopes


def read(text):
    """MAINTAINERS with THE REST at its end."""
    rest = "\nTHE REST\nM:\tLinus Torvalds <torvalds@linux-foundation.org>\nL:\tlkml@x.org\nF:\t*/\n"
    return Maintainers.parse((text + rest).encode(), [])


def addresses(recipients):
    """The bare addresses."""
    return [recipient.mailbox.address for recipient in recipients]


TWO = """\
A
M:	A <a@x.org>
L:	a-list@x.org
S:	Maintained
F:	fs/a/

B
M:	B <b@x.org>
R:	R <r@x.org>
L:	b-list@x.org
F:	fs/b/
"""


def test_lists_get_the_whole_series_people_their_own_patches():
    """A list that sees two of three patches cannot review them; a person who sees all of them stops reading."""
    cover, (first, second) = envelopes(read(TWO), [["fs/a/x.c"], ["fs/b/x.c"]])

    lists = ["a-list@x.org", "lkml@x.org", "b-list@x.org"]
    assert (addresses(first.to), addresses(first.cc)) == (["a@x.org"], lists)
    assert (addresses(second.to), addresses(second.cc)) == (["b@x.org"], ["r@x.org", *lists])
    assert (addresses(cover.to), addresses(cover.cc)) == (["a@x.org", "b@x.org"], ["r@x.org", *lists])


def test_a_cover_letter_for_too_many_people_goes_to_the_lists():
    """More than twenty recipients look like spam to servers and people alike."""
    crowd = "A\n" + "".join(f"M:\tP{n} <p{n}@x.org>\n" for n in range(25)) + "L:\ta-list@x.org\nF:\tfs/a/\n"
    cover, [patch] = envelopes(read(crowd), [["fs/a/x.c"]])

    assert (addresses(cover.to), addresses(cover.cc)) == (["a-list@x.org"], ["lkml@x.org"])
    assert patch.size == 27
    assert any("27 recipients" in warning for warning in patch.warnings)


def test_more_than_a_server_takes_are_cut():
    """A mail that a server refuses reaches nobody."""
    crowd = "A\n" + "".join(f"M:\tPerson Number {n} <person{n}@example.org>\n" for n in range(150)) + "F:\tfs/a/\n"
    _, [patch] = envelopes(read(crowd), [["fs/a/x.c"]])

    assert patch.size == 100
    assert any("the last ones are left out" in warning for warning in patch.warnings)
    assert any("To: header" in warning for warning in patch.warnings)


def test_orphans_and_nobody_are_said():
    """A patch to a dead file system waits for ever unless somebody asks."""
    _, [gone] = envelopes(read("G\nS:\tOrphan\nF:\tfs/g/\n"), [["fs/g/x.c"]])

    assert addresses(gone.to) == ["lkml@x.org"]
    assert any("'Orphan'" in warning for warning in gone.warnings)
    assert any("names no person" in warning for warning in gone.warnings)


def test_what_is_no_address_is_named_and_left_out():
    """A broken line of MAINTAINERS must neither reach a header nor vanish."""
    text = "A\nM:\tGood <good@x.org>\nM:\tBad <bad@x.org, evil@y>\nL:\tno address\nF:\tfs/a/\n"
    _, [patch] = envelopes(read(text), [["fs/a/x.c"]])

    assert addresses(patch.to) == ["good@x.org"]
    assert sum("is no mail address" in warning for warning in patch.warnings) == 2


def test_nobody_at_all():
    """Without MAINTAINERS there is nobody to send to, and that is no error."""
    cover, [patch] = envelopes(Maintainers.parse(b"", []), [["fs/a/x.c"]])

    assert cover.size == patch.size == 0
