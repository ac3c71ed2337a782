"""A municipality with one published call, associations that apply, and the people who handle what comes in.

Three people explain the permissions: alice (may apply for `association`), officer, and stranger (may apply for
`other_association`). Everything is built by actions. AT lies inside the window of `call`.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.test import Client

from accounts.actions import add_person, give_role
from accounts.choices import Role
from associations import actions as cards
from associations.choices import AssociationStatus, MandateKind
from associations.models import Association, Category, Mandate
from grants.actions import calls, drafts, schemes, submission
from grants.choices import CriterionKey
from grants.rules.late import LateStep
from tests.strict import BACKEND

PLANNED = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)
AT = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)

ANCHORS = [f"Nivå {level}" for level in range(6)]
WEIGHTS = {
    CriterionKey.DEMOCRACY: 30,
    CriterionKey.INCLUSION: 30,
    CriterionKey.PUBLIC_HEALTH: 20,
    CriterionKey.EQUALITY: 20,
}
FORM = [
    {
        "key": "activity",
        "title": "Verksamhet",
        "questions": [
            {"key": "plan", "label": "Vad vill ni göra?", "kind": "long_text"},
            {"key": "new", "label": "Är det nytt?", "kind": "yes_no", "required": False},
            {
                "key": "why_new",
                "label": "Varför behövs det nu?",
                "kind": "text",
                "shown_if": {"question": "new", "equals": "yes"},
            },
        ],
    },
    {
        "key": "budget",
        "title": "Budget",
        "questions": [{"key": "asked", "label": "Hur mycket söker ni?", "kind": "amount"}],
    },
]
ANSWERS = {"plan": "Vi vill öppna för fler.", "asked": "12 000,50 kr"}


@pytest.fixture
def at():
    return AT


@pytest.fixture
def person(db):
    """Make a person: person("anna@example.org", Role.OFFICER)."""

    def make(email, *roles, name="", limit=Decimal("100000")):
        user = add_person(email, name=name or email.split("@")[0].title(), password="kaffe-och-bulle-17", at=PLANNED)
        for role in roles:
            give_role(user, role=role, limit=limit if role == Role.DECISION_MAKER else None, by=None, at=PLANNED)
        return user

    return make


@pytest.fixture
def officer(person):
    return person("officer@karlskoga.example", Role.OFFICER, name="Olle Handläggare")


@pytest.fixture
def other_officer(person):
    return person("other.officer@karlskoga.example", Role.OFFICER, name="Oona Handläggare")


@pytest.fixture
def decision_maker(person):
    """Decides alone up to 100 000 kr."""
    return person("chief@karlskoga.example", Role.DECISION_MAKER, name="Disa Beslutsfattare")


@pytest.fixture
def secretary(person):
    return person("secretary@karlskoga.example", Role.COMMITTEE_SECRETARY, name="Sven Nämndsekreterare")


@pytest.fixture
def auditor(person):
    return person("auditor@karlskoga.example", Role.AUDITOR, name="Rut Revisor")


@pytest.fixture
def culture(db):
    return Category.objects.get_or_create(key="culture", defaults={"name": "Kulturförening"})[0]


@pytest.fixture
def make_association(culture):
    """Make a registered association: make_association("Teaterboden", "8024001234")."""

    def make(name, number):
        return Association.objects.create(
            name=name,
            organisation_number=number,
            category=culture,
            status=AssociationStatus.REGISTERED,
            registered_on=date(2020, 1, 1),
        )

    return make


@pytest.fixture
def give_mandate():
    def give(user, association, kind=MandateKind.APPLICANT):
        return Mandate.objects.create(user=user, association=association, kind=kind, since=PLANNED.date())

    return give


@pytest.fixture
def association(make_association):
    return make_association("Teaterboden", "8024001239")


@pytest.fixture
def other_association(make_association):
    return make_association("Karlskoga Kammarkör", "8024005677")


@pytest.fixture
def alice(person, association, give_mandate):
    user = person("alice@teaterboden.example", name="Alice Andersson")
    give_mandate(user, association)
    return user


@pytest.fixture
def stranger(person, other_association, give_mandate):
    user = person("stranger@kammarkoren.example", name="Stina Främling")
    give_mandate(user, other_association)
    return user


@pytest.fixture
def scheme(officer):
    return schemes.add_scheme(
        key="yearly", name="Årligt föreningsbidrag", purpose="Stöd till ideellt arbete.", by=officer, at=PLANNED
    )


@pytest.fixture
def version(scheme, officer):
    """The terms: two sections, no attachments, no aims; write them again before `call` is built to change them."""
    return schemes.write_version(scheme, schemes.Terms(valid_from=date(2026, 1, 1), form=FORM), by=officer, at=PLANNED)


@pytest.fixture
def plan():
    """1 June - 1 October 2026; 1-7 days late 10 %, 8-14 days 50 %, then refused; lateness from hand-in."""
    return calls.CallPlan(
        title="Årligt föreningsbidrag 2027",
        grant_year=2027,
        opens_on=date(2026, 6, 1),
        closes_on=date(2026, 10, 1),
        late_steps=[LateStep(1, 7, Decimal(10)), LateStep(8, 14, Decimal(50))],
        criteria=[calls.Weight(key, weight, ANCHORS) for key, weight in WEIGHTS.items()],
        late_counts_from="submission",
        budget=Decimal("500000"),
        pays_on=date(2027, 1, 15),
    )


@pytest.fixture
def publish_call(version, officer):
    """Publish a call with a plan of one's own: publish_call(replace(plan, closes_on=...))."""

    def publish(plan, version=version):
        return calls.publish_call(calls.plan_call(version, plan, by=officer, at=PLANNED), by=officer, at=PLANNED)

    return publish


@pytest.fixture
def call(publish_call, plan):
    return publish_call(plan)


@pytest.fixture
def start_draft():
    """A filled-in draft: start_draft(call, association, alice)."""

    def start(call, association, by, at=AT, **answers):
        draft = drafts.start(call, association, by=by, at=at)
        typed = ANSWERS | answers
        for section in call.version.form:
            draft = drafts.save_section(draft, section["key"], answers=typed, edition=draft.edition, by=by, at=at)
        return draft

    return start


@pytest.fixture
def hand_in(start_draft):
    """A handed-in application: hand_in(call, association, alice)."""

    def hand(call, association, by, at=AT, **answers):
        return submission.submit(start_draft(call, association, by, at=at, **answers), by=by, at=at)

    return hand


@pytest.fixture
def draft(start_draft, call, association, alice):
    return start_draft(call, association, alice)


@pytest.fixture
def application(hand_in, call, association, alice):
    """Handed in on time by alice for association, asking 12 000,50 kr."""
    return hand_in(call, association, alice)


@pytest.fixture
def attend():
    """A group with sessions: attend(association, alice, girls=6, boys=2, days=[...]) of twelve-year-olds, 90 minutes each."""

    def make(association, by, *, girls=0, boys=0, days=(), name="Ungteatern", age=12):
        usual = {"weekday": None, "starts": None, "minutes": None, "activity": "Teater", "place": ""}
        group = cards.save_group(association, name=name, by=by, at=AT, **usual)
        facts = {"birth_year": 2026 - age, "leads": False, "lives_here": True, "is_member": True, "by": by, "at": AT}
        sexes = ["female"] * girls + ["male"] * boys
        people = [cards.save_person(group, name=f"Barn {n} i {name}", sex=sex, **facts) for n, sex in enumerate(sexes)]
        marks = {person.pk: "present" for person in people}
        for day in days:
            at = max(AT, datetime.combine(day, time(20), UTC))
            cards.mark(group, day=day, starts=time(18), minutes=90, changes=marks, by=by, at=at)
        return group

    return make


@pytest.fixture
def enter(live_server, page):
    """Sign in and open a page: enter(alice, "/bidrag/")."""

    def open_as(user, path):
        client = Client()
        client.force_login(user, BACKEND)
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url, "httpOnly": True}]
        )
        page.goto(live_server.url + path)
        return page

    return open_as
