from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """A directory that gives a role nobody knows is a mistake in the settings: say so before anyone signs in."""
        for directory in settings.DIRECTORIES.values():
            if unknown := sorted(set(directory.roles.values()) - set(Role.values)):
                raise ImproperlyConfigured(
                    f"The sign-in provider {directory.id!r} gives roles that do not exist: {', '.join(unknown)}. "
                    f"Roles: {', '.join(Role.values)}."
                )
