from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssociationsConfig(AppConfig):
    name = "associations"
    verbose_name = _("Associations")

    def ready(self) -> None:
        """Tell the rooms below what this one knows. By name: its models do not exist yet when this file is read."""
        import_module("associations.links").tell()
