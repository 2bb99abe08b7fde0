"""Questions that only a graph of companies can answer, as functions on claims."""
