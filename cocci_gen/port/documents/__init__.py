"""What porting.rst and locking.rst say in the new kernel alone -> rules where they name a successor, and warnings."""
