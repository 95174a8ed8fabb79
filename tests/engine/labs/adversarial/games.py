"""The same game in PyTorch: networks of dense layers, the five losses, and the penalty by PyTorch's double backward."""

from itertools import pairwise
from typing import Any

import numpy as np
import torch

from engine.labs.adversarial.model import SIDES, AdversarialModel, Side
from engine.labs.adversarial.settings import AdversarialSettings

_ACTIVATIONS = {
    "tanh": torch.nn.Tanh,
    "relu": torch.nn.ReLU,
    "leaky-relu": torch.nn.LeakyReLU,
    "elu": torch.nn.ELU,
    "sigmoid": torch.nn.Sigmoid,
}
softplus = torch.nn.functional.softplus


class Game:
    """Takes the steps that a model would take, from the same weights and draws."""

    def __init__(self, model: AdversarialModel) -> None:
        settings = self.settings = model.settings
        activations = (settings.generator_activation, settings.discriminator_activation)
        self.networks = {
            side: _network(shape, _ACTIVATIONS[activation])
            for side, shape, activation in zip(SIDES, settings.shapes, activations, strict=True)
        }
        self.model = model
        for side, network in self.networks.items():
            with torch.no_grad():
                for layer, matrix in zip(_layers(network), model.networks[side].matrices, strict=True):
                    layer.weight[:] = torch.tensor(matrix[:, :-1].copy())
                    layer.bias[:] = torch.tensor(matrix[:, -1].copy())
        rates = {"generator": settings.generator_rate, "discriminator": settings.discriminator_rate}
        self.optimizers = {side: _optimizer(settings, self.networks[side], rates[side]) for side in SIDES}

    def loss(self, side: Side, step: int) -> torch.Tensor:
        """What that side goes down in that step."""
        points, noises, shares = (torch.tensor(numbers.copy()) for numbers in self.model.drawn(step))
        fakes = self.networks["generator"](noises.T)
        judge = self.networks["discriminator"]
        if side == "generator":
            return fooling(self.settings, judge(fakes)[:, 0])
        fakes = fakes.detach()
        whole = judging(self.settings, judge(points.T)[:, 0], judge(fakes)[:, 0])
        if self.settings.objective == "penalty":
            mixed = (shares[:, None] * points.T + (1 - shares[:, None]) * fakes).requires_grad_(True)
            slopes = torch.autograd.grad(judge(mixed).sum(), mixed, create_graph=True)[0]
            whole = whole + self.settings.penalty * ((slopes.norm(dim=1) - 1) ** 2).mean()
        return whole

    def take(self, step: int) -> None:
        side: Side = "generator" if step % (self.settings.turns + 1) == self.settings.turns else "discriminator"
        optimizer = self.optimizers[side]
        optimizer.zero_grad()
        self.loss(side, step).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if side == "discriminator" and self.settings.objective == "clipping":
            with torch.no_grad():
                for each in self.networks[side].parameters():
                    each.clamp_(-self.settings.clip, self.settings.clip)

    def gradient(self, side: Side, step: int) -> np.ndarray[Any, Any]:
        """Of a side's loss, in the order of the model's parameters."""
        network = self.networks[side]
        network.zero_grad()
        self.loss(side, step).backward()  # type: ignore[no-untyped-call]
        return _in_order(network, lambda parameter: parameter.grad)

    def parameters(self, side: Side) -> np.ndarray[Any, Any]:
        return _in_order(self.networks[side], lambda parameter: parameter.detach())


def judging(settings: AdversarialSettings, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
    if settings.objective == "least-squares":
        return ((real - 1) ** 2).mean() / 2 + (fake**2).mean() / 2
    if settings.is_wasserstein:
        return fake.mean() - real.mean()
    return -torch.log(torch.sigmoid(real)).mean() - torch.log(1 - torch.sigmoid(fake)).mean()


def fooling(settings: AdversarialSettings, fake: torch.Tensor) -> torch.Tensor:
    if settings.objective == "least-squares":
        return ((fake - 1) ** 2).mean() / 2
    if settings.is_wasserstein:
        return -fake.mean()
    if settings.objective == "minimax":
        return torch.log(1 - torch.sigmoid(fake)).mean()
    return -torch.log(torch.sigmoid(fake)).mean()


def _network(shape: tuple[int, ...], activation: type[torch.nn.Module]) -> torch.nn.Sequential:
    layers: list[torch.nn.Module] = []
    for before, after in pairwise(shape):
        layers += [torch.nn.Linear(before, after, dtype=torch.float64), activation()]
    return torch.nn.Sequential(*layers[:-1])


def _optimizer(settings: AdversarialSettings, network: torch.nn.Module, rate: float) -> torch.optim.Optimizer:
    parameters, keep = list(network.parameters()), settings.momentum
    if settings.method == "adam":
        return torch.optim.Adam(parameters, rate, betas=(keep, 0.999))
    if settings.method == "rmsprop":
        return torch.optim.RMSprop(parameters, rate)
    return torch.optim.SGD(parameters, rate, momentum=keep if settings.method == "momentum" else 0)


def _in_order(network: torch.nn.Sequential, of: Any) -> np.ndarray[Any, Any]:
    rows = [torch.cat([of(layer.weight), of(layer.bias)[:, None]], dim=1).ravel() for layer in _layers(network)]
    return torch.cat(rows).numpy().copy()


def _layers(network: torch.nn.Sequential) -> list[Any]:
    """The dense ones."""
    return list(network)[::2]
