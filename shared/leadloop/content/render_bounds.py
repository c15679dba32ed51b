"""The bounds of one render: a total of steps, a size for each value, and a size for each range.

The library bounds nested loops, what is written and what is assigned, but not
- loops that follow one another, nor what stands in a loop;
- what a filter or a condition reads and makes within one statement;
- a range that no loop runs over: `(1..999999999999) contains 'a'`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import TextIO

from liquid import BoundTemplate, Environment
from liquid.ast import BlockNode, Node
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.tags.for_tag import ForNode
from liquid.context import RenderContext
from liquid.exceptions import ResourceLimitError
from liquid.expression import Expression
from liquid.limits import to_int
from liquid.token import Token

STEPS_MOST = 200_000  # of one render: about a second of the slowest steps
SIZE_MOST = 256 * 1024  # characters of a text, or of all texts in a list
RANGE_MOST = 10_000  # the ends of a range
DEEPEST_BRACKETS = 50  # one within another; how deep Python itself goes is no bound of ours
CHARACTERS_PER_ENTRY = 8  # that an entry of a list counts beside its text
CHARACTERS_PER_STEP = 64  # that a filter or condition reads or makes
SOURCE_PER_STEP = 8  # characters of a template that a loop runs through


def bracket_depth(source: str) -> int:
    """How deep square brackets stand in each other, at the deepest place."""
    steps = ({"[": 1, "]": -1}.get(character, 0) for character in source)
    return max(accumulate(steps), default=0)


class BoundedContext(RenderContext):
    """A render context that counts steps, and measures what filters take and make."""

    steps = 0

    def spend(self, steps: int) -> None:
        """Count these steps.

        Raises:
            ResourceLimitError: the render has had its share.

        """
        self.steps += steps
        if self.steps > STEPS_MOST:
            raise ResourceLimitError("the text takes too many steps", token=None)

    def get(self, path: list[object], **options: object) -> object:
        value = super().get(path, **options)  # type: ignore[arg-type]
        self.spend(1 + _measure(value) // CHARACTERS_PER_STEP)
        return value

    def assign(self, key: str, val: object) -> None:
        self.spend(1 + len(self.locals) // SOURCE_PER_STEP)
        super().assign(key, val)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        return partial(self._run_filter, super().filter(name, token))

    def _run_filter(
        self, function: Callable[..., object], *values: object, **options: object
    ) -> object:
        self.spend(1 + sum(map(_measure, values)) // CHARACTERS_PER_STEP)
        result = function(*values, **options)
        self.spend(_measure(result) // CHARACTERS_PER_STEP)
        return result


class BoundedTemplate(BoundTemplate):
    """A template whose loops are counted and whose ranges have ends near zero."""

    context_class = BoundedContext

    def __init__(self, env: Environment, nodes: list[Node], **options: object) -> None:
        super().__init__(env, nodes, **options)  # type: ignore[arg-type]
        context = self.context_class(self)
        for node in list(_nodes_below(nodes, context)):
            if isinstance(node, ForNode):
                node.block = _CountedBlock(node.block)
            for expression in list(_expressions_below(node.expressions())):
                if isinstance(expression, RangeLiteral):
                    expression.start = _RangeEnd(expression.start)
                    expression.stop = _RangeEnd(expression.stop)


class _CountedBlock(BlockNode):
    """A block that costs steps by the length of its source each time it is rendered."""

    __slots__ = ("cost",)

    def __init__(self, block: BlockNode) -> None:
        super().__init__(block.token, block.nodes)
        self.cost = 1 + len(str(block)) // SOURCE_PER_STEP

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        if isinstance(context, BoundedContext):
            context.spend(self.cost)
        return super().render_to_output(context, buffer)


class _RangeEnd(Expression):
    """One end of a range. A range beyond `RANGE_MOST` raises before it is made."""

    __slots__ = ("end",)

    def __init__(self, end: Expression) -> None:
        super().__init__(end.token)
        self.end = end

    def __str__(self) -> str:
        return str(self.end)

    def evaluate(self, context: RenderContext) -> object:
        value = self.end.evaluate(context)
        try:
            number = to_int(value)
        except (ValueError, TypeError):  # the library takes it for 0
            return value
        if abs(number) > RANGE_MOST:
            raise ResourceLimitError(f"a range ends within {RANGE_MOST}", token=self.token)
        return value

    def children(self) -> list[Expression]:
        return [self.end]


def _measure(value: object) -> int:
    """The characters of a text or of all texts in a list.

    Raises:
        ResourceLimitError: it is larger than a value may be.

    """
    size = _size(value, SIZE_MOST)
    if size > SIZE_MOST:
        raise ResourceLimitError("a value would grow too large", token=None)
    return size


def _size(value: object, most: int) -> int:
    if isinstance(value, str | range):
        return len(value)
    entries: Iterable[object] = ()
    if isinstance(value, Mapping):
        entries = value.values()
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        entries = value
    size = 1
    for entry in entries:
        size += CHARACTERS_PER_ENTRY + _size(entry, most - size)
        if size > most:
            break
    return size


def _nodes_below(nodes: Iterable[Node], context: RenderContext) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _nodes_below(node.children(context, include_partials=False), context)


def _expressions_below(expressions: Iterable[Expression]) -> Iterator[Expression]:
    for expression in expressions:
        yield expression
        yield from _expressions_below(expression.children())
