"""PortRules in their order and the code at hand -> the code after each, verified and laid out as its surroundings are."""
