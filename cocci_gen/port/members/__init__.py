"""Members that went behind functions, moved, or lost their structure -> rules for what reads them and stores to them."""
