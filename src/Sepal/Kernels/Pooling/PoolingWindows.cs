using System.Collections.Immutable;

namespace Sepal.Kernels.Pooling;

/// <summary>
/// The windows along an axis and what they hold, looked up beforehand: to work it out takes divisions, which for every pixel would
/// take longer than pooling it.
/// </summary>
internal sealed class PoolingWindows
{
    private readonly ImmutableArray<Inputs> _inputs;
    private readonly ImmutableArray<Reach> _reaches;
    private readonly ImmutableArray<int> _starts;

    public PoolingWindows(PoolingAxis axis)
    {
        _inputs = [.. Enumerable.Range(0, axis.OutputLength).Select(output => InputsOf(axis, output))];
        ImmutableArray<Reach>.Builder reaches = ImmutableArray.CreateBuilder<Reach>();
        ImmutableArray<int>.Builder starts = ImmutableArray.CreateBuilder<int>(axis.InputLength + 1);
        for (int input = 0; input < axis.InputLength; input++)
        {
            starts.Add(reaches.Count);
            (int from, int to) = axis.Outputs(input);
            for (int output = from; output < to; output++)
            {
                int tap = axis.Tap(input, output);
                if (tap >= 0)
                {
                    reaches.Add(new Reach(output, tap));
                }
            }
        }

        starts.Add(reaches.Count);
        _reaches = reaches.DrainToImmutable();
        _starts = starts.DrainToImmutable();
    }

    /// <summary>What a window holds.</summary>
    public Inputs Of(int output) => _inputs[output];

    /// <summary>The windows that hold an input, in their order.</summary>
    public ReadOnlySpan<Reach> Reaching(int input) => _reaches.AsSpan(_starts[input], _starts[input + 1] - _starts[input]);

    private static Inputs InputsOf(PoolingAxis axis, int output)
    {
        (int from, int count) = axis.Inputs(output);
        return new Inputs(from, count, Math.Max(axis.Tap(from, output), 0));
    }

    /// <summary>The elements of a window that lie in the input.</summary>
    /// <param name="From">The first of them.</param>
    /// <param name="Count">How many.</param>
    /// <param name="FirstTap">Which element of the window the first is, from 0.</param>
    public readonly record struct Inputs(int From, int Count, int FirstTap);

    /// <summary>A window that holds an input.</summary>
    /// <param name="Output">Which window.</param>
    /// <param name="Tap">Which element of it the input is, from 0.</param>
    public readonly record struct Reach(int Output, int Tap);
}
