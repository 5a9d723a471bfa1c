"""From the outside world to a panel: downloads, file formats, vintages, places, data quality.

It may import `core`. Entry points: `ingest.load` reads a user's files, `panel.build` makes the
panel as known on a day, `quality.check` lists what looks wrong, `connectors` download.
"""
