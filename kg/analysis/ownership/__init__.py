"""Who owns and who controls whom: shares along chains, control, owners, groups."""
