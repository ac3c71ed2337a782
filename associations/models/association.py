"""The association itself."""

from typing import Any

from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from associations.choices import AssociationStatus


class Category(models.Model):
    """A kind of association that the municipality supports (a council decision, so a row)."""

    key = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


class AssociationQuerySet(models.QuerySet["Association"]):
    def spoken_for_by(self, user: Any) -> "AssociationQuerySet":
        """The associations this user holds a mandate for today."""
        return self.filter(pk__in=user.mandates.in_force(localdate()).values("association"))


class Association(models.Model):
    name = models.CharField(_("name"), max_length=150)
    organisation_number = models.CharField(_("organisation number"), max_length=10, unique=True)  # ten digits, no hyphen
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="associations", verbose_name=_("category")
    )
    status = models.CharField(max_length=12, choices=AssociationStatus.choices, default=AssociationStatus.APPLIED)
    email = models.EmailField(_("e-mail address"), blank=True)

    objects = AssociationQuerySet.as_manager()

    class Meta:
        verbose_name = _("association")
        verbose_name_plural = _("associations")

    def __str__(self) -> str:
        return self.name
