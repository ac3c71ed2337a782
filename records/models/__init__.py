from records.models.case import Case, Event, Series
from records.models.file import StoredFile
from records.models.letter import Letter

__all__ = ["Case", "Event", "Letter", "Series", "StoredFile"]
