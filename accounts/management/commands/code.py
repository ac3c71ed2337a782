"""manage.py code EMAIL: the one-time code that a demonstration account's authenticator would show right now."""

import argparse
import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Show the current one-time code of a demonstration account (works only in the demonstration)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Codes are shown only in the demonstration (MEDSPEL_DEMO=1).")
        email = options["email"].strip().lower()
        factor = Authenticator.objects.filter(user__email=email, type=Authenticator.Type.TOTP).first()
        if factor is None:
            raise CommandError(f"{email} has no authenticator with a known secret.")
        counter, into = divmod(int(time.time()), app_settings.TOTP_PERIOD)
        code = format_hotp_value(hotp_value(decrypt(factor.data["secret"]), counter))
        self.stdout.write(f"{code}  (for another {app_settings.TOTP_PERIOD - into} seconds)")
