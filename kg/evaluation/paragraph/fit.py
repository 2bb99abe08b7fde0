"""Fit the model of the paragraph: ``python -m kg.evaluation.paragraph.fit --shared DIR --out DIR [--epochs N]``.

Fits on the windows that `kg.evaluation.paragraph.material` wrote into the folder, hours on a processor. After each
epoch all that is needed to go on is saved there: the same command goes on behind the last epoch that is done.
"""

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from kg.evaluation.paragraph.base import Base, unpacked
from kg.evaluation.paragraph.examples import Example, example, fewer
from kg.evaluation.paragraph.labelled import FOUND, MARKED, WATCHED, LabelledWindow, read_windows, renamed
from kg.evaluation.paragraph.losses import loss
from kg.evaluation.paragraph.material import WINDOWS
from kg.evaluation.paragraph.model import Paragraph
from kg.evaluation.paragraph.sources import digest
from kg.evaluation.paragraph.vocabulary import PIECES, pieces
from kg.evaluation.paragraph.watch import Figures, watch

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

__all__ = ["STATE", "Lessons", "fresh", "lessons", "main", "plan"]

STATE = "state.pt"
"""The model and all that is needed to go on with a fit, in the folder that it is made in."""

_EPOCHS, _SEED = 16, 0
_RATE, _NEW_RATE, _DECAY, _LONGEST_STEP = 1.5e-4, 5e-4, 0.01, 1.0
"""How fast the encoder and what is new learn, what shrinks the weights, the largest gradient."""
_WARM, _COLDEST = 0.06, 0.02
_AS_FOUND = 0.6
"""Share of the windows that are seen with the names that the reader finds, where there are both."""
_FIRST, _LATER = 2_500, 300
"""CORE's sentences seen in the first epoch, which teach what a tie is, and in each later one."""
_RENAMED, _RENAMED_SENTENCES = 0.35, 0.5
"""Share of the windows of passages, and of sentences, whose companies are called otherwise."""
_MEMORY = 0.9975
"""What each step leaves of the mean of the weights, which is what is kept: single steps are rash."""
_STEP, _PIECES = 32, 700
"""Windows of a step have one length, rounded up; about so many pieces in all."""
_PAIRS = 110
"""Pairs of a window that are judged in a step: all that are tied, and others by chance."""


Draw: TypeAlias = Callable[[int], list[list[Example]]]
"""What gives the steps of an epoch."""


@dataclass(slots=True)
class Lessons:
    """What is fitted on: windows of passages, by whose names they have, and sentences; `watched` is only looked at."""

    windows: list[Mapping[str, LabelledWindow]] = field(default_factory=list)
    sentences: list[LabelledWindow] = field(default_factory=list)
    watched: dict[str, list[Example]] = field(default_factory=lambda: defaultdict(list))


def main() -> None:
    """Fit for as many epochs as are asked for, or go on with a fit that was broken off."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder with texts that show what words there are")
    parser.add_argument("--out", type=Path, required=True, help="folder with the windows, in which the fit is made")
    parser.add_argument("--epochs", type=int, default=_EPOCHS)
    options = parser.parse_args()
    if not (options.out / WINDOWS).is_file():
        sys.exit(f"{options.out / WINDOWS} is missing: write it with python -m kg.evaluation.paragraph.material")
    base = unpacked()
    model = pieces(base, options.shared, options.out / WINDOWS)
    made_of = {"epochs": options.epochs, "seed": _SEED}
    made_of |= {name: digest(options.out / name) for name in (WINDOWS, PIECES)}
    told = lessons(options.out / WINDOWS, model)
    _fit(fresh(base, model), told, lambda epoch: plan(told, epoch, model), made_of, options.out / STATE)


def fresh(base: Base, pieces: "SentencePieceProcessor") -> Paragraph:
    """Return a model whose encoder is the base's, of some pieces, and whose heads have learnt nothing."""
    torch.manual_seed(_SEED)
    model = Paragraph(pieces.piece_size(), pieces.unk_id())
    words = "embeddings.word_embeddings.weight"
    rows = base.rows(pieces.id_to_piece(number) for number in range(pieces.piece_size()))
    weights = {**base.weights, words: base.weights[words][rows]}
    model.enc.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in weights.items()})
    return model


def lessons(path: Path, pieces: "SentencePieceProcessor") -> Lessons:
    """Read the windows of a file, those that are watched as numbers."""
    told = Lessons()
    windows: dict[tuple[str, int], dict[str, LabelledWindow]] = defaultdict(dict)
    for window in read_windows(path):
        if window.part == WATCHED:
            one = example(window, pieces)
            told.watched[f"names {window.names_by}"].extend([one] if one is not None else [])
        elif window.part in {"core", "corpus"}:
            told.sentences.append(window)
        else:
            windows[window.id, window.spans[-1][0]][window.names_by] = window
    told.windows.extend(windows[key] for key in sorted(windows))
    return told


def plan(told: Lessons, epoch: int, pieces: "SentencePieceProcessor") -> list[list[Example]]:
    """Return the steps of an epoch: always the same ones, so that a fit can go on behind it."""
    chance = random.Random(1000 * _SEED + epoch)  # noqa: S311  a draw of lessons, no secret
    names = sorted({text for window in told.windows for text in _companies(window)})
    seen = [_seen(window, names, chance) for window in told.windows]
    seen += [_called(one, names, chance, _RENAMED_SENTENCES) for one in _sentences(told.sentences, epoch, chance)]
    examples = [one for window in seen if (one := example(window, pieces)) is not None]
    chance.shuffle(examples)
    lengths: dict[int, list[Example]] = defaultdict(list)
    for one in examples:
        lengths[-(-len(one.ids) // _STEP) * _STEP].append(fewer(one, _PAIRS, chance))
    steps: list[list[Example]] = []
    for length, those in sorted(lengths.items()):
        size = max(1, round(_PIECES / length))
        steps.extend(those[at : at + size] for at in range(0, len(those), size))
    chance.shuffle(steps)
    return steps


def _companies(window: Mapping[str, LabelledWindow]) -> Iterator[str]:
    """The companies of a window, as the marks write them."""
    marked = window.get(MARKED)
    if marked is not None:
        yield from (marked.text[start:end] for start, end, kind, _ in marked.marks if kind == "Company")


def _seen(window: Mapping[str, LabelledWindow], names: Sequence[str], chance: random.Random) -> LabelledWindow:
    """A window as it is seen in an epoch: with the names that were found, or those that are marked, or others."""
    found = FOUND in window and (MARKED not in window or chance.random() < _AS_FOUND)
    return _called(window[FOUND if found else MARKED], names, chance, _RENAMED)


def _sentences(those: Sequence[LabelledWindow], epoch: int, chance: random.Random) -> list[LabelledWindow]:
    """The sentences of an epoch: all of the corpus, whose near misses teach what is no tie, and some of CORE's."""
    core = [one for one in those if one.part == "core"]
    drawn = chance.sample(core, min(len(core), _LATER if epoch else _FIRST))
    return [*drawn, *(one for one in those if one.part != "core")]


def _called(told: LabelledWindow, names: Sequence[str], chance: random.Random, share: float) -> LabelledWindow:
    """A window, its companies called otherwise in so large a share of them."""
    if chance.random() >= share or not names:
        return told
    table: dict[str, str] = {}
    return renamed(told, lambda name: table.setdefault(name, chance.choice(names)))


def _fit(model: Paragraph, told: Lessons, draw: Draw, made_of: Mapping[str, Any], path: Path) -> None:
    torch.set_flush_denormal(True)
    optimiser = _optimiser(model)
    mean = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(_MEMORY))
    epochs = int(made_of["epochs"])
    schedule = _schedule(optimiser, sum(len(draw(epoch)) for epoch in range(epochs)))
    learning = {"model": model, "optimiser": optimiser, "schedule": schedule, "mean": mean}
    done = _gone_on(learning, made_of, path) if path.is_file() else 0
    for epoch in range(done, epochs):
        torch.manual_seed(1000 * _SEED + epoch)
        losses = _epoch(learning, draw(epoch))
        figures = {names: watch(mean.module, examples) for names, examples in sorted(told.watched.items())}
        _say(epoch, losses, figures)
        saved = {name: part.state_dict() for name, part in learning.items()}
        _save({**saved, "epoch": epoch + 1, "made_of": dict(made_of), "figures": figures}, path)


def _optimiser(model: Paragraph) -> Any:
    """AdamW (Loshchilov & Hutter, ICLR 2019): what is new learns faster than the encoder."""
    named = [(name, weights) for name, weights in model.named_parameters() if weights.requires_grad]
    encoder = [weights for name, weights in named if name.startswith("enc.")]
    new = [weights for name, weights in named if not name.startswith("enc.")]
    groups = [{"params": encoder, "lr": _RATE}, {"params": new, "lr": _NEW_RATE}]
    return torch.optim.AdamW(groups, weight_decay=_DECAY, fused=True)


def _schedule(optimiser: Any, steps: int) -> Any:
    """Rates rise at first, then fall step by step."""

    def share(step: int) -> float:
        return min(1.0, step / (_WARM * steps + 1)) * max(_COLDEST, 1 - step / steps)

    return torch.optim.lr_scheduler.LambdaLR(optimiser, share)


def _gone_on(learning: Mapping[str, Any], made_of: Mapping[str, Any], path: Path) -> int:
    """Take up what was saved; return how many epochs are done."""
    saved = torch.load(path, weights_only=True)
    if saved["made_of"] != made_of:
        sys.exit(f"{path} is of another fit (other epochs, windows or pieces): name another folder, or remove it")
    for name, part in learning.items():
        part.load_state_dict(saved[name])
    return int(saved["epoch"])


def _epoch(learning: Mapping[str, Any], steps: Sequence[Sequence[Example]]) -> dict[str, float]:
    """Fit on the windows of an epoch; return the mean of each loss."""
    model, optimiser = learning["model"], learning["optimiser"]
    model.train()
    sums: dict[str, float] = defaultdict(float)
    for batch in steps:
        total, parts = loss(model, model(batch), batch)
        optimiser.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), _LONGEST_STEP)
        optimiser.step()
        learning["schedule"].step()
        learning["mean"].update_parameters(model)
        for name, part in parts.items():
            sums[name] += part
    return {name: total / len(steps) for name, total in sums.items()}


def _say(epoch: int, losses: Mapping[str, float], figures: Mapping[str, Figures]) -> None:
    sys.stdout.write(f"epoch {epoch + 1}: {', '.join(f'{name} {value:.3f}' for name, value in losses.items())}\n")
    for names, told in figures.items():
        sys.stdout.write(f"  {names}: {', '.join(f'{name} {value:.3f}' for name, value in told.items())}\n")
    sys.stdout.flush()


def _save(state: Mapping[str, Any], path: Path) -> None:
    """Write the state beside the last one, then put it in its place: whenever it breaks off, one is whole."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


if __name__ == "__main__":
    main()
