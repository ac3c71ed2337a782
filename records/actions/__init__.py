"""What the records room does to its own rows: delivering, scanning, taking down, disposing."""

from records.actions.letters import (
    deliver,
    letters_to_queue,
    mark_posted_on_paper,
    pdf_of,
    render_pdf,
    retry_letter,
)

__all__ = ["deliver", "letters_to_queue", "mark_posted_on_paper", "pdf_of", "render_pdf", "retry_letter"]
