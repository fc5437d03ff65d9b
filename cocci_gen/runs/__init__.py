"""A Scan -> run folder; verdicts of people on what lies in it."""
