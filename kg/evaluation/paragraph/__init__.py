"""How the model of the paragraph (`kg.extract.paragraph`) is made: material, base, fit, export.

In this order: `material` writes windows with their labels, `fit` fits the encoder and its heads on them, `export`
writes what the reader runs. Only this needs PyTorch; it is in no wheel.
"""
