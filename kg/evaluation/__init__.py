"""How good the reader is: claims held against gold annotations, the reader against marked sentences.

`kg.evaluation.runner` brings together what is scored; `kg.evaluation.scoring` and
`kg.evaluation.report` are pure functions over records. docs/quality.md tells what each
figure means. Nothing is imported here: the command line must start before it knows what to score.
"""
