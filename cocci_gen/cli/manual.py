"""The command line: `completion` and `man`, both made from the commands themselves."""

from __future__ import annotations

import re

import click

_SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Print what makes a shell complete commands and options.")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands and options.

    \b
    bash: cocci-gen completion bash >~/.local/share/bash-completion/completions/cocci-gen
    zsh:  cocci-gen completion zsh >"${fpath[1]}/_cocci-gen"
    fish: cocci-gen completion fish >~/.config/fish/completions/cocci-gen.fish
    """
    from click.shell_completion import ShellComplete, get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    made = kind(ctx.find_root().command, {}, "cocci-gen", "_COCCI_GEN_COMPLETE")
    # Not its own source(): that of bash starts a bash to ask for its version.
    click.echo(ShellComplete.source(made))


@click.command("man", short_help="Print the manual page.")
@click.pass_context
def man(ctx: click.Context) -> None:
    """Print the manual page (`cocci-gen man >cocci-gen.1; man ./cocci-gen.1`)."""
    click.echo(manual_page(ctx.find_root()))


def manual_page(root: click.Context) -> str:
    """The page of a command and all that is below it, in the man macros."""
    from cocci_gen import __version__

    lines = [f'.TH COCCI-GEN 1 "" "cocci-gen {__version__}" "User Commands"', ".SH NAME"]
    lines += [f"cocci-gen \\- {_roff(_first(root.command))}", ".SH SYNOPSIS"]
    lines += [".B cocci-gen", "[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]", ".SH DESCRIPTION"]
    lines += [*_prose(root.command), ".SH OPTIONS", *_options(root), ".SH COMMANDS"]
    for words, ctx in _commands(root):
        lines += [f".SS {_roff(' '.join(words))}", *_usage(ctx), *_prose(ctx.command), *_options(ctx)]
    lines += [".SH EXIT STATUS"]
    for code, meaning in _EXITS:
        lines += [".TP", f".B {code}", meaning]
    return "\n".join(lines)


_EXITS = (
    (0, "Nothing was found, or nothing is open."),
    (1, "Findings."),
    (2, "Usage or input; the message says what to do."),
    (3, "Incomplete: some jobs did not end, the results stand."),
    (70, "A fault of cocci-gen itself; one line says where the report is."),
    (75, "Another batch is running."),
    (130, "Interrupted; the same command goes on from there."),
    (141, "Nobody reads the output any more."),
)


def _commands(ctx: click.Context, words: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Context]]:
    group = ctx.command
    found = []
    for name, command in sorted(group.commands.items()) if isinstance(group, click.Group) else ():
        inner = click.Context(command, info_name=name, parent=ctx)
        found += [((*words, name), inner), *_commands(inner, (*words, name))]
    return found


def _usage(ctx: click.Context) -> list[str]:
    return [".B cocci-gen", _roff(" ".join([*_path(ctx), *ctx.command.collect_usage_pieces(ctx)])), ".PP"]


def _path(ctx: click.Context) -> list[str]:
    names: list[str] = []
    current: click.Context | None = ctx
    while current is not None and current.parent is not None:
        names.insert(0, str(current.info_name))
        current = current.parent
    return names


def _first(command: click.Command) -> str:
    return (command.help or "").strip().split("\n")[0].rstrip(".")


def _prose(command: click.Command) -> list[str]:
    """The help of a command; a paragraph behind \\b keeps its lines."""
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", (command.help or "").strip()):
        text = paragraph.strip("\n ")
        if text.startswith("\b"):
            rows = [row.strip() for row in text.removeprefix("\b").strip("\n").split("\n")]
            lines += [".nf", *map(_roff, rows), ".fi"]
        else:
            lines.append(_roff(" ".join(text.split())))
        lines.append(".PP")
    return lines


def _options(ctx: click.Context) -> list[str]:
    lines = []
    for one in ctx.command.get_params(ctx):
        record = one.get_help_record(ctx)
        if record is not None:
            lines += [".TP", f".B {_roff(record[0])}", _roff(" ".join(record[1].split())) or "See above."]
    return lines


def _roff(text: str) -> str:
    """Words as roff takes them: no macro, no hyphen that is a dash."""
    plain = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{plain}" if plain[:1] in (".", "'") else plain
