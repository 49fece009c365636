using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sepal.Graphs;

namespace Sepal.Costs;

/// <summary>Keras's model summary.</summary>
internal static class ModelSummary
{
    private static readonly string[] MemoryUnits = ["B", "KB", "MB", "GB", "TB", "PB"];

    public static string Write(Model model)
    {
        ImmutableArray<LayerRow> layers = RowsOf(model.Graph);
        bool isStack = IsStack(model.Graph, layers);
        var table = new SummaryTable(
            isStack
                ? [("Layer (type)", false), ("Output Shape", false), ("Param #", true)]
                : [("Layer (type)", false), ("Output Shape", false), ("Param #", true), ("Connected to", false)]);
        if (!isStack)
        {
            // A stack's only input is plain from its first layer's shape; Keras leaves it out as well.
            foreach (Value input in model.Graph.Inputs)
            {
                table.Add([$"{input.Name} (Input)"], [Describe(input.Shape)], ["0"], ["-"]);
            }
        }

        foreach (LayerRow layer in layers)
        {
            ImmutableArray<string> connections = layer.Sources.IsEmpty ? ["-"] : layer.Sources;
            table.Add([$"{layer.Name} ({layer.Type})"], [Describe(layer.Output)], [Number(layer.Parameters)], connections);
        }

        ImmutableArray<Parameter> parameters = model.Graph.Parameters;
        var text = new StringBuilder();
        text.Append("Model: \"").Append(isStack ? "sequential" : "functional").Append("\"\n");
        table.AppendTo(text);
        AppendTotal(text, "Total params", parameters);
        AppendTotal(text, "Trainable params", parameters.Where(parameter => parameter.Trainable));
        AppendTotal(text, "Non-trainable params", parameters.Where(parameter => !parameter.Trainable));
        AppendUncounted(text, model.Graph);
        return text.ToString();
    }

    /// <summary>Says which operators are unknown: their parameters may be counted, their work is not.</summary>
    private static void AppendUncounted(StringBuilder text, Graph graph)
    {
        Node[] unknown = [.. graph.Nodes.Where(node => !node.Operator.IsCounted)];
        if (unknown.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" Not counted: {unknown.Length} node(s) with unknown operators: ")
                .AppendJoin(", ", unknown.Take(10).Select(node => node.ToString()))
                .Append(unknown.Length > 10 ? ", …\n" : "\n");
        }
    }

    private static ImmutableArray<LayerRow> RowsOf(Graph graph)
    {
        var seen = new HashSet<Parameter>();
        return [.. graph.Nodes.GroupBy(node => node.LayerName).Select(nodes => new LayerRow(
            nodes.Key,
            LayerTypes.Of([.. nodes]),
            nodes.Last().Output.Shape,
            nodes.SelectMany(node => node.Inputs).OfType<Parameter>().Where(seen.Add).Sum(parameter => parameter.Length),
            [.. nodes.SelectMany(node => node.Inputs)
                .Where(value => value is not Parameter)
                .Select(value => graph.Producer(value)?.LayerName ?? value.Name)
                .Where(source => source != nodes.Key)
                .Distinct()]))];
    }

    private static bool IsStack(Graph graph, ImmutableArray<LayerRow> layers) =>
        graph.Inputs is [Value input]
        && layers.Select((layer, index) => layer.Sources is [string source] && source == (index == 0 ? input.Name : layers[index - 1].Name))
            .All(follows => follows);

    private static string Describe(Shape shape) =>
        $"({string.Join(", ", shape.Select(dimension => dimension == Dimension.Batch ? "None" : dimension.ToString()))})";

    private static void AppendTotal(StringBuilder text, string name, IEnumerable<Parameter> parameters)
    {
        long count = parameters.Sum(parameter => parameter.Length);
        double size = parameters.Sum(parameter => parameter.Spec.ByteCount.Value);
        int unit = 0;
        while (size >= 1024 && unit < MemoryUnits.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        text.Append(CultureInfo.InvariantCulture, $" {name}: {Number(count)} ({size:F2} {MemoryUnits[unit]})\n");
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record LayerRow(string Name, string Type, Shape Output, long Parameters, ImmutableArray<string> Sources);
}
