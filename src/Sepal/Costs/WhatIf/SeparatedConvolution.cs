using System.Collections.Immutable;

namespace Sepal.Costs.WhatIf;

/// <summary>A standard convolution, and what separable ones in its place would cost.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Standard">What it costs.</param>
/// <param name="Forms">What the separable forms cost, in the order of the ranks asked for.</param>
public sealed record SeparatedConvolution(string Name, NodeCost Standard, ImmutableArray<SeparatedForm> Forms);

/// <summary>One separable form of a convolution: both steps together.</summary>
/// <param name="Rank">How many separable convolutions are added up.</param>
/// <param name="Depthwise">The depthwise step.</param>
/// <param name="Pointwise">The pointwise step, with the bias.</param>
public sealed record SeparatedForm(int Rank, NodeCost Depthwise, NodeCost Pointwise)
{
    /// <summary>Parameters of both steps, in elements.</summary>
    public long Parameters => checked(Depthwise.TotalParameters + Pointwise.TotalParameters);

    /// <summary>MACs of both steps, for the whole batch.</summary>
    public long MultiplyAccumulates => checked(Depthwise.MultiplyAccumulates + Pointwise.MultiplyAccumulates);

    /// <summary>Roofline time of both steps; null where no machine was given.</summary>
    public double? RooflineSeconds => Depthwise.RooflineSeconds + Pointwise.RooflineSeconds;
}

/// <summary>A convolution that stays as it is.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Kind">As <see cref="NodeCost.Kind"/> has it.</param>
/// <param name="Reason">Why, a phrase.</param>
public sealed record KeptConvolution(string Name, string Kind, string Reason);
