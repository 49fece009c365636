using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>An operator, the node it stands in, and the inputs it is given: what a shape rule looks at.</summary>
/// <param name="NodeName">The node, for messages.</param>
/// <param name="Operator">The operator.</param>
/// <param name="Inputs">The inputs, parameters included.</param>
public sealed record OperatorCall(string NodeName, Operator Operator, ImmutableArray<TensorSpec> Inputs)
{
    /// <summary>Makes the error to throw when the inputs do not fit.</summary>
    /// <param name="problem">What is wrong, a sentence without its full stop.</param>
    /// <param name="remedy">What was expected and how to get there, a whole sentence.</param>
    /// <returns>The exception; the caller throws it.</returns>
    public GraphException Error(string problem, string remedy)
    {
        string received = Inputs.IsEmpty ? "no input" : string.Join(" and ", Inputs.Select(input => input.Describe()));
        return new GraphException($"Node '{NodeName}' ({Operator.Name}): {problem}. Received {received}. {remedy}");
    }

    /// <summary>Refuses a wrong number of inputs.</summary>
    /// <param name="least">The fewest.</param>
    /// <param name="most">The most.</param>
    /// <param name="meaning">What the inputs are, in order.</param>
    /// <exception cref="GraphException">The count is outside.</exception>
    public void RequireCount(int least, int most, string meaning)
    {
        if (Inputs.Length < least || Inputs.Length > most)
        {
            string expected = least == most ? $"{least}" : most == int.MaxValue ? $"at least {least}" : $"{least} to {most}";
            throw Error($"it was given {Inputs.Length} input(s)", $"Expected {expected}: {meaning}.");
        }
    }

    /// <summary>Refuses an input of another rank.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="rank">How many dimensions it must have.</param>
    /// <param name="meaning">What the dimensions are, for example <c>batch, height, width, channels</c>.</param>
    /// <returns>The input.</returns>
    /// <exception cref="GraphException">The rank differs.</exception>
    public TensorSpec RequireRank(int index, int rank, string meaning) =>
        Inputs[index].Rank == rank
            ? Inputs[index]
            : throw Error(
                $"input {index} has {Inputs[index].Rank} dimension(s)",
                $"Expected {rank}: {meaning}.");

    /// <summary>Refuses an input whose channels are not a number.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>The channels: the last dimension.</returns>
    /// <exception cref="GraphException">The last dimension is open.</exception>
    public int RequireKnownChannels(int index) =>
        Inputs[index].Rank > 0 && Inputs[index].Channels is { IsKnown: true, Value: <= int.MaxValue and var channels }
            ? (int)channels
            : throw Error($"input {index} has no fixed number of channels", "Give the last dimension a number.");

    /// <summary>Refuses an axis that a tensor does not have.</summary>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="rank">How many axes there are.</param>
    /// <returns>The axis, from 0.</returns>
    /// <exception cref="GraphException">The axis is outside.</exception>
    public int RequireAxis(int axis, int rank)
    {
        int position = axis < 0 ? axis + rank : axis;
        return position >= 0 && position < rank
            ? position
            : throw Error(
                $"the axis is {axis}",
                rank == 0 ? "A scalar has no axes." : $"Expected an axis from 0 to {rank - 1}, or from −{rank} to −1.");
    }

    /// <summary>Refuses indices that are no 32 or 64-bit integers.</summary>
    /// <param name="index">Which input.</param>
    /// <returns>The input.</returns>
    /// <exception cref="GraphException">The element type is another one.</exception>
    public TensorSpec RequireIndices(int index) =>
        Inputs[index].ElementType is ElementType.Int64 or ElementType.Int32
            ? Inputs[index]
            : throw Error($"input {index} holds {Inputs[index].ElementType}", "Indices must be Int64 or Int32.");

    /// <summary>Refuses an input that does not hold floats.</summary>
    /// <param name="index">Which input.</param>
    /// <exception cref="GraphException">The elements are of another type.</exception>
    public void RequireFloat(int index)
    {
        if (Inputs[index].ElementType != ElementType.Float32)
        {
            throw Error($"input {index} holds {Inputs[index].ElementType}", "Cast it to Float32 first.");
        }
    }

    /// <summary>Refuses a parameter of another shape.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="shape">The shape it must have.</param>
    /// <param name="meaning">What it is, for example <c>kernel [height, width, input channels, output channels]</c>.</param>
    /// <exception cref="GraphException">The shape differs.</exception>
    public void RequireShape(int index, Shape shape, string meaning)
    {
        if (!Inputs[index].Shape.Equals(shape))
        {
            throw Error($"input {index} ({meaning}) has the shape {Inputs[index].Shape}", $"Expected {shape}.");
        }
    }
}
