"""The page, clicked through in a browser."""
