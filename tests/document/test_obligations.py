"""Stage 2: every cell and sentence is read or declined with a reason, in the words of its own kernel."""

import json
import re

import pytest

from cocci_gen.document.listing import Support, count, obligations_to_json, obligations_to_text
from cocci_gen.document.obligations import Declined, Obligation, Unread, obligations, read_obligations
from cocci_gen.document.readings import KINDS, read_readings, readings
from cocci_gen.document.tables import read_document
from cocci_gen.document.taken import taken
from cocci_gen.document.vocabulary import read_vocabulary, vocabulary
from cocci_gen.errors import RuleDocumentError

PATH = "Documentation/filesystems/locking.rst"
REAL = [
    "v5.8",
    pytest.param("6.1", marks=pytest.mark.kernel),
    pytest.param("6.12", marks=pytest.mark.kernel),
    pytest.param("7.3", marks=pytest.mark.kernel),
]
NOTHING = Support(frozenset(), frozenset(), frozenset())

SMALL = """\
address_space_operations
========================
prototypes::

\tint (*writepage)(struct page *page, struct writeback_control *wbc);
\tint (*read_folio)(struct file *, struct folio *);
\tvoid (*free_folio)(struct folio *);
\tint (*swap_activate)(struct file *);

locking rules:
\tAll except free_folio may block

============== ======================== =======
ops            folio locked             i_rwsem
============== ======================== =======
writepage:     yes, unlocks (see below) no
read_folio:    yes, unlocks             shared
free_folio:    yes
swap_activate: no
============== ======================== =======

->writepage() must run set_page_writeback(), followed by unlocking it.

->free_folio() is called when nothing is left.  {sentence}
"""


@pytest.fixture(scope="module")
def real(locking_rst):
    """real("6.1") -> document and readings of a real locking.rst."""

    def read(version):
        document = read_document(locking_rst(version), PATH)
        return document, read_obligations(document)

    return read


def read_small(sentence="", **changes):
    """The readings of SMALL with a sentence added and words replaced."""
    text = SMALL.replace("{sentence}", sentence)
    for old, new in changes.items():
        text = text.replace(old, new)
    return read_obligations(read_document(text.encode(), PATH))


def about(found, short):
    """The obligations with this short id."""
    return [one for one in found if isinstance(one, Obligation) and one.short == short]


@pytest.mark.parametrize("version", REAL)
def test_every_cell_and_sentence_is_read_or_declined(version, real):
    """A cell or sentence in neither list is a rule that nobody checks and nobody knows of."""
    document, found = real(version)
    by_place = {}
    for one in found:
        by_place.setdefault((one.source.line, one.column, one.text), []).append(one)

    assert [] == [one for one in found if isinstance(one, Unread)]
    for section in document.sections:
        for table in section.tables:
            for row in table.rows:
                for cell in row.cells:
                    assert (cell.line, cell.column, cell.text) in by_place
        for clause in section.clauses:
            assert (clause.line, "footnote" if clause.footnote else "prose", clause.text) in by_place
        for prototype in section.prototypes:
            assert (prototype.line, "prototypes", prototype.text) in by_place


@pytest.mark.parametrize("version", REAL)
def test_nearly_every_cell_gives_an_obligation(version, real):
    """Declining is for words that bind nobody; a reading that declines much would be complete and worthless."""
    counts = count(real(version)[1], NOTHING)

    assert counts.cells_read / counts.cells >= 0.95
    assert counts.cells == counts.cells_read + counts.cells_declined


@pytest.mark.parametrize("version", REAL)
def test_every_decline_has_a_reason(version, real):
    """A maintainer who asks why a sentence has no rule must find an answer in words."""
    declined = [one for one in real(version)[1] if isinstance(one, Declined)]

    assert declined
    for one in declined:
        assert one.reason in readings().reasons.values()
        assert len(one.reason.split()) >= 5, one.reason


@pytest.mark.parametrize("version", REAL)
def test_every_obligation_is_complete(version, real):
    """A template cannot be rendered for a kind, a resource or a line that is not there."""
    document, found = real(version)
    names = set(vocabulary().resources) | {"", "sleep", "dentry", "nr_to_write", "quota_file"}
    for one in obligations(found):
        section = document.section(one.struct)
        assert one.kind in KINDS
        assert one.resource in names, one
        assert one.method in section.methods, one
        assert "{" not in "".join((one.resource, one.condition, *one.names)), one
        assert one.source.quote
        assert "\n" not in one.source.quote
        if one.kind in ("no_relock", "unlocks", "keeps_locked", "returns_locked"):
            assert one.resource, one
        if one.kind in ("must_call", "must_not_call"):
            assert one.names or one.mode == "not_held", one


@pytest.mark.kernel
def test_all_kinds_occur(real):
    """A kind that no document gives any more, and no row implies, would be a template without use."""
    found = [reading for version in ("6.1", "7.3") for reading in real(version)[1]]

    assert set(KINDS) == {one.kind for one in (*obligations(found), *taken(found))}


@pytest.mark.kernel
def test_every_entry_of_the_readings_is_used(real):
    """Words that no document uses are guesses; they would hide a real phrase that fits them by accident."""
    texts = {"cell": [], "note": [], "clause": [], "prototype": []}
    for version in ("v5.8", "6.1", "6.12", "7.3"):
        document, _ = real(version)
        for section in document.sections:
            texts["clause"] += [clause.text for clause in section.clauses]
            texts["prototype"] += [prototype.signature for prototype in section.prototypes]
            cells = [cell.plain for table in section.tables for row in table.rows for cell in row.cells]
            texts["cell"] += [" ".join(re.sub(r"\([^()]*\)", " ", cell).split()) for cell in cells]
            texts["note"] += [note for cell in cells for note in re.findall(r"\(([^()]*)\)", cell)]
    words = readings()
    for entry in words.clauses:
        assert any(entry.text.search(text) for text in texts["clause"]), entry.text.pattern
    for entry in words.prototypes:
        assert any(entry.text.search(text) for text in texts["prototype"]), entry.text.pattern
    for entry in words.cells:
        assert any(entry.text.fullmatch(text) for text in texts["cell"]), entry.text.pattern
    for entry in words.notes:
        assert any(entry.text.fullmatch(text) for text in texts["note"]), entry.text.pattern


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("v5.8", ["address_space_operations.writepage.unlocks", "page", "", 271]),
        ("v5.8", ["address_space_operations.writepage.writeback", "page", "", 271]),
        ("v5.8", ["address_space_operations.set_page_dirty.never_sleeps", "sleep", "", 266]),
        ("v5.8", ["block_device_operations.open.no_relock", "bd_mutex", "held", 480]),
        ("v5.8", ["lock_manager_operations.lm_notify.no_relock", "i_lock", "held", 439]),
        ("v5.8", ["vm_operations_struct.map_pages.never_sleeps", "sleep", "", 639]),
        ("6.1", ["address_space_operations.writepage.unlocks", "page", "", 274]),
        ("6.1", ["address_space_operations.read_folio.unlocks", "folio", "", 275]),
        ("6.1", ["address_space_operations.swap_rw.unlocks", "folio", "", 292]),
        ("6.1", ["address_space_operations.read_folio.no_relock", "invalidate_lock", "shared", 275]),
        ("6.1", ["inode_operations.fileattr_get.no_relock", "i_rwsem", "maybe", 114]),
        ("6.1", ["lock_manager_operations.lm_break.no_relock", "flc_lock", "held", 448]),
        ("6.1", ["inode_operations.permission.rcu_walk", "rcu", "", 106]),
        ("6.1", ["inode_operations.get_link.rcu_walk", "rcu", "", 70]),
        ("6.12", ["address_space_operations.write_begin.returns_locked", "folio", "", 283]),
        ("6.12", ["address_space_operations.writepage.writeback", "page", "", 278]),
        ("6.12", ["dentry_operations.d_prune.never_sleeps", "sleep", "", 46]),
        ("6.12", ["dentry_operations.d_revalidate.rcu_walk", "rcu", "", 39]),
        ("6.12", ["super_operations.free_inode.never_sleeps", "rcu", "", 188]),
        ("6.12", ["super_operations.show_options.no_relock", "namespace_sem", "maybe", 201]),
        ("6.12", ["file_system_type.mount.returns", "dentry", "", 237]),
        ("6.12", ["file_operations.iterate_shared.no_relock", "f_pos_lock", "exclusive", 565]),
        ("6.12", ["file_operations.setlease.must_call", "", "", 582]),
        ("6.12", ["dquot_operations.mark_dirty.must_not_call", "quota_file", "", 627]),
        ("6.12", ["buffer_head.b_end_io.irq_safe", "", "", 475]),
        ("6.12", ["vm_operations_struct.huge_fault.must_not_call", "mmap_lock", "not_held", 678]),
        ("6.12", ["vm_operations_struct.fault.returns_locked", "page", "", 657]),
    ],
)
@pytest.mark.kernel
def test_obligations_of_real_documents(version, expected, real):
    """Resource, mode and line come from the tree at hand: each kernel has its own words and its own rows."""
    found = [[one.id, one.resource, one.mode, one.source.line] for one in obligations(real(version)[1])]

    assert expected in found


@pytest.mark.kernel
def test_declined_sentences_that_look_like_rules(real):
    """These sentences are wrong or out of date; a rule made from one would report correct code."""
    _, found = real("6.1")
    reasons = {(one.method, one.source.line): one.reason for one in found if isinstance(one, Declined) and one.text}

    assert "void" in reasons["invalidate_folio", 372]
    assert "wrong way round" in reasons["release_folio", 379]
    assert "NULL" in reasons["writepages", 356]
    assert "io_pages" in reasons["writepages", 358]
    assert "no page" in reasons["swap_activate", 290]


def test_a_cell_gives_more_than_one_obligation():
    """`shared` binds the method (do not take it) and its callers (take it); one half alone is half a rule."""
    found = read_small()

    assert ["i_rwsem", "shared"] == next([one.resource, one.mode] for one in about(found, "read_folio.no_relock"))
    assert [("folio", "held"), ("i_rwsem", "shared")] == sorted(
        (one.resource, one.mode) for one in about(found, "read_folio.callers") if one.column != "prose"
    )


def test_the_prototype_decides_between_page_and_folio():
    """Half converted kernels say `folio locked` of methods that get a page; the semantic patch needs the truth."""
    found = read_small()

    assert {"page"} == {one.resource for one in about(found, "writepage.unlocks")}
    assert {"folio"} == {one.resource for one in about(found, "read_folio.unlocks")}


def test_a_cell_that_refers_to_the_prose_gives_what_the_prose_adds():
    """A finding about writeback quotes the row of the table, where people look first."""
    writeback = [one for one in obligations(read_small()) if one.short == "writepage.writeback"]

    assert ["writepage: yes, unlocks (see below) no"] == [one.source.quote for one in writeback]


def test_who_may_block_follows_the_exception():
    """`All except` splits the section: the exceptions never sleep, callers of the others must be able to."""
    found = read_small()

    assert 1 == len(about(found, "free_folio.never_sleeps"))
    assert not [one for one in about(found, "free_folio.callers") if one.mode == "may_sleep"]
    assert [one for one in about(found, "read_folio.callers") if one.mode == "may_sleep"]


def test_blank_cells_and_methods_without_a_page_are_declined():
    """Nothing is promised by a blank, and nothing about a page binds a method that gets none."""
    reasons = {(one.method, one.column): one.reason.split(":")[0] for one in read_small() if isinstance(one, Declined)}

    assert "blank" == reasons["free_folio", "i_rwsem"]
    assert "the method receives no page" in reasons["swap_activate", "folio locked"]


@pytest.mark.parametrize(
    ("sentence", "changes", "problem"),
    [
        ("Whoever comes first pays the bill.", {}, "no reading fits"),
        pytest.param(
            "->read_folio() " + "must not sleep,\n" * 600 + ".", {}, "no reading fits", id="a sentence without an end"
        ),
        ("", {"shared": "sometimes"}, "'sometimes' fits no reading of a lock column"),
        ("", {"(see below)": "(magically)"}, "the note (magically) fits no reading"),
        ("", {"i_rwsem": "q_mutex"}, "the column 'q_mutex' is in no vocabulary"),
    ],
)
def test_new_words_are_unread_and_not_guessed(sentence, changes, problem):
    """A newer kernel's phrase must be seen by a person; a guess would be a wrong rule, silence a lost one."""
    found = read_small(sentence, **changes)
    unread = {one.problem for one in found if isinstance(one, Unread)}

    assert problem in unread
    assert count(found, NOTHING).cells_unread + count(found, NOTHING).clauses_unread >= 1


def test_a_method_named_outside_of_its_section_is_unread():
    """The list of dubious cases at the end may name methods one day; then somebody must read it."""
    text = SMALL.replace("{sentence}", "") + "\n----\n\n->writepage() of foo is broken.\n"
    found = read_obligations(read_document(text.encode(), PATH))

    assert ["->writepage() of foo is broken."] == [one.text for one in found if isinstance(one, Unread)]


def test_the_listing_shows_kind_status_and_test():
    """People look up here whether a cell is covered; every entry must say so, and the counts must add up."""
    support = Support({"unlocks", "prototype"}, {"unlocks"}, {"address_space_operations.writepage.unlocks"})
    found = read_small()
    listing = json.loads(json.dumps(obligations_to_json(found, support)))
    text = obligations_to_text(found, support)
    assert text.split("\n")[0]  # `| head -n 1` shows it
    (entry,) = [
        one for one in listing["readings"] if one["obligation"] and one["obligation"].endswith("writepage.unlocks")
    ][:1]

    assert entry["line"] == 16
    assert entry["column"] == "folio locked"
    assert (entry["kind"], entry["status"], entry["tested"]) == ("unlocks", "working", True)
    assert "address_space_operations.writepage.unlocks (page): working, tested" in text
    assert "address_space_operations.read_folio.no_relock (i_rwsem; shared): not yet" in text
    assert listing["counts"]["cells"] == 6
    assert listing["counts"]["cells_tested"] == 1
    assert listing["counts"]["cells_working"] == 2
    assert listing["counts"]["obligations_working"] >= 6
    assert (listing["counts"]["cells_fixing"], listing["counts"]["cells_reporting"]) == (2, 3)
    assert (listing["counts"]["obligations_fixing"], listing["counts"]["obligations_reporting"]) == (2, 13)
    assert {"obligation", "declined"} == {one["outcome"] for one in listing["readings"]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[clause]]\ntext = 'x'", "must either give or decline"),
        ("[[clause]]\ntext = 'x'\ngives = [{kind = 'unlokcs'}]", "no kind 'unlokcs'; known are: callers"),
        ("[[clause]]\ntext = 'x'\ngives = [{kind = 'unlocks', mode = 'some'}]", "no mode 'some'"),
        ("[[clause]]\ntext = 'x'\ndecline = 'because'", "no reason 'because'"),
        ("[[clause]]\ntext = '('\ndecline = 'r'\n[reason]\nr = 'so'", "no regular expression"),
        ("[[cell]]\ntext = 'x'\nwhat = 1", "a cell has no key 'what'"),
        ("[[note]]\ncondition = true", "a note without 'text'"),
        ("[[", "no TOML"),
    ],
)
def test_a_wrong_reading_is_refused(text, words):
    """A typing error in the readings would be a rule that never fires."""
    with pytest.raises(RuleDocumentError, match=re.escape(words)):
        read_readings(text, "readings.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[resource.x]\nfamily = 'mutex'", "no known family"),
        ("[family.mutex]\nslepes = true", "family.mutex has no key 'slepes'"),
        ("[family.mutex]\n[resource.x]\nfamily = 'mutex'\ntakes = []", "resource.x has no key 'takes'"),
        ("[family.mutex]\n[resource.x]\nfamily = 'mutex'\nheadings = ['(']", "a heading is no regular expression"),
        ("x = ", "no TOML"),
    ],
)
def test_a_wrong_vocabulary_is_refused(text, words):
    """A lock that is never recognised, or never taken, makes its rules silent."""
    with pytest.raises(RuleDocumentError, match=re.escape(words)):
        read_vocabulary(text, "vocabulary.toml")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("PageLocked(page)", "page"),
        ("folio locked", "folio"),
        ("i_rwsem(inode)", "i_rwsem"),
        ("->d_lock", "d_lock"),
        ("mmap_sem", "mmap_lock"),
        ("open_mutex", "open_mutex"),
        ("inode->i_lock", "i_lock"),
        ("s_vfs_rename_sem", "s_vfs_rename_mutex"),
    ],
)
def test_headings_of_all_eras_name_their_resource(words, name):
    """The same lock has had several names; a rule follows the words of the tree that it reads."""

    assert name == vocabulary().named(words).name


def test_every_lock_can_be_taken_and_released():
    """A resource without functions can be neither found taken nor fixed."""
    for resource in vocabulary().resources.values():
        own, family = resource.calls, resource.family.calls
        assert own.take or family.take, resource.name
        assert own.release or family.release, resource.name
        assert resource.owner or resource.members or resource.calls.take, resource.name
