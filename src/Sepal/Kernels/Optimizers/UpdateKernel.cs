using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Optimizers;

/// <summary>
/// Updates parameters in one pass over them, their gradients and the optimizer's memory. Lengths are multiples of 16 floats:
/// every parameter is padded to whole cache lines, and the padding's gradients are zero.
/// </summary>
internal abstract unsafe class UpdateKernel
{
    public static UpdateKernel Instance { get; } = SimdLevel.Create<Factory, UpdateKernel>(default);

    /// <summary>Applies an update to a stretch of parameters.</summary>
    /// <param name="update">The rule and its numbers.</param>
    /// <param name="parameters">What is updated.</param>
    /// <param name="gradients">Gradients, laid out alike.</param>
    /// <param name="first">The optimizer's first memory, laid out alike; null where the rule has none.</param>
    /// <param name="second">Its second memory.</param>
    /// <param name="length">A multiple of 16.</param>
    public abstract void Apply(
        in ParameterUpdate update, float* parameters, float* gradients, float* first, float* second, long length);

    private readonly struct Factory : ISimdFactory<UpdateKernel>
    {
        public UpdateKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new UpdateKernel<TSimd, TVector>();
    }
}

/// <summary>The update at one vector width.</summary>
internal sealed unsafe class UpdateKernel<TSimd, TVector> : UpdateKernel
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    public override void Apply(
        in ParameterUpdate update, float* parameters, float* gradients, float* first, float* second, long length)
    {
        switch (update.Rule)
        {
            case UpdateRule.GradientDescent:
                GradientDescent(update, parameters, gradients, length);
                break;
            case UpdateRule.Momentum:
            case UpdateRule.Nesterov:
                Momentum(update, parameters, gradients, first, length);
                break;
            case UpdateRule.Adam:
                Adam(update, parameters, gradients, first, second, length);
                break;
            default:
                RootMeanSquare(update, parameters, gradients, first, length);
                break;
        }
    }

    private static void GradientDescent(in ParameterUpdate update, float* parameters, float* gradients, long length)
    {
        TVector rate = TSimd.Broadcast(-update.Rate);
        TVector shrink = TSimd.Broadcast(update.Shrink);
        for (long index = 0; index < length; index += TSimd.Width)
        {
            TVector parameter = TSimd.Multiply(TSimd.Load(parameters + index), shrink);
            TSimd.Store(TSimd.MultiplyAdd(rate, TSimd.Load(gradients + index), parameter), parameters + index);
        }
    }

    private static void Momentum(in ParameterUpdate update, float* parameters, float* gradients, float* velocities, long length)
    {
        TVector rate = TSimd.Broadcast(-update.Rate);
        TVector shrink = TSimd.Broadcast(update.Shrink);
        TVector keep = TSimd.Broadcast(update.First);
        bool nesterov = update.Rule == UpdateRule.Nesterov;
        for (long index = 0; index < length; index += TSimd.Width)
        {
            TVector gradient = TSimd.Load(gradients + index);
            TVector velocity = TSimd.MultiplyAdd(rate, gradient, TSimd.Multiply(keep, TSimd.Load(velocities + index)));
            TSimd.Store(velocity, velocities + index);
            TVector move = nesterov ? TSimd.MultiplyAdd(rate, gradient, TSimd.Multiply(keep, velocity)) : velocity;
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(parameters + index), shrink, move), parameters + index);
        }
    }

    private static void Adam(
        in ParameterUpdate update, float* parameters, float* gradients, float* means, float* squares, long length)
    {
        TVector rate = TSimd.Broadcast(-update.Rate);
        TVector shrink = TSimd.Broadcast(update.Shrink);
        TVector meanShare = TSimd.Broadcast(update.First);
        TVector squareShare = TSimd.Broadcast(update.Second);
        TVector epsilon = TSimd.Broadcast(update.Epsilon);
        for (long index = 0; index < length; index += TSimd.Width)
        {
            TVector gradient = TSimd.Load(gradients + index);
            TVector mean = TSimd.Load(means + index);
            TVector square = TSimd.Load(squares + index);
            mean = TSimd.MultiplyAdd(TSimd.Subtract(gradient, mean), meanShare, mean);
            square = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(gradient, gradient), square), squareShare, square);
            TSimd.Store(mean, means + index);
            TSimd.Store(square, squares + index);
            TVector move = TSimd.Divide(TSimd.Multiply(rate, mean), TSimd.Add(TSimd.SquareRoot(square), epsilon));
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(parameters + index), shrink, move), parameters + index);
        }
    }

    private static void RootMeanSquare(in ParameterUpdate update, float* parameters, float* gradients, float* squares, long length)
    {
        TVector rate = TSimd.Broadcast(-update.Rate);
        TVector shrink = TSimd.Broadcast(update.Shrink);
        TVector squareShare = TSimd.Broadcast(update.Second);
        TVector epsilon = TSimd.Broadcast(update.Epsilon);
        for (long index = 0; index < length; index += TSimd.Width)
        {
            TVector gradient = TSimd.Load(gradients + index);
            TVector square = TSimd.Load(squares + index);
            square = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(gradient, gradient), square), squareShare, square);
            TSimd.Store(square, squares + index);
            TVector move = TSimd.Divide(TSimd.Multiply(rate, gradient), TSimd.SquareRoot(TSimd.Add(square, epsilon)));
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(parameters + index), shrink, move), parameters + index);
        }
    }
}
