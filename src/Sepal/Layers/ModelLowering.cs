using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Layers;

/// <summary>Turns applied layers into a graph: gives names, orders the layers, and lowers each once for every application.</summary>
internal static class ModelLowering
{
    public static Graph Lower(ImmutableArray<LayerOutput> inputs, ImmutableArray<LayerOutput> outputs)
    {
        RequireAll(inputs, nameof(inputs));
        RequireAll(outputs, nameof(outputs));
        var builder = new GraphBuilder();
        var values = new Dictionary<LayerOutput, ImmutableArray<Value>>();
        var names = new LayerNames();
        foreach (LayerOutput input in inputs)
        {
            if (input.Layer is not Input layer)
            {
                throw new GraphException(
                    $"A model's inputs must be Input layers, but one is the output of a {input.Layer.GetType().Name}. "
                    + "Start the model with new Input(height, width, channels).");
            }

            values.Add(input, [builder.Input(names.For(layer, application: 0), new TensorSpec(layer.Shape.WithBatch()))]);
        }

        var parameters = new Dictionary<Layer, Dictionary<string, Parameter>>();
        var applications = new Dictionary<Layer, int>();
        foreach (LayerOutput output in InOrder(outputs))
        {
            if (values.ContainsKey(output))
            {
                continue;
            }

            if (output is { Layer: Input missing, Inputs: [] })
            {
                throw new GraphException(
                    $"The model reads the input {missing.Shape}, which is not among its inputs. Add it to the model's inputs.");
            }

            int application = applications.GetValueOrDefault(output.Layer);
            applications[output.Layer] = application + 1;
            if (!parameters.TryGetValue(output.Layer, out Dictionary<string, Parameter>? shared))
            {
                parameters.Add(output.Layer, shared = new Dictionary<string, Parameter>(StringComparer.Ordinal));
            }

            var context = new LayerContext(builder, output.Layer, names.For(output.Layer, application), shared);
            values.Add(output, output.Layer.LowerAll(context, [.. output.Inputs.Select(ValueOf)]));
        }

        return builder.Build([.. outputs.Select(ValueOf)]);

        Value ValueOf(LayerOutput output) => values[output.First][output.Index];
    }

    private static void RequireAll(ImmutableArray<LayerOutput> values, string name)
    {
        if (values.IsDefaultOrEmpty)
        {
            throw new GraphException($"The model has no {name}. Give it at least one.");
        }

        foreach (LayerOutput value in values)
        {
            ArgumentNullException.ThrowIfNull(value, name);
        }
    }

    /// <summary>Every application, by its first output, after those it reads; with a stack of its own, since networks are deep.</summary>
    private static List<LayerOutput> InOrder(ImmutableArray<LayerOutput> outputs)
    {
        var order = new List<LayerOutput>();
        var seen = new HashSet<LayerOutput>();
        var stack = new Stack<(LayerOutput Output, bool InputsDone)>(outputs.Reverse().Select(output => (output.First, false)));
        while (stack.TryPop(out (LayerOutput Output, bool InputsDone) top))
        {
            if (top.InputsDone)
            {
                order.Add(top.Output);
            }
            else if (seen.Add(top.Output))
            {
                stack.Push((top.Output, true));
                foreach (LayerOutput input in top.Output.Inputs.Reverse())
                {
                    stack.Push((input.First, false));
                }
            }
        }

        return order;
    }
}
