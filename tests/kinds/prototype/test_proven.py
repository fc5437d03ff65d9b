"""Fixes of the document are tried on the document: one section's mend is judged by that section alone."""

from cocci_gen.document.tables import read_document
from cocci_gen.facts.tree.headers import definitions
from cocci_gen.kinds.prototype.findings import proven_findings

DOCUMENT = b"""\
hedge_operations
================

prototypes::

\tint (*grow)(struct hedge *);
\tint (*clip)(struct hedge *);

locking rules:

======  =========
ops     may block
======  =========
grow:   yes
clip:   no
======  =========

meadow_operations
=================

prototypes::

\tint (*mow)(struct meadow *);
"""
HEADER = b"""\
struct hedge_operations {
\tint (*grow)(struct hedge *);
};

struct shears_operations {
\tint (*clip)(struct hedge *);
};

struct meadow_operations {
\tvoid (*mow)(struct meadow *);
};
"""


def test_a_new_section_is_no_change_of_the_one_behind_it():
    """A method that moved gets a section in front of the next one, whose own faults must not refuse the fix."""
    structs = definitions([("include/linux/hedge.h", HEADER)], {"hedge_operations", "meadow_operations"})
    found = {one.finding.function: one for one in proven_findings(DOCUMENT, read_document(DOCUMENT, "l.rst"), structs)}

    assert (True, True, ()) == (found["clip"].trial.gone, found["clip"].trial.converges, found["clip"].trial.new)
    assert {"clip", "mow"} == set(found)
