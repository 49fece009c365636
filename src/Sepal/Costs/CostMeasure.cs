namespace Sepal.Costs;

/// <summary>The counts that a budget can be set in.</summary>
public enum CostMeasure
{
    /// <summary>All parameters, <see cref="CostCounts.TotalParameters"/>.</summary>
    Parameters,

    /// <summary>All MACs, <see cref="CostCounts.MultiplyAccumulates"/>.</summary>
    MultiplyAccumulates,

    /// <summary>Parameters of convolutions, biases included, <see cref="ModelCost.ConvolutionParameters"/>.</summary>
    ConvolutionParameters,

    /// <summary>MACs of convolutions, <see cref="ModelCost.ConvolutionMultiplyAccumulates"/>.</summary>
    ConvolutionMultiplyAccumulates,
}
