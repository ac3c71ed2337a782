"""Why an action did not happen: each carries a sentence that can be shown to the person. The plainest is NotAllowedNow."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from grants.models import Application
from grants.permissions.answer import Answer
from records.refusals import NotAllowedNow

__all__ = ["AlreadyApplied", "CallClosed", "NotAllowedNow", "NotComplete", "StalePage", "insist"]


def insist(answer: Answer) -> None:
    """Go on only when the answer is yes; otherwise NotAllowedNow with its reason."""
    if not answer:
        raise NotAllowedNow(answer.reason)


class NotComplete(NotAllowedNow):
    """Something must be filled in first. missing: one sentence each; fields: which answer each is about, where that is known."""

    def __init__(self, missing: Sequence[str], fields: Sequence[str] = ()) -> None:
        super().__init__(_("Something is missing before this can be done: %s") % "; ".join(missing))
        self.missing, self.fields = tuple(missing), tuple(fields)


class StalePage(NotAllowedNow):
    """Someone saved after this page was opened; nothing was overwritten. application: as it is now."""

    def __init__(self, application: Application) -> None:
        super().__init__(
            _("Someone has saved this part since you opened the page. Your text is still here. Compare, then save again.")
        )
        self.application = application


class CallClosed(NotAllowedNow):
    """The call does not take in applications (Case 5, 6, 10)."""


class AlreadyApplied(NotAllowedNow):
    """The association has as many applications in the call as it may have (Case 12). first: the one to go to."""

    def __init__(self, first: Application) -> None:
        super().__init__(_("Your association already has an application in this call."))
        self.first = first
