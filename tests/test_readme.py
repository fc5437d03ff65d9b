"""README's commands, run by a shell as they stand there, in a folder where the names that they use mean something small.

What needs a real kernel, minutes or a network is listed in `ELSEWHERE`, with the place that runs it.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cocci_gen.cli import main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
#: Begin of a command -> what runs it instead.
ELSEWHERE = {
    "make demo": "tests/test_real_kernels.py",
    "make test": "itself",
    "make torture": "itself",
    "make bench-port": "itself",
    "cocci-gen corpus mutate": "tests/test_real_kernels.py",
    "cocci-gen obligations --summary": "test_the_summary_is_that_of_the_kernels",
}
#: Commands that show how an error looks.
REFUSED = ("cocci-gen scan --kernel linux -o OUT --baseline cocci-gen.toml",)
FINE = """\
int {0}_writepage(struct page *page, struct writeback_control *wbc)
{{
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return 0;
}}

const struct address_space_operations {0}_aops = {{
	.writepage = {0}_writepage,
}};
"""
BROKEN = FINE.replace("\tredirty", "\tif (!page->index)\n\t\treturn -EIO;\n\tredirty")


def commands():
    """(block, command) of every line of README that is typed into a shell, in order."""
    for number, (language, text) in enumerate(BLOCKS):
        if language:
            continue
        for line in text.split("\n"):
            if line.startswith("$ "):
                yield number, line.removeprefix("$ ")
            elif line.startswith(("cocci-gen ", "make ")):
                yield number, line


HERE = [one for one in commands() if not one[1].startswith(tuple(ELSEWHERE))]


def git(folder, *words):
    """git ARGS in a folder -> what it prints."""
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout


class World:
    """A folder with what the commands of one block name; the home of whoever types them."""

    def __init__(self, folder, corpus, make_repository):
        self.folder, self.corpus, self.make_repository = folder, corpus, make_repository
        (folder / "bin").mkdir(parents=True)
        program = folder / "bin/cocci-gen"
        program.write_text(
            f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {sys.executable} -m cocci_gen.cli "$@"\n'
        )
        program.chmod(0o755)

    def kernel(self, name, version="6.1"):
        """A small kernel of that name, in which ubifs and cramfs break something."""
        every = self.corpus.kernel(version)
        files = {path: text for path, text in every.items() if not path.startswith("fs/")}
        files |= {f"fs/{one}/file.c": FINE.format(one).encode() for one in ("ext2", "minix", "nfs", "demo")}
        case = self.corpus.kernel("6.1")["fs/early-error-return/read_folio_unlocks.c"]
        files |= {
            "fs/ubifs/file.c": BROKEN.format("ubifs").encode(),
            "fs/cramfs/inode.c": case.replace(b"alder_", b"cramfs_"),
        }
        files["scripts/checkpatch.pl"] = b"exit 0;\n"
        root = self.make_repository(self.folder / name, files)
        git(root, "tag", "v6.1")
        git(root, "branch", "master")
        return root

    def shell(self, command, *, terminal=False):
        """A command as it is pasted -> how it ended; with `terminal` at one where `q` is typed."""
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        environment = {
            **os.environ,
            "PATH": path,
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
        }
        environment |= {"GIT_CONFIG_GLOBAL": str(Path(os.environ["HOME"]) / ".gitconfig")}
        words = ["script", "-qec", command, "/dev/null"] if terminal else ["bash", "-c", command]
        return subprocess.run(
            words,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            input="q\n" if terminal else None,
        )


@pytest.fixture(scope="module")
def world(tmp_path_factory, corpus, make_repository, need):
    """world(block) -> the World for its commands, the same for all of them but those of another story."""
    need("spatch")
    made = {}

    def of(number):
        story = "port" if "WORKTREE" in BLOCKS[number][1] else "main"
        if story not in made:
            made[story] = World(tmp_path_factory.mktemp("readme") / story, corpus, make_repository)
            {"port": port_story, "main": main_story}[story](made[story])
        return made[story]

    return of


def port_story(world):
    """The small kernel of corpus/port, the header of which is changed but not committed."""
    pair = ROOT / "corpus/port"
    texts = {
        path.relative_to(pair / "old").as_posix(): path.read_bytes()
        for path in (pair / "old").rglob("*")
        if path.is_file()
    }
    linux = world.make_repository(world.folder / "linux", texts)
    for path in (pair / "new").rglob("*.h"):
        (linux / path.relative_to(pair / "new")).parent.mkdir(parents=True, exist_ok=True)
        (linux / path.relative_to(pair / "new")).write_bytes(path.read_bytes())


def main_story(world):
    """Kernels, a module, mails, a finished run, and a run on what came after it."""
    folder = world.folder
    linux = world.kernel("linux")
    for name, version in (("linux-6.1", "6.1"), ("linux-6.12", "6.12"), ("linux-7.3", "6.12")):
        world.kernel(name, version if version in world.corpus.trees else "6.1")
    git(folder, "clone", "-q", "--bare", "linux", "linux.git")
    git(folder / "linux.git", "branch", "-q", "main", "master", "-f")
    for name in ("zfs", "myfs"):
        text = BROKEN.format(name).encode()
        world.make_repository(folder / name, {"Makefile": f"obj-m := {name}.o\n".encode(), f"{name}.c": text})
    assert world.shell("cocci-gen run --kernel linux -o OUT").returncode == 1
    (linux / "fs/demo/file.c").write_text(BROKEN.format("demo"))
    (folder / "ubifs.diff").write_text(git(linux, "diff"))
    git(linux, "commit", "-qam", "demo: tidy up")
    (linux / "fs/nfs/file.c").write_text(BROKEN.format("nfs"))
    git(linux, "commit", "-qam", "nfs: tidy up")
    (folder / "series.mbx").write_text(git(linux, "format-patch", "--stdout", "-1"))
    for number in (1, 2):
        words = ("--stdout", f"--reroll-count={number}", "-1")
        (folder / f"v{number}.mbox").write_text(git(linux, "format-patch", *words))
    git(linux, "reset", "-q", "--hard", "HEAD~1")
    rejected = first_fingerprint(folder)
    listed = json.loads((folder / "OUT/series/series.json").read_text())["series"]
    patches = [patch for series in listed for patch in series["patches"]]
    subject = next(
        patch["subject"] for patch in patches if rejected not in {name[:8] for name in patch["fingerprints"]}
    )
    (folder / "thread.mbox").write_text(
        f"From x Thu Jan  1 00:00:00 1970\nFrom: A <a@x.org>\nMessage-ID: <1@x.org>\nSubject: Re: [PATCH] {subject}\n\nNAK\n"
    )
    assert world.shell("cocci-gen run --kernel linux -o NEW").returncode == 1
    (linux / "fs/minix/file.c").write_text(BROKEN.format("minix"))


@pytest.mark.parametrize("number", sorted({number for number, _ in HERE}))
def test_the_commands_of_a_block_work_as_they_are_pasted(world, number):
    """Whoever tries the first one and fails does not try the second."""
    place = world(number)
    for command in (one for block, one in HERE if block == number):
        if "--build" in command and not all(map(shutil.which, ("bc", "bison", "flex", "gcc"))):
            continue  # which says so, and how to get them: tests/series/ladder
        refused = command.startswith(REFUSED)
        if refused:
            (place.folder / "cocci-gen.toml").write_text('[vocabulary]\nsleepz = ["x"]\n')
        ended = place.shell(
            own_names(place, command), terminal=bool(re.fullmatch(r"cocci-gen review (?:OUT|checked) *(#.*)?", command))
        )
        if refused:
            (place.folder / "cocci-gen.toml").unlink()

        expected = (2,) if refused else (0,) if "series OUT" in command else (0, 1)
        assert ended.returncode in expected, f"{command}\n{ended.stdout}\n{ended.stderr}"
        assert "Traceback" not in ended.stderr, command


def own_names(place, command):
    """The command with a fingerprint of the reader's own run in place of README's."""
    mine = first_fingerprint(place.folder) if "OUT" in command else ""
    return re.sub(r"\b(?=[0-9a-f]*\d)[0-9a-f]{8}\b", mine, command)


def first_fingerprint(folder):
    """The first digits of the fingerprint of a finding that has a fix."""
    lines = map(json.loads, (folder / "OUT/findings.jsonl").read_text().splitlines())
    return next(one["fingerprint"][:8] for one in lines if one["fix"])


def test_commands_are_found():
    """A README whose blocks are written otherwise would be tested by nothing."""
    assert len(HERE) > 20
    assert all(any(command.startswith(begin) for _, command in commands()) for begin in ELSEWHERE)


def block(language, beginning):
    """The one block of a language that begins so."""
    (found,) = [text for one, text in BLOCKS if one == language and text.startswith(beginning)]
    return found


def number_of(text):
    """The place of a block among all blocks."""
    return next(number for number, (_, one) in enumerate(BLOCKS) if one == text)


def test_the_batch_runs_as_it_is_configured(world):
    """A cron job is set up once, by paste."""
    text = block("toml", "# batch.toml")
    place = world(number_of(text))
    (place.folder / "batch.toml").write_text(text)
    (place.folder / "cocci-gen.toml").write_text("")
    ended = place.shell("cocci-gen batch batch.toml")

    assert 1 == ended.returncode, ended.stderr
    assert {"summary.json", "nights.html"} <= {path.name for path in (place.folder / "nightly").iterdir()}


def test_the_vocabulary_and_the_module_are_read(world):
    """A key that is not known ends a scan."""
    text = block("toml", "[vocabulary]")
    place = world(number_of(text))
    (place.folder / "words.toml").write_text(text)
    (place.folder / "zfs/cocci-gen.toml").write_text(block("toml", "[module]"))
    words = "cocci-gen run --kernel linux-6.1 --module zfs -o with-words --baseline words.toml"
    git(place.folder / "zfs", "add", "-A")
    git(place.folder / "zfs", "commit", "-qm", "settings")
    ended = place.shell(words)

    assert 1 == ended.returncode, ended.stderr
    assert "demofs-devel@lists.example" in (place.folder / "with-words/series/index.md").read_text()


def test_the_configuration_is_read(world):
    """It stands for what is typed every day."""
    text = block("toml", "[scan]")
    place = world(number_of(text))
    (place.folder / "config.toml").write_text(text)

    assert 1 == place.shell("cocci-gen --config config.toml scan -o configured").returncode


def test_the_python_lines_run(world):
    """The names of the API are a promise."""
    text = block("python", "record = ")
    place = world(number_of(text))
    program = f"from pathlib import Path\nfrom cocci_gen import api\n{text}"
    ended = place.shell(f"PYTHONPATH={shlex.quote(str(ROOT))} {sys.executable} -c {shlex.quote(program)}")

    assert 0 == ended.returncode, ended.stderr


def _options(group, names):
    for command in group.commands.values():
        names |= {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
        if hasattr(command, "commands"):
            _options(command, names)
    return names


def test_every_option_and_verb_that_is_named_exists():
    """Options are renamed, and prose is forgotten."""
    known = _options(main, {name for option in main.params for name in option.opts}) | {"--help"}
    ours = re.sub(r"```(?!\n).*?```", "", README, flags=re.DOTALL)  # without blocks of other languages
    lines = [
        line for line in re.split(r"\n|`", ours) if not re.search(r"\bgit (?!-C)|\bb4 |\bdask\b|--depth|spatch ", line)
    ]
    named = {word for line in lines for word in re.findall(r"(?<![\w-])--[a-z][a-z-]+", line)}
    verbs = {found[1] for found in re.finditer(r"`cocci-gen ([a-z]+)", README)}

    assert named - known == set()
    assert verbs - set(main.commands) == set()


@pytest.mark.kernel
def test_the_summary_is_that_of_the_kernels(debian_kernel, locking_rst, world, tmp_path):
    """The figures of README are those of today's reading of the documents."""
    number, command = next(one for one in commands() if one[1].startswith("cocci-gen obligations --summary"))
    shown = BLOCKS[number][1].split(command)[1].strip("\n")
    place = World.__new__(World)
    place.folder = tmp_path
    (tmp_path / "bin").symlink_to(world(number).folder / "bin")
    for version in ("6.1", "6.12", "7.3"):
        (tmp_path / f"linux-{version}").symlink_to(debian_kernel(version))
    (tmp_path / "locking-v5.8.rst").write_bytes(locking_rst("v5.8"))

    assert shown == place.shell(command).stdout.strip("\n")


def test_the_links_within_the_page_lead_somewhere():
    """The map at the top is for whoever reads nothing else."""
    headings = re.findall(
        r"^#+ (.*)$", re.sub(r"^```.*?^```", "", README, flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    known = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    links = re.findall(r"\]\(#([^)]*)\)", README)

    assert len(links) >= 6
    assert set(links) <= known
