using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// Floats as 8-bit integers: <c>x / scale</c> rounded, halves to even, plus the zero point, cut off at the type's ends. Inputs:
/// data, scale, and optionally the zero point, of the type of the result; both are scalars, or have one number for each index
/// along the axis. Element operations: three an element (quotient, rounding, sum). It has no gradient.
/// </summary>
/// <param name="Type">Int8 or UInt8.</param>
/// <param name="Axis">The axis along which scales differ, batch included; negative counts from the end.</param>
public sealed record QuantizeLinear(ElementType Type, int Axis = 1) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 3, "data, a scale and optionally a zero point");
        call.RequireFloat(0);
        if (Type is not (ElementType.Int8 or ElementType.UInt8))
        {
            throw call.Error($"it is to give {Type}", "It gives Int8 or UInt8.");
        }

        Quantization.RequireScales(call, Axis, Type);
        return [call.Inputs[0] with { ElementType = Type }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount * 3);
}

/// <summary>
/// Integers as the floats that they stand for: <c>(x − zero point) · scale</c>. Inputs: data (Int8, UInt8 or Int32), scale, and
/// optionally the zero point, of the data's type; both are scalars, or have one number for each index along the axis. Element
/// operations: two an element. It has no gradient.
/// </summary>
/// <param name="Axis">The axis along which scales differ, batch included; negative counts from the end.</param>
public sealed record DequantizeLinear(int Axis = 1) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 3, "data, a scale and optionally a zero point");
        ElementType type = call.Inputs[0].ElementType;
        if (type is not (ElementType.Int8 or ElementType.UInt8 or ElementType.Int32))
        {
            throw call.Error($"it does not apply to {type}", "It takes Int8, UInt8 or Int32.");
        }

        Quantization.RequireScales(call, Axis, type);
        return [call.Inputs[0] with { ElementType = ElementType.Float32 }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount * 2);
}

/// <summary>What quantising and dequantising share.</summary>
internal static class Quantization
{
    /// <summary>Refuses scales and zero points that fit neither the tensor nor its axis.</summary>
    /// <param name="call">Data, scale and optionally zero point.</param>
    /// <param name="axis">The axis along which scales differ.</param>
    /// <param name="type">The zero point's type.</param>
    public static void RequireScales(OperatorCall call, int axis, ElementType type)
    {
        call.RequireFloat(1);
        Shape scale = call.Inputs[1].Shape;
        if (!IsForTensor(scale))
        {
            Dimension extent = call.Inputs[0].Shape[call.RequireAxis(axis, call.Inputs[0].Rank)];
            call.RequireShape(1, [extent], "the scale, one for the tensor or one for each index along the axis");
        }

        if (call.Inputs.Length < 3)
        {
            return;
        }

        if (call.Inputs[2].ElementType != type)
        {
            throw call.Error($"the zero point is {call.Inputs[2].ElementType}", $"Expected {type}.");
        }

        if (call.Inputs[2].Shape.ElementCount != scale.ElementCount)
        {
            throw call.Error("there are not as many zero points as scales", "Give one for each.");
        }
    }

    /// <summary>Whether there is one scale for the whole tensor.</summary>
    public static bool IsForTensor(Shape scale) => scale.Rank == 0 || (scale.Rank == 1 && scale[0] == 1);
}
