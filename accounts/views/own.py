"""What a person does with their own account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.hats import put_on
from accounts.permissions import signed_in


@signed_in
@require_POST
def hat_switch(request: HttpRequest) -> HttpResponse:
    """Speak for another association or school from now on; 'next' may bring the person back."""
    hat = put_on(request.POST.get("hat", ""), request.user, request.session)
    if hat is None:
        messages.error(request, _("You do not speak for that association or school."))
        return redirect("home")
    messages.success(request, _("You now speak for %(name)s.") % {"name": hat.label})
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect(hat.url)
