"""Trees x revisions -> a run for each, night after night."""
