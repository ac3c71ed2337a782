"""The equality analysis, the comparison of assessors and the appeals as people meet them: on a phone and on a desk."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.strict import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_analysis_and_the_pages_after_a_decision_fit_a_phone_and_a_desk(
    live_server,
    page,
    screens,
    officer,
    supported,
    association,
    attend,
    alice,
):
    attend(association, alice, girls=6, boys=5, days=[date(2027, 1, 1)])
    client = Client()
    client.force_login(officer, BACKEND)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url, "httpOnly": True}
    page.context.add_cookies([cookie])
    for name, path in (
        ("support", reverse("grants:support_analysis") + "?ar=2027"),
        ("support-of", reverse("grants:support_of", args=[association.pk])),
        ("calibration", reverse("grants:calibration")),
        ("appeals", reverse("grants:decision_appeals", args=[supported.pk])),
        ("bank-files", reverse("grants:bank_file_list")),
    ):
        page.goto(live_server.url + path)
        screens(page, name)
