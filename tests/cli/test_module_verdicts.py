"""The verdicts that a module holds itself count wherever somebody stands, and it is said where they come from."""

import json
import subprocess

import pytest

CODE = b"""\
static int demo_writepage(struct page *page, struct writeback_control *wbc)
{
	if (!page->x)
		return -EIO;
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return 0;
}
const struct address_space_operations demo_aops = { .writepage = demo_writepage };
"""
VERDICT = """\
[[verdict]]
fingerprint = "{fingerprint}"
obligation = "{obligation}"
file = "{file}"
function = "{function}"
status = "{status}"
reason = "read"
date = 2026-01-31
who = "A Demo <a@demo.example>"
"""


@pytest.fixture
def module(tmp_path, make_repository):
    """A module with a breach."""
    return make_repository(tmp_path / "demofs", {"Kbuild": b"obj-m := demo.o\n", "demo.c": CODE})


@pytest.fixture
def say(tmp_path, cocci_gen_says, corpus, make_repository, need, monkeypatch):
    """say(verb, ...) -> (code, stdout, stderr); scan and check know the kernel and the module already."""
    need("spatch")
    kernel = make_repository(tmp_path / "linux", corpus.trees["6.1"])
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    def run(verb, *words):
        places = ("--kernel", kernel, "--module", tmp_path / "demofs", "--cache", tmp_path / "cache", "-j", "1")
        return cocci_gen_says(verb, *(places if verb in ("scan", "check") else ()), *words)

    return run


@pytest.fixture
def judged(say, module, tmp_path):
    """judged(status) -> the finding, ruled on by a commit of the module; the run folder is tmp_path / "out"."""

    def commit(status="wontfix"):
        say("scan", "-o", tmp_path / "out", "--rule", "*.unlocks")
        (line,) = (tmp_path / "out/findings.jsonl").read_text().splitlines()
        found = json.loads(line)
        (module / "cocci-gen.toml").write_text(VERDICT.format(**found, status=status))
        subprocess.run(["git", "add", "-A"], cwd=module, check=True)
        subprocess.run(["git", "commit", "-qm", "verdicts"], cwd=module, check=True)
        return found

    return commit


def test_a_scan_from_elsewhere_honours_what_the_module_has_committed(say, judged, module, tmp_path):
    """A CI that names the module by its path would fail for what its people have read long ago."""
    judged()
    code, out, _ = say("scan", "-o", tmp_path / "out2", "--rule", "*.unlocks")
    header = json.loads((tmp_path / "out2/run.json").read_bytes())

    assert 0 == code
    assert f"verdicts      1 of {module}/cocci-gen.toml (" in out
    assert "rejected      1 by people\n" in out
    assert str(module) in header["baseline"]["file"]


@pytest.mark.parametrize("verb", ["findings", "explain", "review", "series"])
def test_what_was_committed_since_the_scan_counts_for_its_run(say, judged, module, tmp_path, verb):
    """A run would go on telling of what the module's people have judged meanwhile."""
    found = judged()
    words = {"explain": [found["fingerprint"]], "review": ["--list"]}.get(verb, [])
    code, out, err = say(verb, tmp_path / "out", *words)

    assert 0 == code, err
    assert f"1 verdict of {module}/cocci-gen.toml (" in err
    if verb in ("explain", "findings"):
        assert "wontfix" in out
    else:
        assert "demo_writepage" not in out


def test_check_honours_them_too(say, judged, module):
    """Each pull request that touches the function would fail for what was judged before."""
    judged()
    (module / "demo.c").write_bytes(CODE.replace(b"return 0;", b"return (0);"))
    code, out, err = say("check", "--worktree", "--rule", "*.unlocks")

    assert 0 == code, out
    assert "0 new, 0 still there" in out
    assert "1 verdict of" in err


def test_the_folder_where_somebody_stands_has_the_last_word(say, judged, tmp_path):
    """Whoever reviews a module of others could not differ from them."""
    found = judged()
    say("review", tmp_path / "out", "--accept", found["fingerprint"])
    _, out, err = say("findings", tmp_path / "out")

    assert "wontfix" not in out
    assert (tmp_path / "elsewhere/cocci-gen.toml").is_file()
    assert "elsewhere/cocci-gen.toml" in err


def test_a_verdict_given_outside_the_module_says_where_it_is_found_again(say, judged, module, tmp_path):
    """It lay in a folder where somebody happened to stand, and the next run from elsewhere knew nothing of it."""
    found = judged()
    _, _, err = say("review", tmp_path / "out", "--accept", found["fingerprint"])

    assert f"`--baseline {tmp_path}/elsewhere/cocci-gen.toml`" in err
    assert f"`--baseline {module}/cocci-gen.toml` puts them into the module" in err

    own = module / "cocci-gen.toml"
    _, _, err = say("review", tmp_path / "out", "--accept", found["fingerprint"], "--baseline", own)

    assert "verdicts given here" not in err
    assert "accepted" in own.read_text()


def test_in_the_module_its_work_tree_is_the_file(say, judged, module, tmp_path, monkeypatch):
    """A verdict that was taken out, and not committed yet, would come back."""
    judged()
    monkeypatch.chdir(module)
    (module / "cocci-gen.toml").write_text("")
    _, out, _ = say("findings", tmp_path / "out")

    assert "demo_writepage" in out
    assert "wontfix" not in out


def test_a_named_file_is_the_only_one(say, judged, tmp_path):
    """--baseline could not be used to see what others have hidden."""
    judged()
    (tmp_path / "empty.toml").write_text("")
    _, out, _ = say("findings", tmp_path / "out", "--baseline", tmp_path / "empty.toml")

    assert "demo_writepage" in out
    assert "wontfix" not in out


def test_what_is_wrong_in_the_committed_file_is_told_with_its_line(say, judged, module, tmp_path):
    """Verdicts would be lost without a word."""
    judged()
    (module / "cocci-gen.toml").write_text("[[verdict]]\nfingerprint = 3\n")
    subprocess.run(["git", "commit", "-qam", "worse"], cwd=module, check=True)
    code, _, err = say("scan", "-o", tmp_path / "out2")

    assert 2 == code
    assert "demofs/cocci-gen.toml" in err


@pytest.mark.parametrize("named", ["", 'baseline = "mine.toml"\n'])
def test_a_batch_honours_them_unless_it_names_a_file(say, judged, tmp_path, named):
    """The nights of a module would tell each morning of what its people have read."""
    judged()
    (tmp_path / "elsewhere/mine.toml").write_text("")
    (tmp_path / "elsewhere/batch.toml").write_text(
        f'output = "nights"\n{named}[[tree]]\npath = "{tmp_path}/linux"\nmodule = "{tmp_path}/demofs"\n'
        'rules = ["*.unlocks"]\nrevisions = ["main"]\n'
    )
    code, out, err = say("batch", "batch.toml")
    (tmp_path / "elsewhere/batch.toml").unlink()

    assert (0, 1)[bool(named)] == code, err
    assert (("findings 1 high" in out), ("findings none" in out)) == (bool(named), not named)


def test_who_judges_is_the_one_whom_the_module_names(say, module, judged, tmp_path):
    """Verdict and Signed-off-by are of one person: the module's repository may name another one than the kernel's."""
    subprocess.run(["git", "config", "user.name", "Of The Module"], cwd=module, check=True)
    subprocess.run(["git", "config", "user.email", "of@module.example"], cwd=module, check=True)
    found = judged()

    say("review", tmp_path / "out", "--baseline", tmp_path / "v.toml", "--accept", found["fingerprint"])

    assert 'who = "Of The Module <of@module.example>"' in (tmp_path / "v.toml").read_text()
