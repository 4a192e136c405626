"""The kept answers of timestamp authorities, held against the checkpoints that they are about."""

from collections.abc import Iterable

from cryptography.x509 import Certificate

from govern.domain.refusal import NotTimestamped
from govern.ledger.verify import Fault
from govern.ledger.verify_log import LOG
from govern.services.timestamping import verify_timestamp


def stamped(
    rows: Iterable[tuple[int, str, bytes, str]], roots: tuple[Certificate, ...]
) -> tuple[int, int, list[Fault]]:
    """How many answers hold, how many could not be looked at because no root certificate is known,
    and the first that does not hold. A row: size, authority, the answer in DER, the checkpoint's note.
    """
    held = unchecked = 0
    faults: list[Fault] = []
    for size, authority, token, note in rows:
        if not note:
            what = "there is no such checkpoint"
        elif not roots:
            unchecked += 1
            continue
        else:
            try:
                verify_timestamp(token, note.encode("utf-8", "surrogateescape"), roots)
            except NotTimestamped as refusal:
                what = str(refusal)
            else:
                held += 1
                continue
        if not faults:
            where = f"the timestamp of {authority} on the checkpoint over {size} entries"
            faults.append(Fault(LOG, size, f"{where} does not hold: {what}"))
    return held, unchecked, faults
