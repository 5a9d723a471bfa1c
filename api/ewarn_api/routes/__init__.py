"""One file a resource; a file in this folder is its registration."""
