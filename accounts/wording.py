"""What is noted in the log, in words (records.registry.verb_words)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "accounts.person_added": _("A person was added"),
    "accounts.role_given": _("A role was given"),
    "accounts.role_ended": _("A role was ended"),
    "accounts.limit_changed": _("A delegation limit was changed"),
    "accounts.invited": _("A person was invited"),
    "accounts.invitation_accepted": _("An invitation was accepted"),
    "accounts.invitation_withdrawn": _("An invitation was withdrawn"),
    "accounts.second_factor_reset": _("A second factor was removed"),
    "accounts.erasure_asked": _("A person asked to be erased"),
    "accounts.erasure_taken_back": _("A person took back the request to be erased"),
    "accounts.pseudonymised": _("A person was erased"),
}
