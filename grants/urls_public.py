"""What the public reads of decided grants."""

from django.urls import path

from grants.views import granted

urlpatterns = [
    path("beviljade/", granted.granted_list, name="granted_list"),
    path("beviljade/<int:pk>/", granted.granted, name="granted"),
]
