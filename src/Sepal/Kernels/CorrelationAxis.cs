using System.Numerics;

namespace Sepal.Kernels;

/// <summary>
/// One axis of a correlation: target i reads source positions
/// <c>SourceStart + i·SourceStep + t·TapStep</c>, for every tap t, with zeros outside the source.
/// Both a convolution and its gradient by input are made of these, which is why the kernels take this and
/// not a <see cref="ConvolutionGeometry"/>.
/// </summary>
internal readonly record struct CorrelationAxis
{
    public required int SourceLength { get; init; }

    /// <summary>Source positions between the windows of neighbouring targets.</summary>
    public required int SourceStep { get; init; }

    /// <summary>The source position under the first tap of the first target; may be negative.</summary>
    public required int SourceStart { get; init; }

    public required int Taps { get; init; }

    /// <summary>Source positions between neighbouring taps.</summary>
    public required int TapStep { get; init; }

    /// <summary>Positions computed along this axis.</summary>
    public required int TargetCount { get; init; }

    /// <summary>Where the first computed position lies in the target.</summary>
    public int TargetStart { get; init; }

    /// <summary>Target positions between neighbouring computed ones.</summary>
    public int TargetStep { get; init; } = 1;

    /// <summary>The whole length of the target along this axis.</summary>
    public required int TargetLength { get; init; }

    /// <summary>The position in the kernel of the first tap.</summary>
    public int KernelStart { get; init; }

    /// <summary>Kernel positions between neighbouring taps; negative where the kernel is read backwards.</summary>
    public int KernelStep { get; init; } = 1;

    public CorrelationAxis()
    {
    }

    /// <summary>Source positions from the first tap of a window to its last.</summary>
    public int Reach => Math.Max(Taps - 1, 0) * TapStep;

    /// <summary>One past the last source position that targets before one read; may be outside the source.</summary>
    public int SourceEnd(int targetEnd) => SourceStart + ((targetEnd - 1) * SourceStep) + Reach + 1;

    /// <summary>The first target whose taps all lie at or after the source's start.</summary>
    public int InsideStart => Math.Clamp(DivideUp(-SourceStart, SourceStep), 0, TargetCount);

    /// <summary>One past the last target whose taps all lie before the source's end.</summary>
    public int InsideEnd => Math.Clamp(
        DivideUp(SourceLength - Reach - SourceStart, SourceStep), InsideStart, TargetCount);

    /// <summary>Whether no target reads outside the source.</summary>
    public bool IsInside => InsideStart == 0 && InsideEnd == TargetCount;

    /// <summary>The axis of a convolution itself.</summary>
    public static CorrelationAxis Forward(int input, int output, int taps, int stride, int dilation, int padding) =>
        new()
        {
            SourceLength = input,
            SourceStep = stride,
            SourceStart = -padding,
            Taps = taps,
            TapStep = dilation,
            TargetCount = output,
            TargetLength = output,
        };

    /// <summary>
    /// The axes of a convolution's gradient by input: one for each phase of the stride. Input position
    /// <c>i·stride + phase</c> receives from output position o through tap k where
    /// <c>o·stride + k·dilation = i·stride + phase + padding</c>. Within a phase the taps that can match are every
    /// stride/gcd(stride, dilation)-th one, so each phase is a plain correlation at stride one.
    /// </summary>
    public static IEnumerable<CorrelationAxis> InputGradient(
        int input, int output, int taps, int stride, int dilation, int padding)
    {
        int divisor = (int)BigInteger.GreatestCommonDivisor(stride, dilation);
        for (int phase = 0; phase < Math.Min(stride, input); phase++)
        {
            int position = phase + padding;
            int[] matching = [.. Enumerable.Range(0, taps).Where(tap => (position - (tap * dilation)) % stride == 0)];

            // Backwards through the kernel is forwards through the source.
            int last = matching.Length == 0 ? 0 : matching[^1];
            yield return new CorrelationAxis
            {
                SourceLength = output,
                SourceStep = 1,
                SourceStart = matching.Length == 0 ? 0 : (position - (last * dilation)) / stride,
                Taps = matching.Length,
                TapStep = dilation / divisor,
                TargetCount = DivideUp(input - phase, stride),
                TargetStart = phase,
                TargetStep = stride,
                TargetLength = input,
                KernelStart = last,
                KernelStep = -stride / divisor,
            };
        }
    }

    /// <summary>The taps of a target that lie in the source: the first of them, and one past the last.</summary>
    public TapRange TapsInside(int target)
    {
        int position = SourceStart + (target * SourceStep);
        int first = Math.Clamp(DivideUp(-position, TapStep), 0, Taps);
        return new TapRange(first, Math.Clamp(DivideUp(SourceLength - position, TapStep), first, Taps));
    }

    /// <summary>
    /// Whether any tap of the first so many targets reads a source position, counted from under the first target's first tap.
    /// </summary>
    public bool IsUnderTap(int position, int targets)
    {
        for (int tap = 0; tap < Taps; tap++)
        {
            (int target, int rest) = Math.DivRem(position - (tap * TapStep), SourceStep);
            if (rest == 0 && target >= 0 && target < targets)
            {
                return true;
            }
        }

        return false;
    }

    private static int DivideUp(int value, int divisor) =>
        value >= 0 ? (value + divisor - 1) / divisor : -(-value / divisor);
}
