"""What becomes of a result: a table, text, a picture, a graph."""
