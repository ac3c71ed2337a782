"""A file with a virus: whoever handed it in is told, by letter (Case 17)."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.actions.letters import LANGUAGE
from grants.models import Attachment
from records import filing
from records.models import StoredFile


def tell_of_virus(file: StoredFile, *, at: datetime) -> bool:
    """One letter for each application the file lies in, draft or not; False when it lies in none. No second letter."""
    rows = Attachment.objects.filter(file=file, replaced_at=None)
    rows = rows.select_related("application__call__version", "application__association", "application__case", "added_by")
    for row in rows:
        labels = {each["key"]: each["label"] for each in row.application.headings()}
        with override(LANGUAGE):
            filing.post_letter(
                row.application.case,
                key=f"grants.infected.{row.pk}",
                to=[row.added_by.email],
                addressee=row.application.association.name,
                subject=_("A file could not be received: %s") % row.application.call,
                template="letters/grants/infected.html",
                context={"application": row.application, "file": file, "label": labels.get(row.key, row.key)},
                at=at,
                language=LANGUAGE,
            )
    return bool(rows)
