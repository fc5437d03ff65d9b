"""A page that the caller holds is given up: `keeps_locked`."""
