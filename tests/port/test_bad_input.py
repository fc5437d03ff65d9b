"""What a user can do wrong with `port`: one clear sentence each, and nothing changed."""

import json
import os
import subprocess

import pytest
from click.testing import CliRunner

from cocci_gen.cli import main
from cocci_gen.errors import SemanticPatchRefused, UsageProblem
from cocci_gen.port.edits.own_rules import read_own_rules
from cocci_gen.port.texts.trees import check_differ, check_order, narrowed, of_texts

KERNEL = {"include/linux/x.h": b"int x(void);\n", "fs/a/a.c": b"int a;\n"}


def kernel(version):
    """A kernel of some version."""
    return of_texts(f"linux {version}", KERNEL | {"Makefile": f"VERSION = 6\nPATCHLEVEL = {version}\n".encode()})


def test_revisions_in_the_wrong_order_are_told():
    """Code would be carried back to an older kernel."""
    with pytest.raises(UsageProblem, match=r"6\.1\.0, which is older: exchange --from and --to"):
        check_order(kernel(12), kernel(1))


def test_what_is_no_kernel_is_told():
    """A folder of anything would give no evolutions, and so a module that is ported to nothing."""
    with pytest.raises(UsageProblem, match="has no include/ folder"):
        check_order(kernel(1), of_texts("somewhere", {"a.c": b""}))


def test_kernels_that_are_the_same_are_told():
    """Who forgot --from and --to, which are HEAD then, read that nothing had to be done."""
    with pytest.raises(UsageProblem, match="the same to the byte: name two revisions"):
        check_differ(kernel(1), kernel(1))
    check_differ(kernel(1), kernel(12))


def test_a_path_without_code_is_told():
    """A typing error in --path would be a port without changes."""
    with pytest.raises(UsageProblem, match="no C file below fs/extt2"):
        narrowed(kernel(1), ["fs/extt2"])


@pytest.mark.parametrize(
    ("text", "problem", "words"),
    [
        ("@r@\nexpresion x;\n@@\n- f(x)\n+ g(x)\n", UsageProblem, "no kind of metavariable"),
        (
            "@r@\nexpression x;\n@@\n- f(x\n+ g(x)\n",
            UsageProblem,
            r"cocci:6: spatch does not take it \(minus: parse error\);",
        ),
        ("hello\n", UsageProblem, r"cocci: spatch does not take it \(unexpected code before the first rule\);"),
        ("@script:python@\n@@\nimport os\n", SemanticPatchRefused, r"mine\.cocci: .* script"),
    ],
)
def test_a_rule_of_a_person_that_does_not_parse_is_told_before_anything_is_changed(
    workshop, tmp_path, text, problem, words
):
    """It would be skipped in silence, or run a program."""
    (tmp_path / "mine.cocci").write_text(text)

    with pytest.raises(problem, match=words):
        read_own_rules(tmp_path, workshop.runner)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["a pipe", "a device"])
def test_a_rule_that_is_no_plain_file_is_refused(workshop, tmp_path, make):
    """The run waited for ever for a pipe, and filled all memory from a device."""
    make(tmp_path / "mine.cocci")

    with pytest.raises(UsageProblem, match=r"mine\.cocci is no plain file"):
        read_own_rules(tmp_path, workshop.runner)


def test_a_rule_of_a_person_wins(workshop, tmp_path):
    """Who knows better than the tree could not say so."""
    (tmp_path / "mine.cocci").write_text(
        "@r@\nstruct plot *E;\n@@\n- E->p_time = meadow_time(E)\n+ plot_set_time(E, 0)\n"
    )
    port = workshop.port(own_rules=read_own_rules(tmp_path, workshop.runner))

    assert b"plot_set_time(plot, 0);" in port.ported.texts["elm.c"]
    assert b"plot_set_time_now" not in port.ported.texts["elm.c"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--module", "nowhere"], "there is no folder nowhere"),
        (["--path", "fs/ashh"], "no C file below fs/ashh"),
        (["--path", "fs", "--rules", "rules"], "holds no .cocci file"),
    ],
)
def test_what_is_misspelt_is_told_before_the_headers_are_read(kernel_places, tmp_path, monkeypatch, words, told):
    """Half a minute of reading, three where others compute, would end with one sentence about a folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    monkeypatch.setattr("cocci_gen.port.making.read_kernels", lambda *_: pytest.fail("the headers were read"))
    old, new = map(str, kernel_places)
    asked = ["port", "--kernel", old, "--to-kernel", new, *words, "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(main, [*asked, "--cache", str(tmp_path / "cache")])

    assert told in result.output
    assert result.exit_code not in (0, 1)


def test_a_port_is_written_where_nothing_can_be_compiled(kernel_places, tmp_path, pair, monkeypatch, laid):
    """Minutes of work would be lost because another build runs, and a second port beside it is no mistake."""

    def busy(_room):
        raise UsageProblem("another build runs in there; wait until it has ended")

    monkeypatch.setattr("cocci_gen.series.ladder.build_room.check_programs", lambda: None)  # not all are everywhere
    monkeypatch.setattr("cocci_gen.series.ladder.build_room.BuildRoom.__enter__", busy)
    laid(tmp_path / "elm", pair("module"))
    old, new = map(str, kernel_places)
    asked = [
        "port",
        "--kernel",
        old,
        "--to-kernel",
        new,
        "--module",
        str(tmp_path / "elm"),
        "--build",
        "--no-new-rules",
    ]
    result = CliRunner().invoke(main, [*asked, "-o", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")])

    assert 1 == result.exit_code, result.output
    assert "another build runs in there" in result.output
    assert "another build runs in there" in (tmp_path / "out" / "port.txt").read_text()
    assert (tmp_path / "out" / "port.diff").read_text()


def test_the_work_tree_of_a_developer_teaches(tmp_path, pair, laid):
    """Who changes a method at his desk would have to commit it before the instances can follow; and nothing may be written."""
    place = tmp_path / "linux"
    laid(place, pair("old"))
    git = ["git", "-C", str(place), "-c", "user.name=A", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "before"], check=True)
    (place / "include/linux/meadow.h").write_bytes(pair("new")["include/linux/meadow.h"])
    before = subprocess.run([*git, "status", "--porcelain"], check=True, capture_output=True).stdout
    words = ["port", "--kernel", str(place), "--to", "WORKTREE", "--path", "fs", "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(main, [*words, "--cache", str(tmp_path / "cache")])

    assert 1 == result.exit_code, result.output
    diff = (tmp_path / "out" / "port.diff").read_text()
    assert "+static int ash_sow(struct owner_map *map, struct plot *plot, int seeds)" in diff
    assert "+static int cedar_weed(struct plot *plot, int depth)" in diff
    assert before == subprocess.run([*git, "status", "--porcelain"], check=True, capture_output=True).stdout
    told = json.loads((tmp_path / "out" / "port.json").read_text())
    assert any(rule["ground"] == {"declarations": True} for rule in told["rules"])
    subprocess.run([*git, "apply", "--check", str(tmp_path / "out" / "port.diff")], check=True)


def test_instances_converted_by_hand_in_the_work_tree_are_examples_for_the_others(tmp_path, pair, laid):
    """A developer would have to write a rule for what three conversions say already, or get his own work overwritten."""
    place = tmp_path / "linux"
    old = pair("old")
    old["fs/rowan/rowan.c"] = old["fs/ash/ash.c"].replace(b"ash_", b"rowan_")
    laid(place, old)
    git = ["git", "-C", str(place), "-c", "user.name=A", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "before"], check=True)
    laid(place, pair("new"))
    words = ["port", "--kernel", str(place), "--to", "WORKTREE", "--path", "fs", "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(main, [*words, "--cache", str(tmp_path / "cache")])

    assert 1 == result.exit_code, result.output
    diff = (tmp_path / "out" / "port.diff").read_text()
    assert ["--- a/fs/rowan/rowan.c"] == [line for line in diff.splitlines() if line.startswith("---")]
    assert "+\tplot_set_time_now(plot);" in diff
    assert "+\tstruct plot *plot = field_plot(field);" in diff


@pytest.fixture
def histories(tmp_path, pair):
    """A repository: `old`, then `new` upon it, and `other` with the same files as `new` and no history in common."""
    place = tmp_path / "linux"
    git = ["git", "-C", str(place), "-c", "user.name=A", "-c", "user.email=a@b.c"]
    place.mkdir()
    subprocess.run([*git, "init", "-q", "-b", "old"], check=True)
    for branch in (
        ["checkout", "-q", "-B", "old"],
        ["checkout", "-q", "-b", "new"],
        ["checkout", "-q", "--orphan", "other"],
    ):
        subprocess.run([*git, *branch], check=False, capture_output=True)
        for path, text in pair("old" if branch[-1] == "old" else "new").items():
            if path != "Makefile":  # no version tells the order
                (place / path).parent.mkdir(parents=True, exist_ok=True)
                (place / path).write_bytes(text)
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, "commit", "-qm", branch[-1]], check=True)
    return place


def test_commits_in_the_wrong_order_are_told(histories, tmp_path):
    """Two commits of one release would be taken backwards, and all instances lose what they had."""
    words = [
        "port",
        "--kernel",
        str(histories),
        "--from",
        "new",
        "--to",
        "old",
        "--path",
        "fs",
        "-o",
        str(tmp_path / "out"),
    ]
    result = CliRunner().invoke(main, [*words, "--cache", str(tmp_path / "cache")])

    assert 2 == result.exit_code
    assert "is an ancestor of" in result.output
    assert "exchange --from and --to" in result.output
    assert not (tmp_path / "out").exists()


def test_histories_without_a_common_commit_are_compared_and_that_is_told(histories, tmp_path):
    """The messages would name a commit that changed nothing, or the port be refused although two trees are enough."""
    words = ["port", "--kernel", str(histories), "--from", "old", "--to", "other", "--path", "fs/ash"]
    result = CliRunner().invoke(main, [*words, "-o", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")])

    assert 1 == result.exit_code, result.output
    assert "no history leads from" in (tmp_path / "out" / "port.txt").read_text()
    assert not [
        mail for mail in (tmp_path / "out").rglob("*.patch") if "commit" in mail.read_text().split("---")[0].lower()
    ]
