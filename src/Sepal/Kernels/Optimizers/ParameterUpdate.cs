namespace Sepal.Kernels.Optimizers;

/// <summary>Which rule an update follows.</summary>
internal enum UpdateRule
{
    /// <summary><c>w −= rate·g</c>.</summary>
    GradientDescent,

    /// <summary><c>v = momentum·v − rate·g; w += v</c>.</summary>
    Momentum,

    /// <summary><c>v = momentum·v − rate·g; w += momentum·v − rate·g</c>.</summary>
    Nesterov,

    /// <summary><c>m += (g − m)·(1 − β₁); v += (g² − v)·(1 − β₂); w −= rate·m / (√v + ε)</c>.</summary>
    Adam,

    /// <summary><c>v += (g² − v)·(1 − ρ); w −= rate·g / √(v + ε)</c>.</summary>
    RootMeanSquare,
}

/// <summary>One step's update of all parameters: the rule and its numbers.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Rate">The step's rate, bias correction included.</param>
internal readonly record struct ParameterUpdate(UpdateRule Rule, float Rate)
{
    /// <summary>The share of the velocity that is kept, or Adam's 1 − β₁.</summary>
    public float First { get; init; }

    /// <summary>Adam's 1 − β₂, or 1 − ρ.</summary>
    public float Second { get; init; }

    public float Epsilon { get; init; }

    /// <summary>What parameters are multiplied by first: 1 − learning rate · weight decay.</summary>
    public float Shrink { get; init; } = 1;

    public ParameterUpdate()
        : this(UpdateRule.GradientDescent, 0)
    {
    }
}
