"""What stands for an argument while a caller's function runs once, so that what it computes becomes a graph.

A :class:`Tracer` answers NumPy's protocols (NEP 13 and NEP 18), so ordinary ``np.`` calls work. Whatever cannot become
part of a graph raises a :class:`TracingError` that says why; the function is then called in Python instead.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

import numpy as np

from underhood._core.graph import Builder, Traced

__all__ = ["Trace", "Tracer", "TracingError"]

LONGEST_LOOP = 1000
"""Loops over more elements than this are left to Python."""


class TracingError(TypeError):
    """A function does something that cannot become part of a graph; the message says what."""


class Trace:
    """One run of a function with tracers for its arguments."""

    __slots__ = ("builder", "constants", "doubtful", "error", "names", "shaped")

    def __init__(self, names: dict[int, str]) -> None:
        self.builder = Builder()
        self.names = names
        self.constants: dict[int, int] = {}
        self.error: TracingError | None = None
        self.shaped = False
        """Whether the function did anything that depends on how many elements there are."""
        self.doubtful = False
        """Whether it took a number where a vector is usual."""

    def refusal(self, reason: str) -> TracingError:
        """Note why there is no graph: for good, even if the function catches the exception."""
        error = TracingError(reason)
        self.error = self.error or error
        return error

    def refuse(self, reason: str) -> NoReturn:
        """Give up."""
        raise self.refusal(reason)

    def tracer(self, node: int, *, boolean: bool = False, shared: bool = False) -> Tracer:
        """Make a tracer for a node."""
        return Tracer(self, node, boolean, shared)

    def lift(self, value: Any) -> Tracer:
        """Give a constant, an array, or a list that holds tracers as a tracer."""
        if isinstance(value, Tracer):
            if value._trace is not self:
                self.refuse("it uses a traced value of another function")
            return value
        if isinstance(value, bool | np.bool_):
            return self.tracer(self.builder.number(float(value)), boolean=True)
        if isinstance(value, int | float | np.integer | np.floating):
            try:
                return self.tracer(self.builder.number(float(value)))
            except OverflowError:
                self.refuse("it uses a whole number that is too large for a double")
        if isinstance(value, list | tuple):
            value = np.array(value, dtype=object) if holds_tracer(value) else np.asarray(value)
        if isinstance(value, np.ma.MaskedArray):
            self.refuse("it uses a masked array")
        if isinstance(value, np.ndarray):
            return self.lift_array(value)
        advice = ": use .to_numpy()" if hasattr(value, "to_numpy") else ", which is neither a number nor an array"
        raise self.refusal(f"it computes with a {type(value).__name__}{advice}")

    def lift_array(self, value: np.ndarray) -> Tracer:
        """Give an array as a tracer: of constants, or of tracers that NumPy has put into an array of objects."""
        if value.dtype.kind in "biuf":
            node = self.constants.get(id(value))
            if node is None:
                # The array as it is now: the function may change it later.
                name = self.names.get(id(value))
                node = self.builder.array(np.array(value, dtype=np.float64), name)
                if name is not None:
                    self.constants[id(value)] = node
            return self.tracer(node, boolean=value.dtype.kind == "b")
        if value.dtype.kind != "O":
            self.refuse(f"it computes with an array of {value.dtype}")
        parts = [self.lift(item) for item in value.ravel()]
        if any(part.shape for part in parts):
            self.refuse("it puts arrays into an array of objects: use np.stack or np.concatenate")
        builder = self.builder
        if not parts:
            return self.tracer(builder.array(np.zeros(value.shape), None))
        flat = builder.concatenate([builder.reshape(part._node, [1]) for part in parts], 0)
        return self.tracer(builder.reshape(flat, list(value.shape)), boolean=all(part._boolean for part in parts))


def holds_tracer(value: Any) -> bool:
    """Say whether a tracer stands somewhere in nested lists."""
    if isinstance(value, Tracer):
        return True
    if isinstance(value, list | tuple):
        return any(holds_tracer(item) for item in value)
    return isinstance(value, np.ndarray) and value.dtype.kind == "O"


def trace_of(*values: Any) -> Trace:
    """Find the trace that the tracers among these values belong to."""
    for value in values:
        if isinstance(value, Tracer):
            return value._trace
        if isinstance(value, list | tuple):
            try:
                return trace_of(*value)
            except LookupError:
                continue
        if isinstance(value, np.ndarray) and value.dtype.kind == "O":
            try:
                return trace_of(*value.ravel())
            except LookupError:
                continue
    raise LookupError


def lifted(x: Any) -> Tracer:
    """Give a tracer, or a list that holds some, as a tracer."""
    return trace_of(x).lift(x)


def unary(name: str, x: Tracer) -> Tracer:
    """Apply a function of one number."""
    boolean = name in ("logical_not", "isnan", "isfinite")
    return x._trace.tracer(x._trace.builder.unary(name, x._node), boolean=boolean)


COMPARISONS = frozenset(("less", "less_equal", "equal", "not_equal", "logical_and", "logical_or"))


def binary(name: str, x: Any, y: Any) -> Tracer:
    """Apply a function of two numbers, one of which is a tracer."""
    trace = trace_of(x, y)
    x, y = trace.lift(x), trace.lift(y)
    if x._boolean and y._boolean and name in ("add", "multiply", "subtract"):
        if name == "subtract":
            trace.refuse("it subtracts truth values, which NumPy refuses: use ^ or logical_xor")
        if name == "add" and not (trace.builder.shape(x._node) or trace.builder.shape(y._node)):
            # 2 for Python's truth values, True for NumPy's.
            trace.refuse("it adds truth values of numbers: use 1.0 * (x > 0) + …, or np.logical_or")
        name = "logical_or" if name == "add" else "logical_and"  # as NumPy computes with truth values
    try:
        node = trace.builder.binary(name, x._node, y._node)
    except ValueError as error:
        trace.refuse(str(error))
    return trace.tracer(node, boolean=name in COMPARISONS)


def truth(x: Any) -> Tracer:
    """Whether a value is not zero."""
    return binary("not_equal", x, 0.0)


def select(condition: Any, x: Any, y: Any) -> Tracer:
    """``np.where(condition, x, y)``."""
    trace = trace_of(condition, x, y)
    condition, x, y = trace.lift(condition), trace.lift(x), trace.lift(y)
    node = trace.builder.select(condition._node, x._node, y._node)
    return trace.tracer(node, boolean=x._boolean and y._boolean)


class Tracer:
    """A number or an array that is computed later."""

    __slots__ = ("_boolean", "_node", "_shared", "_trace")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, trace: Trace, node: int, boolean: bool, shared: bool) -> None:
        self._trace = trace
        self._node = node
        self._boolean = boolean
        self._shared = shared
        """Whether another name may see the same memory in NumPy, so that writing to one changes both."""

    def __repr__(self) -> str:
        return f"<a traced {'number' if not self._size_known() else f'array of shape {self._size_known()}'}>"

    def _size_known(self) -> tuple[int, ...]:
        return self._trace.builder.shape(self._node)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        # What isinstance sees: that which the function is called with. It may choose by it, so each shape is traced.
        self._trace.shaped = True
        return np.ndarray if self._size_known() else np.bool_ if self._boolean else np.float64

    # What it is

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its axes."""
        self._trace.shaped = True
        return self._trace.builder.shape(self._node)

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        size = 1
        for length in self.shape:
            size *= length
        return size

    @property
    def dtype(self) -> np.dtype[Any]:
        """Doubles; comparisons give truth values."""
        return np.dtype(np.bool_ if self._boolean else np.float64)

    @property
    def T(self) -> Tracer:  # noqa: N802 - NumPy's name
        """The axes in the opposite order."""
        return self.transpose()

    @property
    def real(self) -> Tracer:
        """Itself."""
        return self

    def __len__(self) -> int:
        shape = self.shape
        if not shape:
            raise TypeError("len() of unsized object")
        return shape[0]

    def __iter__(self) -> Iterator[Tracer]:
        shape = self.shape
        if not shape:
            raise TypeError("iteration over a 0-d array")
        if shape[0] > LONGEST_LOOP:
            self._trace.refuse(f"it loops over {shape[0]} elements: use operations on whole arrays")
        return iter([self[i] for i in range(shape[0])])

    # What it cannot be

    def __bool__(self) -> bool:
        self._trace.refuse(
            "it branches on a value (if, and, or, max, min, assert): use np.where, np.maximum, np.minimum"
        )

    def __float__(self) -> float:
        self._trace.refuse(
            "it needs a number where only a traced value is (math.sin, float(x)): use np.sin and its like"
        )

    def __int__(self) -> int:
        self._trace.refuse("it turns a value into a whole number (int(x)): use np.floor or np.trunc")

    def __index__(self) -> int:
        self._trace.refuse("it uses a value as an index or a count (x[i], range(n))")

    def __complex__(self) -> complex:
        self._trace.refuse("it computes with complex numbers")

    def __setitem__(self, index: Any, value: Any) -> None:
        self._trace.refuse(
            "it writes into an array (x[i] = …): build a new one with np.stack, np.concatenate or np.where"
        )

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray:
        shape = self.shape
        if self.size > LONGEST_LOOP:
            self._trace.refuse("it turns a large array into another kind of object (np.array, a foreign library)")
        if args and args[0] is not None and np.dtype(args[0]).kind != "O":
            args = ()
        whole = np.empty(shape, dtype=object)
        for place in np.ndindex(*shape):
            whole[place] = self[place] if place else self
        return whole

    # Operators

    def __neg__(self) -> Tracer:
        return unary("negative", self)

    def __pos__(self) -> Tracer:
        return self.copy()

    def __abs__(self) -> Tracer:
        return unary("absolute", self)

    def __invert__(self) -> Tracer:
        if not self._boolean:
            self._trace.refuse("it uses ~ on numbers")
        return unary("logical_not", self)

    def __floor__(self) -> Tracer:
        return unary("floor", self)

    def __ceil__(self) -> Tracer:
        return unary("ceil", self)

    def __trunc__(self) -> Tracer:
        return unary("trunc", self)

    def __round__(self, digits: int | None = None) -> Tracer:
        return self.round(digits or 0)

    def round(self, decimals: int = 0) -> Tracer:
        """Round to so many decimals, halves to the even one."""
        if decimals == 0:
            return unary("rint", self)
        scale = 10.0 ** abs(decimals)
        if decimals < 0:
            return unary("rint", self / scale) * scale
        return unary("rint", self * scale) / scale

    def __divmod__(self, other: Any) -> tuple[Tracer, Tracer]:
        return binary("floor_divide", self, other), binary("remainder", self, other)

    def __matmul__(self, other: Any) -> Tracer:
        return self.__array_ufunc__(np.matmul, "__call__", self, other)  # type: ignore[no-any-return]

    def __rmatmul__(self, other: Any) -> Tracer:
        return self.__array_ufunc__(np.matmul, "__call__", other, self)  # type: ignore[no-any-return]

    def __add__(self, other: Any) -> Tracer:
        return binary("add", self, other)

    def __radd__(self, other: Any) -> Tracer:
        return binary("add", other, self)

    def __iadd__(self, other: Any) -> Tracer:
        return self._written("add", other)

    def __sub__(self, other: Any) -> Tracer:
        return binary("subtract", self, other)

    def __rsub__(self, other: Any) -> Tracer:
        return binary("subtract", other, self)

    def __isub__(self, other: Any) -> Tracer:
        return self._written("subtract", other)

    def __mul__(self, other: Any) -> Tracer:
        return binary("multiply", self, other)

    def __rmul__(self, other: Any) -> Tracer:
        return binary("multiply", other, self)

    def __imul__(self, other: Any) -> Tracer:
        return self._written("multiply", other)

    def __truediv__(self, other: Any) -> Tracer:
        return binary("divide", self, other)

    def __rtruediv__(self, other: Any) -> Tracer:
        return binary("divide", other, self)

    def __itruediv__(self, other: Any) -> Tracer:
        return self._written("divide", other)

    def __floordiv__(self, other: Any) -> Tracer:
        return binary("floor_divide", self, other)

    def __rfloordiv__(self, other: Any) -> Tracer:
        return binary("floor_divide", other, self)

    def __ifloordiv__(self, other: Any) -> Tracer:
        return self._written("floor_divide", other)

    def __mod__(self, other: Any) -> Tracer:
        return binary("remainder", self, other)

    def __rmod__(self, other: Any) -> Tracer:
        return binary("remainder", other, self)

    def __imod__(self, other: Any) -> Tracer:
        return self._written("remainder", other)

    def __pow__(self, other: Any) -> Tracer:
        return binary("power", self, other)

    def __rpow__(self, other: Any) -> Tracer:
        return binary("power", other, self)

    def __ipow__(self, other: Any) -> Tracer:
        return self._written("power", other)

    def __lt__(self, other: Any) -> Tracer:
        return binary("less", self, other)

    def __le__(self, other: Any) -> Tracer:
        return binary("less_equal", self, other)

    def __eq__(self, other: Any) -> Tracer:  # type: ignore[override]
        return binary("equal", self, other)

    def __ne__(self, other: Any) -> Tracer:  # type: ignore[override]
        return binary("not_equal", self, other)

    def __gt__(self, other: Any) -> Tracer:
        return binary("less", other, self)

    def __ge__(self, other: Any) -> Tracer:
        return binary("less_equal", other, self)

    def __and__(self, other: Any) -> Tracer:
        return self._logical("logical_and", other)

    def __or__(self, other: Any) -> Tracer:
        return self._logical("logical_or", other)

    def __xor__(self, other: Any) -> Tracer:
        return self._logical("not_equal", other)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def _logical(self, name: str, other: Any) -> Tracer:
        other = self._trace.lift(other)
        if not (self._boolean and other._boolean):
            self._trace.refuse("it uses &, | or ^ on numbers: they are for comparisons, such as (x > 0) & (x < 1)")
        return binary(name, self, other)

    def _written(self, name: str, other: Any) -> Tracer:
        """``x += y`` and its like: arrays change in place, numbers do not."""
        changed = binary(name, self, other)
        shape = self._trace.builder.shape(self._node)
        if not shape:
            return changed
        if self._shared:
            self._trace.refuse("it changes an array in place (x += …) that has other names: write x = x + …")
        if self._trace.builder.shape(changed._node) != shape:
            self._trace.refuse("it changes an array in place to another shape")
        self._node = changed._node
        return self

    # Indexing

    def __getitem__(self, index: Any) -> Tracer:
        from underhood._functions._indexing import indexed

        return indexed(self, index)

    # Methods of arrays

    def _function(self, function: Callable[..., Any]) -> Callable[..., Any]:
        from underhood._functions._numpy import FUNCTIONS

        self._trace.shaped = True
        return FUNCTIONS[function]

    def transpose(self, *axes: Any) -> Tracer:
        """Order the axes."""
        order = axes[0] if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], list | tuple)) else axes or None
        return self._function(np.transpose)(self, order)  # type: ignore[no-any-return]

    def reshape(self, *shape: Any, order: str = "C") -> Tracer:
        """Arrange the same numbers in another shape."""
        wanted = shape[0] if len(shape) == 1 else shape
        return self._function(np.reshape)(self, wanted, order=order)  # type: ignore[no-any-return]

    def astype(self, dtype: Any, **options: Any) -> Tracer:
        """Itself as doubles; other kinds are refused."""
        if np.dtype(dtype) == np.float64:
            return self._trace.tracer(self._node)
        raise self._trace.refusal(f"it turns values into {np.dtype(dtype)}, but a graph has only doubles")

    def flatten(self, order: str = "C") -> Tracer:
        """Lay the numbers flat in a new array."""
        return self._function(np.ravel)(self, order).copy()  # type: ignore[no-any-return]

    def copy(self, order: str = "C") -> Tracer:
        """Another one with the same numbers."""
        return self._trace.tracer(self._node, boolean=self._boolean)

    def item(self, *index: Any) -> Tracer:
        """Its only number."""
        return self[index] if index else self.reshape(())

    # NumPy's protocols

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        from underhood._functions._ufuncs import ufunc_call

        return ufunc_call(self._trace, ufunc, method, inputs, options)

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: Sequence[Any], options: dict[str, Any]
    ) -> Any:
        from underhood._functions._numpy import ELEMENTWISE, FUNCTIONS

        known = FUNCTIONS.get(function)
        if known is None:
            name = f"{getattr(function, '__module__', 'numpy')}.{function.__name__}".replace("numpy", "np")
            self._trace.refuse(f"it calls {name}, which has no counterpart in a graph")
        if function not in ELEMENTWISE:
            self._trace.shaped = True
        if options.get("out") is not None:
            self._trace.refuse("it writes into an array (out=…)")
        options.pop("out", None)
        return known(*args, **options)


# NumPy applies a ufunc to an array of objects by their methods of its name.
METHODS: tuple[str, ...] = (
    "sqrt",
    "cbrt",
    "exp",
    "expm1",
    "log",
    "log1p",
    "log2",
    "log10",
    "sin",
    "cos",
    "tan",
    "arcsin",
    "arccos",
)
METHODS += ("arctan", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "floor", "ceil", "trunc", "rint", "sign")
for _name in METHODS:
    setattr(Tracer, _name, (lambda name: lambda self: unary(name, self))(_name))


def _method(name: str) -> Callable[..., Tracer]:
    function = getattr(np, name)

    def call(self: Tracer, *args: Any, **options: Any) -> Tracer:
        return self._function(function)(self, *args, **options)  # type: ignore[no-any-return]

    return call


for _name in ("sum", "mean", "prod", "max", "min", "std", "var", "ravel", "dot", "clip", "cumsum", "squeeze", "trace"):
    setattr(Tracer, _name, _method(_name))
for _name in ("take", "repeat", "diagonal", "swapaxes", "any", "all"):
    setattr(Tracer, _name, _method(_name))


def run(
    f: Callable[..., Any], names: Sequence[str], shapes: Sequence[tuple[int, ...]], constants: dict[int, str]
) -> tuple[Traced, bool, bool]:
    """Trace a function once: give its graph, whether that depends on the shapes, and whether it hardly fits them."""
    trace = Trace(constants)
    arguments = [
        trace.tracer(trace.builder.input(number, list(shape)), shared=True) for number, shape in enumerate(shapes)
    ]
    with np.errstate(all="ignore"):
        value = f(*arguments)
    if trace.error is not None:
        raise trace.error
    if value is None:
        trace.refuse("it returns None (is a return missing?)")
    output = trace.lift(value)
    if not isinstance(value, Tracer) and isinstance(value, np.ndarray | list | tuple):
        trace.shaped = True
    named = [(name, list(shape)) for name, shape in zip(names, shapes, strict=True)]
    return trace.builder.finish(named, output._node), trace.shaped, trace.doubtful


def whole(value: Any) -> int:
    """Read a whole number, such as an axis."""
    return operator.index(value)
