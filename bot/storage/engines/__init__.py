"""The engines behind ``Storage``: a folder each, chosen in ``app``."""
