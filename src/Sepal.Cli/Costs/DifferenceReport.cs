using System.Globalization;
using Sepal.Cli.Tables;
using Sepal.Costs;

namespace Sepal.Cli.Costs;

/// <summary>What <c>sepal cost --before A --after B</c> says, as its JSON holds it.</summary>
/// <param name="Before">The first model's totals.</param>
/// <param name="After">The second model's totals.</param>
/// <param name="Unchanged">How many layers are the same in both.</param>
/// <param name="Layers">The layers that are not, matched by name.</param>
internal sealed record DifferenceReport(
    SideBySideReport.Figures Before, SideBySideReport.Figures After, int Unchanged, DifferenceReport.Change[] Layers)
{
    /// <summary>Makes the report.</summary>
    /// <param name="before">The first model.</param>
    /// <param name="after">The second model.</param>
    /// <returns>Tables, a sentence and JSON.</returns>
    public static Report Of(CountedModel before, CountedModel after)
    {
        Dictionary<string, NodeCost> old = before.Cost.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        Dictionary<string, NodeCost> now = after.Cost.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);

        // What was removed stands where it was: before the next layer that both have.
        var changes = new List<Change>();
        int unchanged = 0;
        int next = 0;
        foreach (NodeCost node in after.Cost.Nodes)
        {
            if (!old.TryGetValue(node.Name, out NodeCost? was))
            {
                changes.Add(Change.Of("added", null, node));
                continue;
            }

            for (; next < before.Cost.Nodes.Length && before.Cost.Nodes[next].Name != node.Name && !now.ContainsKey(before.Cost.Nodes[next].Name); next++)
            {
                changes.Add(Change.Of("removed", before.Cost.Nodes[next], null));
            }

            next = Math.Max(next, before.Cost.Nodes.IndexOf(was) + 1);
            if (IsSame(was, node))
            {
                unchanged++;
            }
            else
            {
                changes.Add(Change.Of("changed", was, node));
            }
        }

        HashSet<string> listed = [.. changes.Select(change => change.Name)];
        changes.AddRange(before.Cost.Nodes
            .Where(node => !now.ContainsKey(node.Name) && !listed.Contains(node.Name))
            .Select(node => Change.Of("removed", node, null)));
        var json = new DifferenceReport(SideBySideReport.Figures.Of(before), SideBySideReport.Figures.Of(after), unchanged, [.. changes]);
        return Report.Of(json, CliJson.Default.DifferenceReport, [json.LayerTable(), json.TotalTable()], [json.Note()]);
    }

    private static bool IsSame(NodeCost before, NodeCost after) =>
        before.Kind == after.Kind
        && before.OutputShape.Equals(after.OutputShape)
        && before.TotalParameters == after.TotalParameters
        && before.TrainableParameters == after.TrainableParameters
        && before.MultiplyAccumulates == after.MultiplyAccumulates
        && before.ElementOperations == after.ElementOperations
        && before.Bytes == after.Bytes;

    private static Cell Signed(long value) => new(
        value > 0 ? string.Create(CultureInfo.InvariantCulture, $"+{value:N0}") : value.ToString("N0", CultureInfo.InvariantCulture).Replace('-', '−'),
        value.ToString(CultureInfo.InvariantCulture));

    private Table LayerTable()
    {
        var table = new Table(
            new Column("Layer", "name"),
            new Column("Change", "change"),
            new Column("Kind", "kind"),
            new Column("Output", "output", IsNumeric: true),
            new Column("Parameters", "parameters", IsNumeric: true),
            new Column("MACs", "macs", IsNumeric: true),
            new Column("Bytes", "bytes", IsNumeric: true));
        foreach (Change change in Layers)
        {
            Cell output = change.Output.Length == 0 ? "scalar" : Cell.Extents(change.Output);
            table.Add(change.Name, change.What, change.Kind, output, Signed(change.Parameters), Signed(change.Macs), Signed(change.Bytes));
        }

        return table;
    }

    private Table TotalTable()
    {
        var table = new Table(
            new Column("Total", "total"),
            new Column("Before", "before", IsNumeric: true),
            new Column("After", "after", IsNumeric: true),
            new Column("Difference", "difference", IsNumeric: true),
            new Column("Ratio", "ratio", IsNumeric: true));
        Add("parameters, trainable", figures => figures.Parameters);
        Add("parameters, not trainable", figures => figures.NonTrainableParameters);
        Add("MACs", figures => figures.Macs);
        Add("FLOPs", figures => figures.Flops);
        Add("element operations", figures => figures.ElementOperations);
        Add("memory, bytes", figures => figures.MemoryBytes);
        return table;

        void Add(string name, Func<SideBySideReport.Figures, long> figure)
        {
            (long before, long after) = (figure(Before), figure(After));
            table.Add(name, before, after, Signed(after - before), before == 0 ? "–" : Cell.Number((double)after / before, "F3"));
        }
    }

    private string Note() => string.Create(
        CultureInfo.InvariantCulture,
        $"From '{Before.Model}' to '{After.Model}': {Layers.Count(layer => layer.What == "added")} layers added, {Layers.Count(layer => layer.What == "removed")} removed, "
        + $"{Layers.Count(layer => layer.What == "changed")} changed, {Unchanged} the same. Figures of layers are after minus before.");

    /// <summary>A layer that is not the same in both.</summary>
    /// <param name="Name">Its path.</param>
    /// <param name="What"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
    /// <param name="Kind">What it is after; before, where it was removed.</param>
    /// <param name="Output">The output's shape, without the batch, after; before, where it was removed.</param>
    /// <param name="Parameters">All parameters, after minus before.</param>
    /// <param name="Macs">Multiply-adds, after minus before.</param>
    /// <param name="ElementOperations">All other work, after minus before.</param>
    /// <param name="Bytes">Bytes read and written, after minus before.</param>
    internal sealed record Change(
        string Name, string What, string Kind, long[] Output, long Parameters, long Macs, long ElementOperations, long Bytes)
    {
        /// <summary>Compares a layer with what it was.</summary>
        /// <param name="what">What happened to it.</param>
        /// <param name="before">What it cost; null where it is new.</param>
        /// <param name="after">What it costs; null where it is gone.</param>
        /// <returns>The change.</returns>
        public static Change Of(string what, NodeCost? before, NodeCost? after)
        {
            NodeCost present = after ?? before!;
            return new Change(
                present.Name,
                what,
                before is not null && after is not null && before.Kind != after.Kind ? $"{before.Kind} → {after.Kind}" : present.Kind,
                CountedModel.Extents(present.OutputShape),
                Difference(node => node.TotalParameters),
                Difference(node => node.MultiplyAccumulates),
                Difference(node => node.ElementOperations),
                Difference(node => node.Bytes));

            long Difference(Func<NodeCost, long> figure) => (after is null ? 0 : figure(after)) - (before is null ? 0 : figure(before));
        }
    }
}
