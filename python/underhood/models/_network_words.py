"""What ``explain()`` says of a network: its layers, its objective, the chain rule through it, and the solver's rule."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

__all__ = ["architecture", "chain_rule", "convention", "listened", "objective", "update_rule"]

_FORWARD = {"identity": "{z}", "logistic": "σ({z})", "tanh": "tanh({z})", "relu": "max(0, {z})"}
_SLOPE = {
    "identity": "",
    "logistic": " ∘ {a} ∘ (1 − {a})",
    "tanh": " ∘ (1 − {a}²)",
    "relu": " ∘ [{a} > 0]",
}
_OUTPUT = {
    "softmax": ("P = softmax(z)", "ln Σₖ e^(zₖ) − z of the own class", "P − Y", "Y being 1 at a row's class, else 0"),
    "logistic": ("P(second class) = σ(z) = 1/(1 + e^(−z))", "ln(1 + e^z) − y·z", "P − y", "y being 0 or 1"),
    "identity": ("ŷ = z", "½‖ŷ − y‖²", "ŷ − y", ""),
    "exp": ("ŷ = e^z", "ŷ − y + y·ln(y/ŷ)", "ŷ − y", ""),
}


def convention(output: str) -> str:
    """Say what the loss is."""
    return f"loss: J = mean over a batch's rows of ({_OUTPUT[output][1]}) + α/(2·rows)·Σ‖W‖²"


def architecture(sizes: list[int], activation: str, output: str) -> list[str]:
    """Name the layers and their parameters."""
    last = len(sizes) - 1
    names = [str(size) if k == 0 else f"{size} ({output if k == last else activation})" for k, size in enumerate(sizes)]
    pairs = list(pairwise(sizes))
    total = sum((a + 1) * b for a, b in pairs)
    parts = ", ".join(f"W{k} {a}×{b} and b{k} {b}" for k, (a, b) in enumerate(pairs, 1))
    flow = []
    for k in range(1, last + 1):
        z = f"{'X' if k == 1 else f'a{k - 1}'}·W{k} + b{k}"
        flow.append(f"z = {z}" if k == last else f"a{k} = {_FORWARD[activation].format(z=z)}")
    return [
        f"A network of {last} layer{'s' if last > 1 else ''}, {' → '.join(names)}, with {total:,} weights and biases:",
        f"  {parts};",
        f"  {',  '.join([*flow, _OUTPUT[output][0]])}.",
    ]


def objective(output: str, alpha: float, layers: int) -> list[str]:
    """Write J."""
    squares = " + ".join(f"‖W{k}‖²" for k in range(1, layers + 1))
    if alpha == 0:
        return [f"Minimise J = mean over the rows of {_OUTPUT[output][1]}; no penalty (α = 0)."]
    return [
        f"Minimise J = mean over the rows of ({_OUTPUT[output][1]}) + α/(2·rows)·({squares}), α = {alpha:g};",
        "rows are those of the batch, and biases are not penalised.",
    ]


def chain_rule(activation: str, output: str, layers: int, penalised: bool) -> list[str]:
    """Write the gradient layer by layer, from the last to the first."""
    note = _OUTPUT[output][3]
    lines = [
        "Its gradient by the chain rule, from the last layer back to the first (δ = ∂J/∂z of a layer; ∘ multiplies "
        "elements):",
        f"  δ{layers} = ({_OUTPUT[output][2]})/rows{f', {note}' if note else ''}",
    ]
    for k in range(layers, 0, -1):
        before = "X" if k == 1 else f"a{k - 1}"
        penalty = f" + (α/rows)·W{k}" if penalised else ""
        lines.append(f"  ∂J/∂W{k} = {before}ᵀ·δ{k}{penalty},  ∂J/∂b{k} = Σ rows of δ{k}")
        if k > 1:
            lines.append(f"  δ{k - 1} = δ{k}·W{k}ᵀ{_SLOPE[activation].format(a=before)}")
    return lines


def update_rule(model: Any, rows: str) -> list[str]:
    """Write the solver's step, with its numbers."""
    eta = model.learning_rate_init
    if model.solver == "lbfgs":
        return [
            "  L-BFGS, all rows at once: each step goes along −H⁻¹∇J, the curvature H being what the last ten steps",
            "  have shown, as far as a line search finds J low.",
        ]
    if model.solver == "adam":
        b1, b2 = model.beta_1, model.beta_2
        return [
            f"  Adam, for each batch of {rows}, with its gradient g:",
            f"    m ← {b1:g}·m + {1 - b1:.3g}·g,  s ← {b2:g}·s + {1 - b2:.3g}·g²,",
            f"    θ ← θ − ηₜ·m/(√s + {model.epsilon:g}) with ηₜ = {eta:g}·√(1 − {b2:g}ᵗ)/(1 − {b1:g}ᵗ) at step t",
        ]
    schedule = {
        "constant": f"η = {eta:g}",
        "invscaling": f"η = {eta:g}/(rows seen + 1)^{model.power_t:g}",
        "adaptive": f"η = {eta:g}, a fifth of it whenever there was no progress",
    }[model.learning_rate]
    mu = model.momentum
    if mu == 0:
        rule = "θ ← θ − η·g"
    elif model.nesterovs_momentum:
        rule = f"v ← {mu:g}·v − η·g,  θ ← θ + {mu:g}·v − η·g (Nesterov)"
    else:
        rule = f"v ← {mu:g}·v − η·g,  θ ← θ + v"
    return [f"  Gradient descent, for each batch of {rows}, with its gradient g:  {rule},  {schedule}"]


def listened(lengths: Any, spread: bool, names: list[str]) -> str:
    """Name the inputs to which the first layer listens most."""
    order = sorted(range(len(names)), key=lambda j: -lengths[j])[:5]
    most = ", ".join(f"{names[j]} ({lengths[j]:.3g})" for j in order)
    times = " times the spread of its column" if spread else ""
    return f"The first layer listens most to {most}: the length of an input's weights{times}."
