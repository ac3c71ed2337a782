"""Where django-allauth asks the house: what is saved of a person, what a sign-in brings, which second factors stay."""

import logging
from smtplib import SMTPException
from types import SimpleNamespace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import actions, kept, second_factor
from accounts.models import User

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Signing up and in with an address of one's own."""

    def new_user(self, request: HttpRequest) -> User:
        """A person keeps the language they signed up in."""
        return User(language=get_language() or settings.LANGUAGE_CODE)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A post office that does not answer is said on the page; it is not an error page."""
        site = SimpleNamespace(name=f"Medspel – {settings.MUNICIPALITY['name']}", domain=settings.SITE_URL.partition("://")[2])
        try:
            super().send_mail(template_prefix, email, {**context, "current_site": site})
        except (SMTPException, OSError):
            logger.exception("a sign-in message could not be sent")
            messages.error(self.request, _("The message could not be sent right now. Try again in a few minutes."))

    def unstash_verified_email(self, request: HttpRequest) -> None:
        """An invited address is confirmed by its letter only for the one who signs up with that very address.

        (django-allauth would add it to any account; a link that was passed on would then take the address with it.)
        """
        return

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "accounts.adapters.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """What the directory said about this sign-in takes effect: its second factor, its roles."""
        request.session.pop("account_verified_email", None)
        kept.lengthen(request)
        sociallogin = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        if sociallogin:
            said = sociallogin.account.extra_data
            if said.get("second_factor"):
                second_factor.remember(request)
            directory = settings.DIRECTORIES.get(sociallogin.account.provider)
            if directory and directory.roles:
                actions.take_roles_from_directory(user, directory=directory, roles=frozenset(said.get("roles", [])), at=now())
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response


class SecondFactorStage(AuthenticateStage):
    """Asks for the second factor, unless the directory that the person came from has just done so."""

    def _should_handle(self, request: HttpRequest) -> bool:
        sociallogin = (self.login.signal_kwargs or {}).get("sociallogin")
        if sociallogin and sociallogin.account.extra_data.get("second_factor"):
            return False
        return bool(super()._should_handle(request))


class SocialAdapter(DefaultSocialAccountAdapter):
    """Coming from a directory: matched by the hashed claim, never by e-mail address."""

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        sociallogin.token = None  # access tokens are neither needed nor kept, not even in the session

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, {"email": data.get("email")})
        user.name = (data.get("name") or "")[:150]
        return user

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Straight in when the directory told both name and address; else the person is asked for what is missing."""
        return bool(sociallogin.user.name) and bool(super().is_auto_signup_allowed(request, sociallogin))

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        return {**super().get_signup_form_initial_data(sociallogin), "name": sociallogin.user.name}

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        logger.warning("sign-in from %s failed: %s", getattr(provider, "sub_id", provider), error or type(exception).__name__)


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are stored encrypted, and staff keep at least one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Your role needs a second factor. Add another one before you remove this."),
    }

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _vault().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if authenticator.type not in second_factor.TYPES or not authenticator.user.is_municipal_staff:
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=second_factor.TYPES).exclude(pk=authenticator.pk)
        return bool(others.exists())

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return str(_("My passkey")) if number == 1 else str(_("Passkey %(number)s") % {"number": number})

    def get_totp_issuer(self) -> str:
        return f"Medspel {settings.MUNICIPALITY['name']}"

    def _get_site_name(self) -> str:
        return "Medspel"


def _vault() -> MultiFernet:
    """Keys from settings.SECOND_FACTOR_KEYS: the first encrypts, all decrypt, so that a key can be changed."""
    return MultiFernet([Fernet(key) for key in settings.SECOND_FACTOR_KEYS])
