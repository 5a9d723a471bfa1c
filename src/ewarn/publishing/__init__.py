"""From a forecast to what people read: issues and their tables, ranks, pictures, digests.

It may import `core`, `data` and `forecasting`. Entry points: `tables.tables` builds the tables of
an issue; `issue.write`, `issue.read` and `issue.newest` store and find issues; `digest`
writes what a watch-list team reads of one.
"""
