"""Write a model card from a trained model and its held-out scores: JSON, and a page of the same."""

from ewarn.evaluation.report.card._document import Learned, document
from ewarn.evaluation.report.card._page import page

__all__ = ["Learned", "document", "page"]
