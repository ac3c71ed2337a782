"""The second half of a grant's life: assessment, decision, committee, payment, follow-up, and what the association got."""

from django.urls import path

from grants.views import assessment, assessment_list, committee, decisions, own, payments, proposals

urlpatterns = [
    path("bedomning/", assessment_list.assessment_list, name="assessment_list"),
    path("bedomning/<int:pk>/", assessment.assessment, name="assessment"),
    path("bedomning/<int:pk>/oppna-igen/", assessment.assessment_reopen, name="assessment_reopen"),
    path("bedomningar/<int:pk>/", assessment.assessment_of_another, name="assessment_of_another"),
    path("handlaggning/<int:pk>/jav/", assessment.conflict_declare, name="conflict_declare"),
    path("jav/<int:pk>/upphav/", assessment.conflict_lift, name="conflict_lift"),
    path("handlaggning/<int:pk>/beslut/", proposals.case_decision, name="case_decision"),
    path("handlaggning/<int:pk>/foresla/", proposals.proposal_write, name="proposal_write"),
    path("forslag/<int:pk>/", proposals.proposal, name="proposal"),
    path("forslag/<int:pk>/besluta/", proposals.proposal_decide, name="proposal_decide"),
    path("forslag/<int:pk>/granska/", proposals.proposal_review, name="proposal_review"),
    path("forslag/<int:pk>/ta-tillbaka/", proposals.proposal_take_back, name="proposal_take_back"),
    path("forslag/<int:pk>/namndens-lista/", proposals.proposal_list, name="proposal_list"),
    path("beslut/", decisions.decision_list, name="decision_list"),
    path("beslut/publicera/", decisions.decision_publish, name="decision_publish"),
    path("beslut/<int:pk>/", decisions.decision, name="decision"),
    path("beslut/<int:pk>/andra/", decisions.decision_change, name="decision_change"),
    path("beslut/<int:pk>/ta-bort/", decisions.decision_undo, name="decision_undo"),
    path("beslut/<int:pk>/ratta/", decisions.decision_rectify, name="decision_rectify"),
    path("namnden/", committee.meeting_list, name="meeting_list"),
    path("namnden/<int:pk>/", committee.meeting, name="meeting"),
    path("namnden/<int:pk>/foredragningslista.pdf", committee.meeting_pdf, name="meeting_pdf"),
    path("namnden/<int:pk>/hallet/", committee.meeting_hold, name="meeting_hold"),
    path("namnden/<int:pk>/justera/", committee.meeting_adjust, name="meeting_adjust"),
    path("namnden/arenden/<int:pk>/resultat/", committee.meeting_result, name="meeting_result"),
    path("utbetalningar/", payments.payment_list, name="payment_list"),
    path("utbetalningar/<int:pk>/hall-inne/", payments.payment_hold, name="payment_hold"),
    path("utbetalningar/filer/<int:pk>/", payments.payment_run, name="payment_run"),
    path("utbetalningar/filer/<int:pk>/godkann/", payments.payment_run_approve, name="payment_run_approve"),
    path("utbetalningar/filer/<int:pk>/stoppa/", payments.payment_run_stop, name="payment_run_stop"),
    path("utbetalningar/filer/<int:pk>/hamta/", payments.payment_run_fetch, name="payment_run_fetch"),
    path("utbetalningar/filer/<int:pk>/betalda/", payments.payment_run_paid, name="payment_run_paid"),
    path("utbetalningar/betalningar/<int:pk>/avvisad/", payments.payment_reject, name="payment_reject"),
    path("vara-bidrag/", own.own_grants, name="own_grants"),
    path("vara-bidrag/<int:pk>/", own.own_grant, name="own_grant"),
]
