"""The mails of a port: `git am` of all of them in their order gives the ported code."""

import re
import subprocess
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from cocci_gen.cli import main
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.port.changes.declared import Macro
from cocci_gen.port.changes.evolutions import MacroGone
from cocci_gen.port.changes.history import commits_of

GIT = ["git", "-c", "user.name=A", "-c", "user.email=a@b.c"]

SETTINGS = b"""\
[module]
name = "elmfs"
maintainers = ["Elma <elma@example.org>"]
lists = ["elm@lists.example.org"]
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory, kernel_places, pair, make_repository):
    """The module ported by the command, its output folder and the repository that the mails were applied to."""
    folder = tmp_path_factory.mktemp("made")
    place = make_repository(folder / "elm", pair("module") | {"cocci-gen.toml": SETTINGS})
    words = ["port", "--kernel", str(kernel_places[0]), "--to-kernel", str(kernel_places[1]), "--module", str(place)]
    result = CliRunner().invoke(main, [*words, "-o", str(folder / "out"), "--cache", str(folder / "cache")])
    assert 1 == result.exit_code, result.output
    mails = sorted(
        str(path) for path in (folder / "out/series/elmfs").glob("*.patch") if not path.name.startswith("0000")
    )
    subprocess.run([*GIT, "-C", str(place), "am", "-q", *mails], check=True)
    return folder / "out", place, mails


def test_git_am_of_all_patches_gives_the_ported_module(made, pair):
    """A maintainer would get something else than what was checked."""
    expected = {path: text for path, text in pair("ported").items() if path != "left.txt"}

    assert expected == {path: (made[1] / path).read_bytes() for path in expected}


def test_every_mail_goes_to_those_whom_the_module_names(made):
    """The first patch of a module's series had no To, though its cocci-gen.toml says who takes it."""
    mails = list((made[0] / "series/elmfs").glob("*.patch"))

    assert len(made[2]) < len(mails)
    assert all("\nTo: Elma <elma@example.org>\nCc: elm@lists.example.org\n" in path.read_text() for path in mails)


def test_there_is_one_patch_for_each_evolution(made):
    """What can be reviewed apart would come in one lump, or a patch for every file."""
    subjects = subprocess.run(
        [*GIT, "-C", str(made[1]), "log", "--format=%s"], check=True, capture_output=True, text=True
    ).stdout.splitlines()[:-1]

    assert len(set(subjects)) == len(subjects) == len(made[2])
    assert "elmfs: follow the new prototype of ->weed()" in subjects
    assert all(one.startswith("elmfs: ") for one in subjects)


def test_a_message_tells_what_changed_and_what_it_rests_on(made):
    """A reviewer could not say why the patch is right."""
    (mail,) = [text for path in made[2] if "->sow()" in (text := Path(path).read_text())]
    message, _, notes = mail.partition("\n---\n")

    assert "(*sow)(struct owner *" in message
    assert "(*sow)(struct owner_map *" in message
    assert "3 of 3 places in 3 parts of the tree changed so" in message
    assert "// <smpl>" in notes
    assert "base-commit" not in mail


def test_a_header_that_is_needed_is_told_by_what_went_there(made):
    """`linux/tools/fence.h after linux/meadow.h changed` says nothing to a reviewer."""
    (mail,) = [text for path in made[2] if "include linux/tools/fence.h\n" in (text := Path(path).read_text())]

    assert "plot_fence_height went from linux/meadow.h to linux/tools/fence.h." in " ".join(mail.split())


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("elmfs: follow field->f_rows to where it is now", "field.f_rows is f_row_count by now"),
        (
            "elmfs: include linux/rope.h",
            "linux/meadow.h ceased to include linux/rope.h, of which these files call something.",
        ),
        ("elmfs: call plot_dig() as it is declared now", "parameter 'struct field *field' removed"),
    ],
)
def test_what_the_declarations_tell_is_told_in_their_words(made, subject, words):
    """A member with another name would be said to be behind helpers, and a header to have gone somewhere."""
    (mail,) = [text for path in made[2] if f"{subject}\n" in (text := Path(path).read_text())]

    assert words in " ".join(mail.split())


def test_patches_of_the_tree_go_to_their_sections(tmp_path, pair, make_repository):
    """All would go to everybody, or to nobody."""
    old = pair("old") | {
        "MAINTAINERS": b"ASH\nM:\tAnn <ann@example.org>\nS:\tMaintained\nF:\tfs/ash/\n\n"
        b"BEECH\nM:\tBob <bob@example.org>\nS:\tMaintained\nF:\tfs/beech/\n"
    }
    place = make_repository(tmp_path / "linux", old)
    (place / "include/linux/meadow.h").write_bytes(pair("new")["include/linux/meadow.h"])
    words = ["port", "--kernel", str(place), "--to", "WORKTREE", "--path", "fs/ash", "--path", "fs/beech"]
    result = CliRunner().invoke(main, [*words, "-o", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")])
    assert 1 == result.exit_code, result.output
    series = tmp_path / "out/series"

    assert {"ash", "beech", "series.txt"} == {path.name for path in series.iterdir()}
    assert all("To: Ann <ann@example.org>" in path.read_text() for path in (series / "ash").iterdir())
    diff = "".join(path.read_text() for path in (series / "beech").iterdir())
    assert "fs/beech/" in diff
    assert "fs/ash/" not in diff
    mails = sorted(str(path) for path in series.glob("*/*.patch") if not path.name.startswith("0000"))
    subprocess.run([*GIT, "-C", str(place), "am", "-q", *mails], check=True)
    wanted = (tmp_path / "out/port.diff").read_text()
    done = subprocess.run(
        [*GIT, "-C", str(place), "diff", f"HEAD~{len(mails)}", "HEAD"], capture_output=True, text=True
    )
    assert sorted(line for line in wanted.split("\n") if line[:1] in "+-" and line[:3] not in ("+++", "---")) == sorted(
        line for line in done.stdout.split("\n") if line[:1] in "+-" and line[:3] not in ("+++", "---")
    )


def test_a_history_names_the_commit(tmp_path, pair, laid, make_repository):
    """A reviewer would have to look for the change that made the patch necessary."""
    place = make_repository(tmp_path / "linux", pair("old"))
    laid(place, pair("new"))
    header = place / "include/linux/meadow.h"
    later = header.read_bytes()
    header.write_bytes(pair("old")["include/linux/meadow.h"])
    for subject in ("the tree without the header", "meadow: methods take an owner map"):
        subprocess.run([*GIT, "-C", str(place), "add", "-A"], check=True)
        subprocess.run([*GIT, "-C", str(place), "commit", "-qm", subject], check=True)
        header.write_bytes(later)
    laid(tmp_path / "elm", pair("module"))
    words = ["port", "--kernel", str(place), "--from", "HEAD~2", "--to", "HEAD", "--module", str(tmp_path / "elm")]
    result = CliRunner().invoke(main, [*words, "-o", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")])

    assert 1 == result.exit_code, result.output
    told = "".join(path.read_text() for path in (tmp_path / "out/series/elm").iterdir())
    assert '("meadow: methods take an owner map").' in told.replace("\n", " ")


@pytest.mark.parametrize(("branch", "named"), [(["-b"], True), (["--orphan"], False)], ids=["related", "unrelated"])
def test_only_a_history_that_leads_from_the_one_to_the_other_names_a_commit(tmp_path, branch, named, make_repository):
    """The import of a whole tree would be said to have changed a macro."""
    place = make_repository(tmp_path / "linux", {"include/linux/meadow.h": b"#define PLOT_SPREAD 1\n"})
    git = [*GIT, "-C", str(place)]
    before = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    subprocess.run([*git, "checkout", "-q", *branch, "later"], check=True)
    (place / "include/linux/meadow.h").write_bytes(b"#define PLOT_SPREAD_OUT 1\n")
    subprocess.run([*git, "commit", "-qam", "meadow: plots spread out"], check=True)
    gone = MacroGone(Macro("PLOT_SPREAD", -1, "include/linux/meadow.h", 1))
    with KernelTree.open(place) as tree:
        commits = commits_of(tree, before, tree.commit, [gone])

    assert named == ("PLOT_SPREAD" in commits)
    assert all('("meadow: plots spread out")' in one for one in commits.values())


def test_a_cover_letter_counts_what_is_left_as_port_txt_does(made):
    """Who compared the two numbers would look for places that are not there."""
    cover = next((made[0] / "series/elmfs").glob("0000*")).read_text()
    (count,) = re.findall(r"^left for you \((\d+ places)\)$", (made[0] / "port.txt").read_text(), re.MULTILINE)

    assert f"{count} left to a person, " in " ".join(cover.split())


def test_mails_and_text_name_module_and_kernels_as_others_do(made):
    """A subject said `carry over to linux HEAD`, a folder of the sender's, and port.txt named the folder of the module."""
    cover = next((made[0] / "series/elmfs").glob("0000*")).read_text()

    assert "] elmfs: carry over to Linux 8.2\n" in cover
    assert (made[0] / "port.txt").read_text().startswith("port elmfs: ")
    assert all("Between Linux 8.1 and Linux 8.2" in " ".join(Path(one).read_text().split()) for one in made[2])


def test_mails_have_the_date_of_the_code(made):
    """A series of today was dated years back, and a mail program would file it there."""
    dates = subprocess.run(
        [*GIT, "-C", str(made[1]), "log", "--format=%ct"], check=True, capture_output=True, text=True
    )
    code = int(dates.stdout.split()[-1])
    mails = (path.read_text() for path in (made[0] / "series/elmfs").glob("*.patch"))
    told = [re.search(r"^Date: (.*)$", text, re.MULTILINE)[1] for text in mails]

    assert {code} == {int(parsedate_to_datetime(one).timestamp()) for one in told}
    assert len(made[2]) + 1 == len(told)
