"""Lists of edges, such as registers: holder, issuer, share, and whatever else is known, a row a claim."""
