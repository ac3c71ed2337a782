"""Acts that take two signatories: prepared by one, confirmed by another."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.actions.dossier import locked, note
from associations.models import Association, JointAct
from associations.permissions import may_confirm, signs
from records.filing import NotAllowedNow
from records.values import local_day


@transaction.atomic
def prepare_joint(association: Association, *, key: str, by: User, at: datetime, digest: str = "") -> JointAct:
    """Say that this is what the association wants; a second signatory confirms it (permissions.is_confirmed).

    key: '<app>.<thing>.<pk>'. digest: at most 64 characters that stand for the content. The same content again changes nothing;
    another content starts the act over, also when it was confirmed.
    """
    association = locked(association)
    signs(by, association, local_day(at)).or_refuse()
    act, made = JointAct.objects.select_for_update().get_or_create(
        association=association, key=key, defaults={"digest": digest, "prepared_by": by, "prepared_at": at}
    )
    if not made:
        if act.digest == digest:
            return act
        act.digest, act.prepared_by, act.prepared_at, act.confirmed_by, act.confirmed_at = digest, by, at, None, None
        act.save()
    note(association, "joint_prepared", at=at, by=by, changes={"act": [None, key]})
    return act


@transaction.atomic
def confirm_joint(act: JointAct, *, by: User, at: datetime, digest: str | None = None) -> JointAct:
    """Confirm as the second signatory. digest: of what the page showed; another one means that the content has changed since."""
    association = locked(act.association)
    act = JointAct.objects.select_for_update().get(pk=act.pk)
    if digest is not None and digest != act.digest:
        raise NotAllowedNow(_("What you are about to confirm has changed since you opened the page. Read it again."), "stale")
    may_confirm(by, act, local_day(at)).or_refuse()
    act.confirmed_by, act.confirmed_at = by, at
    act.save(update_fields=["confirmed_by", "confirmed_at"])
    note(association, "joint_confirmed", at=at, by=by, changes={"act": [None, act.key]})
    return act
