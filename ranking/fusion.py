"""How the components of a score are weighed against each other, and how that is fitted.

Each component has a typical spread that depends on how much is known of the user; the gate divides
by it and multiplies with a weight that depends on the number of the user's events. Both are plain
factors, so the score stays an exact sum over paths.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

COLLABORATIVE = "collaborative"
LEARNED = "learned"
ATTRIBUTE = "attribute"
POPULARITY = "popularity"
COMPONENTS = (COLLABORATIVE, LEARNED, ATTRIBUTE, POPULARITY)


@dataclass(frozen=True, slots=True)
class Gains:
    """What an item without events gains, by the number of events of the user.

    Attributes
    ----------
    knots : tuple of float
        Numbers of events, ascending.
    values : tuple of float
        The gain at each; between them it changes with the logarithm of the events.
    """

    knots: tuple[float, ...] = ()
    values: tuple[float, ...] = ()

    def at(self, n_events: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the gain for users with so many events, 0 without any; shape (n_users,)."""
        if not self.knots:
            return np.zeros(len(n_events))
        gain = np.interp(np.log1p(n_events), np.log1p(np.asarray(self.knots)), self.values)
        return np.asarray(np.where(n_events > 0, gain, 0.0))


@dataclass(frozen=True, slots=True)
class Gate:
    """Weights of the components by the number of events a user has.

    Attributes
    ----------
    knots : tuple of float
        Numbers of events at which weights were fitted, ascending.
    weights : NDArray[np.float64]
        Shape (n_knots, n_components), in the order of :data:`COMPONENTS`.
    scales, exponents : NDArray[np.float64]
        The spread of a component over the items is about ``scale * total ** exponent`` for a user
        whose event strengths sum to ``total``; both of shape (n_components,).
    new_weights : NDArray[np.float64] or None
        Weights for items that were placed by their content, which other components foretell best;
        shape (n_knots, n_components). None: the same as for all items.
    placed, arrived : Gains
        What such an item gains that was in the catalog while the others got their events, and one
        that came later; see :mod:`ranking.newness`.
    """

    knots: tuple[float, ...]
    weights: NDArray[np.float64]
    scales: NDArray[np.float64]
    exponents: NDArray[np.float64]
    new_weights: NDArray[np.float64] | None = None
    placed: Gains = Gains()
    arrived: Gains = Gains()

    def coefficients(
        self,
        n_events: NDArray[np.floating],
        total: NDArray[np.floating],
        *,
        new: bool = False,
    ) -> NDArray[np.float64]:
        """Return what each component is multiplied with.

        Parameters
        ----------
        n_events : floating array
            Number of items in the profile; shape (n_users,).
        total : floating array
            Sum of the profile's weights; shape (n_users,).
        new : bool
            For items that were placed by their content, instead of those with events.

        Returns
        -------
        NDArray[np.float64]
            Shape (n_users, n_components). Without events, only the popularity prior counts.
        """
        at = np.log1p(np.asarray(self.knots))
        position = np.log1p(n_events)
        weights = self.new_weights if new and self.new_weights is not None else self.weights
        blended = np.stack([np.interp(position, at, column) for column in weights.T], axis=1)
        size = np.maximum(total, 1e-9)[:, None]
        result = blended / (self.scales * size**self.exponents)
        result[n_events == 0] = 0.0
        prior = COMPONENTS.index(POPULARITY)
        result[n_events == 0, prior] = 1.0 / self.scales[prior]
        return np.asarray(result, dtype=np.float64)

    def with_least(self, component: str, least: float) -> "Gate":
        """Return a gate in which a component never weighs less than so much.

        Parameters
        ----------
        component : str
            One of :data:`COMPONENTS`.
        least : float
            The weight that it has at every number of events, or more.

        Returns
        -------
        Gate
            What holds for items that were placed by their content stays.
        """
        weights, place = self.weights.copy(), COMPONENTS.index(component)
        weights[:, place] = np.maximum(weights[:, place], least)
        return replace(self, weights=weights)

    @classmethod
    def default(cls) -> Self:
        """Return the weights that hold where nothing could be fitted."""
        n = len(COMPONENTS)
        return cls((1.0,), np.array([[1.0, 0.5, 0.3, 0.1]]), np.ones(n), np.zeros(n))

    def to_json(self) -> dict[str, Any]:
        """Return the gate as plain values."""
        return {
            "components": list(COMPONENTS),
            "knots": list(self.knots),
            "weights": self.weights.tolist(),
            "scales": self.scales.tolist(),
            "exponents": self.exponents.tolist(),
            "new_weights": None if self.new_weights is None else self.new_weights.tolist(),
            "placed": asdict(self.placed),
            "arrived": asdict(self.arrived),
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """Return the gate that :meth:`to_json` described."""
        new_weights = fields.get("new_weights")
        return cls(
            tuple(fields["knots"]),
            np.array(fields["weights"]),
            np.array(fields["scales"]),
            np.array(fields["exponents"]),
            None if new_weights is None else np.array(new_weights),
            *(
                Gains(*(tuple(fields.get(name, {}).get(part, ())) for part in ("knots", "values")))
                for name in ("placed", "arrived")
            ),
        )


def spread(
    deviations: NDArray[np.floating], totals: NDArray[np.floating]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit how the spread of each component grows with the size of the profile.

    Parameters
    ----------
    deviations : floating array
        Standard deviation over the items; shape (n_components, n_users).
    totals : floating array
        Sums of the profiles' weights; shape (n_users,).

    Returns
    -------
    scales, exponents : NDArray[np.float64]
        Both of shape (n_components,); the exponent is within [0, 1], and 0 for the prior.
    """
    n = len(deviations)
    scales, exponents = np.ones(n), np.zeros(n)
    size = np.log(np.maximum(totals, 1e-9))
    for component, deviation in enumerate(deviations):
        known = deviation > 0
        if not known.any():
            continue
        x, y = size[known], np.log(deviation[known])
        if np.ptp(x) > 0.1 and COMPONENTS[component] != POPULARITY:
            exponents[component] = np.clip(np.polyfit(x, y, 1)[0], 0.0, 1.0)
        scales[component] = np.exp(np.mean(y - exponents[component] * x))
    return scales, exponents
