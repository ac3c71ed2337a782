"""Season times in words."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from facilities.forms.fields import clock_text
from facilities.models import SeasonTime
from facilities.models.hours import WEEKDAYS

_DAYS = dict(WEEKDAYS)


@dataclass(frozen=True, slots=True)
class TimeWords:
    """when: 'Tisdag 18.00–19.30'. where: the hall. who: the group, or that it is a block."""

    when: str
    where: str
    who: str


def when_words(time: SeasonTime) -> TimeWords:
    """Reads the hall, its venue and the section of the time, so select them."""
    day = capfirst(str(_DAYS[time.weekday]))
    when = f"{day} {clock_text(time.starts)}–{clock_text(time.ends)}"
    return TimeWords(when, str(time.hall), time.section.name if time.section else _("Block"))
