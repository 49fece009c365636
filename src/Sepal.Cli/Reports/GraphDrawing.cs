using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Sepal.Cli.Costs;
using Sepal.Costs;
using Sepal.Graphs;
using static Sepal.Cli.Reports.Html;

namespace Sepal.Cli.Reports;

/// <summary>A model's graph as inline SVG with real text: a box a layer, or a block where there are many layers.</summary>
internal static class GraphDrawing
{
    private const double BoxWidth = 360;
    private const double BoxHeight = 48;
    private const double RowHeight = 68;
    private const double Gap = 28;
    private const double LineWidth = 22;

    // Letters of the font that fit; SVG text neither wraps nor cuts itself.
    private const int MostNameLetters = 34;
    private const int MostDetailLetters = 49;

    /// <summary>Draws the graph.</summary>
    /// <param name="model">The model.</param>
    /// <returns>An <c>svg</c> element.</returns>
    public static XElement ToSvg(CountedModel model)
    {
        ImmutableArray<GraphBox> boxes = GraphBox.Of(model.Graph, model.Cost);
        var layout = new LayeredLayout([.. boxes.Select(box => box.Sources)], BoxWidth + Gap, LineWidth);
        string width = Number(layout.Width);
        string height = Number((layout.Layers * RowHeight) - (RowHeight - BoxHeight) + 4);
        return new XElement(
            "svg",
            Attribute("class", "graph"),
            Attribute("viewBox", $"0 0 {width} {height}"),
            Attribute("style", $"width:{width}px"),
            Attribute("role", "img"),
            Attribute("aria-label", $"The graph of {model.Name}, top to bottom"),
            layout.Paths.Select(path => Edge(layout, path)),
            boxes.Select((box, index) => Box(model, box, layout.CenterOf(index) - (BoxWidth / 2), Top(layout.LayerOf(index)))));
    }

    private static double Top(int layer) => 2 + (layer * RowHeight);

    /// <summary>Straight beside the boxes of a layer, and curved between layers.</summary>
    private static XElement Edge(LayeredLayout layout, ImmutableArray<int> path)
    {
        const double Space = RowHeight - BoxHeight;
        double x = layout.CenterOf(path[0]);
        double y = Top(layout.LayerOf(path[0])) + BoxHeight;
        var text = new System.Text.StringBuilder($"M{Number(x)} {Number(y)}");
        foreach (int place in path.Skip(1))
        {
            double next = layout.CenterOf(place);
            double top = Top(layout.LayerOf(place));
            text.Append(CultureInfo.InvariantCulture, $"C{Number(x)} {Number(top - Space + 12)} {Number(next)} {Number(top - 12)} {Number(next)} {Number(top)}");
            if (place != path[^1])
            {
                text.Append(CultureInfo.InvariantCulture, $"V{Number(top + BoxHeight)}");
            }

            x = next;
        }

        return new XElement("path", Attribute("class", "edge"), Attribute("d", text.ToString()));
    }

    private static XElement Box(CountedModel model, GraphBox box, double left, double top)
    {
        NodeCategory category = box.Nodes.IsEmpty ? NodeCategory.Rest : box.Nodes.MaxBy(node => node.MultiplyAccumulates)!.Category;
        Shape shape = box.Nodes.IsEmpty ? model.Graph.Inputs.First(input => input.Name == box.Name).Shape.Resolve(model.Symbols) : box.Nodes[^1].OutputShape;
        double share = model.Cost.MultiplyAccumulates == 0
            ? 0
            : (double)box.Nodes.Sum(node => node.MultiplyAccumulates) / model.Cost.MultiplyAccumulates;
        string right = box.Nodes.IsEmpty ? "input" : $"{Quantities.Short(box.Nodes.Sum(node => node.MultiplyAccumulates))} MACs";
        string extents = string.Join('×', CountedModel.Extents(shape));
        string detail = box.Nodes.IsEmpty ? string.Empty : Contents(box.Nodes);
        return new XElement(
            "g",
            Attribute("class", "box"),
            CategoryColors.Style(category),
            new XElement("title", $"{box.Name}: {string.Join(", ", box.Nodes.Select(node => node.Name))}"),
            Rectangle("frame", left, top, BoxWidth, BoxHeight, 7),
            Rectangle("share", left + 1, top + BoxHeight - 4, Math.Max(0, (BoxWidth - 2) * share), 3, 0),
            Text("name", "start", left + 10, top + 19, Cut(box.Name, MostNameLetters)),
            Text("figure", "end", left + BoxWidth - 10, top + 19, right),
            Text("detail", "start", left + 10, top + 37, Cut(detail, MostDetailLetters - extents.Length)),
            Text("detail", "end", left + BoxWidth - 10, top + 37, extents));
    }

    /// <summary>The kinds of a box's layers: of a block the convolutions and whatever joins branches, in order.</summary>
    private static string Contents(ImmutableArray<NodeCost> nodes)
    {
        NodeCost[] telling = [.. nodes.Where(node => node.Category != NodeCategory.Rest || node.Kind is "add" or "binary" or "concatenate")];
        return string.Join(" · ", (telling.Length == 0 ? [.. nodes] : telling)
            .Aggregate(new List<(string Kind, int Count)>(), (runs, node) =>
            {
                if (runs.Count > 0 && runs[^1].Kind == node.Kind)
                {
                    runs[^1] = (node.Kind, runs[^1].Count + 1);
                }
                else
                {
                    runs.Add((node.Kind, 1));
                }

                return runs;
            })
            .Select(run => run.Count == 1 ? run.Kind : string.Create(CultureInfo.InvariantCulture, $"{run.Count} {run.Kind}")));
    }

    private static XElement Rectangle(string cssClass, double x, double y, double width, double height, double radius) => new(
        "rect",
        Attribute("class", cssClass),
        Attribute("x", Number(x)),
        Attribute("y", Number(y)),
        Attribute("width", Number(width)),
        Attribute("height", Number(height)),
        Attribute("rx", Number(radius)));

    private static XElement Text(string cssClass, string anchor, double x, double y, string text) => new(
        "text", Attribute("class", cssClass), Attribute("text-anchor", anchor), Attribute("x", Number(x)), Attribute("y", Number(y)), text);

    private static string Cut(string text, int letters) => text.Length <= letters ? text : $"{text[..(letters - 1)]}…";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
