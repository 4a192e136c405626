"""Changes of the log's key, which are in the ledger before they are in force."""

from govern.ledger.note import Signer
from govern.services.ledger import SERVICE
from govern.services.runtime import Runtime
from govern.store import events
from govern.store.key_folder import KeyFolder

MADE, ROTATED, RESTARTED = "key.recorded", "key.rotated", "log.restarted"
KINDS = (MADE, ROTATED, RESTARTED)
"""The events that tell of keys. `key` is the public key that holds from then on, as text."""


def finish(runtime: Runtime, keys: KeyFolder) -> Signer | None:
    """Puts a key in its place whose change is in the ledger but was interrupted; takes away one whose
    change is not. The caller has the turn."""
    following = keys.prepared()
    if following is None:
        return None
    with runtime.store.reading() as connection:
        for kind in KINDS:
            for each in events.of_kind(connection, SERVICE, kind):
                if each["data"].get("key") == str(following.verifier):
                    keys.install(each["data"].get("statement"))
                    return following
    keys.discard()
    return None
