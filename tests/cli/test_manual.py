"""The manual page and the completions are made from the commands, and the programs that read them take them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cocci_gen.cli import main


def test_the_page_has_every_command_and_option(cocci_gen_says):
    """A manual that forgets an option is worse than none."""
    code, page, _ = cocci_gen_says("man")
    plain = page.replace("\\-", "-")

    assert 0 == code
    for name, command in main.commands.items():
        assert f".SS {name}" in plain
        for option in command.params:
            assert all(word in plain for word in option.opts if word.startswith("--"))
    assert [] == [line for line in page.splitlines() if re.match(r"'|\.(?![A-Z]|nf$|fi$)", line)]


def test_the_help_is_whole_on_a_terminal_of_80_columns(cocci_gen_says):
    """Whoever has nothing else goes on from there: a sentence that ends in dots says what he knew already."""
    _, text, _ = cocci_gen_says("--help")
    commands = text.partition("Commands:\n")[2].splitlines()

    assert set(main.commands) == {line.split()[0] for line in commands}
    assert [] == [line for line in commands if line.endswith("...")]
    assert max(map(len, text.splitlines())) <= 80
    verbs = re.findall(r"^ +cocci-gen (\w+)", text, re.MULTILINE)
    assert {"run", "findings", "explain", "review", "series", "scan", "check"} == set(verbs)


def test_every_exit_code_is_explained_everywhere(cocci_gen_says):
    """A script that gets 70 looks it up in the manual, a person in README."""
    from cocci_gen import cli
    from cocci_gen.cli import process, session

    codes = {session.NOTHING, session.FOUND, session.USAGE, session.INCOMPLETE, session.BUSY, session.INTERRUPTED}
    codes |= {process.CRASHED, int(process.UNREAD)}
    listed = set(map(int, re.findall(r"^\.B (\d+)$", cocci_gen_says("man")[1], re.MULTILINE)))
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text()
    sentence = re.search(r"Exit codes: 0.*?\n\n", readme.partition("## Verbs\n")[2], re.DOTALL)[0]

    assert codes == listed
    assert codes == {int(code) for code in re.findall(r"\b(\d+)\b", sentence)}
    assert codes == {int(code) for code in re.findall(r"\b(\d+)\b", cli.__doc__.split("Exit codes:")[1])}


def test_options_of_one_meaning_have_one_name():
    """`-o` is --out, `-j` is --jobs, and so on, for every verb: what was learned for one is known for all."""
    long = {}
    for command in main.commands.values():
        for option in (one for one in command.params if len(getattr(one, "opts", ())) > 1):
            short = [word for word in option.opts if not word.startswith("--")]
            for word in short:
                long.setdefault(word, []).append({name for name in option.opts if name.startswith("--")})

    assert all(set.intersection(*names) for names in long.values()), long


def test_groff_takes_the_page(cocci_gen_says, need):
    """An unknown macro swallows the line it stands in."""
    page = cocci_gen_says("man")[1]
    ended = subprocess.run(
        [need("groff"), "-man", "-ww", "-z"], input=page, capture_output=True, text=True, check=False
    )

    assert (0, "") == (ended.returncode, ended.stderr)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_takes_its_completion(cocci_gen_says, need, shell):
    """A syntax error there breaks the start of every shell."""
    code, text, _ = cocci_gen_says("completion", shell)

    assert (0, True) == (code, "_COCCI_GEN_COMPLETE" in text)
    ended = subprocess.run([need(shell), "-n"], input=text, capture_output=True, text=True, check=False)
    assert (0, "") == (ended.returncode, ended.stderr)


def test_what_a_shell_asks_is_answered():
    """The scripts above ask the command itself, by an environment variable; under another name it would never answer."""
    code = "from cocci_gen.cli import main; main(prog_name='cocci-gen')"
    asked = {"_COCCI_GEN_COMPLETE": "bash_complete", "COMP_WORDS": "cocci-gen find", "COMP_CWORD": "1"}
    root = str(Path(__file__).resolve().parents[2])
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **asked, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ("plain,findings\n", 0) == (ended.stdout, ended.returncode)
