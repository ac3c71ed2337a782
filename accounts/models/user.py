"""The person who signs in."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import pgtrigger
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.choices import PERMISSIONS, STAFF, Role
from accounts.models.role import RoleGrant


def _has_second_factor() -> Exists:
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_factor.TYPES))


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Any) -> "UserQuerySet":
        """Administrators see everybody; a person sees themselves."""
        if not user.is_authenticated:
            return self.none()
        return self if user.has_role(Role.ADMINISTRATOR) else self.filter(pk=user.pk)

    def holding(self, role: str, day: date) -> "UserQuerySet":
        """Active people who hold *role* on *day*."""
        return self.holding_any([role], day)

    def holding_any(self, roles: Iterable[str], day: date) -> "UserQuerySet":
        """Active people who hold one of *roles* on *day*."""
        grants = RoleGrant.objects.on(day).filter(user=OuterRef("pk"), role__in=list(roles))
        return self.filter(Exists(grants), is_active=True)

    def with_second_factor(self) -> "UserQuerySet":
        """Adds second_factor: whether the person has one."""
        return self.annotate(second_factor=_has_second_factor())

    def without_second_factor(self) -> "UserQuerySet":
        return self.filter(~_has_second_factor())

    def matching(self, words: str) -> "UserQuerySet":
        """People whose name or e-mail address contains every one of *words*."""
        people = self
        for word in words.split():
            people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
        return people


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Any) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def holding(self, role: str, day: date) -> UserQuerySet:
        return self.get_queryset().holding(role, day)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. Who they speak for and which roles they hold are rows of their own, with dates.

    A row is never deleted (the log points at it): a person who wants to leave is pseudonymised. There is no superuser and
    there are no groups: what a person may do follows from the roles alone.
    """

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=5, default="sv")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("registered"), default=now, editable=False)
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

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether a role held today gives *perm* (accounts.choices.PERMISSIONS). Nobody stands above the roles."""
        return self.is_active and bool(self.roles & PERMISSIONS.get(perm, frozenset()))

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
