"""Settings of the documentation site: `make docs` builds it, warnings being errors."""

from importlib.metadata import version as version_of

project = "ewarn"
copyright = "the ewarn authors"
release = version_of("ewarn")
extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.intersphinx", "myst_nb"]
exclude_patterns = ["_build", "jupyter_execute"]
html_theme = "furo"
html_title = f"ewarn {release}"
html_static_path: list[str] = []

# Pages are Markdown; notebooks are shown as they were executed and tested.
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
nb_execution_mode = "off"

# The API reference comes from docstrings; types stand in the signatures.
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
intersphinx_mapping: dict[str, tuple[str, None]] = {}  # the build uses no network
