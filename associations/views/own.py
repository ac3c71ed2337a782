"""An association's own pages: its home, what is asked of it, and how it comes into the register."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request, signed_in
from associations import actions, standing, todo, year
from associations.choices import AssociationStatus, DocumentKind, YearStep
from associations.forms import RegisterForm
from associations.models import Association, JointAct, MandateOffer
from associations.permissions import may_change, signs
from associations.views.page import association_or_404, form_page, home_of, refuse
from records.refusals import Refused


@signed_in
@require_GET
def mine(request: Request) -> HttpResponse:
    """The association one acts for now; without any, how to get one here."""
    if request.hat and request.hat.kind == "association":
        return redirect("associations:home", request.hat.key)
    own = Association.objects.spoken_for_by(request.user).in_swedish_order().first()
    return redirect("associations:home", own.pk) if own else redirect("associations:register")


@signed_in
@require_http_methods(["GET", "POST"])
def register(request: Request) -> HttpResponse:
    form = RegisterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        at = now()
        try:
            association = actions.register_association(
                name=form.cleaned_data["name"],
                organisation_number=form.cleaned_data["organisation_number"],
                facts=form.facts(localdate(at)),
                by=request.user,
                at=at,
            )
        except Refused as refusal:
            refuse(form, refusal, "organisation_number")
        else:
            messages.success(request, _("We have received your registration. You get a receipt by e-mail."))
            _hand_in_statutes(association, form, request, at)
            return redirect("associations:home", association.pk)
    return form_page(
        request,
        form,
        title=_("Register your association"),
        lead=_("It takes a few minutes. An officer looks at it, and you can fill in the rest meanwhile."),
        button=_("Send the registration"),
    )


def _hand_in_statutes(association: Association, form: RegisterForm, request: Request, at: datetime) -> None:
    """A file that cannot be received does not stop the registration: it is handed in again under Documents."""
    if not form.cleaned_data["statutes"]:
        return
    year_now = association.operating_year(localdate(at))
    try:
        actions.hand_in_document(
            association,
            kind=DocumentKind.STATUTES,
            year=year_now,
            upload=form.cleaned_data["statutes"],
            by=request.user,
            at=at,
        )
    except Refused as refusal:
        messages.warning(request, _("The statutes: %(why)s Hand them in under Documents.") % {"why": refusal})


@signed_in
@require_GET
def home(request: Request, pk: int) -> HttpResponse:
    association, day = association_or_404(request, pk), localdate()
    found = standing.of(association, day)
    context = {
        "association": association,
        "tasks": todo.tasks_of_association(association, request.user, now()),
        "standing": found,
        "account": association.bank_accounts.current().first(),
        "figures": association.member_figures.with_totals().filter(year__lte=day.year).first(),
        "board": association.board.in_office(day).in_order_of_role(),
        "waiting_for_approval": association.status == AssociationStatus.APPLIED,
        "signs": signs(request.user, association, day),
    }
    return render(request, "associations/home.html", context)


@signed_in
@require_GET
def requirements(request: Request, pk: int) -> HttpResponse:
    """ "Requirements for grants": every requirement, met or not, with its reason."""
    association = association_or_404(request, pk)
    found = standing.of(association, localdate())
    context = {
        "association": association,
        "standing": found,
        "left": year.requirement_rows(found, met=False),
        "met": year.requirement_rows(found, met=True),
        "back": home_of(request, association),
    }
    return render(request, "associations/requirements.html", context)


@signed_in
@require_GET
def yearly(request: Request, pk: int) -> HttpResponse:
    """ "This year's facts": one guided page, what is done and what is left."""
    association, day = association_or_404(request, pk), localdate()
    overview = year.of(association, day)
    context = {
        "association": association,
        "overview": overview,
        "back": home_of(request, association),
        "may": may_change(request.user, association, day),
    }
    return render(request, "associations/yearly.html", context)


@signed_in
@require_POST
def step_confirm(request: Request, pk: int, step: YearStep) -> HttpResponse:
    association, at = association_or_404(request, pk), now()
    try:
        actions.confirm_step(association, year=localdate(at).year, step=step, by=request.user, at=at)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Confirmed: %(step)s.") % {"step": YearStep(step).label})
    return redirect("associations:yearly", pk)


@signed_in
@require_POST
def year_carry_over(request: Request, pk: int) -> HttpResponse:
    """Everything stands as last year: confirm what can be confirmed, and begin the rest from last year's."""
    association, at = association_or_404(request, pk), now()
    try:
        done = actions.carry_over_year(association, year=localdate(at).year, by=request.user, at=at)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        if done:
            labels = ", ".join(str(YearStep(step).label).lower() for step in done)
            messages.success(request, _("Carried over from last year: %(steps)s. Check what is left below.") % {"steps": labels})
        else:
            messages.info(request, _("There was nothing to carry over. Fill in what is left below."))
    return redirect("associations:yearly", pk)


@signed_in
@require_http_methods(["GET", "POST"])
def joint_confirm(request: Request, pk: int, act_pk: int) -> HttpResponse:
    """The second signatory's word."""
    association = association_or_404(request, pk)
    act = association.joint_acts.select_related("prepared_by").filter(pk=act_pk).first()
    if act is None:
        return redirect(home_of(request, association))
    if request.method == "POST":
        try:
            _confirm(act, request)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Confirmed."))
        return redirect(home_of(request, association))
    context = {
        "title": _("Confirm as second signatory"),
        "lead": _("Your association is bound by two signatories jointly. Confirm only what you yourself stand behind."),
        "rows": todo.words_of(act),
        "button": _("Confirm"),
        "cancel_url": home_of(request, association),
    }
    return render(request, "associations/joint.html", {**context, "digest": act.digest})


def _confirm(act: JointAct, request: Request) -> None:
    at = now()
    actions.confirm_joint(act, by=request.user, at=at, digest=request.POST.get("digest"))
    offer = MandateOffer.objects.filter(association=act.association, invitation=None, withdrawn_at=None)
    for waiting in offer:
        if waiting.joint_key == act.key:
            actions.send_offer(waiting, by=request.user, at=at)
