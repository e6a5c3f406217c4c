"""The product as a person meets it: real servers, real processes, a real browser."""
