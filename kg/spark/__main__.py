"""``python -m kg.spark``, and what spark-submit is given."""

from kg.spark.jobs import main

if __name__ == "__main__":
    main()
