using System.Text.Json.Serialization;

namespace Sepal.Training.Checkpoints;

/// <summary>What a checkpoint says beside its tensors.</summary>
internal sealed record CheckpointRecord
{
    /// <summary>The only version of this format so far.</summary>
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>The epoch under way, from 1; one more than the last where all are done.</summary>
    public required int Epoch { get; init; }

    /// <summary>How many examples of that epoch's order are done.</summary>
    public required int Examples { get; init; }

    /// <summary>Steps made so far: the position in the schedule and in dropout's random streams.</summary>
    public required long Steps { get; init; }

    /// <summary>How long the epoch has taken so far.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether a callback has asked to stop.</summary>
    public bool Stopped { get; init; }

    /// <summary>Whether there are averaged weights.</summary>
    public bool HasAverage { get; init; }

    /// <summary>The sums behind the epoch's means.</summary>
    public required MeansRecord Means { get; init; }

    /// <summary>The epochs that are done.</summary>
    public required IReadOnlyList<EpochRecord> History { get; init; }

    /// <summary>The callbacks' numbers.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Callbacks { get; init; }

    /// <summary>The width of the vectors that were computed with, which roundings depend on.</summary>
    public int VectorWidth { get; init; }

    /// <summary>What the run consists of, to be compared when it is resumed.</summary>
    public required IReadOnlyList<Setting> Run { get; init; }

    /// <summary>The model's nodes and parameters, likewise.</summary>
    public required IReadOnlyList<string> Model { get; init; }
}

/// <summary>One named setting of a run.</summary>
internal sealed record Setting(string Name, string Value);

/// <summary>One named figure of an epoch.</summary>
internal sealed record FigureRecord(string Name, double Value);

/// <summary>The sums behind an epoch's means.</summary>
internal sealed record MeansRecord(double Loss, IReadOnlyList<double> Metrics, long Count);

/// <summary>An epoch's result.</summary>
internal sealed record EpochRecord
{
    public required int Epoch { get; init; }

    public required double Loss { get; init; }

    public required IReadOnlyList<FigureRecord> Metrics { get; init; }

    public double? ValidationLoss { get; init; }

    public IReadOnlyList<FigureRecord>? ValidationMetrics { get; init; }

    public double LearningRate { get; init; }

    public double Seconds { get; init; }

    public static EpochRecord Of(EpochResult result) => new()
    {
        Epoch = result.Epoch,
        Loss = result.Loss,
        Metrics = Figures(result.Metrics)!,
        ValidationLoss = result.ValidationLoss,
        ValidationMetrics = Figures(result.ValidationMetrics),
        LearningRate = result.LearningRate,
        Seconds = result.Seconds,
    };

    public EpochResult ToResult() => new()
    {
        Epoch = Epoch,
        Loss = Loss,
        Metrics = Dictionary(Metrics)!,
        ValidationLoss = ValidationLoss,
        ValidationMetrics = Dictionary(ValidationMetrics),
        LearningRate = LearningRate,
        Seconds = Seconds,
    };

    private static FigureRecord[]? Figures(IReadOnlyDictionary<string, double>? figures) =>
        figures is null ? null : [.. figures.Select(figure => new FigureRecord(figure.Key, figure.Value))];

    private static OrderedDictionary<string, double>? Dictionary(IReadOnlyList<FigureRecord>? figures)
    {
        if (figures is null)
        {
            return null;
        }

        var result = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        foreach (FigureRecord figure in figures)
        {
            result.Add(figure.Name, figure.Value);
        }

        return result;
    }
}

/// <summary>How the record becomes JSON; generated at build time, so that nothing is lost to trimming.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(CheckpointRecord))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
