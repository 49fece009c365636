using Sepal.Kernels.Depthwise;

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

    public override int Blocks => 1;

    public static bool Suits(in ConvolutionGeometry geometry) => geometry.Groups == geometry.InputChannels && geometry.Groups > 1;

    public override void Pack(float* kernel, float* bias, float* packed) => _rows.Pack(kernel, bias, packed);

    public override void Run(in RowOperands operands)
    {
        _rows.Run(
            operands.Source, _sourcePitch, operands.Packed, operands.Target, _targetPitch, operands.From, operands.To,
            _epilogue.Low, _epilogue.High, operands.Scratch);
        nint start = operands.From * _targetPitch;
        nint length = (operands.To - operands.From) * _targetPitch;
        _epilogue.Curve?.Forward(operands.Target + start, operands.Target + start, length);
    }
}
