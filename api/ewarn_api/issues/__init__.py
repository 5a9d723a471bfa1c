"""What the service answers from: the store of issues, and tables read from them.

It may import nothing else of the service. Entry points: `store.Store` and `snapshot.Snapshot`.
"""
