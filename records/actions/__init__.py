"""What the records room does to its own rows: delivering, scanning, taking down, disposing."""

from records.actions.disposal import dispose, suggest_retention_rules
from records.actions.letters import (
    deliver,
    letters_to_queue,
    mark_posted_on_paper,
    pdf_of,
    render_pdf,
    retry_letter,
)
from records.actions.notices import take_down_due
from records.actions.scanning import files_to_scan, remove_orphans, scan_file

__all__ = [
    "deliver",
    "dispose",
    "files_to_scan",
    "letters_to_queue",
    "mark_posted_on_paper",
    "pdf_of",
    "remove_orphans",
    "render_pdf",
    "retry_letter",
    "scan_file",
    "suggest_retention_rules",
    "take_down_due",
]
