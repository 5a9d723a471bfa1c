"""A trained model and its held-out scores into a model card: JSON, and a page of that alone."""

from ewarn.evaluation.report.card._document import Learned, document
from ewarn.evaluation.report.card._page import page

__all__ = ["Learned", "document", "page"]
