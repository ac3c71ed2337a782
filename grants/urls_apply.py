"""The first half of a grant's life: open calls, the application, its casework up to and including completion."""

from django.urls import path

from grants.views import applicant, casework, draft, public, schemes, submit

urlpatterns = [
    path("", public.call_list, name="call_list"),
    path("omgangar/<int:pk>/", public.call, name="call"),
    path("omgangar/<int:pk>/ansok/", applicant.application_start, name="application_start"),
    path("ansokningar/", applicant.application_list, name="application_list"),
    path("ansokningar/<int:pk>/", applicant.application, name="application"),
    path("ansokningar/<int:pk>/avsnitt/<slug:key>/", draft.application_section, name="application_section"),
    path("ansokningar/<int:pk>/syften/", draft.application_aims, name="application_aims"),
    path("ansokningar/<int:pk>/bilagor/", draft.application_attachments, name="application_attachments"),
    path("ansokningar/<int:pk>/bilagor/<slug:key>/ta-bort/", draft.attachment_remove, name="attachment_remove"),
    path("ansokningar/<int:pk>/lamna-in/", submit.application_submit, name="application_submit"),
    path("ansokningar/<int:pk>/svara/", submit.completion_answer, name="completion_answer"),
    path("ansokningar/<int:pk>/ta-tillbaka/", applicant.application_withdraw, name="application_withdraw"),
    path("ansokningar/<int:pk>/kasta/", applicant.application_discard, name="application_discard"),
    path("handlaggning/", casework.casework_list, name="casework_list"),
    path("handlaggning/<int:pk>/", casework.casework_application, name="casework_application"),
    path("handlaggning/<int:pk>/handlaggare/", casework.casework_assign, name="casework_assign"),
    path("handlaggning/<int:pk>/begar-komplettering/", casework.completion_ask, name="completion_ask"),
    path("bidragsformer/", schemes.scheme_list, name="scheme_list"),
    path("bidragsformer/ny/", schemes.scheme_new, name="scheme_new"),
    path("bidragsformer/<int:pk>/", schemes.scheme_describe, name="scheme_describe"),
    path("bidragsformer/<int:pk>/villkor/", schemes.version_write, name="version_write"),
    path("bidragsformer/<int:pk>/ny-omgang/", schemes.call_plan, name="call_plan"),
    path("omgangar/<int:pk>/hantera/", schemes.call_manage, name="call_manage"),
    path("omgangar/<int:pk>/andra/", schemes.call_change, name="call_change"),
    path("omgangar/<int:pk>/publicera/", schemes.call_publish, name="call_publish"),
    path("omgangar/<int:pk>/stang/", schemes.call_close, name="call_close"),
    path("omgangar/<int:pk>/kopiera/", schemes.call_copy, name="call_copy"),
    path("omgangar/<int:pk>/anstand/", casework.extension_list, name="extension_list"),
    path("omgangar/<int:pk>/anstand/<int:association>/", casework.extension_give, name="extension_give"),
]
