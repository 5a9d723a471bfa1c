"""Draw risks and scores as PNG."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

Array = NDArray[np.float64]
_COLOURS = (
    "YlOrRd"  # light to dark in lightness too, so it survives colour blindness and grey print
)
_UNKNOWN = "#d9d9d9"


def risk_map(geometry: Iterable[Any], risk: Array, title: str) -> bytes:
    """Return a map of the units, (units,) shapely polygons, coloured by risk from 0 to 1."""
    rings = [
        (position, np.asarray(part.exterior.coords))
        for position, shape in enumerate(geometry)
        for part in getattr(shape, "geoms", [shape])
    ]
    values = np.ma.masked_invalid(risk)[[position for position, _ in rings]]
    figure = Figure(figsize=(8, 8.4), layout="constrained")
    axes = figure.subplots()
    colours = mpl.colormaps[_COLOURS].with_extremes(bad=_UNKNOWN)
    shapes = PolyCollection(
        [ring for _, ring in rings], cmap=colours, edgecolors="#888888", linewidths=0.2
    )
    shapes.set_array(values)
    shapes.set_clim(0, max(0.05, float(np.nanmax(risk))))
    axes.add_collection(shapes)
    axes.autoscale_view()
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_title(title, fontsize=11)
    figure.colorbar(shapes, ax=axes, shrink=0.5, label="risk: probability of an increase")
    return _png(figure)


def calibration(curves: Mapping[str, tuple[Array, Array]]) -> bytes:
    """Draw observed frequency against forecast probability, one curve a threshold."""
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    for name, (forecast, observed) in curves.items():
        axes.plot(forecast, observed, marker="o", label=name)
    axes.set_xlabel("forecast probability")
    axes.set_ylabel("share of times it happened")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.legend()
    return _png(figure)


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=130, metadata={"Software": None})
    return buffer.getvalue()
