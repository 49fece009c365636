using System.Collections.Immutable;
using Sepal.Cli.Tables;

namespace Sepal.Cli.Training;

/// <summary>The epochs of a run as a table.</summary>
internal static class TrainingHistory
{
    /// <summary>Makes the table; columns for validation are left out where there is none.</summary>
    /// <param name="epochs">The epochs.</param>
    /// <returns>A row an epoch.</returns>
    public static Table Table(ImmutableArray<TrainingEpoch> epochs)
    {
        bool isValidated = epochs.Any(row => row.ValidationLoss is not null);
        var table = new Table(
        [
            new Column("Epoch", "epoch", IsNumeric: true),
            new Column("Loss", "loss", IsNumeric: true),
            new Column("Accuracy", "accuracy", IsNumeric: true),
            .. isValidated
                ? (Column[])[new("Validation loss", "val_loss", IsNumeric: true), new("Validation accuracy", "val_accuracy", IsNumeric: true)]
                : [],
            new Column("Learning rate", "learning_rate", IsNumeric: true),
            new Column("Seconds", "seconds", IsNumeric: true),
        ]);
        foreach (TrainingEpoch row in epochs)
        {
            table.Add(
            [
                row.Epoch,
                Cell.Number(row.Loss, "F4"),
                Cell.Number(row.Accuracy, "P2"),
                .. isValidated
                    ? (Cell[])[Cell.Number(row.ValidationLoss ?? double.NaN, "F4"), Cell.Number(row.ValidationAccuracy ?? double.NaN, "P2")]
                    : [],
                Cell.Number(row.LearningRate, "G4"),
                Cell.Number(row.Seconds, "F1"),
            ]);
        }

        return table;
    }
}
