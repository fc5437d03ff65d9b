"""Headers, tags and names of the kernel that went, came or moved -> rules for `#include` lines, and names taken by now."""
