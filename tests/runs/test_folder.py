"""Beside the stages, `run_folder`: what is written can be read again, and nobody ever sees half of it."""

import errno
import json
import os
from dataclasses import replace

import pytest

from cocci_gen.filters import Reason, Rejected
from cocci_gen.findings.findings import Confidence
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.runs.folder import (
    RunFolderError,
    RunHeader,
    check_folder,
    check_own,
    counts,
    read_findings,
    read_header,
    read_helpers,
    read_standings,
    read_unexamined,
    write_file,
    write_run,
)
from cocci_gen.runs.scan_json import diff_name, finding_to_json

HEADER = RunHeader("/k", "HEAD", "c" * 40, "6.1.192", "0.1.0", "1.1.1", "cocci-gen scan", {"rules": ["*"]}, {})


def names(folder):
    """Every file below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_emptied_findings_are_no_clean_run(tmp_path, judged, scan_of):
    """Half a disk, or a slip of the shell, passed for a tree without a fault."""
    write_run(tmp_path / "out", scan_of(judged()), HEADER)
    (tmp_path / "out" / "findings.jsonl").write_bytes(b"")

    with pytest.raises(RunFolderError, match=r"is empty, and run\.json tells of 1 findings"):
        read_findings(tmp_path / "out")


@pytest.mark.parametrize(("mark", "port"), [("port.json", False), ("run.json", True)])
def test_a_run_and_a_port_do_not_share_a_folder(tmp_path, mark, port):
    """Each takes away what it takes for leavings of its own, and so broke the other."""
    (tmp_path / mark).write_text("{}")

    check_folder(tmp_path, port=not port)
    with pytest.raises(RunFolderError, match="name another folder"):
        check_folder(tmp_path, port=port)


def test_the_folder_of_a_port_is_called_one(tmp_path):
    """It was told to scan into it."""
    (tmp_path / "port.json").write_text("{}")

    with pytest.raises(RunFolderError, match=r"it is the folder of a port, of which port\.txt tells"):
        read_header(tmp_path)


def test_a_run_folder_holds_what_the_design_says(tmp_path, judged, scan_of):
    """Others read these files; a renamed one breaks their scripts."""
    write_run(tmp_path / "out", scan_of(judged()), HEADER)

    assert [
        diff_name(judged().finding),
        "examined.jsonl",
        "findings.jsonl",
        "helpers.jsonl",
        "run.json",
        "semantic_patches/address_space_operations/writepage.unlocks.demo.cocci",
        "unexamined.jsonl",
    ] == names(tmp_path / "out")
    assert (
        judged().finding.fix.diff.encode("utf-8", "surrogateescape")
        == (tmp_path / "out" / diff_name(judged().finding)).read_bytes()
    )


def test_what_is_written_is_what_is_read(tmp_path, judged, scan_of):
    """The series of a run is made from its folder; a finding that changes on the way becomes a wrong patch."""
    rejected = replace(judged("other", fixed=False), verdict=Rejected((Reason("still_there", "it is"),)), passed=())
    write_run(tmp_path, scan_of(judged(), rejected), HEADER)

    assert (judged(), rejected) == read_findings(tmp_path)
    assert HEADER == read_header(tmp_path)[0]


def test_a_run_for_which_there_is_no_room_leaves_the_earlier_one(tmp_path, judged, scan_of, monkeypatch):
    """An evening's verdicts hang on the run that is there, and the message says that nothing was lost."""
    write_run(tmp_path, scan_of(judged()), HEADER)
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    opened, made = os.open, iter(range(4))

    def limited(path, *more):
        if ".cocci-gen-" in str(path) and next(made, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device", path)
        return opened(path, *more)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", limited)
        with pytest.raises(RunFolderError, match=r"No space left on device\); nothing else was lost"):
            write_run(tmp_path, scan_of(judged("other")), HEADER)
    assert before == {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}


def test_a_run_of_an_earlier_version_is_read(tmp_path, judged, scan_of):
    """The next version of a series is made from the run that was mailed, be that weeks ago."""
    write_run(tmp_path, scan_of(judged()), HEADER)
    path = tmp_path / "findings.jsonl"
    told = json.loads(path.read_text())
    del told["fix_beyond"]
    path.write_text(json.dumps(told) + "\n")

    assert (judged(),) == read_findings(tmp_path)


def test_each_finding_is_one_line_of_ascii_json(tmp_path, judged, scan_of):
    """`grep` and `jq` work on it, whatever bytes the tree holds."""
    write_run(tmp_path, scan_of(judged(), judged("other")), HEADER)
    first, second = (json.loads(line) for line in (tmp_path / "findings.jsonl").read_text("ascii").splitlines())

    assert ("accepted", "demo", "other") == (first["verdict"], first["function"], second["function"])
    assert {"path", "line", "quote"} == set(first["rule"])
    assert diff_name(judged().finding) == first["fix"]


def test_what_was_not_examined_is_listed_and_counted(tmp_path, judged, scan_of):
    """Clean and not examined must never look the same."""
    missing = [
        Unexamined("a.b.unlocks", "fs/b.c", "f", 3, reason) for reason in ("spatch failed: x", "spatch failed: y")
    ]
    write_run(tmp_path, scan_of(judged(), unexamined=missing), HEADER)
    lines = (tmp_path / "unexamined.jsonl").read_text().splitlines()
    figures = read_header(tmp_path)[1]

    assert ["spatch failed: x", "spatch failed: y"] == [json.loads(line)["reason"] for line in lines]
    assert (2, {"spatch failed": 2}) == (figures["not_examined"], figures["not_examined_by_reason"])


def test_counts(judged, scan_of):
    """The figures of the summary are what people quote."""
    rejected = replace(judged("r"), verdict=Rejected((Reason("still_there", "x"), Reason("not_converging", "y"))))
    low = judged("l", fixed=False, confidence=Confidence.LOW)
    found = counts(scan_of(judged(), low, rejected))

    assert (3, 2, {"high": 1, "low": 1}, 1) == (
        found["findings"],
        found["accepted"],
        found["accepted_by_confidence"],
        found["accepted_with_fix"],
    )
    assert {"not_converging": 1, "still_there": 1} == found["rejected_by_filter"]
    assert (12, 3, 40, 30) == tuple(found[name] for name in ("functions", "files", "jobs", "jobs_from_cache"))


def test_two_semantic_patches_of_one_function_are_both_there(tmp_path, judged, scan_of):
    """A kind may have two rules; the second must not take the place of the first."""
    write_run(tmp_path, scan_of(judged(), judged(semantic_patch="@another@\n"), judged()), HEADER)
    folder = tmp_path / "semantic_patches/address_space_operations"

    assert {"writepage.unlocks.demo.cocci": "@report@\n", "writepage.unlocks.demo-2.cocci": "@another@\n"} == {
        path.name: path.read_text() for path in folder.iterdir()
    }


def test_a_very_long_name_does_not_end_the_run(tmp_path, judged, scan_of):
    """Names in a tree are hostile input; a file name of 300 characters cannot be written."""
    write_run(tmp_path, scan_of(judged("f" * 300)), HEADER)

    assert ["f" * 300] == [one.finding.function for one in read_findings(tmp_path)]


def test_what_an_earlier_run_wrote_is_gone(tmp_path, judged, scan_of):
    """A diff of yesterday beside the findings of today would be sent."""
    write_run(tmp_path, scan_of(judged("yesterday"), judged("both")), HEADER)
    (tmp_path / "diffs/mine.diff").write_text("a person's own file")
    write_run(tmp_path, scan_of(judged("both")), HEADER)

    assert not [name for name in names(tmp_path) if "yesterday" in name]
    assert 2 == len([name for name in names(tmp_path) if "both" in name])
    assert "diffs/mine.diff" in names(tmp_path)


def test_a_hostile_run_folder_takes_nothing_away(tmp_path, judged, scan_of):
    """Whoever hands on a run folder must not be able to have other files removed."""
    (tmp_path / "victim.diff").write_text("keep")
    folder = tmp_path / "out"
    write_run(folder, scan_of(), HEADER)
    summary = json.loads((folder / "run.json").read_text())
    summary["files"] = ["../victim.diff", "diffs/../../victim.diff", str(tmp_path / "victim.diff"), 7, "findings.jsonl"]
    (folder / "run.json").write_text(json.dumps(summary))
    write_run(folder, scan_of(judged()), HEADER)

    assert "keep" == (tmp_path / "victim.diff").read_text()


def test_a_run_that_is_cut_short_is_no_run(tmp_path, judged, monkeypatch, scan_of):
    """New findings beside the run.json of an earlier run would be taken for a complete run."""
    write_run(tmp_path, scan_of(judged()), HEADER)
    named, renamed = os.replace, iter(range(2))

    def killed(half, path):
        if next(renamed, None) is None:
            raise KeyboardInterrupt
        named(half, path)

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_run(tmp_path, scan_of(judged("other")), HEADER)

    with pytest.raises(RunFolderError, match=r"has no run\.json; make one with `cocci-gen scan"):
        read_header(tmp_path)


def test_a_file_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    """Whoever reads while we write must see the old text or the new one."""
    write_file(tmp_path / "a", b"old")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("cocci_gen.runs.folder.os.fdopen", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_file(tmp_path / "a", b"new")
    assert (b"old", ["a"]) == ((tmp_path / "a").read_bytes(), names(tmp_path))


def test_others_may_read_what_is_written(tmp_path):
    """A temporary file is its owner's alone; a report on a shared disk is for everybody."""
    write_file(tmp_path / "a", b"x")

    assert 0o644 == (tmp_path / "a").stat().st_mode & 0o777


@pytest.mark.parametrize("place", ["file/in/a/file", "folder"])
def test_what_cannot_be_written_is_one_clear_error(tmp_path, place):
    """The path and the reason are what the user needs."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()

    with pytest.raises(RunFolderError, match="cannot be written"):
        write_file(tmp_path / place, b"x")
    assert ["file"] == names(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"counts": {}}', "nonsense"])
def test_a_broken_header_is_one_clear_error(tmp_path, text):
    """A folder of another version, or of another program, must not end in a traceback."""
    (tmp_path / "run.json").write_text(text)

    with pytest.raises(RunFolderError, match="is no run of this version"):
        read_header(tmp_path)


def test_a_folder_of_runs_names_them(tmp_path):
    """A scan over two kernels leaves one folder below -o for each, and to scan again would help nobody."""
    for name in ("6.1", "6.12"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text("{}")

    with pytest.raises(RunFolderError, match=r"name one of the runs in it: .*/6\.1, .*/6\.12$"):
        read_header(tmp_path)


def test_the_output_of_a_batch_names_the_last_night_of_each_target(tmp_path):
    """`series`, `explain` and `review` of it were told to scan into the folder that holds the nights."""
    for name in ("a/2025-01-30-c", "a/2025-01-31-c", "b/2025-01-30-c", "c"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("a/2025-01-30-c", "a/2025-01-31-c", "b/2025-01-30-c"):
        (tmp_path / name / "run.json").write_text("{}")

    for name in ("a", "b"):
        (tmp_path / name / "state.json").write_text("{}")
    with pytest.raises(RunFolderError, match=r"runs in it: \S*/a/2025-01-31-c, \S*/b/2025-01-30-c$"):
        read_header(tmp_path)


@pytest.mark.parametrize("line", ["nonsense", "{}", "[]", "7"])
def test_a_broken_finding_is_named_by_its_line(tmp_path, judged, line, scan_of):
    """One bad line of ten thousand must be found without reading them."""
    write_run(tmp_path, scan_of(judged()), HEADER)
    with (tmp_path / "findings.jsonl").open("a") as file:
        file.write(f"\n{line}\n")

    with pytest.raises(RunFolderError, match=r"findings\.jsonl:3: is no finding"):
        read_findings(tmp_path)


def test_a_finding_without_its_diff_is_an_error(tmp_path, judged, scan_of):
    """A fix without its diff is no fix."""
    write_run(tmp_path, scan_of(judged()), HEADER)
    (tmp_path / diff_name(judged().finding)).unlink()

    with pytest.raises(RunFolderError, match=r"findings\.jsonl:1"):
        read_findings(tmp_path)


# Run folders that somebody has edited, or has sent along.

ODD = (None, 1, -7, 1.5, True, "x", "\ud800", "a\0b", "../../x", [], ["x"], [[[1]]], {}, {"x": 1})


def leaves(value, path=()):
    """The path of every value within a value."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from leaves(inner, (*path, key))


def changed(value, path, new):
    """A copy with another value at a path; None as path replaces all."""
    copy = json.loads(json.dumps(value))
    if not path:
        return new
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = new
    return copy


def test_no_edit_of_a_finding_is_more_than_a_sentence(tmp_path, judged, scan_of):
    """A value of another type would come out as a traceback somewhere behind, or in a mail."""
    write_run(tmp_path, scan_of(judged()), HEADER)
    path = tmp_path / "findings.jsonl"
    original = json.loads(path.read_text())
    said = []
    for place in leaves(original):
        for value in ODD:
            path.write_text(json.dumps(changed(original, place, value)) + "\n")
            try:
                (found,) = read_findings(tmp_path)
            except RunFolderError as error:
                said.append(str(error))
            else:
                again = json.loads(json.dumps(finding_to_json(found)))
                assert {type(again[key]) for key in again} == {type(original[key]) for key in original} or place == (
                    "fix",
                )

    assert len(said) > 500
    assert all("findings.jsonl:1: is no finding" in words and "\n" not in words for words in said)


def test_no_edit_of_a_header_is_more_than_a_sentence(tmp_path, judged, scan_of):
    """The same for run.json, which `series`, `review` and `batch` read first."""
    write_run(tmp_path, scan_of(judged()), HEADER)
    path = tmp_path / "run.json"
    original = json.loads(path.read_text())
    said = []
    for place in leaves(original):
        for value in ODD:
            path.write_text(json.dumps(changed(original, place, value)))
            try:
                header, figures = read_header(tmp_path)
            except RunFolderError as error:
                said.append(str(error))
            else:
                assert isinstance(header.tree, str)
                assert isinstance(figures["functions"], int)

    assert all("run.json" in words and "\n" not in words for words in said)


def test_a_fix_is_read_from_the_run_only(tmp_path, judged, scan_of):
    """`fix` is a name in a file that others may have written; what it names would go into a mail."""
    write_run(tmp_path / "out", scan_of(judged()), HEADER)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "out/link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "out/fifo")
    (tmp_path / "out/zero").symlink_to("/dev/zero")
    path = tmp_path / "out/findings.jsonl"
    data = json.loads(path.read_text())
    for name in (
        "../secret",
        str(tmp_path / "secret"),
        "link",
        "fifo",
        "zero",
        "/dev/zero",
        "/etc/passwd",
        "",
        ".",
        "\0",
    ):
        path.write_text(json.dumps({**data, "fix": name}))
        with pytest.raises(RunFolderError, match="is no finding"):
            read_findings(tmp_path / "out")


@pytest.mark.parametrize("name", ["findings.jsonl", "run.json", "unexamined.jsonl", "examined.jsonl", "helpers.jsonl"])
@pytest.mark.parametrize("kind", ["fifo", "device", "folder", "deep", "binary"])
def test_an_odd_file_of_a_run_is_one_sentence(tmp_path, judged, name, kind, scan_of):
    """A FIFO would be waited for, /dev/zero read without end, nested brackets end in a RecursionError."""
    write_run(tmp_path, scan_of(judged()), HEADER)
    path = tmp_path / name
    path.unlink()
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case "deep":
            path.write_text("[" * 100_000)
        case "binary":
            path.write_bytes(bytes(range(256)))
    readers = {
        "findings.jsonl": read_findings, "run.json": read_header, "unexamined.jsonl": read_unexamined,
        "examined.jsonl": read_standings, "helpers.jsonl": read_helpers,
    }  # fmt: skip

    with pytest.raises(RunFolderError, match=name.replace(".", r"\.")):
        readers[name](tmp_path)


def test_a_folder_of_the_user_is_no_place_for_a_run(tmp_path, judged, scan_of):
    """Findings were written among the user's own files, over one of the same name."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(
        RunFolderError, match=r"holds what no run has written \(notes\.txt\); name a new or an empty folder"
    ):
        check_own(tmp_path)
    (tmp_path / "notes.txt").rename(tmp_path / "run.json")
    with pytest.raises(RunFolderError, match="cannot be replaced"):
        write_run(tmp_path, scan_of(judged()), HEADER)


def test_notes_beside_a_run_and_what_a_kill_leaves_are_no_hindrance(tmp_path, judged, scan_of):
    """The same command goes on from there."""
    write_run(tmp_path, scan_of(judged()), HEADER)
    (tmp_path / "notes.txt").write_text("mine")
    check_own(tmp_path)
    (tmp_path / "notes.txt").unlink()
    (tmp_path / "run.json").unlink()
    (tmp_path / ".cocci-gen-0123456789abcdef").write_text("half")
    check_own(tmp_path)


def test_a_new_run_takes_the_series_of_the_earlier_one_away(tmp_path, judged, scan_of):
    """Mails of last week lay beside the findings of today, ready to be sent."""
    write_run(tmp_path, scan_of(judged()), HEADER)
    (tmp_path / "series/demo").mkdir(parents=True)
    (tmp_path / "series/demo/0001-a.patch").write_text("Subject: a")
    (tmp_path / "series/series.json").write_text('{"files": ["demo/0001-a.patch"], "series": []}')
    write_run(tmp_path, scan_of(judged("other")), HEADER)

    assert not (tmp_path / "series").exists()


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda run: run.pop("tree"), "'tree' is missing"),
        (lambda run: run.update(tree=3), "tree is a number, not text"),
        (lambda run: run.update(options=[]), "options is a list, not a table"),
        (lambda run: run.update(baseline={"verdicts": 1}), "'file' is missing in baseline"),
        (lambda run: run.update(module={"name": "x"}), "'subdir' is missing in module"),
        (lambda run: run.update(change={"x": 1}), "'name' is missing in change"),
        (lambda run: run["change"].update(changes=[{}]), r"'name' is missing in change\.changes"),
        (lambda run: run["change"].update(changes=[3]), r"change\.changes holds a number where a table"),
        (lambda run: run.update(counts=3), "a value is of another sort than we write there"),
    ],
)
def test_an_edited_run_is_told_in_words_of_its_file(tmp_path, judged, scan_of, edit, words):
    """What Python says of a call, or a crash of the first reader, tells nobody which key to mend."""
    change = {"name": "x", "asked": [], "changes": [], "not_applied": [], "new": [], "still": []}
    write_run(tmp_path, scan_of(judged()), replace(HEADER, change=change))
    run = json.loads((tmp_path / "run.json").read_text())
    edit(run)
    (tmp_path / "run.json").write_text(json.dumps(run))

    with pytest.raises(RunFolderError, match=words) as caught:
        read_header(tmp_path)
    assert "__init__" not in str(caught.value)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda line: line.update(confidence="hihg"), "'hihg' is none of high, moderate, low"),
        (lambda line: line["owner"].pop("kind"), "'kind' is missing"),
        (lambda line: line["owner"].update(kinds=1), "'kinds' is no field that we know"),
        (lambda line: line.pop("rule"), "'rule' is missing"),
        (lambda line: line.update(line="3"), "line is text, not a number"),
        (lambda line: line.update(evidence=[3]), "a number where a table of values is wanted"),
    ],
)
def test_an_edited_finding_is_told_in_words_of_its_file(tmp_path, judged, scan_of, edit, words):
    """The same of each line."""
    write_run(tmp_path, scan_of(judged()), HEADER)
    line = json.loads((tmp_path / "findings.jsonl").read_text())
    edit(line)
    (tmp_path / "findings.jsonl").write_text(json.dumps(line))

    with pytest.raises(RunFolderError, match=rf"findings\.jsonl:1: is no finding \(.*{words}\)"):
        read_findings(tmp_path)
    (tmp_path / "findings.jsonl").write_text('{"a": 1,')
    with pytest.raises(RunFolderError, match=r"no JSON at column 9: "):
        read_findings(tmp_path)


def test_runs_of_others_are_not_offered(tmp_path, judged, scan_of, monkeypatch):
    """Whoever named /tmp was shown what other people had scanned there."""
    write_run(tmp_path / "run", scan_of(judged()), HEADER)
    write_run(tmp_path / "else/where", scan_of(judged()), HEADER)
    with pytest.raises(RunFolderError, match=r"name one of the runs in it: \S*/run$"):
        read_header(tmp_path)
    (tmp_path / "run").rename(tmp_path / "else/run")
    with pytest.raises(RunFolderError, match=r"make one with `cocci-gen scan -o OUT`"):
        read_header(tmp_path)
    (tmp_path / "else/state.json").write_text("{}")
    with pytest.raises(RunFolderError, match=r"name one of the runs in it: \S*/else/where$"):
        read_header(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(RunFolderError, match="make one with"):
        read_header(tmp_path)
