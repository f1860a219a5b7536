"""The parts of PyTorch Geometric that are used here, imported without its deprecation warnings."""

import warnings

with warnings.catch_warnings():
    # Importing the package scripts some of its classes, which newer torch warns about.
    warnings.filterwarnings("ignore", message=r"`torch\.jit\.script`", category=FutureWarning)
    from torch_geometric.data import Data
    from torch_geometric.loader import LinkLoader, NodeLoader
    from torch_geometric.sampler import (
        BaseSampler,
        EdgeSamplerInput,
        NegativeSampling,
        NodeSamplerInput,
        SamplerOutput,
    )

__all__ = [
    "BaseSampler",
    "Data",
    "EdgeSamplerInput",
    "LinkLoader",
    "NegativeSampling",
    "NodeLoader",
    "NodeSamplerInput",
    "SamplerOutput",
]
