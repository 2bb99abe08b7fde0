"""Own claims by the list: what people know, out of CSV or JSON lines, each row a claim under its author's name."""
