"""A fictional township (栖禾县青梧镇) and reports from it, to try everything with."""
