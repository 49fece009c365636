using Sepal.Kernels.Depthwise;
using Sepal.Kernels.Elementwise;

namespace Sepal.Kernels.Rows;

/// <summary>A convolution of every channel with filters of its own, and what is fused to it.</summary>
internal sealed unsafe class DepthwiseStage : ConvolutionRows
{
    private readonly DepthwiseRows _rows;
    private readonly Epilogue _epilogue;
    private readonly nint _sourcePitch;
    private readonly nint _targetPitch;

    public DepthwiseStage(in ConvolutionGeometry geometry, Epilogue epilogue)
        : base(geometry)
    {
        _rows = DepthwiseRows.Create(geometry);
        _epilogue = epilogue;
        _sourcePitch = (nint)geometry.InputWidth * geometry.InputChannels;
        _targetPitch = (nint)geometry.OutputWidth * geometry.OutputChannels;
    }

    public override long PackedLength => _rows.PackedLength;

    public override long ScratchLength => _rows.ScratchLength;

    public override int Blocks => _rows.Blocks;

    public static bool Suits(in ConvolutionGeometry geometry) => geometry.Groups == geometry.InputChannels && geometry.Groups > 1;

    public override void Pack(float* kernel, float* bias, float* packed) => _rows.Pack(kernel, bias, packed);

    public override void Run(in RowOperands operands)
    {
        _rows.Run(
            operands.Source, _sourcePitch, operands.Packed, operands.Target, _targetPitch, operands.From, operands.To,
            _epilogue.Low, _epilogue.High, operands.Scratch, operands.FirstBlock, operands.EndBlock);
        if (_epilogue.Curve is { } curve)
        {
            ApplyCurve(curve, operands);
        }
    }

    /// <summary>The channels of some blocks: the first, and one past the last.</summary>
    public (int First, int End) Channels(int firstBlock, int endBlock) => (_rows.FirstChannel(firstBlock), _rows.FirstChannel(endBlock));

    private void ApplyCurve(UnaryKernel curve, in RowOperands operands)
    {
        float* target = operands.Target + (operands.From * _targetPitch);
        nint length = (operands.To - operands.From) * _targetPitch;
        if (operands.EndBlock - operands.FirstBlock == Blocks)
        {
            curve.Forward(target, target, length);
            return;
        }

        (int first, int end) = Channels(operands.FirstBlock, operands.EndBlock);
        for (nint pixel = first; pixel < length; pixel += Geometry.OutputChannels)
        {
            curve.Forward(target + pixel, target + pixel, end - first);
        }
    }
}
