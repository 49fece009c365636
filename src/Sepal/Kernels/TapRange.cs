namespace Sepal.Kernels;

/// <summary>Some of the taps of a correlation, in one direction.</summary>
/// <param name="First">The first of them.</param>
/// <param name="End">One past the last.</param>
internal readonly record struct TapRange(int First, int End)
{
    public int Count => End - First;
}
