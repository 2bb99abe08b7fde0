"""What filings claim in forms of their own: customers of a tenth of the sales and more, holders of shares."""
