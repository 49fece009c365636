namespace Sepal.Costs;

/// <summary>What a model may cost.</summary>
/// <param name="Measure">Which count.</param>
/// <param name="Limit">The most it may be: parameters in elements, or MACs for one example.</param>
public sealed record CostBudget(CostMeasure Measure, long Limit);
