using System.Globalization;
using Sepal.Kernels.Optimizers;
using Sepal.Training.Schedules;

namespace Sepal.Training.Optimizers;

/// <summary>RMSprop (Tieleman and Hinton, 2012), with Keras's constants: ε is 1e-7, under the root.</summary>
/// <param name="learningRate">The learning rate, constant or by step.</param>
public sealed class RmsProp(LearningRateSchedule learningRate) : Optimizer(learningRate)
{
    private readonly float _rho = 0.9f;
    private readonly float _epsilon = 1e-7f;
    private readonly float _weightDecay;

    /// <summary>RMSprop with the usual rate of 0.001.</summary>
    public RmsProp()
        : this(0.001)
    {
    }

    /// <summary>The share of the mean squared gradient that a step keeps.</summary>
    public float Rho
    {
        get => _rho;
        init => _rho = RequireShare(value, "rho");
    }

    /// <summary>Added to the mean squared gradient.</summary>
    public float Epsilon
    {
        get => _epsilon;
        init => _epsilon = RequireEpsilon(value);
    }

    /// <summary>
    /// The decay: every step first multiplies all parameters by <c>1 − rate · decay</c>, apart from the gradient (Loshchilov
    /// and Hutter, arXiv 1711.05101), as Keras's optimizers do. 0 for none.
    /// </summary>
    public float WeightDecay
    {
        get => _weightDecay;
        init => _weightDecay = RequireDecay(value);
    }

    /// <inheritdoc/>
    public override string Name => "rmsprop";

    internal override string Describe() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}, rho {Rho}, epsilon {Epsilon}, weight decay {WeightDecay}");

    internal override int StateCount => 1;

    internal override ParameterUpdate UpdateFor(long step)
    {
        double rate = LearningRate.At(step);
        return new ParameterUpdate(UpdateRule.RootMeanSquare, (float)rate)
        {
            Second = 1 - Rho,
            Epsilon = Epsilon,
            Shrink = (float)(1 - (rate * WeightDecay)),
        };
    }
}
