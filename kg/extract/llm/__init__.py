"""The second reader: a language model behind any OpenAI-compatible endpoint, under the same gate.

The model answers in its own words; `grounding` finds them in the text or refuses them. What a text
tells the model to do cannot make a claim: quotes, names, figures and relations are checked against
the text and the ontology. It can still talk a model into misreading a real sentence, which is why
every claim keeps the name of what read it.
"""

from kg.extract.llm.budget import Budget
from kg.extract.llm.reader import LanguageModel

__all__ = ["Budget", "LanguageModel"]
