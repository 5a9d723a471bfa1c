"""Addresses of the page of the service."""

from urllib.parse import quote

from ewarn.publishing.digest._facts import Place


def of_unit(page: str, place: Place) -> str:
    """Return the address of a unit's page; nothing where the page has no address."""
    return f"{page}#/unit/{quote(place.code, safe='')}" if page else ""
