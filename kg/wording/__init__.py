"""What kg says to people, in English and French.

terms   the terms of a claim: "11.9 bn USD over 5 years", "62 % du chiffre d’affaires (2024)"
"""
