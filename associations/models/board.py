"""Who sits on the board, as whom, since when."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.utils.translation import gettext_lazy as _

from associations.choices import REACHABLE_ROLES, BoardRole, Sex
from associations.models.association import Association
from associations.models.history import tracked


class DateRange(Func):
    """[since, until) as PostgreSQL counts days; until may be NULL: still running."""

    function = "daterange"


class BoardMemberQuerySet(models.QuerySet["BoardMember"]):
    def in_office(self, day: date) -> "BoardMemberQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def in_order_of_role(self) -> "BoardMemberQuerySet":
        """The chair first."""
        places = [When(role=role, then=place) for place, role in enumerate(BoardRole)]
        return self.order_by(Case(*places), "since", "pk")

    def not_over(self, day: date) -> "BoardMemberQuerySet":
        """In office, or elected and not yet begun."""
        return self.filter(Q(until=None) | Q(until__gt=day))


@tracked()
class BoardMember(models.Model):
    """One person in one role for one term, half open. Little and purposeful: only chair and contact can be reached."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="board")
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=10, choices=BoardRole.choices)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="board_seats"
    )

    objects = BoardMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("board member")
        verbose_name_plural = _("board members")
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(name="board_term_ends_after_it_begins", condition=Q(until=None) | Q(until__gt=F("since"))),
            models.CheckConstraint(name="board_member_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="board_only_chair_and_contact_can_be_reached",
                condition=Q(role__in=REACHABLE_ROLES) | Q(email="", phone=""),
            ),
            models.CheckConstraint(
                name="board_birth_year_is_a_year",
                condition=Q(birth_year=None) | Q(birth_year__gte=1900, birth_year__lte=2200),
            ),
            ExclusionConstraint(
                name="board_has_one_chair_at_a_time",
                expressions=[
                    ("association", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(role=BoardRole.CHAIR),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_role_display()}"

    @property
    def last_day(self) -> date | None:
        """The last day in office, as people say it."""
        return self.until - timedelta(days=1) if self.until else None
