using Sepal.Randomness;

namespace Sepal.Training.Initializers;

/// <summary>Which fan the variance is divided by.</summary>
public enum FanMode
{
    /// <summary>The inputs of an output.</summary>
    In,

    /// <summary>The outputs of an input.</summary>
    Out,

    /// <summary>The mean of the two.</summary>
    Average,
}

/// <summary>
/// Random numbers of variance <c>scale / fan</c>, uniform or truncated normal, as Keras's <c>VarianceScaling</c>; the named
/// rules of Glorot and Bengio (2010), He et al. (arXiv 1502.01852) and LeCun et al. (1998) are settings of it.
/// </summary>
public sealed record VarianceScaling : Initializer
{
    // The standard deviation of a standard normal number cut off at two: what is drawn is divided by it.
    private const float TruncatedDeviation = 0.87962566103423978f;

    /// <summary>Glorot's uniform rule, ±√(6 / (in + out)): Keras's default for kernels.</summary>
    public static VarianceScaling GlorotUniform { get; } = new() { Mode = FanMode.Average, Uniform = true };

    /// <summary>Glorot's rule with truncated normal numbers.</summary>
    public static VarianceScaling GlorotNormal { get; } = new() { Mode = FanMode.Average };

    /// <summary>He's uniform rule, ±√(6 / in).</summary>
    public static VarianceScaling HeUniform { get; } = new() { Scale = 2, Uniform = true };

    /// <summary>He's rule with truncated normal numbers.</summary>
    public static VarianceScaling HeNormal { get; } = new() { Scale = 2 };

    /// <summary>LeCun's uniform rule, ±√(3 / in).</summary>
    public static VarianceScaling LecunUniform { get; } = new() { Uniform = true };

    /// <summary>The variance times the fan.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Which fan.</summary>
    public FanMode Mode { get; init; } = FanMode.In;

    /// <summary>Whether the numbers are uniform rather than truncated normal.</summary>
    public bool Uniform { get; init; }

    /// <inheritdoc/>
    public override void Fill(Span<float> destination, Fans fans, RandomStream random)
    {
        double fan = Mode switch
        {
            FanMode.In => fans.In,
            FanMode.Out => fans.Out,
            _ => (fans.In + fans.Out) / 2.0,
        };
        double variance = Scale / Math.Max(fan, 1);
        if (Uniform)
        {
            float limit = (float)Math.Sqrt(3 * variance);
            foreach (ref float value in destination)
            {
                value = limit * ((2 * random.NextSingle()) - 1);
            }
        }
        else
        {
            float deviation = (float)Math.Sqrt(variance) / TruncatedDeviation;
            foreach (ref float value in destination)
            {
                float normal;
                do
                {
                    normal = random.NextNormal();
                }
                while (MathF.Abs(normal) > 2);

                value = deviation * normal;
            }
        }
    }
}
