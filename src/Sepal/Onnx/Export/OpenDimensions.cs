using System.Globalization;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Export;

/// <summary>
/// Integers of a file that follow from open dimensions: read off the shape of a value that has the dimension, or computed from
/// such by ONNX nodes. Each expression is computed once.
/// </summary>
internal sealed class OpenDimensions(ExportContext context)
{
    private readonly Dictionary<Dimension, (Value Value, int Axis)> _sources = [];
    private readonly Dictionary<Dimension, string> _written = [];

    /// <summary>Tells that a value is there, and with it its dimensions.</summary>
    public void Define(Value value)
    {
        for (int axis = 0; axis < value.Spec.Rank; axis++)
        {
            if (!value.Shape[axis].IsKnown)
            {
                _sources.TryAdd(value.Shape[axis], (value, axis));
            }
        }
    }

    /// <summary>A vector of 64-bit integers: stored where all are numbers, put together when the file runs otherwise.</summary>
    /// <exception cref="OnnxException">A symbol is no dimension of anything in the graph.</exception>
    public string Vector(string owner, string part, IReadOnlyList<Dimension> dimensions)
    {
        if (dimensions.All(dimension => dimension.IsKnown))
        {
            return context.Integers(owner, part, [.. dimensions.Select(dimension => dimension.Value)]);
        }

        var pieces = new List<string>();
        for (int index = 0; index < dimensions.Count;)
        {
            if (!dimensions[index].IsKnown)
            {
                pieces.Add(Single(owner, dimensions[index++]));
                continue;
            }

            long[] numbers = [.. dimensions.Skip(index).TakeWhile(dimension => dimension.IsKnown).Select(dimension => dimension.Value)];
            pieces.Add(context.Integers(owner, "sizes", numbers));
            index += numbers.Length;
        }

        return pieces is [var only] ? only : context.AddPart(owner, part, "Concat", [.. pieces], OnnxAttributes.Int("axis", 0));
    }

    /// <summary>A dimension as a vector of one.</summary>
    private string Single(string owner, Dimension dimension)
    {
        if (dimension.IsKnown)
        {
            return context.Integers(owner, "size", dimension.Value);
        }

        if (!_written.TryGetValue(dimension, out string? name))
        {
            name = _sources.TryGetValue(dimension, out var source) ? Read(source.Value, source.Axis) : Sum(owner, dimension);
            _written.Add(dimension, name);
        }

        return name;
    }

    private string Read(Value value, int axis)
    {
        int position = AxisOrder.ToFile(axis, value.Spec.Rank);
        string part = string.Create(CultureInfo.InvariantCulture, $"dimension_{position}");
        AttributeProto[] range = [OnnxAttributes.Int("start", position), OnnxAttributes.Int("end", position + 1)];
        return context.AddPart(value.Name, part, "Shape", [context.Name(value)], range);
    }

    private string Sum(string owner, Dimension dimension) => dimension.Terms
        .Select(term => Product(owner, term))
        .Aggregate((sum, term) => context.AddPart(owner, "size", "Add", [sum, term]));

    private string Product(string owner, DimensionTerm term)
    {
        List<string> factors = [.. term.Factors.Select(factor => Factor(owner, factor))];
        if (term.Coefficient != 1 || factors.Count == 0)
        {
            factors.Add(context.Integers(owner, "factor", term.Coefficient));
        }

        return factors.Aggregate((product, factor) => context.AddPart(owner, "size", "Mul", [product, factor]));
    }

    private string Factor(string owner, DimensionFactor factor)
    {
        if (factor.Symbol is { } symbol)
        {
            var open = Dimension.Symbol(symbol);
            return _sources.ContainsKey(open)
                ? Single(owner, open)
                : throw new OnnxException(
                    $"'{owner}' depends on the open dimension '{symbol}', which no input or value before it has. Give the model's inputs fixed sizes.");
        }

        // ONNX divides towards zero; taking the remainder off first, which has the divisor's sign, makes it the floor.
        string dividend = Single(owner, factor.Dividend);
        string divisor = Single(owner, factor.Divisor);
        string remainder = context.AddPart(owner, "remainder", "Mod", [dividend, divisor]);
        string multiple = context.AddPart(owner, "multiple", "Sub", [dividend, remainder]);
        return context.AddPart(owner, "size", "Div", [multiple, divisor]);
    }
}
