using System.Globalization;
using System.Text.Json.Nodes;
using Sepal.Onnx.Metadata;
using Sepal.Onnx.Protocol;

namespace Sepal.Tests.Onnx.Mutants;

/// <summary>Changes the JSON that Sepal writes into its files: sizes, names, attributes, orders.</summary>
internal static class MetadataMutator
{
    private static readonly string[] Texts =
    [
        "null", "-1", "0", "1", "3", "2147483647", "9223372036854775807", "-9223372036854775808", "1099511627776", "1e400", "\"NaN\"", "\"batch\"",
        "\"\"", "[]", "{}", "[[[[]]]]", "true", "[1099511627776]", "[\"batch\", -1]", "[3, 2, 1, 0]", "[null]", "\"Convolution\"", "\"Transpose\"", "\"Int64\"",
    ];

    /// <summary>Replaces, moves or takes out one value, at any depth; now and then damages the text itself.</summary>
    public static void Mutate(StringStringEntryProto entry, Random random)
    {
        JsonNode? root = random.Next(20) > 0 && entry.Value.StartsWith('{') ? Parse(entry.Value) : null;
        if (root is null)
        {
            int position = random.Next(entry.Value.Length + 1);
            entry.Value = entry.Value[..position] + Texts[random.Next(Texts.Length)] + entry.Value[Math.Min(position + random.Next(3), entry.Value.Length)..];
            return;
        }

        var nodes = new List<JsonNode>();
        Collect(root, nodes);
        JsonNode target = nodes[random.Next(nodes.Count)];
        JsonNode? other = random.Next(2) == 0 ? nodes[random.Next(nodes.Count)].DeepClone() : JsonNode.Parse(Number(Texts[random.Next(Texts.Length)]));
        switch (target.Parent)
        {
            case JsonArray array when random.Next(3) == 0:
                array.RemoveAt(target.GetElementIndex());
                break;
            case JsonArray array when random.Next(2) == 0:
                array.Insert(random.Next(array.Count + 1), other);
                break;
            default:
                if (target.Parent is not null)
                {
                    target.ReplaceWith(other);
                }

                break;
        }

        entry.Value = root.ToJsonString();
    }

    /// <summary>Makes the description belong to the changed graph again, so that it is read.</summary>
    public static ModelProto WithFingerprint(ModelProto model)
    {
        if (model.MetadataProps.FirstOrDefault(entry => entry.Key == MetadataEntries.Graph) is { } entry && Parse(entry.Value) is JsonObject description)
        {
            description["fingerprint"] = GraphFingerprint.Of(model);
            entry.Value = description.ToJsonString();
        }

        return model;
    }

    // A number that no type holds cannot be kept as one by the parser of the tests.
    private static string Number(string text) => text == "1e400" ? long.MaxValue.ToString(CultureInfo.InvariantCulture) : text;

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static void Collect(JsonNode node, List<JsonNode> nodes)
    {
        nodes.Add(node);
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject properties => properties.Select(property => property.Value),
            JsonArray elements => elements,
            _ => [],
        };
        foreach (JsonNode child in children.OfType<JsonNode>())
        {
            Collect(child, nodes);
        }
    }
}
