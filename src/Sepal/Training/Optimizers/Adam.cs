using System.Globalization;
using Sepal.Kernels.Optimizers;
using Sepal.Training.Schedules;

namespace Sepal.Training.Optimizers;

/// <summary>Adam (Kingma and Ba, arXiv 1412.6980), with Keras's constants: ε is 1e-7, added to the root.</summary>
/// <param name="learningRate">The learning rate, constant or by step.</param>
public sealed class Adam(LearningRateSchedule learningRate) : Optimizer(learningRate)
{
    private readonly AdamConstants _constants = new();

    /// <summary>Adam with the usual rate of 0.001.</summary>
    public Adam()
        : this(0.001)
    {
    }

    /// <summary>The share of the mean gradient that a step keeps.</summary>
    public float Beta1
    {
        get => _constants.Beta1;
        init => _constants = _constants with { Beta1 = RequireShare(value, "beta 1") };
    }

    /// <summary>The share of the mean squared gradient that a step keeps.</summary>
    public float Beta2
    {
        get => _constants.Beta2;
        init => _constants = _constants with { Beta2 = RequireShare(value, "beta 2") };
    }

    /// <summary>Added to the root of the mean squared gradient.</summary>
    public float Epsilon
    {
        get => _constants.Epsilon;
        init => _constants = _constants with { Epsilon = RequireEpsilon(value) };
    }

    /// <inheritdoc/>
    public override string Name => "adam";

    internal override string Describe() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}, beta 1 {Beta1}, beta 2 {Beta2}, epsilon {Epsilon}");

    internal override int StateCount => 2;

    internal override ParameterUpdate UpdateFor(long step) => _constants.UpdateFor(step, LearningRate.At(step));
}
