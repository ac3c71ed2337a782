from django.apps import AppConfig

from facilities.wording import VERBS
from records import registry


class FacilitiesConfig(AppConfig):
    name = "facilities"
    verbose_name = "Facilities"

    def ready(self) -> None:
        # Models are loaded only now, so what uses them is imported here.
        from facilities import hooks_keep  # noqa: PLC0415 - see above

        registry.verb_words.update(VERBS)
        hooks_keep.register()
