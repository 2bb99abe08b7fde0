"""What kg says to people in its own words, in English and French. Names of relations and modalities: `kg.ontology`.

terms      the terms of a claim: "11.9 bn USD over 5 years", "62 % du chiffre d’affaires (2024)"
dossiers   dossiers and tables of relations
naming     why two names are likely one company's, or not
viewer     the viewer's page
pages      the pages of ``kg serve``
reasons    reason codes in words
statements who does what to whom, in a sentence
reviewing  those of its pages on which claims are judged and documents read through
"""
