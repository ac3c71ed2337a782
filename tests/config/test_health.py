"""What a monitor is told."""

from django.urls import reverse


def test_monitor_is_told_that_the_house_stands(client, db, django_assert_num_queries):
    with django_assert_num_queries(2):
        answer = client.get(reverse("health"))
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "letters_waiting_s": 0}
