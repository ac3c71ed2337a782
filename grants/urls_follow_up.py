"""What comes after the money: follow-up reports and repayment claims."""

from django.urls import path

from grants.views import aftermath, reports

urlpatterns = [
    path("redovisningar/", reports.report_list, name="report_list"),
    path("redovisningar/<int:pk>/", reports.report, name="report"),
    path("redovisningar/att-granska/", reports.report_queue, name="report_queue"),
    path("redovisningar/<int:pk>/granska/", reports.report_review, name="report_review"),
    path("aterkrav/", reports.reclaim_list, name="reclaim_list"),
    path("aterkrav/<int:pk>/", reports.reclaim, name="reclaim"),
    path("overklaganden/", aftermath.appeal_list, name="appeal_list"),
    path("overklaganden/<int:pk>/", aftermath.appeal_follow, name="appeal_follow"),
    path("beslut/<int:pk>/overklaganden/", aftermath.decision_appeals, name="decision_appeals"),
    path("beslut/<int:pk>/avstatt/", aftermath.grant_renounced, name="grant_renounced"),
    path("beslut/<int:pk>/aterkrav/", reports.claim_back, name="claim_back"),
]
