namespace Sepal.Costs.WhatIf;

/// <summary>What is kept equal when what separable convolutions save is spent on more layers.</summary>
public enum DeeperMeasure
{
    /// <summary>All parameters.</summary>
    Parameters,

    /// <summary>MACs.</summary>
    MultiplyAccumulates,

    /// <summary>The roofline time, which needs <see cref="CostOptions.Machine"/>.</summary>
    RooflineTime,
}
