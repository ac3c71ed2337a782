"""The worker's tasks: thin, by key, and named as the beat and the web ask for them."""

import pytest
from celery import current_app
from django.conf import settings
from django.core import mail

from records import apps, filing, tasks
from records.models import Letter


@pytest.fixture
def asked(monkeypatch):
    """What the broker is asked for, instead of being asked."""
    sent = []
    for task in (tasks.deliver, tasks.scan):
        monkeypatch.setattr(task, "apply_async", lambda args, name=task.name, **_options: sent.append((name, args[0])))
    return sent


def test_every_task_that_is_asked_for_exists():
    current_app.loader.import_default_modules()
    asked_for = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} | {"records.deliver", "records.scan"}
    assert asked_for <= set(current_app.tasks)


def test_the_web_asks_the_worker_by_the_name_of_the_task(monkeypatch):
    sent = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **options: sent.append((name, args, options["retry"])))
    apps.ask("records.deliver")(7)
    assert sent == [("records.deliver", [7], False)]


def test_the_sweep_hands_over_what_was_lost(post, asked, at):
    letter = post("grants.receipt.1")
    tasks.sweep()
    tasks.sweep()
    assert asked == [("records.deliver", letter.pk)]


def test_a_task_does_its_work_twice_without_harm(post):
    letter = post("grants.receipt.1")
    tasks.deliver(letter.pk)
    tasks.deliver(letter.pk)
    tasks.scan(4711)
    tasks.tidy()
    assert Letter.objects.get().status == "sent"
    assert len(mail.outbox) == 1


def test_the_notices_task_takes_down_what_is_due(db, at):
    notice = filing.post_notice(
        kind="other", title="Samråd", at=at.replace(year=2025), take_down_on=at.date().replace(year=2025, day=9)
    )
    tasks.take_down_notices()
    notice.refresh_from_db()
    assert notice.taken_down_at is not None
