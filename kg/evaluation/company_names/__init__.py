"""Fitting and measuring how company names are compared."""
