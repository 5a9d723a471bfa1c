"""Watch lists: which alerts an issue raises and ends, the webhooks and mail that carry them.

It may import everything below it, `database` included. Entry points: `runs` evaluates every watch
list on an issue, `rules` decides on one, `webhooks` delivers, `mail` sends
messages.
"""
