"""What deals make together: circles of money, concentration, rivals that are tied."""
