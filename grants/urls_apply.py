"""The first half of a grant's life: open calls, the application, its casework up to and including completion."""

from django.urls import path

from grants.views import applicant, draft, public, submit

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
]
