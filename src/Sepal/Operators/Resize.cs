using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>How a resized tensor's elements follow from those of the original.</summary>
public enum ResizeMode
{
    /// <summary>The nearest element.</summary>
    Nearest,

    /// <summary>Between the two nearest along each axis, in proportion.</summary>
    Linear,

    /// <summary>Along each axis a cubic through the four nearest.</summary>
    Cubic,
}

/// <summary>Where in the original a position of the resized axis lies. Named as in ONNX.</summary>
public enum ResizeCoordinates
{
    /// <summary>Positions are the middles of elements: <c>(x + 0.5) / scale − 0.5</c>.</summary>
    HalfPixel,

    /// <summary>As <see cref="HalfPixel"/>, but 0 where the resized axis has one element.</summary>
    PytorchHalfPixel,

    /// <summary>As <see cref="HalfPixel"/>, about the middle of the axis where the scale is not exact.</summary>
    HalfPixelSymmetric,

    /// <summary>First and last elements meet: <c>x · (length − 1) / (resized length − 1)</c>.</summary>
    AlignCorners,

    /// <summary><c>x / scale</c>.</summary>
    Asymmetric,

    /// <summary><c>(x + 0.5) / scale</c>, of TensorFlow's older nearest mode.</summary>
    TensorFlowHalfPixelForNearest,

    /// <summary>From one end of a region of the original to the other.</summary>
    TensorFlowCropAndResize,
}

/// <summary>What the nearest element of a position between two is.</summary>
public enum ResizeRounding
{
    /// <summary>The nearer one; the first of two that are as near.</summary>
    PreferFloor,

    /// <summary>The nearer one; the second of two that are as near.</summary>
    PreferCeil,

    /// <summary>The first.</summary>
    Floor,

    /// <summary>The second.</summary>
    Ceil,
}

/// <summary>
/// A tensor with other lengths along its axes, its elements found between those of the original; any rank. Nearest takes any
/// element type, the other modes 32-bit floating point. Element operations: one an output element for nearest, and for every axis
/// that is resized two (linear) or four (cubic) terms of two operations an output element otherwise.
/// </summary>
/// <param name="Mode">How elements follow from the original's.</param>
/// <param name="Sizes">The output's shape; may hold symbols.</param>
public sealed record Resize(ResizeMode Mode, Shape Sizes) : Operator
{
    /// <summary>
    /// Resized length over length along each axis, where positions are to follow from given numbers rather than from the lengths;
    /// empty for none.
    /// </summary>
    public ImmutableArray<float> Scales { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Where in the original positions lie.</summary>
    public ResizeCoordinates Coordinates { get; init; }

    /// <summary>Which element is the nearest.</summary>
    public ResizeRounding Rounding { get; init; }

    /// <summary>The coefficient of the cubic; −0.75 is PyTorch's, −0.5 TensorFlow's.</summary>
    public float CubicCoefficient { get; init; } = -0.75f;

    /// <summary>Whether a cubic leaves out elements beyond the edge, rather than repeat the one at the edge.</summary>
    public bool ExcludeOutside { get; init; }

    /// <summary>
    /// For <see cref="ResizeCoordinates.TensorFlowCropAndResize"/> the region: for each axis its start, then for each axis its end, where 0
    /// is the first element and 1 the last.
    /// </summary>
    public ImmutableArray<float> Region { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What stands for positions outside the original, for <see cref="ResizeCoordinates.TensorFlowCropAndResize"/>.</summary>
    public float ExtrapolationValue { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        TensorSpec input = call.Inputs[0];
        if (Sizes.Rank != input.Rank || Sizes.Any(size => size is { IsKnown: true, Value: < 0 }))
        {
            throw call.Error($"the sizes are {Sizes}", $"Expected {input.Rank} of them, none negative.");
        }

        if ((!Scales.IsEmpty && Scales.Length != input.Rank) || Scales.Any(scale => !float.IsFinite(scale) || scale <= 0))
        {
            throw call.Error($"the scales are [{string.Join(", ", Scales)}]", $"Expected {input.Rank} positive numbers, or none.");
        }

        if (Coordinates == ResizeCoordinates.TensorFlowCropAndResize && Region.Length != 2 * input.Rank)
        {
            throw call.Error($"the region has {Region.Length} numbers", $"Expected {2 * input.Rank}: a start and an end for each axis.");
        }

        if (Region.Any(bound => !float.IsFinite(bound)))
        {
            throw call.Error($"the region is [{string.Join(", ", Region)}]", "Give finite numbers.");
        }

        if (Coordinates == ResizeCoordinates.TensorFlowHalfPixelForNearest && Mode != ResizeMode.Nearest)
        {
            throw call.Error($"it has the coordinates {Coordinates} in {Mode} mode", "They are for nearest mode only.");
        }

        bool isFloat = input.ElementType == ElementType.Float32;
        if (!isFloat && (Mode != ResizeMode.Nearest || Coordinates == ResizeCoordinates.TensorFlowCropAndResize))
        {
            throw call.Error($"it is to resize {input.ElementType} elements in {Mode} mode", "Cast them to Float32 first.");
        }

        if (input.Shape.Zip(Sizes).Any(pair => pair.First == 0 && pair.Second != 0))
        {
            throw call.Error("the tensor is empty", "There is nothing to resize.");
        }

        return [new TensorSpec(Sizes, input.ElementType)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs)
    {
        ArgumentNullException.ThrowIfNull(call);
        long resized = call.Inputs[0].Shape.Zip(Sizes).Count(pair => pair.First != pair.Second);
        long operations = Mode switch { ResizeMode.Nearest => 1, ResizeMode.Linear => 4 * resized, _ => 8 * resized };
        return CostOf(call, outputs, 0, outputs[0].Shape.ElementCount * operations);
    }
}
