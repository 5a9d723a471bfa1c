"""Readers that people use, on a running service: by URL, with nothing else said to them."""

import fsspec
import pandas as pd
import polars as pl
import pyogrio
import pytest
from support.served import serving
from support.small_issue import written

from ewarn.core.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    written(Settings(home=home).issues)
    with serving(home) as service:
        yield service.url


@pytest.fixture(scope="module")
def forecasts(url):
    return pd.read_csv(f"{url}/v1/forecasts.csv")


def test_pandas(url, forecasts):
    parquet = pd.read_parquet(f"{url}/v1/forecasts.parquet")
    assert len(parquet) == len(forecasts) > 100
    assert parquet["value"].sum() == pytest.approx(forecasts["value"].sum())
    assert parquet.loc[parquet["output_type"] == "mean", "output_type_id"].isna().all()
    levels = pd.to_numeric(parquet.loc[parquet["output_type"] == "quantile", "output_type_id"])
    assert levels.between(0, 1).all()


def test_polars_scans_parquet_and_csv(url, forecasts):
    total = pytest.approx(forecasts["value"].sum())
    for scan, path in [(pl.scan_parquet, "forecasts.parquet"), (pl.scan_csv, "forecasts.csv")]:
        some = scan(f"{url}/v1/{path}").select(pl.col("value").sum(), rows=pl.len()).collect()
        assert some["rows"].item() == len(forecasts)
        assert some["value"].item() == total


@pytest.mark.parametrize("prefix", ["", "/vsicurl/"])
def test_gdal_opens_the_units(url, prefix):
    about = pyogrio.read_info(f"{prefix}{url}/v1/units.geojson")
    assert about["features"] > 1
    assert {"admin1_code", "admin1_name"} <= set(about["fields"])


def test_fsspec_reads_a_part(url):
    path = f"{url}/v1/forecasts.parquet"
    with fsspec.open(path, block_size=64) as file:
        assert file.size == fsspec.filesystem("http").size(path) > 1000
        file.seek(-4, 2)
        assert file.read() == b"PAR1"
