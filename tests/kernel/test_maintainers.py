"""Leaf `maintainers`: parity with get_maintainer.pl, and no trust in the file."""

import random
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import pytest

from cocci_gen import programs
from cocci_gen.kernel.maintainers import Maintainers
from cocci_gen.kernel.tree import KernelTree

TEXT = """\
Intro with a field that is none:
\tM: *Mail* patches to

		-----------------------------------

DEMO FILE SYSTEM
M:	A Demo <a@demo.org>
R:	Jérôme Reviewer <j@demo.org>
L:	demo@lists.org
L:	closed@lists.org (subscribers-only)
L:	slow@lists.org (moderated for non-subscribers)
S:	Supported
F:	fs/demo/
X:	fs/demo/old/

DEMO IN ONE FILE
M:	a@demo.org
M:	Old Name <old@demo.org>
S:	Odd Fixes
F:	fs/demo/file.c
N:	demo_[ab]

GONE
S:	Orphan
F:	fs/gone/

THE REST
M:	Linus Torvalds <torvalds@linux-foundation.org>
L:	linux-kernel@vger.kernel.org
S:	Buried alive in reporters
F:	*
F:	*/
"""


@pytest.fixture
def maintainers():
    """A small file with every kind of entry."""
    return Maintainers.parse(
        TEXT.encode(), ["fs", "fs/demo"], b"New Name <new@demo.org> <old@demo.org>\n", b"Hch <Hch@lst.de>\n"
    )


def shown(maintainers, path, **options):
    """The recipients as get_maintainer.pl --roles prints them."""
    return [f"{r.mailbox} ({r.role})" for r in maintainers.recipients(path, **options)]


def test_the_deepest_section_leads(maintainers):
    """A patch is sent to the section nearest to the file first, and each person once."""
    assert shown(maintainers, "fs/demo/file.c") == [
        "a@demo.org (odd fixer:DEMO IN ONE FILE)",
        "New Name <new@demo.org> (odd fixer:DEMO IN ONE FILE)",
        '"Jérôme Reviewer" <j@demo.org> (reviewer:DEMO FILE SYSTEM)',
        "demo@lists.org (open list:DEMO FILE SYSTEM)",
        "slow@lists.org (moderated list:DEMO FILE SYSTEM)",
        "linux-kernel@vger.kernel.org (open list)",
    ]
    assert maintainers.leading_section("fs/demo/file.c").title == "DEMO IN ONE FILE"


def test_reasons_name_line_and_pattern(maintainers):
    """A person who checks the recipients must find the line that names them."""
    reasons = [r.reason for r in maintainers.recipients("fs/demo/inode.c")]

    assert reasons[0] == "MAINTAINERS:7, DEMO FILE SYSTEM, by F: fs/demo/"


def test_lists_for_subscribers_only_on_request(maintainers):
    """Mail to a list that bounces everybody else's helps nobody."""
    assert not any("closed" in line for line in shown(maintainers, "fs/demo/inode.c"))
    assert "closed@lists.org (subscriber list:DEMO FILE SYSTEM)" in shown(
        maintainers, "fs/demo/inode.c", subscriber_lists=True
    )


def test_excluded_orphaned_and_unclaimed_files(maintainers):
    """X: drops the section; an orphan has nobody, so the next section that has anybody leads."""
    assert shown(maintainers, "fs/demo/old/x.c") == ["linux-kernel@vger.kernel.org (open list)"]
    assert [m.section.title for m in maintainers.matches("fs/gone/x.c")] == ["GONE", "THE REST"]
    assert maintainers.matches("fs/gone/x.c")[0].section.orphaned
    assert maintainers.leading_section("fs/gone/x.c").title == "THE REST"
    assert [m.section.title for m in maintainers.matches("lib/demo_a.c")] == ["DEMO IN ONE FILE", "THE REST"]


def test_the_ignore_file_is_read_without_names(maintainers):
    """Those who asked not to be added from the history are known by address, whatever their name is spelt like."""
    assert maintainers.ignored == {"hch@lst.de"}


def test_hostile_maintainers():
    """Control characters, quotes, broken patterns and 10,000 entries end in a reading or a warning, never in a header."""
    text = "".join(
        f'SECTION {n}\nM:\t"E\\"vil\x00\x0b{n}" <e{n}@x.org>\rBcc: y@z\nL:\ta b\x85c@d\nF:\tfs/s{n}/\n\n'
        for n in range(5000)
    )
    text += "BAD\nF:\t[\nN:\t(a+)+$\nF:\tfs/*/a*b*c*d*e*f*g*\n"
    text += "M:\t" + "x" * 5000 + "\nM:\t\nF:\nL:\n"
    maintainers = Maintainers.parse(text.encode() + b"LATIN\nM:\tJ\xe9r\xf4me <j@x.org>\nF:\tfs/latin/\n", [])

    assert len(maintainers.sections) == 5002
    assert [warning.split(":")[1] for warning in maintainers.warnings] == ["25005", "25002", "25003"]
    assert shown(maintainers, "fs/latin/a.c")[0].startswith('"Jérôme" <j@x.org>')
    for recipient in maintainers.recipients("fs/s42/x.c"):
        if recipient.mailbox.mailable:
            assert recipient.mailbox.header().isprintable()


#: Orders of equal sections that are tried where the script says something else.
_ORDERS = 32


@pytest.mark.kernel
@pytest.mark.parametrize("version", ["6.1", "6.12"])
def test_parity_with_the_script(version, debian_kernel):
    """The reader must name whom the kernel's own script names: 500 random files of each real kernel.

    Files that end in .yaml are left out: there the script adds whatever looks like an address in the file itself.
    """
    root = debian_kernel(version)
    with KernelTree.open(root) as tree:
        paths = [path for path in tree.blobs() if not path.endswith(".yaml")]
        folders = {str(parent) for path in paths for parent in PurePosixPath(path).parents}
        ours = Maintainers.parse(
            tree.read("MAINTAINERS"), folders, tree.read(".mailmap"), tree.read(".get_maintainer.ignore")
        )
    sample = random.Random(version).sample(paths, 500)
    with ThreadPoolExecutor(2) as pool:
        theirs = list(pool.map(lambda path: the_script(root, path), sample))

    differing = {
        path: (names, expected)
        for path, expected in zip(sample, theirs, strict=True)
        if (names := sorted(str(r.mailbox) for r in ours.recipients(path))) != expected
        and not any(the_script(root, path, seed) == names for seed in range(_ORDERS))
    }
    assert differing == {}


def test_of_equal_sections_the_first_of_the_file_names_a_person():
    """The script takes sections of equal depth in the order of a Perl hash, another one each time, and so names whoever is in
    both with two addresses (include/acpi/ of 6.1) now by the one and now by the other; a series must not change by chance."""
    text = "".join(
        f"{title}\nM:\t{people}\nL:\tgarden@lists.example\nS:\tSupported\nF:\tinclude/garden/\n\n"
        for title, people in (
            ("GARDEN", "Rose Thorn <rose@garden.example>"),
            ("GARDEN TOOLS", 'Hazel Rake <hazel@tools.example>, "Rose Thorn" <r.thorn@tools.example>'),
        )
    )
    named = [str(one.mailbox) for one in Maintainers.parse(text.encode(), []).recipients("include/garden/bed.h")]

    assert ["Rose Thorn <rose@garden.example>", "Hazel Rake <hazel@tools.example>", "garden@lists.example"] == named


def the_script(root, path, seed="random"):
    """What get_maintainer.pl of the tree itself says about one file; `seed` decides in which order it takes equal sections."""
    script = ["perl", "scripts/get_maintainer.pl", "--no-git-fallback", "--no-rolestats", "--no-keywords", "-f", path]
    order = {} if seed == "random" else {"PERL_HASH_SEED": str(seed)}
    environment = programs.clean_environment(Path("/nonexistent"), LC_ALL="C.UTF-8", **order)
    ended = subprocess.run(script, cwd=root, env=environment, capture_output=True, check=True)
    return sorted(ended.stdout.decode().splitlines())
