"""A Graph -> what is known of its variables at a node: values, deeds, sentinels, what is still read."""
