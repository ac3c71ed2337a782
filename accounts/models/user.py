"""The person who signs in."""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import pgtrigger
from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.choices import STAFF, Role


class UserQuerySet(models.QuerySet["User"]):
    def holding(self, role: str, day: date) -> "UserQuerySet":
        """Active people who hold *role* on *day*."""
        in_force = Q(role_grants__until=None) | Q(role_grants__until__gt=day)
        return self.filter(in_force, role_grants__role=role, role_grants__since__lte=day, is_active=True).distinct()

    def matching(self, words: str) -> "UserQuerySet":
        """People whose name or e-mail address contains every one of *words*."""
        people = self
        for word in words.split():
            people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
        return people


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def holding(self, role: str, day: date) -> UserQuerySet:
        return self.get_queryset().holding(role, day)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Who they speak for and which roles they hold are rows of their own, with dates.

    A row is never deleted (the log points at it): a person who wants to leave is pseudonymised.
    """

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=5, default="sv")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the reference tables"), default=False)
    created_at = models.DateTimeField(_("registered"), auto_now_add=True)
    erasure_asked_at = models.DateTimeField(_("asked to be erased"), null=True, blank=True)
    pseudonymised_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_case"),
            models.CheckConstraint(
                name="user_pseudonymised_has_no_name_and_no_way_in",
                condition=Q(pseudonymised_at=None) | Q(name="", is_active=False),
            ),
        ]
        triggers = [pgtrigger.Protect(name="user_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        if self.pseudonymised_at:
            return f"{_('User')} #{self.pk}"
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles this user holds today (one query, kept for the request)."""
        return frozenset(self.role_grants.on(localdate()).values_list("role", flat=True))

    def has_role(self, *roles: str) -> bool:
        return self.is_active and bool(self.roles & set(roles))

    @cached_property
    def verified_emails(self) -> frozenset[str]:
        """The addresses this person has shown to be theirs, in small letters."""
        return frozenset(EmailAddress.objects.filter(user=self, verified=True).values_list("email", flat=True))

    @property
    def is_municipal_staff(self) -> bool:
        """Holds a role that demands a second factor."""
        return self.has_role(*STAFF)

    def delegation_limit(self, day: date) -> Decimal | None:
        """Kronor this user may decide alone on *day*; None: nothing is delegated to them."""
        grant = self.role_grants.on(day).filter(role=Role.DECISION_MAKER).first()
        return grant.delegation_limit if grant else None
