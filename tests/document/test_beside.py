"""What is read in the documents beside locking.rst."""

from cocci_gen.document.beside import added, beside_to_text, read_beside
from cocci_gen.document.described import sentences
from cocci_gen.document.obligations import Declined, Obligation, Unread
from cocci_gen.document.readings import Mode

TEXT = """\
.. code-block:: c

	struct dentry_operations {
		void (*d_iput)(struct dentry *, struct inode *);
	};

``d_iput``
	called when a dentry loses its inode.  Then you must call iput()
	yourself.  The name must stay.

``nobody``
	must do nothing.

Methods of requests::

	struct netfs_request_ops {
		int (*prepare_read)(struct netfs_io_subrequest *subreq);
		void (*issue_read)(struct netfs_io_subrequest *subreq);
	};

 * ``prepare_read()``
 * ``issue_read()``

   [Optional] The ``netfs_x_subreq_terminated()`` function should be called.
"""


def readings():
    """The readings of the text."""
    return read_beside({"a.rst": TEXT})


def test_a_sentence_is_about_the_method_above_it():
    """Two names that follow each other share their text; a name that no structure declares is no method."""
    found = [(one.struct, one.method, one.clause.line) for one in sentences("a.rst", TEXT)]

    assert {
        ("dentry_operations", "d_iput"),
        ("netfs_request_ops", "prepare_read"),
        ("netfs_request_ops", "issue_read"),
    } == {one[:2] for one in found}
    assert [8, 8, 9] == [line for struct, _, line in found if struct == "dentry_operations"]


def test_prototypes_and_headings_name_methods_too():
    """mount_api.rst quotes a prototype in front of its text, iomap/design.rst makes the name a heading."""
    text = """\
Tables::

	struct fs_context_operations {
		int (*get_tree)(struct fs_context *fc);
		int (*dup)(struct fs_context *fc,
				struct fs_context *from);
	};

   * ::

	int (*dup)(struct fs_context *fc,
			struct fs_context *from);

     Called for a copy.

     It must be safe.

   * ::

	struct user_namespace *user_ns;

     A namespace, which must stay.

.. code-block:: c

 struct iomap_ops {
     int (*iomap_begin)(struct inode *inode);
 };

``->iomap_begin``
~~~~~~~~~~~~~~~~~

Operations need this.

Something else
~~~~~~~~~~~~~~

Nobody needs that.
"""
    found = [(one.struct, one.method, one.clause.text, one.clause.line) for one in sentences("a.rst", text)]

    assert found == [
        ("fs_context_operations", "dup", "Called for a copy.", 14),
        ("fs_context_operations", "dup", "It must be safe.", 16),
        ("iomap_ops", "iomap_begin", "Operations need this.", 33),
    ]


def test_what_a_sentence_gives():
    """The function is named by the sentence itself."""
    owed = {one.id: one for one in readings() if isinstance(one, Obligation)}

    assert ("iput",) == owed["dentry_operations.d_iput.must_call"].names
    assert ("netfs_x_subreq_terminated",) == owed["netfs_request_ops.issue_read.must_call"].names
    assert Mode.ENDED is owed["netfs_request_ops.issue_read.must_call"].mode


def test_what_asks_for_something_and_is_not_read_is_told():
    """Silence would pass for a rule that is kept."""
    found = readings()

    assert ["The name must stay."] == [one.text for one in found if isinstance(one, Unread)]
    assert ["called when a dentry loses its inode."] == [one.text for one in found if isinstance(one, Declined)][:1]
    assert "The name must stay." in beside_to_text(["a.rst"], found, (), unread=True)
    assert "is not read" in beside_to_text(["a.rst", "b.rst"], found, (), unread=False)


def test_what_locking_rst_asks_for_already_is_not_asked_twice():
    """The same duty from two documents would be reported twice."""
    owed = [one for one in readings() if isinstance(one, Obligation)]

    assert [] == [one.id for one in added(owed, owed)]
    assert {one.id for one in owed} == {one.id for one in added(owed, ())}


def test_a_sentence_that_names_no_method_binds_whom_its_reading_names():
    """ "Filesystems must RCU-free their inodes" is the only place that forbids ->destroy_inode to free at once."""
    text = "---\n\n**mandatory**\n\nWho is walked over must RCU-free their inodes.\n"
    found = read_beside({"Documentation/filesystems/porting.rst": text})

    assert [("super_operations.destroy_inode.rcu_walk", Mode.ENDED)] == [
        (one.id, one.mode) for one in found if isinstance(one, Obligation)
    ]
