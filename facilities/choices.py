"""The words of venues and the whole life of a booking and a place in a waiting list, on one page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.rules import billing
from records.choices import WorkStatus


class SpaceKind(models.TextChoices):
    SPORTS_HALL = "sports_hall", _("sports hall")
    GYM = "gym", _("gym hall")
    ICE = "ice", _("ice rink")
    POOL = "pool", _("swimming pool")
    FIELD = "field", _("field")
    RIDING = "riding", _("riding hall")
    STAGE = "stage", _("stage")
    MUSIC = "music", _("music room")
    DANCE = "dance", _("dance hall")
    EXHIBITION = "exhibition", _("exhibition room")
    CINEMA = "cinema", _("cinema")
    MEETING = "meeting", _("meeting room")
    PARTY = "party", _("party hall")
    OUTDOOR = "outdoor", _("outdoor area")
    EQUIPMENT = "equipment", _("equipment")
    OTHER = "other", _("other space")


class AccessFact(models.TextChoices):
    """What somebody needs to know before they come (after EN 17210)."""

    STEP_FREE = "step_free", _("step-free entrance")
    LIFT = "lift", _("lift")
    TOILET = "toilet", _("accessible toilet")
    CHANGING_ROOM = "changing_room", _("accessible changing room")
    PERSONAL_CARE = "personal_care", _("toilet with a bench and a hoist")
    HEARING_LOOP = "hearing_loop", _("hearing loop")
    PARKING = "parking", _("parking space for permit holders")
    WHEELCHAIR_SEATS = "wheelchair_seats", _("places for wheelchairs in the audience")
    TACTILE = "tactile", _("tactile guidance")
    QUIET = "quiet", _("quiet room")


class UseKind(models.TextChoices):
    """Everything that takes a space takes it as one of these."""

    BOOKING = "booking", _("booking")
    SEASON = "season", _("season time")
    PERFORMANCE = "performance", _("culture performance")
    OWN = "own", _("the municipality's own use")
    CLOSURE = "closure", pgettext_lazy("a space", "closed")


class BookingStatus(models.TextChoices):
    HELD = "held", _("held for you")
    REQUESTED = "requested", _("waiting for an answer")
    CONFIRMED = "confirmed", _("booked")
    CANCELLED = "cancelled", pgettext_lazy("a booking", "cancelled")
    REFUSED = "refused", _("refused")
    LAPSED = "lapsed", _("not completed in time")


# Those that take the space; the database's trigger names the same (models.booking).
TAKES_SPACE = (BookingStatus.HELD, BookingStatus.REQUESTED, BookingStatus.CONFIRMED)

# from -> to: everything that may happen to a booking.
BOOKING_MOVES: dict[str, frozenset[str]] = {
    BookingStatus.HELD: frozenset(
        {BookingStatus.REQUESTED, BookingStatus.CONFIRMED, BookingStatus.CANCELLED, BookingStatus.LAPSED}
    ),
    BookingStatus.REQUESTED: frozenset({BookingStatus.CONFIRMED, BookingStatus.REFUSED, BookingStatus.CANCELLED}),
    BookingStatus.CONFIRMED: frozenset({BookingStatus.CANCELLED}),
    BookingStatus.CANCELLED: frozenset(),
    BookingStatus.REFUSED: frozenset(),
    BookingStatus.LAPSED: frozenset(),
}


class UseForm(models.TextChoices):
    TRAINING = "training", _("training")
    MATCH = "match", _("match")
    STUDY_CIRCLE = "study_circle", _("study circle")
    COURSE = "course", _("course")
    MEETING = "meeting", _("meeting")
    ANNUAL_MEETING = "annual_meeting", _("annual meeting")
    REHEARSAL = "rehearsal", _("rehearsal")
    PERFORMANCE = "performance", _("concert or performance")
    EXHIBITION = "exhibition", _("exhibition")
    PAID_EVENT = "paid_event", _("competition or event with a paying audience")
    COMMERCIAL = "commercial", _("commercial event")
    PARTY = "party", _("party")
    OTHER = "other", _("something else")


class WaitingStatus(models.TextChoices):
    WAITING = "waiting", _("in the waiting list")
    OFFERED = "offered", _("offered")
    TAKEN = "taken", _("taken")
    PASSED = "passed", _("not answered in time")
    WITHDRAWN = "withdrawn", _("withdrawn")


WAITING_MOVES: dict[str, frozenset[str]] = {
    WaitingStatus.WAITING: frozenset({WaitingStatus.OFFERED, WaitingStatus.WITHDRAWN}),
    WaitingStatus.OFFERED: frozenset({WaitingStatus.TAKEN, WaitingStatus.PASSED, WaitingStatus.WITHDRAWN}),
    WaitingStatus.TAKEN: frozenset(),
    WaitingStatus.PASSED: frozenset(),
    WaitingStatus.WITHDRAWN: frozenset(),
}


class BillItem(models.TextChoices):
    HIRE = billing.Item.HIRE.value, _("hire")
    FEE = billing.Item.FEE.value, _("fee")


class BillKind(models.TextChoices):
    INVOICE = billing.BillKind.INVOICE.value, _("invoice")
    CREDIT = billing.BillKind.CREDIT.value, _("credit note")


# Kinds of use that somebody may have to pay for.
HIRED = (UseKind.BOOKING, UseKind.SEASON)


class FaultStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("a fault", "reported")
    MENDING = "mending", _("being mended")
    DONE = "done", _("mended")


FAULT_MOVES: dict[str, frozenset[str]] = {
    FaultStatus.OPEN: frozenset({FaultStatus.MENDING, FaultStatus.DONE}),
    FaultStatus.MENDING: frozenset({FaultStatus.OPEN, FaultStatus.DONE}),
    FaultStatus.DONE: frozenset({FaultStatus.OPEN}),
}
FAULT_TONES: dict[str, str] = {FaultStatus.OPEN: "warning", FaultStatus.MENDING: "waiting", FaultStatus.DONE: "success"}


class SwapStatus(models.TextChoices):
    PROPOSED = "proposed", _("waiting for an answer")
    ACCEPTED = "accepted", _("swapped")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("not answered in time")


SWAP_MOVES: dict[str, frozenset[str]] = {
    SwapStatus.PROPOSED: frozenset({SwapStatus.ACCEPTED, SwapStatus.DECLINED, SwapStatus.WITHDRAWN, SwapStatus.LAPSED}),
    SwapStatus.ACCEPTED: frozenset(),
    SwapStatus.DECLINED: frozenset(),
    SwapStatus.WITHDRAWN: frozenset(),
    SwapStatus.LAPSED: frozenset(),
}

# What a space of a kind is usually used for: the price that is shown before anybody has said what for.
USUAL_FORM: dict[str, str] = {
    SpaceKind.STAGE: UseForm.PERFORMANCE,
    SpaceKind.MUSIC: UseForm.REHEARSAL,
    SpaceKind.EXHIBITION: UseForm.EXHIBITION,
    SpaceKind.CINEMA: UseForm.PERFORMANCE,
    SpaceKind.MEETING: UseForm.MEETING,
    SpaceKind.PARTY: UseForm.PARTY,
}

# How a status looks: tone -> colour and shape (config.icons).
BOOKING_TONES: dict[str, str] = {
    BookingStatus.HELD: "waiting",
    BookingStatus.REQUESTED: "waiting",
    BookingStatus.CONFIRMED: "success",
    BookingStatus.CANCELLED: "neutral",
    BookingStatus.REFUSED: "danger",
    BookingStatus.LAPSED: "neutral",
}
WAITING_TONES: dict[str, str] = {
    WaitingStatus.WAITING: "waiting",
    WaitingStatus.OFFERED: "warning",
    WaitingStatus.TAKEN: "success",
    WaitingStatus.PASSED: "neutral",
    WaitingStatus.WITHDRAWN: "neutral",
}
SWAP_TONES: dict[str, str] = {
    SwapStatus.PROPOSED: "waiting",
    SwapStatus.ACCEPTED: "success",
    SwapStatus.DECLINED: "neutral",
    SwapStatus.WITHDRAWN: "neutral",
    SwapStatus.LAPSED: "neutral",
}

# Uses that the public is invited to: their title is shown to everybody in the tables.
PUBLIC_FORMS = frozenset({UseForm.MATCH, UseForm.PERFORMANCE, UseForm.EXHIBITION, UseForm.PAID_EVENT})


class RoundStatus(models.TextChoices):
    """A season's round, from the first draft to the last follow-up."""

    PLANNED = "planned", _("being prepared")
    OPEN = "open", _("open for wishes")
    CLOSED = "closed", _("wishes are in")
    PROPOSED = "proposed", _("proposed, open for comments")
    DECIDED = "decided", _("decided")


ROUND_MOVES: dict[str, frozenset[str]] = {
    RoundStatus.PLANNED: frozenset({RoundStatus.OPEN}),
    RoundStatus.OPEN: frozenset({RoundStatus.CLOSED}),
    RoundStatus.CLOSED: frozenset({RoundStatus.OPEN, RoundStatus.PROPOSED}),  # opened again when something went wrong
    RoundStatus.PROPOSED: frozenset({RoundStatus.CLOSED, RoundStatus.DECIDED}),
    RoundStatus.DECIDED: frozenset({RoundStatus.PROPOSED}),  # undone before the season begins
}
ROUND_TONES: dict[str, str] = {
    RoundStatus.PLANNED: "neutral",
    RoundStatus.OPEN: "waiting",
    RoundStatus.CLOSED: "info",
    RoundStatus.PROPOSED: "warning",
    RoundStatus.DECIDED: "success",
}


class RunStatus(models.TextChoices):
    """A proposal of a season's times, from the press of the button."""

    WAITING = "waiting", _("waiting for the worker")
    RUNNING = "running", _("being computed")
    DONE = "done", _("computed")
    FAILED = "failed", _("could not be computed")
    DROPPED = "dropped", _("thrown away")


RUN_MOVES: dict[str, frozenset[str]] = {
    RunStatus.WAITING: frozenset({RunStatus.RUNNING, RunStatus.DROPPED}),
    RunStatus.RUNNING: frozenset({RunStatus.WAITING, RunStatus.DONE, RunStatus.FAILED, RunStatus.DROPPED}),
    RunStatus.DONE: frozenset({RunStatus.DROPPED}),
    RunStatus.FAILED: frozenset({RunStatus.DROPPED}),
    RunStatus.DROPPED: frozenset(),
}
RUN_TONES: dict[str, str] = {
    RunStatus.WAITING: "waiting",
    RunStatus.RUNNING: "waiting",
    RunStatus.DONE: "success",
    RunStatus.FAILED: "danger",
    RunStatus.DROPPED: "neutral",
}


class SeasonTask(models.TextChoices):
    """What the worker does with a season's decision."""

    DECIDE = "decide", _("the season is decided")
    UNDO = "undo", _("the decision is undone")


WORK_TONES: dict[str, str] = {
    WorkStatus.WAITING: "waiting",
    WorkStatus.RUNNING: "waiting",
    WorkStatus.DONE: "success",
    WorkStatus.FAILED: "danger",
    WorkStatus.DROPPED: "neutral",
}


class StepKind(models.TextChoices):
    """What an officer does to a proposal; each makes a new version of it."""

    COMPUTED = "computed", _("computed")
    LOCK = "lock", _("locked")
    FREE = "free", _("unlocked")
    MOVE = "move", _("moved")
    ADD = "add", _("added")
    REMOVE = "remove", _("taken out")
    SPLIT = "split", _("divided")
    SWAP = "swap", _("swapped")


class TimeStatus(models.TextChoices):
    """A weekly time that was decided, or that came free and is held for the one it is offered to."""

    OFFERED = "offered", _("offered")
    STANDING = "standing", _("stands")
    RELEASED = "released", _("given back")
    TAKEN_BACK = "taken_back", _("taken back")
    NOT_TAKEN = "not_taken", _("not taken")


TIME_MOVES: dict[str, frozenset[str]] = {
    TimeStatus.OFFERED: frozenset({TimeStatus.STANDING, TimeStatus.NOT_TAKEN}),
    TimeStatus.STANDING: frozenset({TimeStatus.RELEASED, TimeStatus.TAKEN_BACK}),
    TimeStatus.RELEASED: frozenset(),
    TimeStatus.TAKEN_BACK: frozenset(),
    TimeStatus.NOT_TAKEN: frozenset(),
}


class TimeOfferStatus(models.TextChoices):
    """A time that came free, offered to the next in order."""

    OFFERED = "offered", _("offered")
    TAKEN = "taken", _("taken")
    DECLINED = "declined", _("declined")
    PASSED = "passed", _("not answered in time")
    WITHDRAWN = "withdrawn", _("withdrawn")


TIME_OFFER_MOVES: dict[str, frozenset[str]] = {
    TimeOfferStatus.OFFERED: frozenset(
        {TimeOfferStatus.TAKEN, TimeOfferStatus.DECLINED, TimeOfferStatus.PASSED, TimeOfferStatus.WITHDRAWN}
    ),
    TimeOfferStatus.TAKEN: frozenset(),
    TimeOfferStatus.DECLINED: frozenset(),
    TimeOfferStatus.PASSED: frozenset(),
    TimeOfferStatus.WITHDRAWN: frozenset(),
}
