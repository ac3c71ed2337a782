"""The URL tree as a list of doors, and who opens the doors that others have built."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

EVERYONE, SIGNED_IN = "everyone", "signed in"

# Views of packages, which cannot carry our mark. Everything else states its door with a decorator.
BUILT_BY_OTHERS = {
    "account_login": EVERYONE,
    "account_logout": EVERYONE,
    "account_inactive": EVERYONE,
    "account_signup": EVERYONE,
    "account_reauthenticate": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_email_verification_sent": EVERYONE,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reset_password": EVERYONE,
    "account_confirm_password_reset_code": EVERYONE,
    "account_complete_password_reset": EVERYONE,
    "account_password_reset_completed": EVERYONE,
    "account_confirm_login_code": EVERYONE,
    "account_confirm_email": EVERYONE,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": EVERYONE,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_login_webauthn": EVERYONE,
    "mfa_signup_webauthn": EVERYONE,
    "account_signup_by_passkey": EVERYONE,
    "account_request_login_code": EVERYONE,
    "socialaccount_login_cancelled": EVERYONE,
    "socialaccount_login_error": SIGNED_IN,
    "socialaccount_signup": EVERYONE,
    "socialaccount_connections": SIGNED_IN,
    "saml_acs": EVERYONE,
    "saml_finish_acs": EVERYONE,
    "saml_sls": EVERYONE,
    "saml_metadata": EVERYONE,
    "saml_login": EVERYONE,
    "openid_connect_login": EVERYONE,
    "openid_connect_callback": EVERYONE,
    "django.views.generic.base.RedirectView": SIGNED_IN,
}


@dataclass(frozen=True)
class Door:
    """One URL pattern."""

    name: str  # namespace:name, or the view's path when it has no name
    route: str
    view: Callable[..., Any]
    takes_arguments: bool

    @property
    def stated(self) -> str | None:
        """Who may open it, in the words of its decorator."""
        return getattr(self.view, "opens_to", None)

    @property
    def opens_to(self) -> str | None:
        if self.name.startswith("admin:"):
            return "administrator"
        return self.stated or BUILT_BY_OTHERS.get(self.name)

    @property
    def asks_for_sign_in(self) -> bool:
        return getattr(self.view, "login_required", True)


def doors() -> list[Door]:
    return list(_walk(get_resolver().url_patterns, (), "", takes_arguments=False))


def _walk(patterns: list[Any], spaces: tuple[str, ...], route: str, *, takes_arguments: bool) -> Iterator[Door]:
    for pattern in patterns:
        needs = takes_arguments or bool(pattern.pattern.regex.groups)
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, inside, here, takes_arguments=needs)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            shown = getattr(view, "view_class", view)
            name = ":".join((*spaces, pattern.name)) if pattern.name else f"{shown.__module__}.{shown.__qualname__}"
            yield Door(name, here, view, needs)
