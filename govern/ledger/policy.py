"""What an auditor pins: whose checkpoints count, and which witnesses must have seen them.

A text file in the manner of c2sp.org/tlog-policy:

    log <key> [<url>]
    witness <name> <key> [<url>]
    group <name> all|any|<k> <name>…
    quorum none|<name>

One `quorum` line; names are defined on a line before the one that uses them; `#` begins a comment.
Several `log` lines serve a log whose key was changed: any of them may have signed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from govern.ledger.note import Algorithm, NoteFault, Verifier

NONE = "none"


class PolicyFault(ValueError):  # noqa: N818 - an answer about the policy
    """A policy cannot be read. `problems` are (line number, what is wrong), the first line is 1."""

    def __init__(self, problems: Iterable[tuple[int, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"line {line}: {what}" for line, what in self.problems))


@dataclass(frozen=True, slots=True)
class Group:
    """A group has seen a checkpoint when `threshold` of its members have."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """`witnesses` and `groups` by their name in the policy; `quorum` one of these, or `none`.

    `urls` holds the address of each log and witness that has one, by the text of its key.
    """

    logs: tuple[Verifier, ...]
    witnesses: Mapping[str, Verifier] = field(default_factory=dict[str, Verifier])
    groups: Mapping[str, Group] = field(default_factory=dict[str, Group])
    quorum: str = NONE
    urls: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        return (*self.logs, *self.witnesses.values())

    def seen_enough(self, witnesses: Iterable[str]) -> bool:
        """Whether cosignatures by the witnesses of these names reach the quorum."""
        seen = set(witnesses)
        return self.quorum == NONE or self._seen(self.quorum, seen)

    def _seen(self, name: str, seen: set[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in seen
        return sum(self._seen(member, seen) for member in group.members) >= group.threshold


def read_policy(text: str) -> Policy:
    """The policy of a file's text; `PolicyFault` names every line that does not hold."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if words and not words[0].startswith("#"):
            reader.read(number, words)
    return reader.close(number=text.count("\n") + 1)


def write_policy(policy: Policy) -> str:
    """The text of a policy: logs, witnesses, groups in their order, the quorum."""
    lines = [_with_url(f"log {log}", log, policy) for log in policy.logs]
    lines += [
        _with_url(f"witness {name} {key}", key, policy) for name, key in policy.witnesses.items()
    ]
    lines += [
        f"group {name} {group.threshold} {' '.join(group.members)}"
        for name, group in policy.groups.items()
    ]
    return "\n".join([*lines, f"quorum {policy.quorum}", ""])


def _with_url(line: str, key: Verifier, policy: Policy) -> str:
    url = policy.urls.get(str(key))
    return line if url is None else f"{line} {url}"


class _Reader:
    """The policy as far as it has been read, and every problem met."""

    def __init__(self) -> None:
        self.problems: list[tuple[int, str]] = []
        self.logs: list[Verifier] = []
        self.witnesses: dict[str, Verifier] = {}
        self.groups: dict[str, Group] = {}
        self.urls: dict[str, str] = {}
        self.quorum: str | None = None
        self.asked = False
        self.members: set[str] = set()
        self.unread: set[str] = set()

    def read(self, number: int, words: list[str]) -> None:
        try:
            self._line(words)
        except (NoteFault, _Problem) as problem:
            self.problems.append((number, str(problem)))
            # A name whose own line is faulty is not also reported where it is used.
            if words[0] in {"witness", "group"} and len(words) > 1:
                self.unread.add(words[1])

    def close(self, number: int) -> Policy:
        if not self.asked:
            self.problems.append((number, "no quorum line; 'quorum none' asks for no witness"))
        if self.problems or self.quorum is None:
            raise PolicyFault(self.problems)
        return Policy(
            tuple(self.logs),
            MappingProxyType(self.witnesses),
            MappingProxyType(self.groups),
            self.quorum,
            MappingProxyType(self.urls),
        )

    def _line(self, words: list[str]) -> None:
        match words:
            case ["log", key, *url] if len(url) <= 1:
                self.logs.append(self._key(key, url, Algorithm.ED25519))
            case ["witness", name, key, *url] if len(url) <= 1:
                self._new_name(name)
                self.witnesses[name] = self._key(key, url, Algorithm.COSIGNATURE)
            case ["group", name, threshold, *members] if members:
                self._new_name(name)
                self.groups[name] = self._group(threshold, members)
            case ["quorum", name]:
                self._quorum(name)
            case [("log" | "witness" | "group" | "quorum") as kind, *_]:
                raise _Problem(f"a {kind} line is written '{_FORMS[kind]}'")
            case _:
                raise _Problem(f"{words[0]!a} is none of log, witness, group, quorum")

    def _key(self, text: str, url: list[str], algorithm: Algorithm) -> Verifier:
        key = Verifier.read(text)
        if key.algorithm is not algorithm:
            kind = "a witness" if key.algorithm is Algorithm.COSIGNATURE else "a log"
            raise _Problem(f"the key of {key.name} is that of {kind}")
        if any(key.public == it.public for it in (*self.logs, *self.witnesses.values())):
            raise _Problem(f"the key of {key.name} stands here twice")
        if url:
            self.urls[str(key)] = url[0]
        return key

    def _new_name(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise _Problem(f"the name {name!a} is taken")

    def _group(self, threshold: str, members: list[str]) -> Group:
        for member in members:
            self._known(member)
            if member in self.members:
                raise _Problem(f"{member!a} is already a member of a group")
            self.members.add(member)
        least = {"all": len(members), "any": 1}.get(threshold)
        if least is None:
            if not threshold.isascii() or not threshold.isdecimal() or threshold[0] == "0":
                raise _Problem(f"{threshold!a} is none of all, any, or a number from 1 on")
            least = int(threshold)
        if least > len(members):
            raise _Problem(f"a group of {len(members)} cannot ask for {least}")
        return Group(least, tuple(members))

    def _quorum(self, name: str) -> None:
        if self.asked:
            raise _Problem("there is one quorum line before this one")
        self.asked = True
        if name != NONE:
            self._known(name)
        self.quorum = name

    def _known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups and name not in self.unread:
            raise _Problem(f"no witness or group {name!a} is defined above")


class _Problem(Exception):  # noqa: N818 - one line of a PolicyFault
    pass


_FORMS = {
    "log": "log <key> [<url>]",
    "witness": "witness <name> <key> [<url>]",
    "group": "group <name> all|any|<k> <name>…",
    "quorum": "quorum none|<name>",
}
