using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Inference;

/// <summary>Checks what is given for inputs, and finds out what their open dimensions are.</summary>
internal static class InputShapes
{
    /// <summary>Checks one tensor against what the model says of the input.</summary>
    /// <exception cref="SepalException">The type, the number of axes or an extent is wrong.</exception>
    public static void Require(TensorInfo input, Shape shape, ElementType elementType)
    {
        if (elementType != input.ElementType)
        {
            throw new SepalException(
                $"The input '{input.Name}' is of the type {input.ElementType}, but a tensor of the type {elementType} was given. Convert it first.");
        }

        if (!input.IsRankKnown)
        {
            return;
        }

        bool fits = shape.Rank == input.Shape.Rank;
        for (int axis = 0; fits && axis < shape.Rank; axis++)
        {
            Dimension declared = input.Shape[axis];
            fits = declared.IsKnown ? declared == shape[axis] : shape[axis].Value >= 1;
        }

        if (!fits)
        {
            string remedy = shape.Rank == input.Shape.Rank - 1
                ? "One example needs a batch dimension of 1 in front."
                : input.Shape.IsKnown ? "Give it this shape." : "Give it this shape, with numbers of at least 1 for the open dimensions.";
            throw new SepalException(
                $"The input '{input.Name}' has the shape {input.Shape}, but a tensor of the shape {shape} was given. {remedy}");
        }
    }

    /// <summary>The values of all open dimensions that shapes of inputs name.</summary>
    /// <param name="declared">The inputs' shapes, perhaps open.</param>
    /// <param name="given">The shapes given, of the same ranks.</param>
    /// <param name="names">The inputs' names.</param>
    /// <exception cref="SepalException">Two inputs disagree about a dimension.</exception>
    public static Dictionary<string, long> Symbols(
        IReadOnlyList<Shape> declared, IReadOnlyList<Shape> given, IReadOnlyList<string> names)
    {
        var symbols = new Dictionary<string, (long Value, int Input)>(StringComparer.Ordinal);
        for (int input = 0; input < declared.Count; input++)
        {
            for (int axis = 0; axis < declared[input].Rank; axis++)
            {
                if (declared[input][axis].SymbolName is not { } symbol)
                {
                    continue;
                }

                long value = given[input][axis].Value;
                if (symbols.TryAdd(symbol, (value, input)) || symbols[symbol].Value == value)
                {
                    continue;
                }

                (long other, int first) = symbols[symbol];
                throw new SepalException(
                    $"The dimension '{symbol}' is {other} in the input '{names[first]}' {given[first]}, but {value} in the input "
                    + $"'{names[input]}' {given[input]}. Give inputs that agree.");
            }
        }

        return symbols.ToDictionary(pair => pair.Key, pair => pair.Value.Value, StringComparer.Ordinal);
    }

    /// <summary>Concrete shapes for a request that is made before there are tensors.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="dimensions">Values of open dimensions by name. An open first dimension (the batch) is 1 where not given.</param>
    /// <exception cref="SepalException">A dimension is not given, is below 1, or does not exist.</exception>
    public static ImmutableArray<Shape> Resolve(ImmutableArray<TensorInfo> inputs, IReadOnlyDictionary<string, long> dimensions)
    {
        if (inputs.FirstOrDefault(input => !input.IsRankKnown) is { } unknown)
        {
            throw new SepalException(
                $"The model does not say how many dimensions the input '{unknown.Name}' has. Call session.Run with tensors instead.");
        }

        var values = new Dictionary<string, long>(dimensions, StringComparer.Ordinal);
        string[] open = [.. inputs.SelectMany(input => input.Shape).Select(dimension => dimension.SymbolName).OfType<string>().Distinct()];
        foreach ((string name, long value) in dimensions)
        {
            if (value < 1 || !open.Contains(name, StringComparer.Ordinal))
            {
                throw new SepalException(
                    $"The dimension '{name}' was given the value {value}. Expected at least 1 for one of the open dimensions of the inputs: "
                    + $"{(open.Length == 0 ? "there is none" : string.Join(", ", open.Select(symbol => $"'{symbol}'")))}.");
            }
        }

        foreach (TensorInfo input in inputs)
        {
            for (int axis = 0; axis < input.Shape.Rank; axis++)
            {
                if (input.Shape[axis].SymbolName is { } symbol && !values.ContainsKey(symbol))
                {
                    values[symbol] = axis == 0
                        ? 1
                        : throw new SepalException(
                            $"The input '{input.Name}' has the shape {input.Shape}, but its dimension '{symbol}' was given no value. "
                            + "Give it one when you create the request.");
                }
            }
        }

        return [.. inputs.Select(input => input.Shape.Resolve(values))];
    }
}
