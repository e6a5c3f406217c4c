"""The live stream: every event of every incident to every browser, exactly once, whatever breaks in between."""
