"""What a function took itself it gives back before it fails, and what it was given to end it ends: `gives_back`, `must_call`."""
