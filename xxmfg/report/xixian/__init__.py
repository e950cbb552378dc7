"""The survey report on the advanced manufacturing of Xixian New Area, from the records and lists of the package."""

from .report import survey_report
from .survey import Survey, read_survey

__all__ = ["Survey", "read_survey", "survey_report"]
