"""Tests of the project as a whole: its docs, commands, packaging and style."""
