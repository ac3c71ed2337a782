"""What is read of a person who comes from a directory: a keyed hash, the roles, and no more than the setting allows.

The classes stand in for django-allauth's own (settings.SOCIALACCOUNT_PROVIDERS, provider_class).
"""

import logging
from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings

from accounts.directories import Directory

logger = logging.getLogger(__name__)

Claims = dict[str, list[str]]


def as_lists(raw: Mapping[str, Any]) -> Claims:
    """Every claim as a list of text, whatever shape the directory gave it."""

    def listed(value: Any) -> list[str]:
        values = value if isinstance(value, list | tuple) else [value]
        return [str(item) for item in values if isinstance(item, str | int | float) and not isinstance(item, bool)]

    return {claim: listed(value) for claim, value in raw.items()}


class _FromDirectory:
    """What both protocols share; the subclass turns its own answer into claims."""

    request: Any
    app: Any
    name_claims: tuple[str, ...]
    given_and_family: tuple[tuple[str, ...], tuple[str, ...]]
    email_claims: tuple[str, ...]

    @property
    def directory(self) -> Directory:
        directory: Directory = settings.DIRECTORIES[self.app.provider_id]
        return directory

    def serialize(self) -> dict[str, Any]:
        """Found again by our own id: two providers may have given us the same client id."""
        return {"id": self.app.provider_id, "app.client_id": self.app.client_id}

    def claims(self, data: Any) -> Claims:
        raise NotImplementedError

    def extract_uid(self, data: Any) -> str:
        values = self.claims(data).get(self.directory.uid_claim, [])
        try:
            if not values or not values[0]:
                raise ValueError(f"no claim {self.directory.uid_claim}")
            return self.directory.hashed_uid(values[0], settings.PERSON_HASH_KEY)
        except ValueError as refusal:
            logger.warning("sign-in from %s refused: %s", self.directory.id, refusal)
            raise ImmediateHttpResponse(render_authentication_error(self.request, self)) from None

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """What is stored beside the hash: no name, no number, no address."""
        claims = self.claims(data)
        return {
            "roles": sorted(self.directory.roles_of(claims)),
            "second_factor": self.directory.proves_second_factor(claims),
        }

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        claims, fields = self.claims(data), {}
        if "name" in self.directory.takes:
            parts = (_first(claims, names) for names in self.given_and_family)
            fields["name"] = _first(claims, self.name_claims) or " ".join(part for part in parts if part)
        if email := self._email(claims):
            fields["email"] = email
        return fields

    def extract_email_addresses(self, data: Any) -> list[EmailAddress]:
        claims = self.claims(data)
        email = self._email(claims)
        return [EmailAddress(email=email, verified=self._vouches(data, email), primary=True)] if email else []

    def _email(self, claims: Claims) -> str:
        return _first(claims, self.email_claims).lower() if "email" in self.directory.takes else ""

    def _vouches(self, data: Any, email: str) -> bool:
        """Whether the address counts as shown to be the person's own: only in the domains that the setting names."""
        return email.rpartition("@")[2] in self.directory.email_domains


class HouseOpenIDConnect(_FromDirectory, OpenIDConnectProvider):
    package = "allauth.socialaccount.providers.openid_connect"
    name_claims = ("name",)
    given_and_family = (("given_name",), ("family_name",))
    email_claims = ("email",)

    def claims(self, data: Any) -> Claims:
        """ID token and user info together; they must speak of the same person."""
        token, info = data.get("id_token") or {}, data.get("userinfo") or {}
        if token and info and token.get("sub") != info.get("sub"):
            logger.warning("sign-in from %s refused: user info is about somebody else", self.directory.id)
            raise ImmediateHttpResponse(render_authentication_error(self.request, self))
        return as_lists({**token, **info})


class HouseSAML(_FromDirectory, SAMLProvider):
    package = "allauth.socialaccount.providers.saml"
    name_claims = ("displayName", "urn:oid:2.16.840.1.113730.3.1.241", "http://schemas.microsoft.com/identity/claims/displayname")
    given_and_family = (
        ("givenName", "urn:oid:2.5.4.42", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname"),
        ("sn", "urn:oid:2.5.4.4", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname"),
    )
    email_claims = (
        "mail",
        "urn:oid:0.9.2342.19200300.100.1.3",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    )

    def claims(self, data: Any) -> Claims:
        """The attributes, and under 'authn_context' how the person signed in."""
        return as_lists({**data.get_attributes(), "authn_context": list(data.get_last_authn_contexts() or [])})


def _first(claims: Claims, names: tuple[str, ...]) -> str:
    return next((claims[name][0].strip() for name in names if claims.get(name)), "")
