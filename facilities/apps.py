from importlib import import_module

from django.apps import AppConfig

from facilities.wording import VERBS
from records import registry


class FacilitiesConfig(AppConfig):
    name = "facilities"
    verbose_name = "Facilities"

    def ready(self) -> None:
        registry.verb_words.update(VERBS)
        import_module("facilities.hooks_hire").register()  # by name: models are loaded only now
        import_module("facilities.hooks_keep").register()
        import_module("facilities.hooks_season").register()
        import_module("facilities.bill_links").tell()
