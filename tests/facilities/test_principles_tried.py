"""A draft is tried on the wishes of a season before it is published."""

from dataclasses import replace

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities import actions
from facilities.rules.allocation.principles import principles_from_json
from tests.facilities.conftest import AT
from tests.facilities.pages import page, text_of
from tests.facilities.rules.allocation.municipalities import SETS
from tests.facilities.test_season_wishes import plan, principles, season, wish, wishes  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(officer):
    return actions.write_principles(principles_from_json(SETS["Hudiksvall"]), by=officer, at=AT)


@pytest.fixture
def now_is():
    with time_machine.travel(AT, tick=False):
        yield


def test_without_wishes_there_is_nothing_to_try_on(sign_in, officer, draft, now_is):
    assert "Det finns inga önskemål att pröva på än" in text_of(sign_in(officer).get(page("principles_try", draft.pk)))


def test_draft_is_tried_on_what_is_handed_in(sign_in, officer, draft, wishes, wish, alice, now_is):  # noqa: F811
    actions.save_section(wishes, wish, by=alice, at=AT)
    adults = replace(wish, name="Dam", age_from=20, age_to=40, passes=3)
    actions.save_section(wishes, adults, by=alice, at=AT)
    actions.hand_in_wishes(wishes, by=alice, at=AT)
    shown = text_of(sign_in(officer).get(page("principles_try", draft.pk)))
    assert "2 grupper önskar 5 pass i veckan" in shown
    assert "Barn och unga under 16 år (1)" in shown
    assert "F12 Karlskoga Handboll 2 1 tider och lokaler" in shown  # Wednesday after eight is not for the young
    assert "Dam Karlskoga Handboll 3 2 tider och lokaler" in shown  # there are two days
    assert "kan de få högst 3." in shown


def test_trying_costs_the_same_however_many_groups(sign_in, officer, draft, wishes, wish, alice, now_is):  # noqa: F811
    desk, counted = sign_in(officer), []
    for names in (("F0",), ("F1", "F2", "F3")):
        for name in names:
            actions.save_section(wishes, replace(wish, name=name), by=alice, at=AT)
        actions.hand_in_wishes(wishes, by=alice, at=AT)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(page("principles_try", draft.pk)).status_code == 200
        counted.append(len(queries))
        actions.take_back_wishes(wishes, by=alice, at=AT)
    assert counted[0] == counted[1] < 30
