"""The dispatch console (调度台) in a real browser, on a whole system."""
