from django.urls import path

from accounts.views import invitations, own

app_name = "accounts"
urlpatterns = [
    path("byt/", own.hat_switch, name="hat_switch"),
    path("inbjudan/<str:token>/", invitations.invitation, name="invitation"),
]
