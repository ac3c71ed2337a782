"""Every benchmark runs, small, and writes its figures."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.commands.bench import areas

HOUSE = Path(__file__).parents[2]


@pytest.mark.parametrize("area", areas())
def test_benchmark_runs_and_loses_nothing(area, django_db_setup):
    ours = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "config.commands.bench", area, "--small"]
    done = subprocess.run(command, cwd=HOUSE, env=ours, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads((settings.VAR_DIR / "bench" / f"{area}.json").read_text())
    lost = {name: value for name, value in figures.items() if name.endswith(("_lost", "_duplicate", "_missing", "_twice"))}
    assert set(lost.values()) <= {0}
