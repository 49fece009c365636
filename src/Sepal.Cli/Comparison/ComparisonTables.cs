using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Tables;

namespace Sepal.Cli.Comparison;

/// <summary>A comparison's figures as tables, for the terminal, the pages and the files alike.</summary>
internal static class ComparisonTables
{
    /// <summary>One row a network.</summary>
    /// <param name="result">The comparison.</param>
    /// <returns>The table.</returns>
    public static Table Networks(ComparisonResult result)
    {
        var table = new Table(
            new Column("Network", "name"),
            new Column("Conv. parameters", "convolutionParameters", IsNumeric: true),
            new Column("Parameters", "parameters", IsNumeric: true),
            new Column("Conv. MACs", "convolutionMacs", IsNumeric: true),
            new Column("MACs", "macs", IsNumeric: true),
            new Column("Test accuracy", "testAccuracy", IsNumeric: true),
            new Column("Training", "trainSeconds", IsNumeric: true),
            new Column("One image", "latencyMs", IsNumeric: true),
            new Column("Size", "modelBytes", IsNumeric: true));
        foreach (NetworkResult network in result.Networks)
        {
            table.Add(
                network.Name,
                network.ConvolutionParameters,
                network.Parameters,
                network.ConvolutionMacs,
                network.Macs,
                Cell.Number(network.TestAccuracy, "0.00 %"),
                WithUnit(network.TrainSeconds, "0.0", "s"),
                Cell.Number(network.LatencyMs, "R") with { Text = Latency(network.LatencyMs) },
                new Cell(
                    string.Create(CultureInfo.InvariantCulture, $"{network.ModelBytes / 1024.0:0.0} KiB"),
                    network.ModelBytes.ToString(CultureInfo.InvariantCulture)));
        }

        return table;
    }

    /// <summary>One row a layer of a network.</summary>
    /// <param name="network">The network.</param>
    /// <returns>The table, titled.</returns>
    public static Table Layers(NetworkResult network)
    {
        var table = new Table(
            new Column("Layer", "name"),
            new Column("Type", "type"),
            new Column("Output", "outputShape", IsNumeric: true),
            new Column("Parameters", "parameters", IsNumeric: true),
            new Column("MACs", "macs", IsNumeric: true),
            new Column("Time (ms)", "milliseconds", IsNumeric: true))
        {
            Title = $"{network.Name}: {network.Description}",
        };
        foreach (LayerRow layer in network.Layers)
        {
            table.Add(
                layer.Name,
                layer.Type,
                Cell.Extents(layer.OutputShape.Select(extent => (long)extent)),
                layer.Parameters,
                layer.Macs,
                Cell.Number(layer.Milliseconds, "0.0000"));
        }

        return table;
    }

    /// <summary>One row an epoch of a network, also of one that was not finished.</summary>
    /// <param name="epochs">Each network's epochs so far.</param>
    /// <returns>The table.</returns>
    public static Table History(IEnumerable<(string Network, ImmutableArray<EpochRow> Epochs)> epochs)
    {
        var table = new Table(
            new Column("Network", "network"),
            new Column("Epoch", "epoch", IsNumeric: true),
            new Column("Loss", "loss", IsNumeric: true),
            new Column("Accuracy", "accuracy", IsNumeric: true),
            new Column("Test loss", "testLoss", IsNumeric: true),
            new Column("Test accuracy", "testAccuracy", IsNumeric: true),
            new Column("Seconds", "seconds", IsNumeric: true));
        foreach ((string network, ImmutableArray<EpochRow> rows) in epochs)
        {
            foreach (EpochRow row in rows)
            {
                table.Add(
                    network,
                    row.Epoch,
                    Cell.Number(row.Loss, "0.0000"),
                    Cell.Number(row.Accuracy, "0.00 %"),
                    Cell.Number(row.TestLoss, "0.0000"),
                    Cell.Number(row.TestAccuracy, "0.00 %"),
                    Cell.Number(row.Seconds, "0.00"));
            }
        }

        return table;
    }

    /// <summary>The time of a single image, with digits enough to compare small networks by.</summary>
    /// <param name="milliseconds">The time.</param>
    /// <returns>The text, with its unit.</returns>
    public static string Latency(double milliseconds) =>
        milliseconds.ToString(milliseconds < 0.1 ? "0.0000 'ms'" : "0.000 'ms'", CultureInfo.InvariantCulture);

    private static Cell WithUnit(double value, string format, string unit)
    {
        Cell cell = Cell.Number(value, format);
        return cell with { Text = $"{cell.Text} {unit}" };
    }
}
