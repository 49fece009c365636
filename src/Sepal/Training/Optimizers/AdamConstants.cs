using Sepal.Kernels.Optimizers;

namespace Sepal.Training.Optimizers;

/// <summary>What <see cref="Adam"/> and <see cref="AdamW"/> share.</summary>
internal readonly record struct AdamConstants()
{
    public float Beta1 { get; init; } = 0.9f;

    public float Beta2 { get; init; } = 0.999f;

    public float Epsilon { get; init; } = 1e-7f;

    /// <summary>The update of a step, with both means corrected for having started at zero.</summary>
    public ParameterUpdate UpdateFor(long step, double learningRate)
    {
        double correction = Math.Sqrt(1 - Math.Pow(Beta2, step + 1)) / (1 - Math.Pow(Beta1, step + 1));
        return new ParameterUpdate(UpdateRule.Adam, (float)(learningRate * correction))
        {
            First = 1 - Beta1,
            Second = 1 - Beta2,
            Epsilon = Epsilon,
        };
    }
}
