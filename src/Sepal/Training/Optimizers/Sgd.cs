using System.Globalization;
using Sepal.Kernels.Optimizers;
using Sepal.Training.Schedules;

namespace Sepal.Training.Optimizers;

/// <summary>Stochastic gradient descent, with momentum if wanted.</summary>
/// <param name="learningRate">The learning rate, constant or by step.</param>
public sealed class Sgd(LearningRateSchedule learningRate) : Optimizer(learningRate)
{
    private readonly float _momentum;
    private readonly float _weightDecay;

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

    /// <summary>
    /// The decay: every step first multiplies all parameters by <c>1 − rate · decay</c>, apart from the gradient (Loshchilov
    /// and Hutter, arXiv 1711.05101), as Keras's optimizers do. 0 for none.
    /// </summary>
    /// <remarks>
    /// PyTorch's <c>SGD(weight_decay=…)</c> adds <c>decay · w</c> to the gradient, which is the same without momentum; with a
    /// momentum m, its decay works about <c>1 / (1 − m)</c> times as strongly. <c>KernelL2</c> of half the decay on the layers is that form.
    /// </remarks>
    public float WeightDecay
    {
        get => _weightDecay;
        init => _weightDecay = RequireDecay(value);
    }

    /// <inheritdoc/>
    public override string Name => "sgd";

    internal override string Describe() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}, momentum {Momentum}, Nesterov: {Nesterov}, weight decay {WeightDecay}");

    internal override int StateCount => Momentum > 0 ? 1 : 0;

    internal override ParameterUpdate UpdateFor(long step)
    {
        UpdateRule rule = Momentum == 0 ? UpdateRule.GradientDescent : Nesterov ? UpdateRule.Nesterov : UpdateRule.Momentum;
        double rate = LearningRate.At(step);
        return new ParameterUpdate(rule, (float)rate) { First = Momentum, Shrink = (float)(1 - (rate * WeightDecay)) };
    }
}
