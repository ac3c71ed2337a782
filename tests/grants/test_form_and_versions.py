"""Questions that depend on others, and terms that change: what an application keeps of them, on its pages and papers."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.db import ProgrammingError, transaction
from django.urls import reverse

from grants.actions import drafts, schemes, submission
from grants.models import SchemeVersion
from records.models import Letter
from tests.grants.conftest import ANSWERS, AT, FORM, PLANNED

pytestmark = pytest.mark.django_db

CHAIN = [
    {
        "key": "first",
        "title": "Först",
        "questions": [
            {"key": "new", "label": "Är det nytt?", "kind": "yes_no"},
            {"key": "why", "label": "Varför nytt?", "kind": "text", "shown_if": {"question": "new", "equals": "yes"}},
        ],
    },
    {
        "key": "then",
        "title": "Sedan",
        "questions": [
            {"key": "who", "label": "För vilka?", "kind": "text", "shown_if": {"question": "why", "equals": "behov"}},
        ],
    },
]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def chained(scheme, officer, publish_call, plan, association, alice):
    """A draft of the form in which the third question hangs on the second, and the second on the first."""
    terms = schemes.Terms(valid_from=date(2026, 1, 1), form=CHAIN)
    call = publish_call(plan, version=schemes.write_version(scheme, terms, by=officer, at=PLANNED))
    return drafts.start(call, association, by=alice, at=AT)


def fill(draft, by, **answers):
    for section in CHAIN:
        draft = drafts.save_section(draft, section["key"], answers=answers, edition=draft.edition, by=by, at=AT)
    return draft


def test_an_answer_that_is_hidden_again_is_handed_in_nowhere(chained, alice, officer, sign_in):
    """Case 14. Q1 yes, Q2 answered, then Q1 no: Q2 is in no data, no letter and no page, and was not required; nor Q3."""
    draft = fill(chained, alice, new="yes", why="behov", who="Barnen på Skranta")
    draft = fill(draft, alice, new="no")
    application = submission.submit(draft, by=alice, at=AT)
    assert application.answers == {"new": "no"}
    receipt = Letter.objects.get(key=f"grants.receipt.{application.pk}").html
    page = sign_in(officer).get(reverse("grants:casework_application", args=[application.pk])).content.decode()
    export = sign_in(officer).get(reverse("grants:casework_list") + "?format=csv").content.decode()
    for text in (receipt, page, export):
        assert "behov" not in text
        assert "Barnen på Skranta" not in text
        assert "Varför nytt?" not in text


def test_the_answer_comes_back_while_it_is_a_draft(chained, alice, sign_in):
    """Case 14. Nothing that was typed is lost before it is handed in."""
    draft = fill(fill(chained, alice, new="yes", why="behov"), alice, new="no")
    page = sign_in(alice).get(reverse("grants:application_section", args=[draft.pk, "first"])).content.decode()
    assert "behov" in page


def test_a_section_that_hangs_on_an_unanswered_question_cannot_start_yet(chained, alice, sign_in):
    """Case 15. Not "complete": the page of the draft says that it cannot start yet."""
    page = sign_in(alice).get(reverse("grants:application", args=[chained.pk]))
    assert [step.word for step in page.context["steps"]] == ["inte påbörjad", "kan inte påbörjas än"]
    assert page.context["done"] == 0


@pytest.fixture
def rewritten(scheme, officer):
    """The terms written anew after the first call was published: one question gone, one added."""
    questions = [*FORM[0]["questions"][:1], {"key": "where", "label": "Var håller ni till?", "kind": "text"}]
    form = [{**FORM[0], "questions": questions}, FORM[1]]
    return lambda: schemes.write_version(scheme, schemes.Terms(valid_from=date(2027, 1, 1), form=form), by=officer, at=AT)


def test_terms_that_are_changed_after_publication_are_a_new_version_and_drafts_stay_on_the_old(draft, alice, rewritten):
    """Case 16. New version; open drafts stay on the old one."""
    old, new = draft.call.version, rewritten()
    assert (old.number, new.number) == (1, 2)
    draft = drafts.save_section(draft, "activity", answers={"where": "Här"}, edition=draft.edition, by=alice, at=AT)
    assert "where" not in draft.answers
    application = submission.submit(draft, by=alice, at=AT)
    assert application.call.version == old


def test_what_was_handed_in_never_changes_with_the_terms(application, rewritten):
    """Case 16. Submitted never changes: the database refuses to change the terms it was handed in on."""
    before = dict(application.answers)
    rewritten()
    application.refresh_from_db()
    assert application.answers == before
    assert [section.title for section in application.shown_sections()] == ["Verksamhet", "Budget"]
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        SchemeVersion.objects.filter(pk=application.call.version_id).update(form=[])


def test_the_next_call_offers_what_still_fits_and_lists_what_was_added_and_dropped(
    application, rewritten, publish_call, plan, alice, sign_in
):
    """Case 16. Offered upgrade listing dropped and added questions."""
    later = replace(plan, title="Årligt föreningsbidrag 2028", grant_year=2028, opens_on=date(2026, 8, 1))
    call = publish_call(later, version=rewritten())
    page = sign_in(alice).get(reverse("grants:application_start", args=[call.pk]))
    assert page.context["changes"] == {
        "added": ["Var håller ni till?"],
        "dropped": ["Är det nytt?", "Varför behövs det nu?"],
        "reworded": [],
    }
    sign_in(alice).post(reverse("grants:application_start", args=[call.pk]), {"copy": "yes"})
    assert call.applications.get().answers == {"plan": ANSWERS["plan"]}
