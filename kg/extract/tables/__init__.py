"""Tables as evidence: found in a document's text, understood by their heads and captions, read into proposals."""
