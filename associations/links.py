"""What this room tells the rooms below when the house starts: hats, tasks, cases, files, words of the log."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import hats as all_hats
from accounts import registry as people
from accounts.hats import Hat
from accounts.registry import Holding
from associations import todo
from associations.actions.attendance import count_old_attendance, forget_attendance
from associations.choices import (
    AccountKind,
    AssociationStatus,
    DocumentKind,
    ExcludedKind,
    MandateKind,
    Signing,
    StatutesApprovedBy,
    YearStep,
)
from associations.models import Association, AttendanceImport, BankAccount, Mandate, YearlyDocument
from associations.wording import TITLES
from records import registry
from records.registry import Card, CaseLink, Disposable, Task
from records.values import local_day


def hats(user: Any) -> list[Hat]:
    """One hat for each association the person speaks for. One query."""
    return [
        Hat("association", str(each.pk), each.name, reverse("associations:home", args=[each.pk]))
        for each in Association.objects.spoken_for_by(user).in_swedish_order()
    ]


def tasks(user: Any, hat: Hat | None, at: datetime) -> list[Task]:
    """What is asked of the association one acts for, and of those who keep the register."""
    found = todo.tasks_of_officer(user)
    if hat and hat.kind == "association":
        association = Association.objects.spoken_for_by(user).filter(pk=hat.key).first()
        if association:
            found += todo.tasks_of_association(association, user, at)
    return found


def cards(user: Any, hat: Hat | None, at: datetime) -> list[Card]:
    """The attendance cards of the association one acts for, today's groups first. Two queries, with a hat."""
    if not hat or hat.kind != "association":
        return []
    association = Association.objects.spoken_for_by(user).filter(pk=hat.key).first()
    groups = list(association.groups.running().in_swedish_order()) if association else []
    if not groups:
        return []
    today = local_day(at).weekday()
    meeting = [group.name for group in groups if group.weekday == today]
    line = _("Meet today: %(groups)s.") % {"groups": ", ".join(meeting)} if meeting else _("No group has its day today.")
    return [Card(_("Attendance"), (line,), reverse("associations:attendance", args=[hat.key]), _("Mark attendance"))]


def open_cases(user: Any) -> Q:
    """Those who speak for an association read its own case."""
    return Q(pk__in=Association.objects.spoken_for_by(user).exclude(case=None).values("case"))


def open_files(user: Any) -> Q:
    """Documents of one's own associations; those who keep the register read all of them, evidence of accounts too."""
    associations = Association.objects.visible_to(user)
    documents = YearlyDocument.objects.filter(association__in=associations).values("file")
    if not user.has_perm("associations.read_register"):
        return Q(pk__in=documents)
    evidence = BankAccount.objects.exclude(evidence=None).values("evidence")
    return Q(pk__in=documents) | Q(pk__in=evidence)


def case_links(case: Any, user: Any) -> list[CaseLink]:
    """The association whose case this is."""
    association = Association.objects.visible_to(user).filter(case=case).first()
    if association is None:
        return []
    page = "casework" if user.has_perm("associations.read_register") else "home"
    return [CaseLink(association.name, reverse(f"associations:{page}", args=[association.pk]), association.get_status_display())]


def holdings(user: Any) -> list[Holding]:
    """The person's mandates and seats on boards, as their own page shows them. Two queries."""
    mandates = Mandate.objects.filter(user=user).select_related("association").order_by("-since")
    found = [
        Holding(f"{each.association}: {each.get_kind_display()}", each.since, each.until, _home(each.association_id))
        for each in mandates
    ]
    seats = user.board_seats.select_related("association").order_by("-since")
    return found + [
        Holding(f"{each.association}: {each.get_role_display()}", each.since, each.until, _home(each.association_id))
        for each in seats
    ]


def _home(pk: int) -> str:
    return reverse("associations:home", args=[pk])


def own_data(user: Any) -> tuple[str, Any]:
    """What the room keeps of a person, for "download my data"."""
    mandates = Mandate.objects.filter(user=user).select_related("association").order_by("since")
    return _("Associations"), [
        {"association": str(each.association), "kind": each.kind, "since": str(each.since), "until": str(each.until or "")}
        for each in mandates
    ]


def still_needed(user: Any) -> str:
    """Why the person cannot be erased yet: the only signatory of an association that is still in the register."""
    day = localdate()
    for mandate in user.mandates.in_force(day).signatories().select_related("association"):
        if not mandate.association.mandates.in_force(day).signatories().exclude(user=user).exists():
            return _("You are the only signatory of %(name)s. Invite another one first.") % {"name": mandate.association}
    return ""


VERBS = {
    "associations.applied": gettext_lazy("The association asked to be registered"),
    "associations.approved": gettext_lazy("The association was registered"),
    "associations.refused": gettext_lazy("The registration was refused"),
    "associations.facts_changed": gettext_lazy("Facts about the association were changed"),
    "associations.facts_imported": gettext_lazy("Facts about the association were imported from a file"),
    "associations.imported": gettext_lazy("A file was read into the association register"),
    "associations.configured": gettext_lazy("Categories and requirements were entered"),
    "associations.rested": gettext_lazy("The association rests"),
    "associations.woken": gettext_lazy("The association was taken up again"),
    "associations.dissolved": gettext_lazy("The association was taken out of the register"),
    "associations.board_set": gettext_lazy("The board was changed"),
    "associations.mandate_offered": gettext_lazy("Somebody was invited to act for the association"),
    "associations.mandate_accepted": gettext_lazy("Somebody accepted to act for the association"),
    "associations.mandate_offer_withdrawn": gettext_lazy("An invitation to act for the association was withdrawn"),
    "associations.mandate_ended": gettext_lazy("A mandate ended"),
    "associations.joint_prepared": gettext_lazy("A first signatory prepared something that takes two"),
    "associations.joint_confirmed": gettext_lazy("A second signatory confirmed"),
    "associations.members_reported": gettext_lazy("The number of members was reported"),
    "associations.members_drafted": gettext_lazy("A draft of the number of members was saved"),
    "associations.step_confirmed": gettext_lazy("A part of the year's facts was confirmed"),
    "associations.document_handed_in": gettext_lazy("A yearly document was handed in"),
    "associations.document_accepted": gettext_lazy("A yearly document was accepted"),
    "associations.document_sent_back": gettext_lazy("A yearly document was sent back"),
    "associations.account_entered": gettext_lazy("A bank account was entered"),
    "associations.account_verified": gettext_lazy("The bank account was verified"),
    "associations.account_refused": gettext_lazy("The bank account could not be verified"),
    "associations.person_listed": gettext_lazy("Somebody who meets children was listed"),
    "associations.person_left": gettext_lazy("Somebody no longer meets children in the association"),
    "associations.record_check_noted": gettext_lazy("A criminal record extract was shown"),
    "associations.attended": gettext_lazy("The association took part in the dialogue meeting"),
    "associations.attendance_corrected": gettext_lazy("The note on the dialogue meeting was corrected"),
    "associations.dispensation_granted": gettext_lazy("A dispensation was decided"),
    "associations.group_added": gettext_lazy("A group with an attendance card was added"),
    "associations.group_closed": gettext_lazy("A group does not meet any more"),
    "associations.session_corrected": gettext_lazy("The attendance of an earlier session was corrected"),
    "associations.session_removed": gettext_lazy("A session was taken away"),
    "associations.attendance_imported": gettext_lazy("A file of attendance was read in"),
}

CHANGES = {
    "status": gettext_lazy("Status"),
    "board": gettext_lazy("People on the board"),
    "members": gettext_lazy("Members"),
    "associations.meeting": gettext_lazy("Dialogue meeting"),
    "requirement": gettext_lazy("Requirement"),
    "until": gettext_lazy("Until"),
    "last_day": gettext_lazy("Last day"),
    "category": gettext_lazy("Category"),
    "kind": gettext_lazy("Kind that never gets support"),
    "signing": gettext_lazy("Signing"),
    "statutes_approved_by": gettext_lazy("Statutes approved by"),
    "statutes_approved_on": gettext_lazy("Statutes approved"),
    "new": gettext_lazy("New associations"),
    "changed": gettext_lazy("Changed associations"),
    "membership_fee": gettext_lazy("Membership fee"),
    "account_kind": gettext_lazy("Account"),
    "document": gettext_lazy("Document"),
    "mandate": gettext_lazy("Mandate"),
    "step": gettext_lazy("Part"),
    "year": gettext_lazy("Year"),
    "name": gettext_lazy("Name"),
    "organisation_number": gettext_lazy("Organisation number"),
    "shown_on": gettext_lazy("Shown"),
    "group": gettext_lazy("Group"),
    "session": gettext_lazy("Session"),
    "participations": gettext_lazy("Participations"),
    "leaderships": gettext_lazy("Leader attendances"),
    "sessions_new": gettext_lazy("New sessions"),
    "sessions_changed": gettext_lazy("Changed sessions"),
    "sessions_removed": gettext_lazy("Sessions taken away"),
}

CODES: dict[tuple[str, str], Mapping[str, str | Promise]] = {
    ("associations", "account_kind"): dict(AccountKind.choices),
    ("associations", "document"): dict(DocumentKind.choices),
    ("associations", "kind"): dict(ExcludedKind.choices),
    ("associations", "mandate"): dict(MandateKind.choices),
    ("associations", "requirement"): TITLES,
    ("associations", "signing"): dict(Signing.choices),
    ("associations", "statutes_approved_by"): dict(StatutesApprovedBy.choices),
    ("associations", "status"): dict(AssociationStatus.choices),
    ("associations", "step"): dict(YearStep.choices),
}


def waiting_files(paths: Collection[str]) -> set[str]:
    """Which of these stored bytes are files of attendance that wait for the worker."""
    return set(AttendanceImport.objects.filter(path__in=paths).values_list("path", flat=True))


def tell() -> None:
    """Called once, by AppConfig.ready."""
    all_hats.providers.append(hats)
    people.holdings.append(holdings)
    people.own_data.append(own_data)
    people.still_needed.append(still_needed)
    registry.tasks.append(tasks)
    registry.cards.append(cards)
    registry.case_openings.append(open_cases)
    registry.file_openings.append(open_files)
    registry.path_owners.append(waiting_files)
    registry.case_links.append(case_links)
    registry.verb_words.update(VERBS)
    registry.change_words.update(CHANGES)
    registry.code_words.update(CODES)
    registry.kronor_fields.add("membership_fee")
    title = gettext_lazy("Names on attendance cards")
    registry.disposables.append(Disposable("associations-attendance", title, 60, forget_attendance, count_old_attendance))
