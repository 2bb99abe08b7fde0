"""How companies hang together: paths, centralities, communities."""
