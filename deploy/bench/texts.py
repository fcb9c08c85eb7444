"""Texts to be searched: as many different words, and as unevenly used, as people's own."""

from collections.abc import Sequence
from itertools import accumulate
from random import Random

from services.mediation.domain.tokens import normal

CHARACTERS = 3_500
"""As many as are in common use (现代汉语常用字表)."""
FIRST = 0x4E00
VOCABULARY = 30_000
LENGTHS, WEIGHTS = (1, 2, 2, 2, 3, 4), 0.9
"""Characters of a word; how steeply the use of words falls with their rank (Zipf)."""
FEWEST, MOST = 40, 110
"""Words of one text."""
SENTENCE = 9


class Writer:
    """Writes texts of one vocabulary; told the same seed, the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - texts, no secrets
        self.words = sorted({self._word() for _ in range(VOCABULARY)})
        self._random.shuffle(self.words)
        ranks = range(1, len(self.words) + 1)
        self._used = list(accumulate(1 / (rank + 5) ** WEIGHTS for rank in ranks))

    def _word(self) -> str:
        length = self._random.choice(LENGTHS)
        return "".join(self._character() for _ in range(length))

    def _character(self) -> str:
        """Some characters are used far more than others."""
        return chr(FIRST + int(CHARACTERS * self._random.random() ** 2) * 5)

    def text(self) -> str:
        """The next text, in normal form."""
        count = self._random.randint(FEWEST, MOST)
        chosen = self._random.choices(self.words, cum_weights=self._used, k=count)
        sentences = (chosen[at : at + SENTENCE] for at in range(0, count, SENTENCE))
        return normal("，".join("".join(one) for one in sentences))


def spread(words: Sequence[str], count: int) -> list[str]:
    """Words of two characters or more, from the most to the least used, at growing distances."""
    long_enough = [word for word in words if len(word) > 1]
    step = len(long_enough) ** (1 / count)
    places = sorted({min(int(step**at) - 1, len(long_enough) - 1) for at in range(1, count + 1)})
    return [long_enough[at] for at in places]
