"""Compose a sentence a unit and group, from the facts and the effects of topics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ewarn.explain.drivers import _facts, _phrases
from ewarn.explain.drivers._phrases import LANGUAGES, Fact, Language, Table, Topic
from ewarn.forecasting.families import Rows
from ewarn.forecasting.features import groups
from ewarn.forecasting.model import Forecast

MOST_TOPICS = 2  # topics in a sentence, at most
_AND = {"en": "; ", "fr": " ; "}


@dataclass(frozen=True)
class Words:
    """The facts of each unit, by language, and the phrases they fill."""

    table: Table
    reference_month: int
    facts: dict[Language, list[dict[str, Fact]]]

    @classmethod
    def of(cls, forecast: Forecast) -> Self:
        """Collect the facts in the panel of a forecast."""
        table, panel, target = _phrases.table(), forecast.panel, forecast.model.spec.target
        facts = {one: _facts.facts(panel, target, table, one) for one in LANGUAGES}
        return cls(table, panel.reference_month, facts)

    def topics(self, names: Sequence[str]) -> NDArray[np.bool_]:
        """Return which of the features each topic is about, (topics, features): those of
        its group.
        """
        found = [[self._is_about(topic, name) for name in names] for topic in self.table.topics]
        return np.array(found, bool).reshape(len(self.table.topics), len(names))

    def _is_about(self, topic: Topic, name: str) -> bool:
        return topic.group == groups.of(name) and topic.has(name)

    def sentences(
        self, rows: Rows, shares: NDArray[np.float64], effects: NDArray[np.float64]
    ) -> dict[str, list[str]]:
        """Return the columns of sentences, a row a unit and group.

        A group's sentence has the topics of features that the model uses, those of the greatest
        effect first; of topics of equal effect the one that comes first in the table. Phrases
        agree with the sign of the group's contribution.
        """
        used = np.asarray(self.topics(rows.names).any(axis=1), bool)
        found: dict[str, list[str]] = {}
        for language in LANGUAGES:
            by_group = [
                self._of_group(group, language, rows.lead, used, shares[:, place], effects)
                for place, group in enumerate(self.table.groups)
            ]
            found[f"sentence_{language}"] = [
                sentences[unit] for unit, sentences in product(range(len(shares)), by_group)
            ]
        return found

    def _of_group(
        self,
        group: str,
        language: Language,
        lead: int,
        used: NDArray[np.bool_],
        share: NDArray[np.float64],
        effects: NDArray[np.float64],
    ) -> list[str]:
        own = [p for p, topic in enumerate(self.table.topics) if topic.group == group]
        reported = [p for p in own if used[p] or (self.table.topics[p].is_target and share.any())]
        if not reported:
            return [self.table.general["unused"].of(language)] * len(share)
        order = np.argsort(-effects[:, reported], axis=1, kind="stable")
        season = _facts.season(self.table, self.reference_month + lead, language)
        found = []
        for row, facts, sign in zip(order, self.facts[language], np.sign(share), strict=True):
            topics = (self.table.topics[reported[place]] for place in row)
            texts = (one.sentence(facts | season, language, int(sign)) for one in topics)
            found.append(self._joined(texts, group, language))
        return found

    def _joined(self, texts: Iterable[str], group: str, language: Language) -> str:
        known = list(islice(filter(None, texts), MOST_TOPICS))
        nothing = self.table.groups[group].none or self.table.general["unknown"]
        return _AND[language].join(known) or nothing.of(language)
