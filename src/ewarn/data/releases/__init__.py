"""Join several releases of a source into one table of events; may import sources and versions.

- Releases are ordered by their versions, which a manifest, an official file name or the user
  states; other sources by the time of their download, or, without a manifest, by the newest
  `timestamp` in them, as ACLED's exports have. The order of files changes nothing.
- A yearly release replaces all earlier yearly ones, and every candidate event of its months.
- An event of a candidate release is gone where a newer release covers its month and does not have
  it. Of an id in several releases the newest has the row that counts; a yearly one before all.
- Covered are the months that any release covers. A month between them that none covers is an
  error; an event of a month that none covers is set aside.
"""

from ewarn.data.releases._join import join
from ewarn.data.releases._part import Part, as_list, is_list, listed, parts
from ewarn.data.releases._release import Release, current

__all__ = ["Part", "Release", "as_list", "current", "is_list", "join", "listed", "parts"]
