"""A register of associations that have done everything asked of them, each with a chair who speaks for it."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from accounts.models import User
from associations import setup
from associations.choices import (
    AccountKind,
    AssociationStatus,
    BoardRole,
    DocumentKind,
    DocumentStatus,
    MandateKind,
    Sex,
    StatutesApprovedBy,
    YearStep,
)
from associations.models import (
    AgeBand,
    Association,
    Attendance,
    BankAccount,
    BoardMember,
    Category,
    DialogueMeeting,
    Mandate,
    MemberCount,
    MemberFigures,
    YearlyConfirmation,
    YearlyDocument,
)
from associations.standing import asked_on, document_years
from records.choices import ScanStatus
from records.models import StoredFile

FOUNDED = date(2010, 3, 1)


@dataclass(frozen=True, slots=True)
class Register:
    """associations[n] is spoken for by chairs[n]."""

    associations: list[Association]
    chairs: list[User]


def fill_register(wanted: int, *, day: date, officer: User, random: Random) -> Register:
    """*wanted* associations whose facts of *day*'s year are complete, confirmed and accepted by *officer*."""
    at = datetime(day.year, 3, 1, 9, tzinfo=UTC)
    setup.karlskoga(at)
    associations, chairs = _associations(wanted), _chairs(wanted)
    Mandate.objects.bulk_create(
        Mandate(association=association, user=chair, kind=MandateKind.SIGNATORY, since=FOUNDED)
        for association, chair in zip(associations, chairs, strict=True)
    )
    _boards(associations, chairs)
    _members(associations, chairs, day.year, at, random)
    _papers(associations, chairs, day, officer, at)
    _money(associations, chairs, officer, at)
    _year(associations, chairs, day.year, officer, at)
    return Register(associations, chairs)


def _associations(wanted: int) -> list[Association]:
    category = Category.objects.get(key="kultur")
    return Association.objects.bulk_create(
        Association(
            name=f"Förening {number:04d}",
            organisation_number=f"80{number:08d}",
            category=category,
            status=AssociationStatus.REGISTERED,
            seat="1883",
            acts_here=True,
            meets_children=False,
            founded_on=FOUNDED,
            registered_on=FOUNDED,
            statutes_approved_on=FOUNDED,
            statutes_approved_by=StatutesApprovedBy.DEPARTMENT,
            democratic_on=FOUNDED,
            open_to_all_on=FOUNDED,
            membership_fee=100,
            email=f"kansli@forening-{number:04d}.example",
        )
        for number in range(wanted)
    )


def _chairs(wanted: int) -> list[User]:
    return User.objects.bulk_create(
        User(email=f"chair{number}@bench.example", name=f"Chair {number}", password="!")  # noqa: S106 - nobody's
        for number in range(wanted)
    )


def _boards(associations: list[Association], chairs: list[User]) -> None:
    roles = (BoardRole.CHAIR, BoardRole.TREASURER, BoardRole.SECRETARY)
    BoardMember.objects.bulk_create(
        BoardMember(
            association=association,
            name=f"{role.label} {association.pk}",
            role=role,
            since=FOUNDED,
            user=chair if role == BoardRole.CHAIR else None,
        )
        for association, chair in zip(associations, chairs, strict=True)
        for role in roles
    )


def _members(associations: list[Association], chairs: list[User], year: int, at: datetime, random: Random) -> None:
    bands = list(AgeBand.objects.filter(in_use=True).order_by("first_age"))
    figures = MemberFigures.objects.bulk_create(
        MemberFigures(
            association=association,
            year=year,
            as_of=date(year - 1, 12, 31),
            active=40,
            reported_at=at,
            reported_by=chair,
            confirmed_at=at,
            confirmed_by=chair,
        )
        for association, chair in zip(associations, chairs, strict=True)
    )
    MemberCount.objects.bulk_create(
        MemberCount(figures=each, age_band=band, sex=sex, lives_here=here, count=random.randint(3 if here else 0, 30))
        for each in figures
        for band in bands
        for sex in (Sex.FEMALE, Sex.MALE)
        for here in (True, False)
    )


def _papers(associations: list[Association], chairs: list[User], day: date, officer: User, at: datetime) -> None:
    months = asked_on(day).document_months
    wanted = [
        (association, chair, kind, year)
        for association, chair in zip(associations, chairs, strict=True)
        for kind, year in document_years(association, day, months).items()
    ]
    files = StoredFile.objects.bulk_create(
        StoredFile(
            name=f"{DocumentKind(kind).label} {year}.pdf",
            path=f"bench/{uuid.uuid4().hex}",
            content_type="application/pdf",
            size=40_000,
            sha256="0" * 64,
            scan=ScanStatus.CLEAN,
            received_at=at,
            by=chair,
        )
        for _association, chair, kind, year in wanted
    )
    YearlyDocument.objects.bulk_create(
        YearlyDocument(
            association=association,
            year=year,
            kind=kind,
            file=file,
            status=DocumentStatus.ACCEPTED,
            handed_in_at=at,
            handed_in_by=chair,
            reviewed_at=at,
            reviewed_by=officer,
        )
        for (association, chair, kind, year), file in zip(wanted, files, strict=True)
    )


def _money(associations: list[Association], chairs: list[User], officer: User, at: datetime) -> None:
    BankAccount.objects.bulk_create(
        BankAccount(
            association=association,
            kind=AccountKind.BANKGIRO,
            number="50501055",
            holder=association.name,
            entered_at=at,
            entered_by=chair,
            verified_at=at,
            verified_by=officer,
        )
        for association, chair in zip(associations, chairs, strict=True)
    )


def _year(associations: list[Association], chairs: list[User], year: int, officer: User, at: datetime) -> None:
    meeting = DialogueMeeting.objects.create(title="Dialogmöte", held_on=at.date() - timedelta(days=20))
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, association=association, noted_at=at, noted_by=officer) for association in associations
    )
    YearlyConfirmation.objects.bulk_create(
        YearlyConfirmation(association=association, year=year, step=step, at=at, by=chair)
        for association, chair in zip(associations, chairs, strict=True)
        for step in YearStep
    )
