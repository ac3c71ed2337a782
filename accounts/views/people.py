"""The administrator's pages: who there is, which roles they hold, how they sign in."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions, registry
from accounts.choices import STAFF, Role
from accounts.forms import EndRoleForm, LimitForm, PeopleFilter, ReasonForm, RoleForm, last_day_to_end
from accounts.hats import hats_of
from accounts.models import RoleGrant, User
from accounts.models.user import UserQuerySet
from accounts.permissions import Request, for_roles

administrators = for_roles(Role.ADMINISTRATOR)


@administrators
@require_GET
def people(request: Request) -> HttpResponse:
    form = PeopleFilter(request.GET)
    found = User.objects.visible_to(request.user).with_second_factor()
    if form.is_valid():
        found = _narrowed(found, form.cleaned_data)
    in_force = Prefetch("role_grants", RoleGrant.objects.on(localdate()), to_attr="roles_now")
    page = Paginator(found.prefetch_related(in_force).order_by("name", "email"), 50).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"form": form, "page": page, "staff": STAFF})


def _narrowed(found: UserQuerySet, wanted: dict[str, Any]) -> UserQuerySet:
    today = localdate()
    if wanted["q"]:
        found = found.matching(wanted["q"])
    if wanted["role"]:
        found = found.holding(wanted["role"], today)
    if wanted["only"] == "staff":
        found = found.holding_any(Role.values, today)
    if wanted["only"] == "without_factor":
        found = found.holding_any(STAFF, today).without_second_factor()
    if wanted["only"] == "erasure":
        found = found.filter(erasure_asked_at__isnull=False, pseudonymised_at=None)
    return found


@administrators
@require_GET
def person(request: Request, pk: int) -> HttpResponse:
    someone = _someone(request, pk)
    grants = someone.role_grants.select_related("given_by").order_by("-since", "-pk")
    today = localdate()
    return render(
        request,
        "accounts/person.html",
        {
            "someone": someone,
            "grants": [(grant, grant.until is None or grant.until > today) for grant in grants],
            "addresses": EmailAddress.objects.filter(user=someone).order_by("-primary", "email"),
            "factors": Authenticator.objects.filter(user=someone).order_by("pk"),
            "directories": SocialAccount.objects.filter(user=someone).order_by("pk"),
            "hats": hats_of(someone),
            "holdings": [holding for ask in registry.holdings for holding in ask(someone)],
            "is_staff_member": someone.is_municipal_staff,
        },
    )


@administrators
@require_http_methods(["GET", "POST"])
def role_give(request: Request, pk: int) -> HttpResponse:
    someone = _someone(request, pk)
    form = RoleForm(request.POST or None, initial={"since": localdate()})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            actions.give_role(
                someone,
                role=wanted["role"],
                since=wanted["since"],
                until=last_day_to_end(wanted["until"]),
                limit=wanted["limit"],
                reason=wanted["reason"],
                by=request.user,
                at=now(),
            )
        except actions.NotAllowed as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(request, _("%(name)s now has the role.") % {"name": someone})
            return redirect("accounts:person", pk)
    return _form_page(request, form, someone, title=_("Give a role to %(name)s") % {"name": someone}, button=_("Give the role"))


@administrators
@require_http_methods(["GET", "POST"])
def role_end(request: Request, pk: int) -> HttpResponse:
    grant = _grant(request, pk)
    form = EndRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        until = last_day_to_end(form.cleaned_data["last_day"])
        try:
            actions.end_role(grant, until=until, reason=form.cleaned_data["reason"], by=request.user, at=now())
        except actions.NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The role ends."))
            return redirect("accounts:person", grant.user_id)
    title = _("End the role %(role)s for %(name)s") % {"role": grant.get_role_display(), "name": grant.user}
    return _form_page(request, form, grant.user, title=title, button=_("End the role"), tone="danger")


@administrators
@require_http_methods(["GET", "POST"])
def limit_change(request: Request, pk: int) -> HttpResponse:
    grant = _grant(request, pk)
    form = LimitForm(request.POST or None, initial={"limit": grant.delegation_limit})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_limit(grant, **form.cleaned_data, by=request.user, at=now())
        except actions.NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The new limit applies from today."))
            return redirect("accounts:person", grant.user_id)
    title = _("Change the delegation limit for %(name)s") % {"name": grant.user}
    return _form_page(request, form, grant.user, title=title, button=_("Change the limit"))


@administrators
@require_http_methods(["GET", "POST"])
def second_factor_reset(request: Request, pk: int) -> HttpResponse:
    """For someone who has lost their phone and their recovery codes."""
    someone = _someone(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.reset_second_factor(someone, reason=form.cleaned_data["reason"], by=request.user, at=now())
        messages.success(request, _("%(name)s is signed out everywhere and sets up a new second factor.") % {"name": someone})
        return redirect("accounts:person", pk)
    return _form_page(
        request,
        form,
        someone,
        title=_("Remove the second factor of %(name)s") % {"name": someone},
        lead=_("Do this only when you are sure that it is the person who asks. They are signed out everywhere."),
        button=_("Remove the second factor"),
        tone="danger",
    )


@administrators
@require_http_methods(["GET", "POST"])
def person_erase(request: Request, pk: int) -> HttpResponse:
    someone = _someone(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.pseudonymise(someone, reason=form.cleaned_data["reason"], by=request.user, at=now())
        except actions.NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The person is erased. What they did is still shown, as user %(number)s.") % {"number": pk}
            )
            return redirect("accounts:people")
    return _form_page(
        request,
        form,
        someone,
        title=_("Erase %(name)s") % {"name": someone},
        lead=_("Name, addresses and ways to sign in are removed for good. Cases, decisions and the log stay, without the name."),
        button=_("Erase the person"),
        tone="danger",
    )


def _someone(request: Request, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def _grant(request: Request, pk: int) -> RoleGrant:
    people = User.objects.visible_to(request.user)
    return get_object_or_404(RoleGrant.objects.filter(user__in=people).select_related("user"), pk=pk)


def _form_page(request: Request, form: Any, someone: User, **context: Any) -> HttpResponse:
    return render(
        request,
        "accounts/person_form.html",
        {"form": form, "someone": someone, **context},
        status=422 if form.errors else 200,
    )
