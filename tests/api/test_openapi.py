"""What the service says of itself in OpenAPI is what it does: asked by schemathesis, all checks."""

import os
import tempfile
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from support import small_watch
from support.small_issue import earlier, written

from ewarn.core import columns
from ewarn.core.settings import Settings
from ewarn_api.app import create

# What a scenario may suppose depends on the issue, so what fits its schema may yet be refused.
_SUPPOSED = {
    "include-name": "POST /v1/scenarios",
    "checks": {"positive_data_acceptance": {"expected-statuses": ["200", "404", "422"]}},
}
# Nor does a threshold keep to any budget, however small.
_BUDGET = _SUPPOSED | {"include-name": "GET /v1/alert-budgets"}
_CONFIG = schemathesis.Config.from_dict({"operations": [_SUPPOSED, _BUDGET]})
# The operations are found when tests are collected; the issue is there when they are asked.
_FOLDER = tempfile.TemporaryDirectory()
_SETTINGS = Settings(home=Path(_FOLDER.name), rate_per_minute=0)
_APP = create(_SETTINGS)
_APP.state.store.recheck = 0
schema = schemathesis.openapi.from_asgi("/openapi.json", _APP, config=_CONFIG)


class Worker:
    """Answers any scenario: the model is not what is tested here."""

    async def compute(self, _issue, _scenario):
        return [{name: columns.of(name).example for name in columns.TABLES["scenarios"]}]

    def stop(self):
        """Nothing runs."""


@pytest.fixture(scope="module", autouse=True)
def _issue():
    _APP.state.worker = Worker()
    written(_SETTINGS.issues, last_issue=earlier(_SETTINGS.issues).id)
    small_watch.hindcast(_SETTINGS.mlruns, leads=(1, 2, 3))


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=int(os.environ.get("EWARN_EXAMPLES", "20")),
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_check_fails(case):
    case.call_and_validate()
