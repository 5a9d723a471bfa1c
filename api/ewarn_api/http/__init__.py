"""The layers around the routes: suffixes, limits, response cache, compression, log, metrics.

It may import everything in the service except `routes` and `app`. Each middleware is a class in a
file of its own; `app.create` puts them in order.
"""
