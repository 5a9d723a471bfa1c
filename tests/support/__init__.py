"""What tests share: made-up worlds, issues and servers."""
