"""The page: static files, built on the public API alone."""
