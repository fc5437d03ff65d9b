"""Nightly batches: what is new, what is kept, and what a kill at the worst moment leaves behind."""

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import click
import filelock
import pytest

from cocci_gen.errors import CocciGenError, RuleDocumentError
from cocci_gen.runs.baseline import Ruling, Status, record
from cocci_gen.runs.nightly import batch
from cocci_gen.runs.nightly import summary as batch_summary
from cocci_gen.runs.nightly.config import BatchTarget, read_config
from cocci_gen.runs.nightly.state import KnownFinding, State, TargetRecord, read_state, write_state

ROOT = Path(__file__).resolve().parents[3]
GOOD = 'output = "out"\n\n[[tree]]\npath = "tree"\nrevisions = ["main"]\n'


@pytest.fixture
def config(tmp_path):
    """config(text) -> the settings of such a file."""

    def read(text):
        (tmp_path / "batch.toml").write_text(text)
        return read_config(tmp_path / "batch.toml")

    return read


def test_folders_are_taken_from_where_the_file_lies(config, tmp_path):
    """cron starts in the home folder; a batch must not depend on that."""
    settings = config(GOOD.replace("main", "v6.1", 1).replace('"v6.1"', '"v6.1", "origin/x y"'))

    assert (
        BatchTarget("tree-v6.1", tmp_path / "tree", "v6.1", (), ()),
        BatchTarget("tree-origin_x_y", tmp_path / "tree", "origin/x y", (), ()),
    ) == settings.targets
    assert (tmp_path / "out", None, 14) == (settings.output, settings.baseline, settings.keep)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("output = \n", 1, "is no TOML"),
        ('output = "o"\n', 0, "there is no [[tree]]"),
        (GOOD.replace("output", "outputs"), 1, "'outputs' is unknown"),
        (GOOD + "branch = 1\n", 6, "'branch' is unknown"),
        (GOOD.replace('"out"', "3"), 1, "must be a string"),
        (GOOD.replace('["main"]', '"main"'), 5, "must be a list"),
        (GOOD.replace('["main"]', "[]"), 5, "needs revisions"),
        ("keep = 0\n" + GOOD, 1, "above 0"),
        ("jobs = 1.5\n" + GOOD, 1, "whole number"),
        ("keep = true\n" + GOOD, 1, "whole number"),
        (GOOD + "\n[[tree]]\npath = 'x/tree'\nrevisions = ['main']\n", 3, "name of its own"),
        (GOOD.replace('path = "tree"\n', ""), 3, 'a [[tree]] needs path, for instance path = "/srv/linux"'),
        (GOOD.replace('output = "out"\n', ""), 0, 'the file needs output, for instance output = "nightly"'),
        (GOOD + "\n[[tree]]\npath = 'x'\n", 7, "needs revisions"),
        (GOOD + "\n[[tree]]\npath = 'x'\nrevisions = 'main'\n", 9, "must be a list"),
    ],
)
def test_a_broken_file_is_told_with_its_line(config, text, line, words):
    """A batch that runs on half of its settings is noticed weeks later."""
    with pytest.raises(RuleDocumentError) as caught:
        config(text)

    assert (line, True) == (caught.value.line, words in str(caught.value))


@pytest.mark.parametrize("name", ["../x", "/etc", ".", "", "a/b", 3])
def test_a_state_names_no_folder_elsewhere(tmp_path, name):
    """Folders of the state are removed; one that somebody has slipped in must not be."""
    state = {
        "format": 1,
        "known": {},
        "begun": [],
        "runs": [{"folder": name, "key": "", "commit": "", "complete": True}],
    }
    (tmp_path / "state.json").write_text(json.dumps(state))

    with pytest.raises(CocciGenError, match="remove it"):
        read_state(tmp_path)


def test_a_state_from_before_what_is_gone_was_kept(tmp_path):
    """An update of the program must not make all findings of years new."""
    run = {"folder": "a", "key": "k", "commit": "c", "complete": True, "told": True}
    known = {"obligation": "a.b.unlocks", "file": "fs/a.c", "function": "f", "since": "a"}
    state = {"format": 1, "known": {"f" * 16: known}, "begun": [], "runs": [run]}
    (tmp_path / "state.json").write_text(json.dumps(state))

    assert ({}, ["f" * 16]) == (read_state(tmp_path).gone, list(read_state(tmp_path).known))


class Killed(BaseException):
    """Stands for a kill: nothing in the program may catch it."""


def place_of(point):
    """The module that calls a step."""
    return batch if hasattr(batch, point) else batch_summary


class Nights:
    """A folder with a configuration, a tree that changes, and what each batch says."""

    def __init__(self, folder, few_cases, say):
        self.folder = folder
        self.few_cases = few_cases
        self.say = say
        self.trees = 0
        self.configure()

    def configure(self, extra="", revisions='["main"]', paths="", more=""):
        """Write the configuration anew."""
        text = f'output = "out"\ncache = "cache"\njobs = 1\n{extra}\n[[tree]]\npath = "tree"\n'
        (self.folder / "batch.toml").write_text(f"{text}revisions = {revisions}\n{paths}\n{more}")

    def tree(self, *cases, above=b""):
        """The tree now has exactly these cases; older commits of it are gone."""
        self.trees += 1
        made = self.few_cases(f"tree-{self.trees}", *cases, above=above)
        shutil.rmtree(self.folder / "tree", ignore_errors=True)
        made.rename(self.folder / "tree")

    def pass_by(self):
        """One batch -> exit code and summary.json."""
        code, stdout, stderr = self.say("batch", self.folder / "batch.toml")
        self.stdout, self.stderr = stdout, stderr
        return code, json.loads((self.folder / "out/summary.json").read_text())

    def killed(self, monkeypatch, point, dying):
        """A batch that does not survive one of its steps."""
        with monkeypatch.context() as patch:
            patch.setattr(place_of(point), point, dying)
            with pytest.raises(Killed):
                self.say("batch", self.folder / "batch.toml")

    def runs(self, name="tree-main"):
        """The folders of the runs."""
        return sorted(path.name for path in (self.folder / "out" / name).iterdir() if path.is_dir())

    def patches(self, name="tree-main"):
        """The patches of all series that lie there."""
        found = (self.folder / "out" / name).glob("*/series/*/*.patch")
        return sorted(path.name for path in found if not path.name.startswith("0000"))


@pytest.fixture
def nights(need, tmp_path, few_cases, cocci_gen_says):
    """Nights on a tree with one finding."""
    need("spatch")
    made = Nights(tmp_path, few_cases, cocci_gen_says)
    made.tree("early-error-return")
    return made


def test_only_what_is_new_becomes_a_series(nights):
    """A nightly mail with last night's findings is one that nobody opens any more."""
    code, first = nights.pass_by()
    assert (1, 1, True) == (code, first["new_findings"], first["complete"])
    assert (0, 0) == (nights.pass_by()[0], nights.pass_by()[1]["new_findings"])
    assert "1 unchanged" in nights.stdout

    nights.tree("early-error-return", "error-in-loop", above=b"/* More. */\n")
    code, second = nights.pass_by()

    assert (1, ["fs/error-in-loop/read_folio_unlocks.c"]) == (code, [one["file"] for one in second["runs"][0]["new"]])
    assert (2, 1) == (second["runs"][0]["accepted"]["high"], second["runs"][0]["patches"])
    assert 2 == len(nights.patches()) == len(nights.runs())


def test_a_finding_that_comes_back_is_new(nights):
    """A fix that was reverted needs a patch again."""
    nights.pass_by()
    nights.tree()
    assert 0 == nights.pass_by()[0]
    nights.tree("early-error-return", above=b"/* Again. */\n")

    assert 1 == nights.pass_by()[0]


FILE = "early-error-return/read_folio_unlocks.c"
LEAVES = "\t\treturn -EIO;"
MENDED = "\t\treturn folio_unlock(folio), -EIO;"


def changed(nights, old, new, subject="demo: mend it"):
    """Commit a change of the file of the nights."""
    path = nights.folder / "tree/fs" / FILE
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    subprocess.run(["git", "-C", nights.folder / "tree", "commit", "-q", "-a", "-m", subject], check=True)


def test_what_is_gone_is_told_once_with_the_commit_that_mended_it(nights):
    """Who looks after a tree sends a patch again that somebody took, if nobody tells him that it is in."""
    (was,) = nights.pass_by()[1]["runs"][0]["new"]
    assert f"  new   {was['file']}:{was['line']}: high: {was['message']} [" in nights.stdout
    changed(nights, LEAVES, MENDED)
    code, summary = nights.pass_by()
    (gone,) = summary["runs"][0]["gone"]

    assert (0, 1, was["fingerprint"], was["message"]) == (
        code, summary["gone_findings"], gone["fingerprint"], gone["message"]
    )  # fmt: skip
    assert re.fullmatch(r'fixed by [0-9a-f]{12} \("demo: mend it"\): .* keeps to the rule now', gone["reason"])
    assert f"  gone  {was['file']}:{was['line']}: high: {was['message']} [" in nights.stdout
    assert "0 new findings, 1 gone" in nights.stdout
    assert (0, 0) == (nights.pass_by()[0], nights.pass_by()[1]["gone_findings"])
    assert "  gone" not in nights.stdout


def test_a_rule_that_is_broken_in_another_way_is_not_told_as_kept(nights):
    """ "Fixed" is read as done."""
    nights.pass_by()
    changed(nights, LEAVES, "\t\treturn inode->i_ino ? -EIO : -EINVAL;", "demo: two errors")
    _, summary = nights.pass_by()
    (gone,), (new,) = summary["runs"][0]["gone"], summary["runs"][0]["new"]

    assert f"does not keep to the rule yet: see {new['fingerprint'][:8]}" in gone["reason"]


def test_what_is_gone_and_comes_back_untold_is_neither(nights, monkeypatch):
    """The summary of the night between was never written; told as new it would be mailed twice."""

    def dying(*_):
        raise Killed

    nights.pass_by()
    changed(nights, LEAVES, MENDED)
    nights.killed(monkeypatch, "write_summary", dying)
    assert 1 == len(read_state(nights.folder / "out/tree-main").gone)
    changed(nights, MENDED, LEAVES, "demo: back")
    code, summary = nights.pass_by()

    assert (0, 0, 0) == (code, summary["new_findings"], summary["gone_findings"])


def test_what_is_gone_and_was_told_to_nobody_is_told_the_next_night(nights, monkeypatch):
    """A batch that was killed before its summary, and a night with other paths after it."""

    def dying(*_):
        raise Killed

    nights.pass_by()
    changed(nights, LEAVES, MENDED)
    nights.killed(monkeypatch, "write_summary", dying)
    nights.configure(paths='paths = ["include"]')
    summary = nights.pass_by()[1]

    assert (1, "demo: mend it") == (summary["gone_findings"], summary["runs"][0]["gone"][0]["reason"].split('"')[1])


def test_what_nobody_was_told_of_is_not_told_as_gone(nights, monkeypatch):
    """It came and went between two summaries."""

    def dying(*_):
        raise Killed

    nights.killed(monkeypatch, "write_summary", dying)
    changed(nights, LEAVES, MENDED)
    summary = nights.pass_by()[1]

    assert (0, 0) == (summary["new_findings"], summary["gone_findings"])


def test_what_people_have_judged_is_not_gone(nights, tmp_path):
    """Who rejected it knows."""
    (found,) = nights.pass_by()[1]["runs"][0]["new"]
    record(tmp_path / "cocci-gen.toml", ruling(found))
    nights.configure('baseline = "cocci-gen.toml"')

    assert 0 == nights.pass_by()[1]["gone_findings"]


@pytest.mark.parametrize("lost", ["run", "history"])
def test_what_nobody_can_explain_is_gone_all_the_same(nights, lost):
    """A run that was removed by hand, a branch that was made anew: neither may cost the tree its night."""
    nights.pass_by()
    if lost == "run":
        shutil.rmtree(nights.folder / "out/tree-main" / nights.runs()[0])
        changed(nights, LEAVES, MENDED)
    else:
        nights.tree("unless-again", above=b"/* Made anew. */\n")
        text = (nights.folder / "tree/fs/unless-again/read_folio_unlocks.c").read_text()
        (nights.folder / "tree/fs/early-error-return").mkdir()
        (nights.folder / "tree/fs" / FILE).write_text(text.replace("return", "return /* */"))
        subprocess.run(["git", "-C", nights.folder / "tree", "add", "-A"], check=True)
        subprocess.run(["git", "-C", nights.folder / "tree", "commit", "-q", "-m", "x"], check=True)
    _, summary = nights.pass_by()
    (gone,) = summary["runs"][0]["gone"]

    assert ("scanned", FILE) == (summary["runs"][0]["result"], gone["file"].removeprefix("fs/"))
    assert ("no longer found" if lost == "run" else "is not there any more") in gone["reason"]
    assert f"  gone  fs/{FILE}:" in nights.stdout


def test_what_lies_out_of_sight_stays_known(nights):
    """Narrowing a configuration for one night must not bring everything back on the next."""
    nights.pass_by()
    nights.configure(paths='paths = ["include"]')
    assert 0 == nights.pass_by()[0]
    nights.configure()

    assert 0 == nights.pass_by()[0]


def test_a_failing_tree_stops_nobody(nights):
    """One unreachable tree would otherwise cost a night of all others."""
    gone = '[[tree]]\npath = "gone"\nrevisions = ["v1"]\n[[tree]]\npath = "tree"\nname = "last"\nrevisions = ["none", "main"]\n'
    nights.configure(more=gone)
    code, summary = nights.pass_by()

    assert (3, ["scanned", "failed", "failed", "scanned"]) == (code, [one["result"] for one in summary["runs"]])
    assert ("there is no folder" in summary["runs"][1]["reason"], 2) == (True, summary["new_findings"])
    assert "2 FAILED" in nights.stdout


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("rules", "*.read_folios.unlocks", "rules '*.read_folios.unlocks' matches no obligation"),
        ("paths", "fs/early-error-retrun", "paths 'fs/early-error-retrun': there is no such file or folder"),
    ],
)
def test_a_slip_of_the_keyboard_is_told_before_the_first_tree(nights, key, value, words):
    """It showed after the hours of the trees before, as an option that the file does not have."""
    slip = f'[[tree]]\npath = "tree"\nname = "last"\nrevisions = ["none", "main"]\n{key} = ["{value}"]\n'
    nights.configure(more=slip)
    code, stdout, stderr = nights.say("batch", nights.folder / "batch.toml")

    assert (2, "", False) == (code, stdout, (nights.folder / "out").exists())
    assert f"cocci-gen: {nights.folder / 'batch.toml'}:13: {words}" in stderr
    assert "--" not in stderr


def test_what_a_tree_has_lost_costs_only_its_own_night(nights):
    """A folder that upstream removes is no slip of the keyboard."""
    nights.tree("early-error-return", "all-arms-return")
    both = '[[tree]]\npath = "tree"\nname = "part"\nrevisions = ["main"]\npaths = ["fs/all-arms-return"]\n'
    nights.configure(more=both)
    nights.pass_by()
    nights.tree("early-error-return")
    code, summary = nights.pass_by()

    assert (3, ["scanned", "failed"]) == (code, [one["result"] for one in summary["runs"]])
    assert re.search(r"batch\.toml:\d+: paths 'fs/all-arms-return': there is no such", summary["runs"][1]["reason"])


def test_what_no_night_can_do_is_told_with_its_key(nights):
    """The errors named options of another verb."""
    places = {
        'spatch = "no-such-spatch"': ":4: no-such-spatch could not be started",
        'checkpatch = "none.pl"': ":4: there is no file",
        'baseline = "tree/verdicts.toml"': ":4: the baseline",
    }
    for extra, words in places.items():
        nights.configure(extra)
        code, _, stderr = nights.say("batch", nights.folder / "batch.toml")
        assert (2, True, False) == (code, f"batch.toml{words}" in stderr, "--" in stderr), stderr
    (nights.folder / "batch.toml").write_text(GOOD.replace('"out"', '"tree/out"'))
    assert "batch.toml:1: the output" in nights.say("batch", nights.folder / "batch.toml")[2]


def test_a_tree_or_a_revision_that_is_not_there_is_told_at_its_key(nights):
    """Nobody knew which of ten trees was meant."""
    more = '[[tree]]\npath = "gone"\nrevisions = ["v1"]\n[[tree]]\npath = "tree"\nname = "last"\nrevisions = ["none"]\n'
    nights.configure(more=f'{more}[[tree]]\npath = "tree"\nrevisions = ["main"]\nmodule = "nowhere"\n')
    _, summary = nights.pass_by()
    first, second, third = (one["reason"] for one in summary["runs"][1:])

    assert re.match(r".*batch\.toml:10: there is no folder .*; path takes", first)
    assert re.match(r".*batch\.toml:15: .* has no revision 'none'", second)
    assert re.match(r".*batch\.toml:19: there is no folder .*nowhere; module takes", third)


def test_a_cluster_that_is_down_is_told_tree_by_tree(nights):
    """A batch without its cluster has examined nothing, which must not read as nothing new."""
    nights.configure('scheduler = "nowhere"')
    code, summary = nights.pass_by()

    assert (3, False) == (code, summary["complete"])
    assert "'nowhere' is no address of a Dask scheduler" in summary["runs"][0]["reason"]


def test_a_second_revision_is_examined_with_the_jobs_of_the_first(nights):
    """Stable trees differ in few files; only those may cost anything."""
    changed = nights.folder / "tree/fs/early-error-return/second.c"
    text = nights.folder.joinpath("tree/fs/early-error-return/read_folio_unlocks.c").read_bytes()
    changed.write_bytes(re.sub(rb"\b(\w+_read_folio|\w+_aops)\b", rb"second_\1", text))
    subprocess.run(["git", "-C", nights.folder / "tree", "add", "-A"], check=True)
    subprocess.run(["git", "-C", nights.folder / "tree", "commit", "-q", "-m", "second"], check=True)
    nights.configure(revisions='["HEAD~1", "main"]')
    _, summary = nights.pass_by()
    first, second = summary["runs"]

    assert 0 == first["jobs_from_cache"] < first["jobs"] < second["jobs"]
    assert 0 < second["jobs_from_cache"] < second["jobs"]
    assert f"{second['jobs_from_cache']} of {first['jobs'] + second['jobs']} jobs from the cache" in nights.stdout


def test_verdicts_are_honoured_and_stale_ones_told(nights, tmp_path):
    """A batch that ignores the baseline sends what was judged; one tree that lacks a finding does not make it stale."""
    (found,) = nights.pass_by()[1]["runs"][0]["new"]
    baseline = tmp_path / "cocci-gen.toml"
    record(baseline, ruling(found))
    record(baseline, ruling({**found, "fingerprint": "f" * 16, "file": "fs/gone.c"}))
    nights.configure('baseline = "cocci-gen.toml"', paths='paths = ["fs", "include"]')
    code, summary = nights.pass_by()

    assert (0, {}) == (code, summary["runs"][0]["accepted"])
    assert ["f" * 16] == [one["fingerprint"] for one in summary["stale"]]
    assert f"stale verdict: {'f' * 16} wontfix fs/gone.c" in nights.stderr


def ruling(found):
    """A verdict on a finding of a summary."""
    words = {key: found[key] for key in ("fingerprint", "obligation", "file", "function")}
    return Ruling(**words, status=Status.WONTFIX, reason="no", date=date(2025, 1, 31), who="A")


def test_a_baseline_that_nobody_has_written_yet_is_empty_and_told_once(nights):
    """The first night comes before the first verdict; a name that was misspelt must be noticed all the same."""
    nights.configure('baseline = "cocci-gen.toml"', more='[[tree]]\npath = "tree"\nname = "b"\nrevisions = ["main"]\n')
    (nights.folder / "cocci-gem.toml").write_text("")
    code, summary = nights.pass_by()
    told = [line for line in nights.stderr.splitlines() if "is not there yet" in line]

    assert (1, ["scanned", "scanned"]) == (code, [one["result"] for one in summary["runs"]])
    assert [True] == [line.startswith(f"warning: the baseline {nights.folder}/cocci-gen.toml is") for line in told]
    assert "did you mean cocci-gem.toml" in told[0]
    assert "first verdict makes it: cocci-gen review RUN" in told[0]
    assert (nights.folder / "out/nights.html").is_file()
    assert not (nights.folder / "cocci-gen.toml").exists()


def test_a_baseline_that_was_there_last_night_stops_the_batch(nights):
    """Without it everything that people have rejected would be sent."""
    nights.configure('baseline = "cocci-gen.toml"')
    (found,) = nights.pass_by()[1]["runs"][0]["new"]
    record(nights.folder / "cocci-gen.toml", ruling(found))
    nights.pass_by()
    (nights.folder / "cocci-gen.toml").unlink()
    code, _, stderr = nights.say("batch", nights.folder / "batch.toml")

    assert (2, True) == (code, "cocci-gen.toml is gone" in stderr and "touch " in stderr)


@pytest.mark.parametrize(("name", "words"), [("nowhere/c.toml", "there is no folder"), (".", "is a folder")])
def test_a_baseline_that_can_never_be_there_is_told_with_its_line(config, name, words):
    """A misspelt folder is no first night."""
    with pytest.raises(RuleDocumentError, match=words) as caught:
        config(f'baseline = "{name}"\n' + GOOD)

    assert 1 == caught.value.line


def test_nothing_is_written_into_a_kernel_tree(nights):
    """The checkout belongs to its user."""
    nights.configure(more='[[tree]]\npath = "."\nname = "outer"\nrevisions = ["HEAD"]\n')
    subprocess.run(["git", "init", "-q", nights.folder], check=True)
    subprocess.run(["git", "-C", nights.folder, "commit", "-q", "--allow-empty", "-m", "x"], check=True)

    code, _, stderr = nights.say("batch", nights.folder / "batch.toml")

    assert 2 == code
    assert "batch.toml:1: the output" in stderr
    assert "which is only read; choose a folder outside" in stderr


def test_old_runs_go_but_not_while_their_findings_are_open(nights):
    """Series that nobody has sent yet are the only place where their findings are told."""
    nights.configure("keep = 1")
    nights.pass_by()
    (first,) = nights.runs()
    nights.tree("early-error-return", "unless-again")
    nights.pass_by()
    nights.tree("early-error-return", above=b"/* More. */\n")
    nights.pass_by()
    assert (2, True) == (len(nights.runs()), first in nights.runs())

    nights.tree("unless-again", above=b"/* More. */\n")
    nights.pass_by()

    assert (1, False) == (len(nights.runs()), first in nights.runs())
    assert nights.runs() == [one.folder for one in read_state(nights.folder / "out/tree-main").runs]


def test_refs_of_a_removed_run_go_with_it(nights):
    """The series of years would fill the kernel repository."""
    nights.configure("keep = 1")
    nights.pass_by()
    shutil.copytree(nights.folder / "tree", nights.folder / "kept")
    (nights.folder / "tree/fs/early-error-return/read_folio_unlocks.c").unlink()
    subprocess.run(["git", "-C", nights.folder / "tree", "commit", "-q", "-a", "-m", "x"], check=True)
    before = refs(nights.folder / "tree")
    nights.pass_by()

    assert (1, 0) == (len(before), len(refs(nights.folder / "tree")))


def refs(tree):
    """The refs of cocci-gen in a repository."""
    command = ["git", "-C", tree, "for-each-ref", "--format=%(refname)", "refs/cocci-gen"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()


def test_a_broken_state_is_told_and_nothing_is_lost(nights):
    """Beginning from nothing in silence would send everything again."""
    nights.pass_by()
    (nights.folder / "out/tree-main/state.json").write_text("{")
    code, summary = nights.pass_by()

    assert (3, True) == (code, "state.json" in summary["runs"][0]["reason"])


@pytest.fixture
def full(nights, monkeypatch):
    """full(folder) -> no more room for files in that folder of `out`; full() makes room again."""
    opened, place = os.open, []

    def there_is_no_room(path, *words, **more):
        if place and str(path).startswith(f"{nights.folder / 'out' / place[-1]}/.cocci-gen-"):
            raise OSError(errno.ENOSPC, "No space left on device", path)
        return opened(path, *words, **more)

    monkeypatch.setattr(os, "open", there_is_no_room)
    return lambda *folder: place.append(*folder) if folder else place.clear()


@pytest.mark.parametrize(
    ("folder", "file", "known"), [("", "summary.json", True), ("tree-main", "state.json", False)]
)  # fmt: skip
def test_a_full_disk_is_no_wrong_file(nights, full, folder, file, known):
    """cron would be told to mend its batch.toml, and the morning after would not hear of what the night has found."""
    full(folder)
    code, stdout, stderr = nights.say("batch", nights.folder / "batch.toml")

    assert 3 == code, stderr
    assert f"{file}: cannot be written (No space left on device)" in stderr + stdout
    assert f"batch {date.today().isoformat()}: " in stdout
    assert known == ("1 new finding, 0 gone, 1 series with 1 patch" in stdout)
    full()
    assert (1, 1) == (nights.pass_by()[0], nights.pass_by()[1]["runs"][0]["accepted"]["high"])
    assert 1 == len(nights.patches())


def test_an_output_that_is_full_costs_no_tree_its_night(nights, monkeypatch):
    """Cron's log lies on the disk that is full; what was found is told in the next one."""
    with monkeypatch.context() as patch:
        echo = click.echo

        def on_a_full_disk(text, err=False):
            if not err:
                raise OSError(errno.ENOSPC, "No space left on device")
            echo(text, err=err)

        patch.setattr(click, "echo", on_a_full_disk)
        code, _, stderr = nights.say("batch", nights.folder / "batch.toml")

    assert (3, 1) == (
        code,
        stderr.count("the output cannot be written: No space left on device; make room and run again"),
    )
    assert (1, 1) == (nights.pass_by()[0], len(nights.patches()))
    assert 0 == nights.pass_by()[0]


def test_a_second_batch_waits_for_nobody(nights):
    """Two batches in one folder would take each other's findings for known."""
    (nights.folder / "out").mkdir()
    with filelock.FileLock(nights.folder / "out/.lock"):
        code, stdout, stderr = nights.say("batch", nights.folder / "batch.toml")

    assert (75, "", True) == (code, stdout, "another batch is writing" in stderr)
    assert 1 == nights.pass_by()[0]


@pytest.mark.parametrize(
    ("accepted", "series", "patches", "words"),
    [
        (
            {"low": 2, "high": 1, "moderate": 3},
            1,
            1,
            "findings 1 high, 3 moderate, 2 low; 0 new, 0 gone, 1 series with 1 patch;",
        ),
        ({"low": 1}, 2, 3, "findings 1 low; 0 new, 0 gone, 2 series with 3 patches;"),
        ({}, 0, 0, "findings none; 0 new, 0 gone, no series;"),
    ],
)
def test_a_line_of_a_night_reads_like_a_sentence(accepted, series, patches, words):
    """Who reads one line per tree each morning looks for `high` first, and `0 series with 0 patches` makes him look twice."""
    target = BatchTarget("tree-main", Path("tree"), "main", (), ())
    done = batch_summary.Done(
        target=target, folder=Path("night"), commit="c", scanned=True, complete=True, accepted=accepted, new=(),
        series=("s",) * series, patches=patches, jobs=0, cached_jobs=0, fingerprints=frozenset(), stale=(), gone={},
    )  # fmt: skip

    assert words in batch_summary.outcome_line(done)


def test_json_is_alone_on_stdout(nights):
    """A program that reads the summary must not have to look for it."""
    code, stdout, stderr = nights.say("batch", nights.folder / "batch.toml", "--format", "json")

    assert (1, 1) == (code, json.loads(stdout)["new_findings"])
    assert "tree-main: " in stderr


POINTS = ("make_run", "make_series", "write_state", "prune", "write_summary", "mark_told", "was_told")


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("point", POINTS)
def test_a_kill_between_any_two_steps_loses_nothing(nights, monkeypatch, point, before):
    """A finding that is known before its series lies there, or told to nobody, would never be heard of again."""
    real = getattr(place_of(point), point)
    calls = []

    def dying(*args, **more):
        calls.append(point)
        if point == "write_state" and len(calls) == 1:
            return real(*args, **more)  # the first one only says that a run has begun
        if not before:
            real(*args, **more)
        raise Killed

    nights.killed(monkeypatch, point, dying)
    code, summary = nights.pass_by()
    told = not before and point in ("mark_told", "was_told")

    assert ((0, 0) if told else (1, 1)) == (code, summary["new_findings"])
    assert (1, 1) == (len(nights.runs()), len(nights.patches()))
    state = read_state(nights.folder / "out/tree-main")
    assert (1, (), True) == (len(state.runs), state.begun, state.runs[0].told)
    assert 0 == nights.pass_by()[0]


def test_a_run_that_was_overtaken_leaves_no_folder(nights, monkeypatch):
    """The tree has moved on before the killed batch was started again: its half of a run is of no use."""

    def dying(*_, **__):
        raise Killed

    nights.killed(monkeypatch, "make_series", dying)
    (half,) = nights.runs()
    nights.tree("early-error-return", "error-in-loop")
    nights.pass_by()

    assert (1, False, 2) == (len(nights.runs()), half in nights.runs(), len(nights.patches()))


def test_kill_9_in_the_middle_of_the_jobs(nights):
    """The power goes while spatch runs: what was finished is not done again, and the lock is free."""
    slow = nights.folder / "slow-spatch"
    slow.write_text(f'#!/bin/sh\necho >> {nights.folder}/calls\nsleep 0.15\nexec {shutil.which("spatch")} "$@"\n')
    slow.chmod(0o755)
    nights.tree("early-error-return", "error-in-loop", "flag-decides", "unless-again")
    nights.configure(f'spatch = "{slow}"')
    calls = nights.folder / "calls"
    words = [sys.executable, "-m", "cocci_gen.cli", "batch", nights.folder / "batch.toml"]
    child = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while (not calls.exists() or calls.stat().st_size < 5) and time.monotonic() < deadline:
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not (nights.folder / "out/summary.json").exists()

    code, summary = nights.pass_by()

    assert (1, True) == (code, summary["complete"])
    assert 0 < summary["jobs_from_cache"] < summary["jobs"]
    assert (1, 2) == (len(nights.runs()), len(nights.patches()))


def test_a_state_is_written_as_it_is_read(tmp_path):
    """One field that is lost on the way is a finding that is lost."""
    state = State(
        (TargetRecord("f", "k", "c", True, True),), {"a" * 16: KnownFinding("o", "fs/\\xff.c", "f", "f")}, ("g", "k2")
    )
    write_state(tmp_path, state)

    assert state == read_state(tmp_path)
