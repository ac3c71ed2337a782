"""The URL tree as the demonstration has it: with the style guide."""

from django.urls import path

from config.style_guide import style_guide
from config.urls import handler400, urlpatterns

__all__ = ["handler400", "urlpatterns"]

urlpatterns = [*urlpatterns, path("stil/", style_guide, name="style_guide")]
