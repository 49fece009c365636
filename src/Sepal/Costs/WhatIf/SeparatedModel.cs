using Sepal.Graphs;

namespace Sepal.Costs.WhatIf;

/// <summary>A model with separable convolutions in the place of its standard ones.</summary>
/// <param name="Rank">How many separable convolutions add up to each standard one.</param>
/// <param name="Graph">The graph; <c>new Model(graph)</c> gives it parameters, to be trained.</param>
/// <param name="Cost">What it costs.</param>
public sealed record SeparatedModel(int Rank, Graph Graph, ModelCost Cost);
