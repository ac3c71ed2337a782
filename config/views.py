"""The start page: what is asked of me now, and by when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import public


@public
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")
