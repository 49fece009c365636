using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Layers;

/// <summary>Folds any number of inputs by a function of two, left to right.</summary>
internal static class Merge
{
    public static Value Lower(LayerContext context, BinaryFunction function, ImmutableArray<Value> inputs)
    {
        if (inputs.Length < 2)
        {
            throw context.Error($"it was given {inputs.Length} input(s)", "Give it at least two.");
        }

        Value result = inputs[0];
        for (int index = 1; index < inputs.Length; index++)
        {
            // The last step has the layer's own name; the ones before it are parts.
            string? part = index == inputs.Length - 1 ? null : $"step_{index}";
            result = context.Add(new Binary(function), [result, inputs[index]], part);
        }

        return result;
    }
}
