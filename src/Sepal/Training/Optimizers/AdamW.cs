using System.Globalization;
using Sepal.Kernels.Optimizers;
using Sepal.Training.Schedules;

namespace Sepal.Training.Optimizers;

/// <summary>
/// Adam with weight decay apart from the gradient (Loshchilov and Hutter, arXiv 1711.05101): every step first multiplies
/// all parameters by <c>1 − rate · decay</c>. The constants are Keras's.
/// </summary>
/// <param name="learningRate">The learning rate, constant or by step.</param>
public sealed class AdamW(LearningRateSchedule learningRate) : Optimizer(learningRate)
{
    private readonly AdamConstants _constants = new();
    private readonly float _weightDecay = 0.004f;

    /// <summary>AdamW with the usual rate of 0.001.</summary>
    public AdamW()
        : this(0.001)
    {
    }

    /// <summary>The decay; 0.004 as in Keras.</summary>
    public float WeightDecay
    {
        get => _weightDecay;
        init => _weightDecay = RequireDecay(value);
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
    public override string Name => "adamw";

    internal override string Describe() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}, beta 1 {Beta1}, beta 2 {Beta2}, epsilon {Epsilon}, weight decay {WeightDecay}");

    internal override int StateCount => 2;

    internal override ParameterUpdate UpdateFor(long step)
    {
        double rate = LearningRate.At(step);
        return _constants.UpdateFor(step, rate) with { Shrink = (float)(1 - (rate * WeightDecay)) };
    }
}
