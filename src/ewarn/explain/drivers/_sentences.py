"""Compose a sentence a unit and group, from the facts and the effects of topics."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ewarn.explain.drivers import _facts, _phrases
from ewarn.explain.drivers._phrases import LANGUAGES, Language, Table, Topic
from ewarn.forecasting.families import Rows
from ewarn.forecasting.features import groups
from ewarn.forecasting.model import Forecast

MOST_TOPICS = 2  # topics in a sentence, at most
_AND = {"en": "; ", "fr": " ; "}


@dataclass(frozen=True)
class Words:
    """The phrases that apply to each unit: by language, topic and unit."""

    table: Table
    reference_month: int
    phrases: dict[Language, list[list[str]]]

    @classmethod
    def of(cls, forecast: Forecast) -> Self:
        """From what the panel of a forecast holds."""
        table, panel, target = _phrases.table(), forecast.panel, forecast.model.spec.target
        known = {one: _facts.facts(panel, target, table, one) for one in LANGUAGES}
        phrases = {
            language: [
                [topic.sentence(facts, language) for facts in units] for topic in table.topics
            ]
            for language, units in known.items()
        }
        return cls(table, panel.reference_month, phrases)

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
        effect first; of topics of equal effect the one that comes first in the table.
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
        return [
            self._joined(
                [self._sentence(reported[place], unit, language, lead) for place in row],
                group,
                language,
            )
            for unit, row in enumerate(order)
        ]

    def _sentence(self, topic: int, unit: int, language: Language, lead: int) -> str:
        if self.table.topics[topic].group == "calendar":
            month = _facts.season(self.table, self.reference_month + lead, language)
            return self.table.topics[topic].sentence(month, language)
        return self.phrases[language][topic][unit]

    def _joined(self, texts: list[str], group: str, language: Language) -> str:
        known = [text for text in texts if text][:MOST_TOPICS]
        nothing = self.table.groups[group].none or self.table.general["unknown"]
        return _AND[language].join(known) or nothing.of(language)
