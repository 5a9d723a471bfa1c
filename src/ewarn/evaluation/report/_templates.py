"""Render templates as pages that need no other file."""

import base64
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def render(name: str, **shown: Any) -> str:
    """Return the page that the template of that name makes; what it does not know raises."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{name}.html.jinja").render(**shown)


def embedded(svg: str) -> str:
    """Return a picture as the address of an image, so that it lies within the page."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
