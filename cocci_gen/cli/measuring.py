"""The command line: options by which a command is measured, which stand last in its help under a heading of their own."""

from __future__ import annotations

import click


class MeasuringOption(click.Option):
    """An option for those who work on the program itself."""


class MeasuredCommand(click.Command):
    """A command some of whose options are MeasuringOptions."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of users, then those for measuring."""
        parts: dict[str, list[tuple[str, str]]] = {"Options": [], "To measure the command itself": []}
        usual, measuring = parts.values()
        for one in self.get_params(ctx):
            record = one.get_help_record(ctx)
            if record is not None:
                (measuring if isinstance(one, MeasuringOption) else usual).append(record)
        for heading, records in parts.items():
            with formatter.section(heading):
                formatter.write_dl(records)
