"""Where an entity lies in the table: each `Ref` class says it once, in the file of its entity.

    class PoolRef(Ref[Pool], partition="POOL#", sort="POOL"):
        pool: str

        def key_ends(self, _digest: Digest) -> tuple[str, str]:
            return self.pool, ""

From this `Facts.get` knows the type it answers with, `store/keys` the key, and `store/items` the
type of what it reads. So a new entity is one new file.
"""

from collections import defaultdict, namedtuple
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar, dataclass_transform, get_args

from leadloop.model.base import Model

# HMAC-SHA256 of its arguments under the deployment's pepper, as hex text.
Digest = Callable[..., str]


class Entity(Model):
    """Base of everything that is stored under a reference."""

    @property
    def expires_at(self) -> datetime | None:
        """When the table may delete it; None: never."""
        return None


E_co = TypeVar("E_co", bound=Entity, covariant=True)


def _is_same(ref: "tuple[object, ...]", other: object) -> bool:
    return type(ref) is type(other) and tuple.__eq__(ref, other)


def _is_other(ref: "tuple[object, ...]", other: object) -> bool:
    return not _is_same(ref, other)


@dataclass_transform(frozen_default=True)
class _RefClass(type):
    """Makes a named tuple of each `Ref` class: every fold hashes refs, and tuples do it in C."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **declared: str
    ) -> "_RefClass":
        namespace["__slots__"] = ()
        namespace |= {"__eq__": _is_same, "__ne__": _is_other, "__hash__": tuple.__hash__}
        if Generic not in bases:
            bases = (*bases, namedtuple(name, namespace["__annotations__"]))  # noqa: PYI024
        return super().__new__(cls, name, bases, namespace, **declared)


class Ref(Generic[E_co], metaclass=_RefClass):
    """Reference to one entity: a class and the tuple of its fields.

    References of two classes are never equal: a pool and an offer may have one name.

    `entity` is the type of what lies there. `partition` and `sort` are what the two parts of its
    key begin with.
    """

    entity: ClassVar[type[Entity]]
    partition: ClassVar[str]
    sort: ClassVar[str]

    def __init_subclass__(cls, *, partition: str, sort: str) -> None:
        super().__init_subclass__()
        (cls.entity,) = get_args(vars(cls)["__orig_bases__"][0])
        cls.partition, cls.sort = partition, sort
        _REFS_BY_PARTITION[partition].append(cls)

    def key_ends(self, digest: Digest) -> tuple[str, str]:
        """What follows `partition` and `sort` in the key.

        A value that identifies a person enters it only as its `digest`.
        """
        raise NotImplementedError


AnyRef = Ref[Entity]
_REFS_BY_PARTITION: defaultdict[str, list[type[AnyRef]]] = defaultdict(list)


def entity_type(partition_key: str, sort_key: str) -> type[Entity]:
    """The type of the entity that lies at a key.

    Raises:
        KeyError: no reference that this process has imported lies there.

    """
    kind, separator, _ = partition_key.partition("#")
    for ref in _REFS_BY_PARTITION.get(kind + separator, ()):
        if sort_key.startswith(ref.sort):
            return ref.entity
    raise KeyError(f"no reference lies at {kind}#… {sort_key[:8]}")


def build_ref(name: str, fields: Iterable[str | int]) -> AnyRef:
    """The reference of the class called `name`, with these fields.

    Raises:
        KeyError: no reference that this process has imported has this name.

    """
    for refs in _REFS_BY_PARTITION.values():
        for ref in refs:
            if ref.__name__ == name:
                return ref(*fields)
    raise KeyError(f"no reference is called {name}")
