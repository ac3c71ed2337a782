from records.models.case import Case, Event, Series
from records.models.file import StoredFile
from records.models.letter import Letter
from records.models.notice import Notice
from records.models.retention import RetentionRule
from records.models.work import Work

__all__ = ["Case", "Event", "Letter", "Notice", "RetentionRule", "Series", "StoredFile", "Work"]
