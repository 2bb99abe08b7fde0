"""Claims as tables that machines share: Hive-partitioned Parquet, which any engine reads without kg."""

from kg.store.dataset.address import is_dataset
from kg.store.dataset.clone import open_dataset, push
from kg.store.dataset.tables import Tables

__all__ = ["Tables", "is_dataset", "open_dataset", "push"]
