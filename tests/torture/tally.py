"""What a trial came to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """`acknowledged`: decisions, votes, submissions and readings whose success was answered; of them
    so many are `lost` or `duplicated`. `wrong` tells, in words, whatever else is not as it must be.
    """

    injected: int = 0
    acknowledged: int = 0
    lost: int = 0
    duplicated: int = 0
    wrong: tuple[str, ...] = ()

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.injected + other.injected,
            self.acknowledged + other.acknowledged,
            self.lost + other.lost,
            self.duplicated + other.duplicated,
            self.wrong + other.wrong,
        )

    @property
    def holds(self) -> bool:
        return not (self.lost or self.duplicated or self.wrong)
