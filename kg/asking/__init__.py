"""A question in words → a question of the catalogue with its values → its answer, without a model.

words       what a language's words are in a question: ``ontology/questions`` and ``ontology/lexicon``, with their forms
inflection  the forms that words take
tokens      the words of a question, with the names, dates and figures among them
names       which companies a question names
clause      who does what to whom, and which end is asked for
topics      questions that are no relation between two ends
intent      what a question asks, and the reading of it
choice      the question of the catalogue that asks the same, with its values
nearest     questions that can be asked, for one that is not understood
reply       the answer: facts, and apart from them plans, reports, denials and what is over
written     SPARQL that a language model writes, checked before it runs
"""

from kg.asking.reply import Reply, Section, ask, asked

__all__ = ["Reply", "Section", "ask", "asked"]
