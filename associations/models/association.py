"""The association itself."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Lower
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from associations.choices import IN_REGISTER, TONES, AssociationStatus, ExcludedKind, Signing, StatutesApprovedBy
from associations.models.history import tracked
from associations.models.reference import Activity, Area, Category
from associations.municipalities import MUNICIPALITIES
from associations.rules.numbers import organisation_number_text
from records.models import Case


class AssociationQuerySet(models.QuerySet["Association"]):
    def spoken_for_by(self, user: Any) -> "AssociationQuerySet":
        """The associations this user holds a mandate for today."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=user.mandates.in_force(localdate()).values("association"))

    def with_link_to(self, user: Any) -> "AssociationQuerySet":
        """Those in which this user holds a mandate or a board seat today: a conflict of interest for an official."""
        day = localdate()
        seats = Q(board__user=user, board__since__lte=day) & (Q(board__until=None) | Q(board__until__gt=day))
        seated = Association.objects.filter(seats).values("pk")
        return self.filter(Q(pk__in=user.mandates.in_force(day).values("association")) | Q(pk__in=seated))

    def visible_to(self, user: Any) -> "AssociationQuerySet":
        """What this user may read in full: the whole register for those who keep it, else the ones they speak for."""
        return self.all() if user.has_perm("associations.read_register") else self.spoken_for_by(user)

    def public(self) -> "AssociationQuerySet":
        """What anyone may find: in the register, and the association has said yes."""
        return self.filter(status=AssociationStatus.REGISTERED, is_public=True)

    def awaiting_approval(self) -> "AssociationQuerySet":
        return self.filter(status=AssociationStatus.APPLIED)

    def in_register(self) -> "AssociationQuerySet":
        return self.filter(status__in=IN_REGISTER)

    def in_swedish_order(self) -> "AssociationQuerySet":
        """By name with å, ä, ö last, the same on every server (the embedded one has no ICU collations)."""
        folded = Func(Lower("name"), Value("åäö"), Value("{|}"), function="translate")
        return self.order_by(models.functions.Collate(folded, "C"), "pk")


@tracked("version")
class Association(models.Model):
    """An association in the municipality's register, or on its way in.

    Case: the registration's. version counts changes of the facts: a page that was opened on an older one is told so.
    """

    name = models.CharField(_("name"), max_length=150)
    organisation_number = models.CharField(_("organisation number"), max_length=10, unique=True)  # ten digits, no hyphen
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="associations", verbose_name=_("category")
    )
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="associations", verbose_name=_("main activity")
    )
    status = models.CharField(_("status"), max_length=12, choices=AssociationStatus.choices, default=AssociationStatus.APPLIED)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    is_public = models.BooleanField(_("shown in the public register"), default=True)

    seat = models.CharField(_("seat"), max_length=4, choices=sorted(MUNICIPALITIES.items()), blank=True)  # municipality code
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="associations", verbose_name=_("area")
    )
    acts_here = models.BooleanField(_("activity in the municipality"), null=True, blank=True)
    meets_children = models.BooleanField(_("activities for children"), null=True, blank=True)
    federation = models.CharField(_("national federation"), max_length=150, blank=True)
    kind = models.CharField(_("kind that never gets support"), max_length=12, choices=ExcludedKind.choices, blank=True)
    entitled_to_state_support = models.BooleanField(_("may apply for state LOK support"), default=False)
    state_support_applied_on = models.DateField(_("applied for state LOK support"), null=True, blank=True)

    founded_on = models.DateField(_("founded"), null=True, blank=True)
    applied_on = models.DateField(_("applied for registration"), null=True, blank=True)
    registered_on = models.DateField(_("registered"), null=True, blank=True)
    statutes_approved_on = models.DateField(_("statutes approved"), null=True, blank=True)
    statutes_approved_by = models.CharField(
        _("statutes approved by"), max_length=12, choices=StatutesApprovedBy.choices, blank=True
    )
    democratic_on = models.DateField(_("declared itself democratic"), null=True, blank=True)
    open_to_all_on = models.DateField(_("declared itself open to all"), null=True, blank=True)
    membership_fee = models.DecimalField(
        _("membership fee, kronor a year"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    signing = models.CharField(_("signing"), max_length=12, choices=Signing.choices, default=Signing.ALONE)
    year_begins_in = models.PositiveSmallIntegerField(_("first month of the operating year"), default=1)

    street = models.CharField(_("postal address"), max_length=150, blank=True)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)  # five digits, no space
    town = models.CharField(_("town"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    website = models.URLField(_("website"), blank=True)

    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="association")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)

    objects = AssociationQuerySet.as_manager()

    class Meta:
        verbose_name = _("association")
        verbose_name_plural = _("associations")
        indexes = [models.Index(fields=["status"], name="association_by_status")]
        constraints = [
            models.CheckConstraint(name="association_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="association_number_is_ten_digits", condition=Q(organisation_number__regex=r"^[0-9]{10}$")
            ),
            models.CheckConstraint(
                name="association_in_register_since_a_day",
                condition=~Q(status__in=IN_REGISTER) | Q(registered_on__isnull=False),
            ),
            models.CheckConstraint(
                name="association_statutes_approved_some_day_by_somebody",
                condition=Q(statutes_approved_on=None, statutes_approved_by="")
                | (Q(statutes_approved_on__isnull=False) & ~Q(statutes_approved_by="")),
            ),
            models.CheckConstraint(
                name="association_fee_not_negative", condition=Q(membership_fee=None) | Q(membership_fee__gte=0)
            ),
            models.CheckConstraint(
                name="association_postcode_is_five_digits", condition=Q(postcode="") | Q(postcode__regex=r"^[0-9]{5}$")
            ),
            models.CheckConstraint(
                name="association_year_begins_in_a_month", condition=Q(year_begins_in__gte=1, year_begins_in__lte=12)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def number_with_hyphen(self) -> str:
        """As people write it: '802416-1234'."""
        return organisation_number_text(self.organisation_number)

    @property
    def postcode_with_space(self) -> str:
        """As people write it: '691 32'."""
        return f"{self.postcode[:3]} {self.postcode[3:]}".strip()

    @property
    def tone(self) -> str:
        """How the status looks: the tone of its tag."""
        return TONES[AssociationStatus(self.status)]

    @property
    def needs_two(self) -> bool:
        """Whether an act of signing takes two people."""
        return self.signing == Signing.TWO_JOINTLY

    def operating_year(self, day: date) -> int:
        """The operating year that *day* falls in, named by the calendar year in which it begins."""
        return day.year if day.month >= self.year_begins_in else day.year - 1

    def year_label(self, year: int) -> str:
        """'2026', or '2026/2027' when the operating year is split."""
        return str(year) if self.year_begins_in == 1 else f"{year}/{year + 1}"
