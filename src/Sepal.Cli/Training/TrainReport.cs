using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Classification;
using Sepal.Cli.Tables;
using Sepal.Data;

namespace Sepal.Cli.Training;

/// <summary>What <c>sepal train</c> says, as its JSON holds it.</summary>
internal sealed record TrainReport
{
    /// <summary>What the run followed from.</summary>
    public required TrainingSettings Settings { get; init; }

    /// <summary>What the classes are called, in order.</summary>
    public required ImmutableArray<string> ClassNames { get; init; }

    /// <summary>Images trained on.</summary>
    public required int TrainImages { get; init; }

    /// <summary>Trainable parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-adds for an image.</summary>
    public required long Macs { get; init; }

    /// <summary>What every epoch gave.</summary>
    public required ImmutableArray<TrainingEpoch> Epochs { get; init; }

    /// <summary>The epoch whose weights <c>model.onnx</c> has.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>How <c>model.onnx</c> does on the validation images; null where there are none.</summary>
    public required SetFigures? Validation { get; init; }

    /// <summary>How <c>model.onnx</c> does on the test images; null where there are none.</summary>
    public required SetFigures? Test { get; init; }

    /// <summary>Pictures that could not be used.</summary>
    public required ImmutableArray<SkippedImage> Skipped { get; init; }

    /// <summary>Training time, without validation.</summary>
    public required double Seconds { get; init; }

    /// <summary>The directory with the models and the page.</summary>
    public required string Directory { get; init; }

    /// <summary>Makes the report.</summary>
    /// <param name="result">What it is about.</param>
    /// <param name="pagePath">Where the page is.</param>
    /// <returns>A table and JSON.</returns>
    public static Report Of(TrainReport result, string pagePath)
    {
        var table = new Table(
        [
            new Column("Model", "model"),
            new Column("Parameters", "parameters", IsNumeric: true),
            new Column("MACs", "macs", IsNumeric: true),
            new Column("Epochs", "epochs", IsNumeric: true),
            new Column("Best", "bestEpoch", IsNumeric: true),
            .. result.Validation is null ? (Column[])[] : [new Column("Validation accuracy", "validationAccuracy", IsNumeric: true)],
            .. result.Test is null ? (Column[])[] : [new Column("Test accuracy", "testAccuracy", IsNumeric: true)],
            new Column("Seconds", "seconds", IsNumeric: true),
        ]);
        table.Add(
        [
            result.Settings.Model,
            result.Parameters,
            result.Macs,
            result.Epochs.Length,
            result.BestEpoch,
            .. result.Validation is { } validation ? (Cell[])[Cell.Number(validation.Accuracy, "P2")] : [],
            .. result.Test is { } test ? (Cell[])[Cell.Number(test.Accuracy, "P2")] : [],
            Cell.Number(result.Seconds, "F1"),
        ]);
        return Report.Of(result, CliJson.Default.TrainReport, [table], [.. Notes(result, pagePath)]);
    }

    private static IEnumerable<string> Notes(TrainReport result, string pagePath)
    {
        if (result.Skipped.Length > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Skipped.Length} {(result.Skipped.Length == 1 ? "picture was" : "pictures were")} skipped; the report names them.");
        }

        yield return $"The model is {Path.Combine(result.Directory, "model.onnx")}, the report {pagePath}";
    }
}

/// <summary>How a model does on a set of images.</summary>
/// <param name="Images">How many images.</param>
/// <param name="Accuracy">The share classified rightly, from 0 to 1.</param>
/// <param name="Loss">The mean of −log of the probability given to the right class.</param>
/// <param name="Classes">Precision and recall of each class.</param>
/// <param name="Confusion">A row for each class that images show, a column for each that they were taken for.</param>
internal sealed record SetFigures(
    int Images, double Accuracy, double Loss, ImmutableArray<ClassFigures> Classes, ImmutableArray<ImmutableArray<int>> Confusion)
{
    /// <summary>Takes an evaluation's figures.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <returns>The figures.</returns>
    public static SetFigures Of(ClassifierEvaluation evaluation) => new(
        evaluation.Confusion.Total, evaluation.Confusion.Accuracy, evaluation.Loss, evaluation.Confusion.Classes(), evaluation.Confusion.Rows());
}
