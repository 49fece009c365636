using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Elementwise;

/// <summary>
/// A function of one number and its gradient, written once for every vector width. A function with attributes (a slope,
/// bounds) is a struct that holds them.
/// </summary>
internal interface IUnaryFunction
{
    /// <summary>
    /// Whether the gradient is computed from the function's output; otherwise from its input. The output is the better
    /// choice where both will do: the next operator mostly keeps it anyway, and the input's memory is free sooner.
    /// </summary>
    bool GradientReadsOutput { get; }

    TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct;

    /// <summary>The gradient by the input.</summary>
    /// <param name="kept">The output or the input, as <see cref="GradientReadsOutput"/> says.</param>
    /// <param name="outputGradient">The gradient by the output.</param>
    TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct;
}
