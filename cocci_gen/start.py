"""The command as it is installed: Ctrl-C while Python still reads the modules of the command line ends it in one line too."""

from __future__ import annotations

import os

#: As a shell counts it: 128 and SIGINT.
_INTERRUPTED = 130


def main() -> None:
    """Run the command line."""
    try:
        from cocci_gen.cli import main as command

        command()
    except KeyboardInterrupt:
        # Nothing has begun, and whatever Python would still do at its end could be interrupted as well.
        os.write(2, b"cocci-gen: interrupted\n")
        os._exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
