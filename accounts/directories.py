"""Who else may vouch for a person: BankID and Freja brokers, the municipality's directory. Read from the environment.

OIDC_PROVIDERS and SAML_PROVIDERS hold a JSON list each; docs/sign-in.md shows examples. Plain Python: settings read this
before Django has started.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# Claims that carry a personal number: nothing but its keyed hash is kept of what comes with them.
PERSONAL_NUMBER_CLAIMS = frozenset(
    {
        "https://id.oidc.se/claim/personalIdentityNumber",
        "https://id.oidc.se/claim/coordinationNumber",
        "urn:oid:1.2.752.29.4.13",
        "urn:oid:1.2.752.201.3.4",
    }
)
MAY_TAKE = frozenset({"name", "email"})


class DirectoryRefused(ValueError):
    """The setting cannot be used; str() says where and why."""


@dataclass(frozen=True, slots=True)
class Directory:
    """One place that vouches for people.

    uid_claim: what tells two people apart there. takes: which of name and e-mail address are brought along.
    second_factor: True when every sign-in there uses one; or the claim and the values that say so for one sign-in.
    roles: group there -> role here. email_domains: addresses there that need no code by e-mail here.
    """

    id: str
    name: str
    kind: str
    uid_claim: str
    takes: frozenset[str] = frozenset()
    second_factor: bool | tuple[str, frozenset[str]] = False
    groups_claim: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    email_domains: tuple[str, ...] = ()
    app: Mapping[str, Any] = field(default_factory=dict)  # what django-allauth reads

    @property
    def knows_personal_numbers(self) -> bool:
        return self.uid_claim in PERSONAL_NUMBER_CLAIMS

    def proves_second_factor(self, claims: Mapping[str, list[str]]) -> bool:
        """Whether the sign-in that gave *claims* used a second factor."""
        if isinstance(self.second_factor, bool):
            return self.second_factor
        claim, values = self.second_factor
        return not values.isdisjoint(claims.get(claim, []))

    def roles_of(self, claims: Mapping[str, list[str]]) -> frozenset[str]:
        """The roles that the groups in *claims* give."""
        return frozenset(self.roles[group] for group in claims.get(self.groups_claim, []) if group in self.roles)

    def hashed_uid(self, value: str, key: str) -> str:
        """What is stored of the person's number there: a keyed hash. Personal numbers hash the same in every directory.

        Raises ValueError when a personal number is not twelve digits.
        """
        realm = self.id
        if self.knows_personal_numbers:
            realm, value = "personal-number", re.sub(r"[\s-]", "", value)
            if not re.fullmatch(r"\d{12}", value):
                raise ValueError("a personal number has twelve digits")
        return hmac.new(key.encode(), f"{realm}:{value}".encode(), hashlib.sha256).hexdigest()


def read_oidc(text: str) -> list[Directory]:
    """Directories that speak OpenID Connect, from the JSON in OIDC_PROVIDERS."""
    found = []
    for number, entry in enumerate(_entries(text, "OIDC_PROVIDERS"), 1):
        where = f"OIDC_PROVIDERS, entry {number}"
        _keys(entry, where, needed={"id", "name", "client_id", "secret", "server_url"}, known=_COMMON | _OIDC)
        directory = _directory(entry, where, kind="oidc", uid_claim=entry.get("uid_claim", "sub"))
        scope = [
            "openid",
            *(["profile"] if "name" in directory.takes else []),
            *(["email"] if "email" in directory.takes else []),
        ]
        settings = {"server_url": _address(entry["server_url"], where), "scope": entry.get("scope", scope)}
        if "token_auth_method" in entry:
            settings["token_auth_method"] = entry["token_auth_method"]
        found.append(_with_app(directory, client_id=entry["client_id"], secret=entry["secret"], settings=settings))
    return found


def read_saml(text: str) -> list[Directory]:
    """Directories that speak SAML 2.0, from the JSON in SAML_PROVIDERS."""
    found = []
    for number, entry in enumerate(_entries(text, "SAML_PROVIDERS"), 1):
        where = f"SAML_PROVIDERS, entry {number}"
        _keys(entry, where, needed={"id", "name", "entity_id", "uid_claim"}, known=_COMMON | _SAML)
        directory = _directory(entry, where, kind="saml", uid_claim=entry["uid_claim"])
        mapping = {"uid": [directory.uid_claim]}
        settings = {"idp": _idp(entry, where), "attribute_mapping": mapping, "advanced": _security(entry, where)}
        if "sp_entity_id" in entry:
            settings["sp"] = {"entity_id": entry["sp_entity_id"]}
        found.append(_with_app(directory, client_id=directory.id, settings=settings))
    return found


def by_id(directories: Iterable[Directory]) -> dict[str, Directory]:
    """id -> directory; ids are shared between OpenID Connect and SAML because accounts are stored under them."""
    found: dict[str, Directory] = {}
    for directory in directories:
        if directory.id in found:
            raise DirectoryRefused(f"Two sign-in providers have the id {directory.id!r}: give each its own.")
        found[directory.id] = directory
    return found


def for_allauth(directories: Mapping[str, Directory]) -> dict[str, dict[str, Any]]:
    """SOCIALACCOUNT_PROVIDERS as django-allauth reads it."""

    def apps(kind: str) -> list[Mapping[str, Any]]:
        return [directory.app for directory in directories.values() if directory.kind == kind]

    return {
        "openid_connect": {
            "provider_class": "accounts.providers.HouseOpenIDConnect",
            "OAUTH_PKCE_ENABLED": True,
            "APPS": apps("oidc"),
        },
        "saml": {"provider_class": "accounts.providers.HouseSAML", "APPS": apps("saml")},
    }


_COMMON = {"id", "name", "uid_claim", "takes", "second_factor", "groups_claim", "roles", "email_domains"}
_OIDC = {"client_id", "secret", "server_url", "scope", "token_auth_method"}
_SAML = {
    "entity_id",
    "metadata_url",
    "sso_url",
    "slo_url",
    "certificate",
    "sp_entity_id",
    "sp_certificate",
    "sp_private_key",
    "sign_message",
}


def _entries(text: str, name: str) -> list[dict[str, Any]]:
    if not text.strip():
        return []
    try:
        entries = json.loads(text)
    except json.JSONDecodeError as error:
        raise DirectoryRefused(f"{name} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DirectoryRefused(f"{name} must be a list of objects: [{{...}}, {{...}}].")
    return entries


def _keys(entry: Mapping[str, Any], where: str, *, needed: set[str], known: set[str]) -> None:
    if missing := sorted(key for key in needed if not entry.get(key)):
        raise DirectoryRefused(f"{where}: {', '.join(missing)} is missing.")
    if unknown := sorted(set(entry) - known):
        raise DirectoryRefused(f"{where}: {', '.join(unknown)} is not a known key. Known: {', '.join(sorted(known))}.")
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,30}", str(entry["id"])):
        raise DirectoryRefused(f"{where}: id must be small letters, digits and hyphens, got {entry['id']!r}.")
    if len(entry["name"]) > 40:
        raise DirectoryRefused(f"{where}: name is longer than 40 characters.")


def _directory(entry: Mapping[str, Any], where: str, *, kind: str, uid_claim: str) -> Directory:
    personal = uid_claim in PERSONAL_NUMBER_CLAIMS
    takes = frozenset(entry.get("takes", [] if personal else ["name", "email"]))
    if takes - MAY_TAKE:
        raise DirectoryRefused(f"{where}: takes may hold {' and '.join(sorted(MAY_TAKE))}, got {', '.join(sorted(takes))}.")
    if personal and takes:
        raise DirectoryRefused(
            f"{where}: nothing may be taken from a provider of personal numbers (protected identities); leave takes empty."
        )
    roles = entry.get("roles", {})
    if not isinstance(roles, dict) or (roles and not entry.get("groups_claim")):
        raise DirectoryRefused(f"{where}: roles is an object, group -> role, and needs groups_claim.")
    if "decision_maker" in roles.values():
        raise DirectoryRefused(f"{where}: decision_maker cannot come from a group; a delegation and its limit are given by name.")
    return Directory(
        id=entry["id"],
        name=entry["name"],
        kind=kind,
        uid_claim=uid_claim,
        takes=takes,
        second_factor=_second_factor(entry.get("second_factor", False), where),
        groups_claim=entry.get("groups_claim", ""),
        roles=roles,
        email_domains=tuple(str(domain).lower() for domain in entry.get("email_domains", [])),
    )


def _second_factor(value: Any, where: str) -> bool | tuple[str, frozenset[str]]:
    if isinstance(value, bool):
        return value
    if isinstance(value, dict) and set(value) == {"claim", "values"} and isinstance(value["values"], list) and value["values"]:
        return value["claim"], frozenset(value["values"])
    raise DirectoryRefused(f'{where}: second_factor is true, false or {{"claim": "amr", "values": ["mfa"]}}.')


def _with_app(directory: Directory, *, client_id: str, settings: dict[str, Any], secret: str = "") -> Directory:
    settings["verified_email"] = list(directory.email_domains)
    app = {
        "provider_id": directory.id,
        "name": directory.name,
        "client_id": client_id,
        "secret": secret,
        "settings": settings,
    }
    return Directory(**{name: getattr(directory, name) for name in Directory.__slots__ if name != "app"}, app=app)


def _address(value: str, where: str) -> str:
    if not re.match(r"https://|http://(localhost|127\.0\.0\.1|\[::1\])[:/]", value):
        raise DirectoryRefused(f"{where}: {value!r} must begin with https://.")
    return value.rstrip("/")


def _idp(entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    if entry.get("metadata_url"):
        return {"entity_id": entry["entity_id"], "metadata_url": _address(entry["metadata_url"], where)}
    if not entry.get("sso_url") or not entry.get("certificate"):
        raise DirectoryRefused(f"{where}: give metadata_url, or both sso_url and certificate.")
    idp = {
        "entity_id": entry["entity_id"],
        "sso_url": _address(entry["sso_url"], where),
        "x509cert": _bare(entry["certificate"]),
    }
    return idp | ({"slo_url": _address(entry["slo_url"], where)} if entry.get("slo_url") else {})


def _security(entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Strict: signed assertions, no sign-in that we did not ask for; our requests are signed when we have a key."""
    security: dict[str, Any] = {
        "strict": True,
        "want_assertion_signed": True,
        "want_message_signed": bool(entry.get("sign_message", False)),
        "reject_idp_initiated_sso": True,
        "reject_deprecated_algorithm": True,
        "want_name_id": False,
    }
    if bool(entry.get("sp_certificate")) != bool(entry.get("sp_private_key")):
        raise DirectoryRefused(f"{where}: sp_certificate and sp_private_key belong together.")
    if entry.get("sp_private_key"):
        security |= {
            "x509cert": _bare(entry["sp_certificate"]),
            "private_key": _bare(entry["sp_private_key"]),
            "authn_request_signed": True,
            "logout_request_signed": True,
            "logout_response_signed": True,
            "metadata_signed": True,
        }
    return security


def _bare(pem: str) -> str:
    """A certificate or key without its BEGIN and END lines and without line breaks."""
    return re.sub(r"-----[A-Z ]+-----|\s", "", pem)
