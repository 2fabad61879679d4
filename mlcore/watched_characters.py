"""A text that is written or read character by character while somebody watches: what it became, and what else it could
have been at every place.

Both tell their steps in `tokens` events, a few characters in each, as columns:

* `at`, `of`: the place of the first of them in its text, and which text (two are written side by side);
* `nats`: −ln p of each character that stands there, by the model itself; None for one that it does not know;
* `top`: the likeliest characters, the likeliest first, and `likely`: how likely the model holds them;
* `allowed`: what temperature, top-k and top-p made of `likely`; `given`: the same of the character that stands there;
  `kept`: how many characters they left to draw from;
* `unknown`, in the first of each text: the places in prompt or text of what the model never saw.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mlcore.characters import CharacterModel, Written
from mlcore.contracts import Reporter
from mlcore.decoding import Decoding, softmax
from mlcore.tokens import UNKNOWN

SHOWN = 8
"""How many of the likeliest characters are told at each place."""
SURPRISING = 8
"""How many of the most surprising places a result names."""
AT_ONCE = 4
"""Characters in an event: few, so that a stop takes effect at once on a slow machine too."""

Shares = npt.NDArray[np.float64]


class Step(NamedTuple):
    """One character of a text, and what the model expected there."""

    symbol: str
    nats: float | None
    top: str
    likely: list[float]
    allowed: list[float]
    given: float | None
    kept: int

    @property
    def bits(self) -> float:
        return 0.0 if self.nats is None else self.nats / float(np.log(2))


def write(
    model: CharacterModel,
    prompt: str,
    *,
    length: int,
    decodings: Sequence[Decoding],
    seed: int,
    instead: Sequence[Mapping[int, str]],
    report: Reporter,
) -> dict[str, Any]:
    """Go on from a prompt, in as many texts as there are decodings, all with the random numbers of one seed.

    Args:
        instead: for each text, the characters that stand at some of its places whatever was drawn there.
    """
    unknown = model.unknown(prompt)
    texts: list[list[Step]] = [[] for _ in decodings]
    writers = [
        model.write(prompt, length, decoding, seed, instead=_ids(model, own))
        for decoding, own in zip(decodings, instead, strict=True)
    ]
    while len(texts[-1]) < length:
        # The first character goes alone: somebody waits for it.
        for of, (steps, writer) in enumerate(zip(texts, writers, strict=True)):
            fresh = [_written_step(model, one) for one in islice(writer, AT_ONCE if steps else 1)]
            _tell(report, of, len(steps), fresh, unknown)
            steps.extend(fresh)
        report.progress(len(texts[-1]), length)
    return {
        "texts": [
            {"temperature": decoding.temperature, **_summary(steps)}
            for decoding, steps in zip(decodings, texts, strict=True)
        ],
        "surprising": _surprising(texts[0]),
        "unknown": unknown,
    }


def read(model: CharacterModel, text: str, report: Reporter) -> dict[str, Any]:
    """Read a text and tell at every place how surprising its character is."""
    unknown = model.unknown(text)
    steps: list[Step] = []
    for fresh in _reading(model, text):
        _tell(report, 0, len(steps), fresh, unknown)
        steps.extend(fresh)
        report.progress(len(steps), len(text))
    return {
        "texts": [{"temperature": None, **_summary(steps)}],
        "surprising": _surprising(steps),
        "unknown": unknown,
    }


def chosen_in(chosen: str, text: int) -> dict[int, str]:
    """What stands in one of the texts whatever was drawn: `0.12.101` puts an e at place 12 of the first."""
    places = [tuple(map(int, one.split("."))) for one in chosen.split()]
    return {at: chr(code) for of, at, code in places if of == text}


def _ids(model: CharacterModel, own: Mapping[int, str]) -> dict[int, int]:
    found = {at: int(model.alphabet.encode(symbol)[0]) for at, symbol in own.items()}
    return {at: symbol for at, symbol in found.items() if symbol != UNKNOWN}


def _written_step(model: CharacterModel, one: Written) -> Step:
    top = _top(one.likely)
    return Step(
        symbol=one.symbol,
        nats=_nats(one.likely[one.id]),
        top=model.alphabet.decode(top),
        likely=_rounded(one.likely[top]),
        allowed=_rounded(one.allowed[top]),
        given=_rounded(one.allowed[[one.id]])[0],
        kept=int(np.count_nonzero(one.allowed)),
    )


def _reading(model: CharacterModel, text: str) -> Iterator[list[Step]]:
    state = model.beginning()
    expected = model.scores(state)
    for begin in range(0, len(text), AT_ONCE):
        part = text[begin : begin + AT_ONCE]
        ids = model.alphabet.encode(part)
        known = ids[ids != UNKNOWN]
        rows: Iterator[Shares] = iter(())
        if len(known):
            scores, state = model.read(known[None], state)
            rows = iter(softmax(np.concatenate([expected, scores[0, :-1]])))
            expected = scores[0, -1:]
        yield [
            Step(symbol, None, "", [], [], None, 0) if at == UNKNOWN else _read_step(model, symbol, int(at), next(rows))
            for symbol, at in zip(part, ids, strict=True)
        ]


def _read_step(model: CharacterModel, symbol: str, at: int, likely: Shares) -> Step:
    top = _top(likely)
    return Step(symbol, _nats(likely[at]), model.alphabet.decode(top), _rounded(likely[top]), [], None, 0)


def _top(likely: Shares) -> npt.NDArray[np.int64]:
    order: npt.NDArray[np.int64] = np.argsort(-likely, kind="stable")[:SHOWN]
    return order


def _rounded(shares: Shares) -> list[float]:
    # Four digits, not four places: only what is left out is 0.
    return [float(f"{share:.4g}") for share in shares]


def _nats(share: float) -> float:
    return abs(round(float(np.log(share)), 4))


def _tell(report: Reporter, of: int, at: int, steps: Sequence[Step], unknown: list[int]) -> None:
    columns: dict[str, Any] = {name: [getattr(step, name) for step in steps] for name in Step._fields[1:]}
    if at == 0:
        columns["unknown"] = unknown
    report.tokens("".join(step.symbol for step in steps), of=of, at=at, **columns)


def _summary(steps: Sequence[Step]) -> dict[str, Any]:
    """Of the characters that the model knows: how many, and the mean of their surprise."""
    nats = [step.nats for step in steps if step.nats is not None]
    mean = float(np.mean(nats)) if nats else None
    return {
        "text": "".join(step.symbol for step in steps),
        "known": len(nats),
        "nats": mean and round(mean, 4),
        "bits": mean and round(mean / float(np.log(2)), 4),
        "perplexity": mean and round(float(np.exp(mean)), 3),
    }


def _surprising(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The most surprising places, the most surprising first."""
    places = sorted(range(len(steps)), key=lambda at: (-steps[at].bits, at))[:SURPRISING]
    return [
        {"at": at, "symbol": steps[at].symbol, "bits": round(steps[at].bits, 3), "expected": steps[at].top[:1]}
        for at in places
        if steps[at].nats is not None
    ]
