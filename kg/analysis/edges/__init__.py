"""Lists of edges, such as registers, as claims."""
