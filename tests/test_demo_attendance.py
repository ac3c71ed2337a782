"""The attendance of the demonstration, played alone: three associations, a term, one file, one application."""

from datetime import date
from random import Random

import pytest

from associations import setup
from associations.models import ActivitySession, AttendanceImport
from config.demo import register
from config.demo.attendance import BY_FILE, GROUPS, keep_attendance
from config.demo.cast import enter_staff
from config.demo.names import ASSOCIATIONS
from config.demo.stage import Stage, at
from grants.actions.counting import count
from grants.models import Application


@pytest.fixture
def stage(db, settings):
    settings.DEMO = True
    stage = Stage(today=date(2026, 11, 23), dice=Random(1), say=lambda line: None)
    enter_staff(stage)
    setup.karlskoga(at(date(2025, 1, 7)))
    names = {row[0] for row in GROUPS} | {BY_FILE}
    for number, row in enumerate(ASSOCIATIONS):
        if row[0] in names:
            register._found(stage, number)
    return stage


def test_leaders_mark_a_term_a_file_is_read_and_support_is_applied_for(stage):
    keep_attendance(stage)
    assert ActivitySession.objects.count() > 60
    assert len(stage.leaders) == 2
    report = AttendanceImport.objects.get().report
    assert [note[2] for note in report["notes"]] == ["identity_missing"]
    found = count(Application.objects.get())
    assert found.amount > 1000, found.missing
    assert [line["rule"] for line in found.lines] == ["G-91", "G-95", "G-93"]
