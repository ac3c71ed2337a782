"""What is asked of an association and of the officers now, as tasks of the start page."""

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from associations import year
from associations.choices import AssociationStatus, DocumentStatus, MandateKind
from associations.models import Association, BankAccount, JointAct, MandateOffer, RecordCheck, YearlyDocument
from associations.permissions import may_keep
from records.registry import Task
from records.values import local_day

_SOON = timedelta(days=60)


def tasks_of_association(association: Association, user: Any, at: datetime) -> list[Task]:
    """What the association is asked for, as far as this person may do it. About fifteen queries."""
    day = local_day(at)
    kinds = set(association.mandates.in_force(day).filter(user=user).values_list("kind", flat=True))
    if not kinds & {MandateKind.SIGNATORY, MandateKind.APPLICANT}:
        return []
    if association.status not in {AssociationStatus.REGISTERED, AssociationStatus.APPLIED}:
        return []
    tasks = [*_sent_back(association), *_due_extracts(association, day), *_year(association, day)]
    if MandateKind.SIGNATORY in kinds:
        tasks = [*_joint(association, user), *_refused_account(association), *tasks]
    return tasks


def _joint(association: Association, user: Any) -> list[Task]:
    return [
        Task(
            title=_("Confirm as second signatory"),
            why=_("%(who)s has prepared something that takes two signatories: %(what)s.")
            % {"who": act.prepared_by, "what": what_it_is(act)},
            url=reverse("associations:joint_confirm", args=[association.pk, act.pk]),
            button=_("Read and confirm"),
            urgent=True,
        )
        for act in association.joint_acts.waiting().exclude(prepared_by=user).select_related("prepared_by", "association")
        if act.key.startswith("associations.")
    ]


def _refused_account(association: Association) -> list[Task]:
    account = association.bank_accounts.current().filter(refused_at__isnull=False).first()
    if account is None:
        return []
    url = reverse("associations:account", args=[association.pk])
    return [Task(_("Name another bank account"), account.reason, url, _("Change the account"), urgent=True)]


def _sent_back(association: Association) -> list[Task]:
    return [
        Task(
            title=_("Hand in again: %(document)s") % {"document": document.get_kind_display()},
            why=document.reason,
            url=reverse("associations:document_hand_in", args=[association.pk, document.kind, document.year]),
            button=_("Hand in"),
            urgent=True,
        )
        for document in association.documents.filter(status=DocumentStatus.NEEDS_CHANGE)
    ]


def _due_extracts(association: Association, day: date) -> list[Task]:
    due = RecordCheck.objects.running().filter(association=association, next_due__lte=day + _SOON).order_by("next_due")
    first = due.first()
    if first is None or first.next_due is None:
        return []
    return [
        Task(
            title=_("Show new criminal record extracts"),
            why=ngettext(
                "%(n)s extract soon runs out or has run out.", "%(n)s extracts soon run out or have run out.", due.count()
            )
            % {"n": due.count()},
            url=reverse("associations:people", args=[association.pk]),
            button=_("See which"),
            due=first.next_due,
        )
    ]


def _year(association: Association, day: date) -> list[Task]:
    overview = year.of(association, day)
    if not overview.left:
        return []
    return [
        Task(
            title=_("Confirm the association's facts for %(year)s") % {"year": day.year},
            why=_("%(done)s of %(all)s steps are done. Left: %(steps)s.")
            % {
                "done": overview.done,
                "all": len(overview.steps),
                "steps": ", ".join(str(step.label).lower() for step in overview.left),
            },
            url=reverse("associations:yearly", args=[association.pk]),
            button=_("Go on"),
            due=date(day.year, 12, 31),
        )
    ]


def tasks_of_officer(user: Any) -> list[Task]:
    """What waits for those who keep the register. Three queries."""
    if not may_keep(user):
        return []
    queues = (
        (Association.objects.awaiting_approval().count(), "new", _("New associations to register")),
        (YearlyDocument.objects.awaiting_review().count(), "documents", _("Documents to look at")),
        (BankAccount.objects.awaiting_verification().count(), "accounts", _("Bank accounts to verify")),
    )
    return [
        Task(
            title=title,
            why=ngettext("%(n)s is waiting.", "%(n)s are waiting.", number) % {"n": number},
            url=f"{reverse('associations:queues')}#{anchor}",
            button=_("Open the list"),
            group=_("The association register"),
        )
        for number, anchor, title in queues
        if number
    ]


def what_it_is(act: JointAct) -> str:
    """The act by two in a few words."""
    return ", ".join(f"{value}" for _label, value in words_of(act))


def words_of(act: JointAct) -> list[tuple[str, str]]:
    """What somebody is about to confirm: (label, value). One or two queries."""
    pk = act.key.rpartition(".")[2]
    if act.key.startswith("associations.bank_account."):
        account = BankAccount.objects.filter(association=act.association, pk=pk).first()
        return [(_("New bank account"), str(account)), (_("Account holder"), account.holder)] if account else []
    if act.key.startswith("associations.mandate_offer."):
        offer = MandateOffer.objects.filter(association=act.association, pk=pk).first()
        return [(_("New mandate"), offer.get_kind_display()), (_("For"), offer.email)] if offer else []
    return []
