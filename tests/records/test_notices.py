"""The notice board: public while it stands, fixed once posted, down on its day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from records import actions, filing
from records.models import Notice
from records.refusals import NotAllowedNow
from records.values import local_day


def text_of(response):
    return response.content.decode()


@pytest.fixture
def post_minutes(db):
    def post(at, **options):
        known = {
            "kind": "minutes",
            "title": "Protokoll 2026-03-10",
            "committee": "Kultur- och föreningsnämnden",
            "meeting_on": date(2026, 3, 10),
            "minutes_adjusted_on": date(2026, 3, 16),
            "minutes_kept_at": "Kultur- och föreningsförvaltningen",
        }
        return filing.post_notice(at=at, **{**known, **options})

    return post


@pytest.mark.parametrize(
    ("posted", "last"),
    [
        (date(2026, 3, 17), date(2026, 4, 7)),
        (date(2026, 3, 13), date(2026, 4, 7)),
        (date(2026, 5, 29), date(2026, 6, 22)),
        (date(2026, 12, 3), date(2026, 12, 28)),
    ],
)
def test_minutes_can_be_appealed_for_three_weeks_and_come_down_the_day_after(post_minutes, posted, last):
    """Case 44. A last day on a holiday moves to the next weekday."""
    notice = post_minutes(datetime(posted.year, posted.month, posted.day, 10, tzinfo=UTC))
    assert notice.appeal_until == last
    assert notice.take_down_on == last + timedelta(days=1)


def test_the_weeks_to_appeal_are_a_setting(post_minutes, settings):
    """Case 44. [LAW]"""
    settings.APPEAL_WEEKS = 4
    assert post_minutes(datetime(2026, 3, 17, 10, tzinfo=UTC)).appeal_until == date(2026, 4, 14)


def test_notices_come_down_by_themselves_on_their_day_and_once(post_minutes, case):
    posted = datetime(2026, 3, 17, 10, tzinfo=UTC)
    notice = post_minutes(posted, case=case)
    last_evening = datetime(2026, 4, 7, 21, 59, tzinfo=UTC)
    assert actions.take_down_due(at=last_evening) == 0
    after_midnight = datetime(2026, 4, 7, 22, 0, tzinfo=UTC)
    assert local_day(after_midnight) == date(2026, 4, 8)
    assert actions.take_down_due(at=after_midnight) == 1
    assert actions.take_down_due(at=after_midnight) == 0
    notice.refresh_from_db()
    assert notice.taken_down_at == after_midnight
    verbs = list(case.events.filter(verb__startswith="records.notice").values_list("verb", flat=True))
    assert sorted(verbs) == ["records.notice_posted", "records.notice_taken_down"]


@pytest.mark.parametrize(
    "statement",
    [
        "update records_notice set posted_at = posted_at - interval '1 day'",
        "update records_notice set title = 'x'",
        "update records_notice set taken_down_at = null",
        "update records_notice set taken_down_at = taken_down_at + interval '1 day'",
        "delete from records_notice",
    ],
)
def test_what_was_posted_and_when_it_came_down_stays(post_minutes, at, statement):
    filing.take_down(post_minutes(at - timedelta(days=40)), at=at)
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize(
    "missing",
    [
        {"minutes_adjusted_on": None},
        {"meeting_on": None},
        {"committee": ""},
        {"minutes_kept_at": ""},
    ],
)
def test_a_notice_of_minutes_says_which_minutes(post_minutes, at, missing):
    with pytest.raises(IntegrityError), transaction.atomic():
        post_minutes(at, **missing)


def test_a_notice_stands_through_the_last_day_to_appeal(post_minutes, at):
    notice = post_minutes(at)
    row = {field.name: getattr(notice, field.name) for field in Notice._meta.fields if field.name != "id"}
    for wrong in ({"take_down_on": notice.appeal_until}, {"taken_down_at": at - timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.create(**{**row, **wrong})


def test_other_notices_say_when_they_come_down(db, at):
    for day in (None, local_day(at)):
        with pytest.raises(NotAllowedNow):
            filing.post_notice(kind="other", title="Samråd", at=at, take_down_on=day)


def test_anyone_reads_the_board_and_only_what_stands_on_it(client, post_minutes, officer, sign_in, at):
    stands, down = post_minutes(at), post_minutes(at, title="Gammalt protokoll")
    filing.take_down(down, at=at + timedelta(days=1))
    board = text_of(client.get(reverse("records:notice_board")))
    assert "Protokoll 2026-03-10" in board
    assert "Gammalt protokoll" not in board
    assert "laglighetsprövning" in text_of(client.get(stands.get_absolute_url()))
    gone = client.get(down.get_absolute_url())
    assert gone.status_code == 410
    assert "Gammalt protokoll" not in text_of(gone)
    assert "Gammalt protokoll" in text_of(sign_in(officer).get(down.get_absolute_url()))


@pytest.mark.parametrize("notices", [1, 3])
def test_the_board_costs_as_many_queries_for_three_notices_as_for_one(
    client, post_minutes, at, notices, django_assert_num_queries
):
    for _number in range(notices):
        post_minutes(at)
    with django_assert_num_queries(1):
        client.get(reverse("records:notice_board"))


def test_the_committee_secretary_posts_and_takes_down(secretary, officer, case, sign_in):
    new = reverse("records:notice_new")
    assert sign_in(officer).get(new).status_code == 403
    client = sign_in(secretary)
    assert client.get(new).status_code == 200
    written = {"kind": "minutes", "title": "Protokoll", "committee": "Nämnden", "case": "KFN 2026-1"}
    refused = client.post(new, written)
    assert refused.status_code == 422
    assert 'value="Protokoll"' in text_of(refused)
    assert set(refused.context["form"].errors) == {"meeting_on", "minutes_adjusted_on", "minutes_kept_at"}
    dates = {"meeting_on": "10/11 2026", "minutes_adjusted_on": "2026-11-17", "minutes_kept_at": "Förvaltningen"}
    client.post(new, {**written, **dates})
    notice = Notice.objects.get()
    assert (notice.case, notice.meeting_on) == (case, date(2026, 11, 10))
    down = reverse("records:notice_take_down", args=[notice.pk])
    assert client.post(down, {"reason": ""}).status_code == 422
    client.post(down, {"reason": "Fel datum"})
    assert not Notice.objects.on_the_board().exists()
    assert "redan nedtaget" in text_of(client.post(down, {"reason": "igen"}, follow=True))


def test_a_notice_of_another_kind_is_refused_without_a_day_beside_the_field(secretary, sign_in):
    response = sign_in(secretary).post(reverse("records:notice_new"), {"kind": "meeting", "title": "Sammanträde", "case": "X"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"case"}
    response = sign_in(secretary).post(reverse("records:notice_new"), {"kind": "meeting", "title": "Sammanträde"})
    assert set(response.context["form"].errors) == {"take_down_on"}
