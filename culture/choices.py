"""The words of the culture guarantee, and the whole life of an offer, a performance, a visit and a plan run on one page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SchoolStatus(models.TextChoices):
    """As in the register of school units (Skolenhetsregistret v2); the codes there are in REGISTER_STATUS."""

    PLANNED = "planned", _("planned")
    ACTIVE = "active", _("active")
    RESTING = "resting", _("resting")
    CLOSED = "closed", pgettext_lazy("a school", "closed")


class Organiser(models.TextChoices):
    """Who runs the school. Only municipal and independent ones stand on lines of their own."""

    MUNICIPAL = "municipal", _("municipal")
    INDEPENDENT = "independent", _("independent")
    STATE = "state", _("state")
    REGION = "region", _("regional")


class SchoolKind(models.TextChoices):
    PRESCHOOL_CLASS = "preschool_class", _("preschool class")
    COMPULSORY = "compulsory", _("compulsory school")
    ADAPTED = "adapted", _("adapted compulsory school")
    SPECIAL = "special", _("special school")
    SAMI = "sami", _("Sami school")
    RESOURCE = "resource", _("resource school")
    HOSPITAL = "hospital", _("hospital school")


class ClassNeed(models.TextChoices):
    """What a class as a whole needs to take part: said of the class, never of a pupil."""

    STEP_FREE = "step_free", _("step-free all the way")
    HEARING_LOOP = "hearing_loop", _("hearing loop")
    SIGN_LANGUAGE = "sign_language", _("sign language interpreter")
    CALM = "calm", _("calm surroundings")
    ADAPTED = "adapted", _("adapted for the adapted compulsory school")


class CountKind(models.TextChoices):
    OFFICIAL = "official", _("on the measuring date")
    LIVE = "live", _("as of the day")


class CountSource(models.TextChoices):
    SCHOOL = "school", _("stated by the school")
    OFFICER = "officer", _("stated by the municipality")
    FILE = "file", _("read from a list")
    SS12000 = "ss12000", _("counted in the school's system")
    CHANGE = "change", _("classes were merged or split")


class ImportKind(models.TextChoices):
    SCHOOL_UNITS = "school_units", _("school units")
    SS12000 = "ss12000", _("classes from the school's system (SS 12000)")
    CLASSES = "classes", _("classes from a list")


class ImportStatus(models.TextChoices):
    PREVIEWED = "previewed", _("looked at")
    APPLIED = "applied", _("imported")
    DISCARDED = "discarded", _("thrown away")


class ArtForm(models.TextChoices):
    THEATRE = "theatre", _("theatre")
    DANCE = "dance", _("dance")
    MUSIC = "music", _("music")
    FILM = "film", _("film")
    ART = "art", _("art")
    LITERATURE = "literature", _("literature")
    CIRCUS = "circus", _("circus")
    CRAFT = "craft", _("crafts")
    HERITAGE = "heritage", _("cultural heritage")
    OTHER = "other", _("another art form")


class EvidenceKind(models.TextChoices):
    EDUCATION = "education", _("artistic education")
    WORK = "work", _("earlier professional work")
    UNION = "union", _("membership of a professional union or association")
    GRANT = "grant", _("artist's grant or operating support")
    OTHER = "other", _("other evidence")


class OfferStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


OFFER_MOVES: dict[str, frozenset[str]] = {
    OfferStatus.DRAFT: frozenset({OfferStatus.PUBLISHED, OfferStatus.WITHDRAWN}),
    OfferStatus.PUBLISHED: frozenset({OfferStatus.WITHDRAWN}),
    OfferStatus.WITHDRAWN: frozenset({OfferStatus.PUBLISHED}),
}


class PerformanceStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("cancelled")


PERFORMANCE_MOVES: dict[str, frozenset[str]] = {
    PerformanceStatus.PLANNED: frozenset({PerformanceStatus.CANCELLED}),
    PerformanceStatus.CANCELLED: frozenset(),
}


class VisitStatus(models.TextChoices):
    """planned: set by the municipality, not told to the school yet. booked: the school has been told."""

    WAITING = "waiting", _("in the waiting list")
    PLANNED = "planned", _("planned")
    BOOKED = "booked", _("booked")
    CONFIRMED = "confirmed", _("confirmed")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("cancelled")


# Those that take seats; the database's trigger names the same (models.visit).
TAKES_SEATS = (VisitStatus.PLANNED, VisitStatus.BOOKED, VisitStatus.CONFIRMED)
# Those that count as the class's visit to an event or on a day: also one that was missed, so that it is not booked twice.
STANDS = (*TAKES_SEATS, VisitStatus.MISSED)

# from -> to: everything that may happen to a visit.
VISIT_MOVES: dict[str, frozenset[str]] = {
    VisitStatus.WAITING: frozenset({VisitStatus.PLANNED, VisitStatus.BOOKED, VisitStatus.CANCELLED}),
    VisitStatus.PLANNED: frozenset({VisitStatus.BOOKED, VisitStatus.CANCELLED}),
    VisitStatus.BOOKED: frozenset({VisitStatus.CONFIRMED, VisitStatus.MISSED, VisitStatus.CANCELLED}),
    VisitStatus.CONFIRMED: frozenset({VisitStatus.MISSED, VisitStatus.CANCELLED}),  # both only as a correction, with a reason
    VisitStatus.MISSED: frozenset({VisitStatus.CONFIRMED, VisitStatus.CANCELLED}),
    VisitStatus.CANCELLED: frozenset(),
}


# How a status looks: tone -> colour and shape (config.icons).
VISIT_TONES: dict[str, str] = {
    VisitStatus.WAITING: "waiting",
    VisitStatus.PLANNED: "neutral",
    VisitStatus.BOOKED: "info",
    VisitStatus.CONFIRMED: "success",
    VisitStatus.MISSED: "warning",
    VisitStatus.CANCELLED: "neutral",
}


class VisitSource(models.TextChoices):
    PLAN = "plan", _("the published plan")
    OFFICER = "officer", _("the municipality")
    SCHOOL = "school", _("the school")
    QUEUE = "queue", _("the waiting list")


class SchoolAnswer(models.TextChoices):
    NONE = "none", _("not answered")
    YES = "yes", _("coming")
    NO = "no", _("cannot come")
    CHANGE = "change", _("asks for another time")


class CancelledBy(models.TextChoices):
    """Who made a visit come to nothing. What the municipality cancelled goes first in the next plan."""

    NOBODY = "", "–"
    SCHOOL = "school", _("the school")
    MUNICIPALITY = "municipality", _("the municipality")
    PERFORMANCE = "performance", _("the performance was cancelled")


class LinkPurpose(models.TextChoices):
    ANSWER = "answer", _("answer to the plan")
    CONFIRM = "confirm", _("confirm visits")
    CLASSES = "classes", _("confirm the list of classes")
    EVALUATE = "evaluate", _("tell what one thought")


class MessageKind(models.TextChoices):
    """What a school is told once: the key of the row is the promise that it is not told twice."""

    PUBLISHED = "published", _("the plan is published")
    ANSWER = "answer", _("reminder to answer")
    BEFORE = "before", _("reminder before the visit")
    CONFIRM = "confirm", _("please confirm the visit")
    CONFIRM_AGAIN = "confirm_again", _("reminder to confirm the visit")
    CANCELLED = "cancelled", _("the performance is cancelled")
    CLASSES = "classes", _("please confirm the classes")
    OFFERED = "offered", _("a place came free")
    MOVED = "moved", _("a visit has a new time")
    LOST = "lost", _("a place is taken away")


class RunStatus(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("being computed")
    DONE = "done", _("computed")
    FAILED = "failed", _("failed")
    PUBLISHED = "published", _("published")
    DROPPED = "dropped", _("thrown away")


RUN_MOVES: dict[str, frozenset[str]] = {
    RunStatus.WAITING: frozenset({RunStatus.RUNNING, RunStatus.DROPPED}),
    RunStatus.RUNNING: frozenset({RunStatus.DONE, RunStatus.FAILED, RunStatus.WAITING, RunStatus.DROPPED}),
    RunStatus.DONE: frozenset({RunStatus.PUBLISHED, RunStatus.DROPPED}),
    RunStatus.FAILED: frozenset({RunStatus.WAITING, RunStatus.DROPPED}),
    RunStatus.PUBLISHED: frozenset(),
    RunStatus.DROPPED: frozenset(),
}


class EditKind(models.TextChoices):
    """What an officer says about a proposal. The next run takes it as given."""

    PLACE = "place", _("this class goes there")
    FORBID = "forbid", _("this class does not go there")
    ALLOW = "allow", _("this part of the class may go, though it is not for its grade")


class Who(models.TextChoices):
    """Who answers an evaluation."""

    TEACHER = "teacher", _("teacher")
    PUPIL = "pupil", _("pupil")
