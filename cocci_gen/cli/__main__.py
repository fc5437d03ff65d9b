"""The command line: `python -m cocci_gen.cli`."""

from cocci_gen.cli import main

main()
