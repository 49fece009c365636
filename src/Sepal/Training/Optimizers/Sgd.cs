using Sepal.Kernels.Optimizers;
using Sepal.Training.Schedules;

namespace Sepal.Training.Optimizers;

/// <summary>Stochastic gradient descent, with momentum if wanted.</summary>
/// <param name="learningRate">The learning rate, constant or by step.</param>
public sealed class Sgd(LearningRateSchedule learningRate) : Optimizer(learningRate)
{
    private readonly float _momentum;

    /// <summary>Gradient descent with Keras's default rate of 0.01.</summary>
    public Sgd()
        : this(0.01)
    {
    }

    /// <summary>The share of the velocity that a step keeps; 0 for plain gradient descent.</summary>
    public float Momentum
    {
        get => _momentum;
        init => _momentum = RequireShare(value, "momentum");
    }

    /// <summary>Whether the step looks ahead along the velocity (Sutskever et al., ICML 2013).</summary>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    public override string Name => "sgd";

    internal override int StateCount => Momentum > 0 ? 1 : 0;

    internal override ParameterUpdate UpdateFor(long step)
    {
        UpdateRule rule = Momentum == 0 ? UpdateRule.GradientDescent : Nesterov ? UpdateRule.Nesterov : UpdateRule.Momentum;
        return new ParameterUpdate(rule, (float)LearningRate.At(step)) { First = Momentum };
    }
}
