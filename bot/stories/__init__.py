"""Articles of several sources on one event become one story here; pure, memory by argument."""
