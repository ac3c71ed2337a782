from collections.abc import Callable
from importlib import import_module

from celery import current_app
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from records import registry, wording
from records.registry import Disposable


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "Records"

    def ready(self) -> None:
        """After commit the worker is asked by the name of its task: whoever writes letters need not import the worker."""
        registry.after_posting.append(ask("records.deliver"))
        registry.after_storing.append(ask("records.scan"))
        registry.verb_words.update(wording.VERBS)
        registry.internal_verbs.update(wording.INTERNAL)
        disposal, reading = map(import_module, ("records.actions.disposal", "records.reading"))  # models exist first now
        registry.tasks.append(reading.failed_letters)
        registry.disposables.append(
            Disposable(
                kind="records-quarantined",
                title=_("files with a virus"),
                months=1,
                dispose=disposal.dispose_quarantined,
                count=disposal.count_quarantined,
            )
        )


def ask(task: str) -> Callable[[int], object]:
    """A function that sends one key to the worker, without trying twice: a broker that is down must not hold up a person."""
    return lambda key: current_app.send_task(task, args=[key], retry=False, ignore_result=True)
