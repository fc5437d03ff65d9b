"""A function and a lock -> what it does to that: taken, given back, demanded, and as seen behind a call."""
