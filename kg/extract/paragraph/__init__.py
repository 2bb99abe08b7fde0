"""The model of the paragraph: names, ties and terms of a whole paragraph read at once."""
