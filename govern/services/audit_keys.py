"""Whose signatures count when the log is verified, and from which size of it on."""

from collections.abc import Iterable

from govern.ledger.checkpoint import Checkpoint
from govern.ledger.keys import Rotation, TrustedKey, check_key, follow
from govern.ledger.note import Note, NoteFault, Verifier, open_note
from govern.ledger.policy import NONE, Policy
from govern.ledger.verify import Fault
from govern.ledger.verify_log import LOG, Opener


def trusted(pinned: Iterable[Verifier], rotations: Iterable[Rotation]) -> tuple[TrustedKey, ...]:
    """The pinned keys and those that took over from them; of a key that is pinned and took over the
    narrower range of sizes counts. Raises `KeyFault` where a rotation does not follow."""
    changes = tuple(rotations)
    found: dict[Verifier, TrustedKey] = {}
    for key in pinned:
        for each in follow(key, changes):
            known = found.get(each.verifier, each)
            ends = [last for last in (known.last, each.last) if last is not None]
            found[each.verifier] = TrustedKey(
                each.verifier, max(known.first, each.first), min(ends, default=None)
            )
    return tuple(found.values())


def opener(keys: Iterable[TrustedKey]) -> Opener:
    """Reads a checkpoint that one of these keys signed for its log and for this size."""
    trusted_keys = tuple(keys)
    verifiers = tuple(key.verifier for key in trusted_keys)

    def read(signed: str) -> Checkpoint:
        note = open_note(signed, verifiers)
        found = Checkpoint.read(note.text)
        for key in verifiers:
            if key.name == found.origin and note.signed_by(key) is not None:
                check_key(key, found.size, trusted_keys)
                return found
        raise NoteFault(f"the log {found.origin} has not signed this with a key known here")

    return read


def unsigned(signed: str) -> Checkpoint:
    """Reads a checkpoint without asking who signed it, where no key is known."""
    text, separator, _ = signed.partition("\n\n")
    if not separator:
        raise NoteFault("a note is a text, an empty line and signature lines")
    return Checkpoint.read(text + "\n")


def opener_of(keys: Iterable[str]) -> Opener:
    """The same for public keys as text, without any change of keys."""
    return opener(TrustedKey(Verifier.read(key)) for key in keys)


def cosigned(
    rows: Iterable[tuple[int, str, str, str]], policy: Policy | None
) -> tuple[int, int, list[Fault]]:
    """The size up to which a quorum of the policy's witnesses has seen the log, how many cosignatures
    could not be checked because their witness is not pinned, and what does not hold: with a quorum,
    also that it has seen nothing at all."""
    witnesses = {} if policy is None else dict(policy.witnesses)
    # Kept by the whole key, as it is handed in; a name alone also finds it, and the signature decides.
    by_key = {text: key for key in witnesses.values() for text in (key.name, str(key))}
    seen: dict[int, set[str]] = {}
    unchecked = 0
    faults: list[Fault] = []
    for size, witness, line, note in rows:
        key = by_key.get(witness) or witnesses.get(witness)
        if key is None:
            unchecked += 1
            continue
        try:
            opened: Note = open_note(note + line.removesuffix("\n") + "\n", (key,))
            held = opened.signed_by(key) is not None
        except NoteFault:
            held = False
        if held:
            seen.setdefault(size, set()).update(
                name for name, each in witnesses.items() if each == key
            )
        elif not faults:
            what = f"the cosignature of {witness} under the checkpoint over {size} entries is not its own"
            faults.append(Fault(LOG, size, what))
    enough = [size for size, names in seen.items() if policy and policy.seen_enough(names)]
    if policy is not None and policy.quorum != NONE and not enough:
        what = f"no checkpoint has the signatures that the quorum '{policy.quorum}' of the policy needs"
        faults.append(Fault(LOG, 1, what))
    return max(enough, default=0), unchecked, faults
