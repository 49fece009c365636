using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Sepal.Graphs;

namespace Sepal.Inference;

/// <summary>What a plan is made for.</summary>
/// <param name="Shapes">The shape of each input, numbers only.</param>
/// <param name="Elements">The elements of inputs that decide about the graph; null for others.</param>
/// <param name="Outputs">Names of the values asked for; the model's outputs where null.</param>
internal sealed record PlanKey(ImmutableArray<Shape> Shapes, ImmutableArray<TensorData?> Elements, ImmutableArray<string>? Outputs)
{
    /// <summary>A text that is the same for equal keys, and for no others.</summary>
    public string Text { get; } = Describe(Shapes, Elements, Outputs);

    private static string Describe(ImmutableArray<Shape> shapes, ImmutableArray<TensorData?> elements, ImmutableArray<string>? outputs)
    {
        var text = new StringBuilder();
        for (int input = 0; input < shapes.Length; input++)
        {
            foreach (Dimension dimension in shapes[input])
            {
                text.Append(CultureInfo.InvariantCulture, $"{dimension.Value},");
            }

            text.Append(';').Append(elements[input] is { } data ? $"={Convert.ToHexString(data.Bytes.Span)}" : string.Empty).Append(';');
        }

        foreach (string name in outputs ?? [])
        {
            // The length in front keeps apart names that contain whatever would separate them.
            text.Append(CultureInfo.InvariantCulture, $"{name.Length}:{name}");
        }

        return text.ToString();
    }
}
