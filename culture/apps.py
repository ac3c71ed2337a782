from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CultureConfig(AppConfig):
    name = "culture"
    verbose_name = _("Culture")

    def ready(self) -> None:
        """Tell the rooms below what this one knows. By name: its models do not exist yet when this file is read."""
        import_module("culture.links").tell()
