"""Who assesses in a call: appointed officers, or every officer while nobody is appointed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.choices import Role
from accounts.models import User
from accounts.permissions import needs
from grants.actions import assessments
from grants.actions.refusals import NotAllowedNow
from grants.forms.assessment import AppointForm
from grants.models import Assessor, Call
from grants.views.steps import received_at
from records.values import local_day


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def assessor_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The appointed, and one more with one press."""
    call = get_object_or_404(Call.objects.announced(), pk=pk)
    at = received_at(request)
    appointed = call.assessors.select_related("user", "appointed_by").order_by("user__name", "pk")
    officers = User.objects.holding(Role.OFFICER, local_day(at)).exclude(pk__in=appointed.values("user")).order_by("name")
    form = AppointForm(request.POST or None, officers=officers)
    if request.method == "POST" and form.is_valid():
        try:
            assessments.appoint(call, user=form.cleaned_data["officer"], by=request.user, at=at)
        except NotAllowedNow as refused:
            form.add_error("officer", str(refused))
        else:
            messages.success(request, _("%(name)s assesses in the call.") % {"name": form.cleaned_data["officer"]})
            return redirect("grants:assessor_list", pk)
    context = {"call": call, "assessors": appointed, "form": form, "is_anybody_left": officers.exists()}
    return render(request, "grants/assessor_list.html", context, status=422 if form.errors else 200)


@needs("grants.configure")
@require_POST
def assessor_release(request: HttpRequest, pk: int) -> HttpResponse:
    assessor = get_object_or_404(Assessor.objects.select_related("user"), pk=pk)
    try:
        assessments.release(assessor, by=request.user, at=received_at(request))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("%(name)s no longer assesses in the call.") % {"name": assessor.user})
    return redirect("grants:assessor_list", assessor.call_id)
