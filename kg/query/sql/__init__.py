"""Questions to a dataset in SQL, without a clone of it: the same text for DuckDB and for Spark."""

from kg.query.sql.engines import DuckDB, Engine, Rows, Spark, ask, write_answer
from kg.query.sql.questions import Question, question, questions
from kg.query.sql.views import views

__all__ = [
    "DuckDB",
    "Engine",
    "Question",
    "Rows",
    "Spark",
    "ask",
    "question",
    "questions",
    "views",
    "write_answer",
]
