"""manage.py invite_administrator EMAIL: how the first person comes in. Whoever may run this command already owns the house."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils.timezone import now

from accounts import actions
from accounts.choices import Role


class Command(BaseCommand):
    help = "Invite an administrator by e-mail, and print the link."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        invitation, token = actions.invite(options["email"], by=None, at=now(), role=Role.ADMINISTRATOR)
        self.stdout.write(f"Invited {invitation.email} until {invitation.expires_at:%Y-%m-%d}. The letter holds this link:")
        self.stdout.write(settings.SITE_URL + reverse(invitation.page, args=[token]))
