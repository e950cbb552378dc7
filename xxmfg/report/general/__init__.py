"""The report of any survey: records with a value, a region, an industry and a period, described in two languages."""

from .report import general_report
from .survey import Columns, Options, Survey, survey_of

__all__ = ["Columns", "Options", "Survey", "general_report", "survey_of"]
