"""Activity support: what attendance gives, and what an application was counted from."""

from django.urls import path

from grants.views import activity

urlpatterns = [
    path("aktivitetsstod/<int:pk>/<int:year>/<int:number>/", activity.activity_support, name="activity_support"),
    path("ansokningar/<int:pk>/narvaro/", activity.activity_basis, name="activity_basis"),
]
