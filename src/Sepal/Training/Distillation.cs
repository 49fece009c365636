using Sepal.Inference;

namespace Sepal.Training;

/// <summary>
/// Training after a teacher's example (Hinton, Vinyals and Dean, arXiv 1503.02531): what is made small is
/// <c>α·T²·KL(softmax(teacher / T) ‖ softmax(student / T)) + (1 − α)·loss</c>. The teacher sees the same inputs as the model,
/// augmented ones too, at inference: without dropout, by its moving statistics. It is not trained.
/// </summary>
/// <remarks>
/// The teacher gives logits, or probabilities where its last operator is a softmax; the graph tells. Validation measures the
/// loss alone.
/// </remarks>
public sealed class Distillation
{
    /// <summary>The <see cref="Temperature"/> where none is given.</summary>
    public const double DefaultTemperature = 4;

    /// <summary>The <see cref="Alpha"/> where none is given.</summary>
    public const double DefaultAlpha = 0.9;

    private readonly double _temperature = DefaultTemperature;
    private readonly double _alpha = DefaultAlpha;

    /// <summary>Takes a model as the teacher.</summary>
    /// <param name="teacher">The model; it stays yours. Another than the one that is trained.</param>
    public Distillation(Model teacher)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        Model = teacher;
    }

    /// <summary>
    /// Takes a session as the teacher, such as one of an ONNX file. A file's images may be NCHW, as usual, or NHWC: the shape of its
    /// input tells.
    /// </summary>
    /// <param name="teacher">The session; it stays yours.</param>
    public Distillation(InferenceSession teacher)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        Session = teacher;
    }

    /// <summary>T: above 1, the smaller probabilities of the teacher count for more.</summary>
    /// <exception cref="SepalException">It is not above 0.</exception>
    public double Temperature
    {
        get => _temperature;
        init => _temperature = value is > 0 and < double.PositiveInfinity
            ? value
            : throw new SepalException($"The temperature of the distillation is {value}. Give a number above 0, for example 4.");
    }

    /// <summary>α: the teacher's share; 1 leaves the targets out, 0 the teacher.</summary>
    /// <exception cref="SepalException">It is not 0 to 1.</exception>
    public double Alpha
    {
        get => _alpha;
        init => _alpha = value is >= 0 and <= 1
            ? value
            : throw new SepalException($"The teacher's share of the distillation is {value}. Give a number from 0 to 1, for example 0.9.");
    }

    internal Model? Model { get; }

    internal InferenceSession? Session { get; }
}
