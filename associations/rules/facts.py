"""What the register knows about an association, and what the municipality asks of it: the input of the rules."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from records.values import Period


@dataclass(frozen=True, slots=True)
class BoardSeat:
    """One seat on the board: the role's key ("chair", "treasurer", "secretary" …) and the days of the term."""

    role: str
    term: Period[date]


@dataclass(frozen=True, slots=True)
class Dispensation:
    """A decision that one requirement need not be met during *period*. rule: its id, "A-04"."""

    rule: str
    period: Period[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What the municipality asks of an association one year.

    members_needed: active members, at least. fee_needed: kronor a year, at least. board_roles: keys that must be filled.
    home_share: percent of the members that must live in the municipality; more than this. record_months: how long an extract
    from the criminal record holds. dialogue_on: the day of this year's dialogue meeting, the last one if there are several;
    None = not set. categories: keys that are supported. kinds_excluded: keys of kinds that never are. months_old: full months
    since the founding. documents: kinds that must be accepted. dispensable: ids of rules that may be dispensed from, and for
    how many months at most. left_out: ids of rules that are not asked this year.
    """

    members_needed: int
    fee_needed: Decimal
    board_roles: tuple[str, ...]
    home_share: Decimal
    record_months: int
    dialogue_on: date | None
    categories: frozenset[str]
    kinds_excluded: frozenset[str]
    months_old: int
    documents: tuple[str, ...]
    dispensable: frozenset[str] = frozenset({"A-04", "A-07"})
    dispensation_months: int = 12
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociationFacts:
    """What the register knows about an association on one day. None means that nobody has said.

    organisation_number: as stored or typed; "" = none. category and kind: keys; kind "" = an ordinary association.
    active_members, members and members_at_home: people. member_fee: kronor a year. record_checks: for each person who meets
    children, the day of the newest extract from the criminal record that was shown, or None; the whole None when the
    association has not said who they are. dialogue_years: years whose dialogue meeting was attended. documents_accepted and
    documents_waiting: kinds, for the operating year in question; waiting = handed in, not yet checked. confirmed_on: when the
    yearly facts were last confirmed.
    """

    organisation_number: str
    category: str | None
    kind: str = ""
    statutes_approved_on: date | None = None
    democratic: bool | None = None
    open_to_all: bool | None = None
    active_members: int = 0
    members: int = 0
    members_at_home: int = 0
    member_fee: Decimal | None = None
    board: tuple[BoardSeat, ...] = ()
    seat_at_home: bool = False
    activity_at_home: bool = False
    record_checks: tuple[date | None, ...] | None = None
    dialogue_years: frozenset[int] = frozenset()
    founded_on: date | None = None
    documents_accepted: frozenset[str] = frozenset()
    documents_waiting: frozenset[str] = frozenset()
    account_verified_on: date | None = None
    entitled_to_state_support: bool = False
    state_support_applied_for: bool = False
    confirmed_on: date | None = None
    dispensations: tuple[Dispensation, ...] = ()
