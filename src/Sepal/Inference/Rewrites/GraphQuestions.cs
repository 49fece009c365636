using Sepal.Graphs;

namespace Sepal.Inference.Rewrites;

/// <summary>Questions that rewrites ask.</summary>
internal static class GraphQuestions
{
    /// <summary>The one node that reads a value, if there is just one, it reads it once, and the value is no output.</summary>
    public static Node? OnlyReader(this Graph graph, Value value) =>
        graph.Consumers(value) is [Node reader] && !graph.Outputs.Contains(value) && reader.Inputs.Count(input => input == value) == 1
            ? reader
            : null;

    /// <summary>Whether a value's numbers are the same in every run.</summary>
    public static bool IsStored(this Value value) => value is Parameter or ConstantValue;
}
