from datetime import datetime
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.choices import Role
from accounts.wording import VERBS
from records import registry


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = gettext_lazy("Accounts")

    def ready(self) -> None:
        refuse_unknown_roles()
        registry.verb_words.update(VERBS)
        registry.tasks.append(erasures_asked_for)
        retention = import_module("accounts.actions.retention")  # models exist first now
        registry.disposables += [
            registry.Disposable(
                kind="accounts-person",
                title=gettext_lazy("people who have not signed in and hold nothing"),
                months=24,
                dispose=retention.forget_people,
                count=retention.count_forgotten_people,
            ),
            registry.Disposable(
                kind="accounts-invitation",
                title=gettext_lazy("addresses in invitations that have run out"),
                months=12,
                dispose=retention.forget_invitations,
                count=retention.count_forgotten_invitations,
            ),
        ]


def refuse_unknown_roles() -> None:
    """A directory that gives a role nobody knows is a mistake in the settings: say so before anyone signs in."""
    for directory in settings.DIRECTORIES.values():
        if unknown := sorted(set(directory.roles.values()) - set(Role.values)):
            raise ImproperlyConfigured(
                f"The sign-in provider {directory.id!r} gives roles that do not exist: {', '.join(unknown)}. "
                f"Roles: {', '.join(Role.values)}."
            )


def erasures_asked_for(user: Any, hat: Any, at: datetime) -> list[registry.Task]:
    """What an administrator is asked: people who want to be erased."""
    if not user.has_role(Role.ADMINISTRATOR):
        return []
    waiting = get_user_model().objects.filter(erasure_asked_at__isnull=False, pseudonymised_at=None).count()
    if not waiting:
        return []
    return [
        registry.Task(
            title=ngettext("One person asks to be erased", "%(n)s people ask to be erased", waiting) % {"n": waiting},
            why=_("Check that nothing needs them any more, and erase them."),
            url=reverse("accounts:people") + "?only=erasure",
            button=_("Show"),
        )
    ]
