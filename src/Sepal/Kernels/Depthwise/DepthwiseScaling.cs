using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>Tells which geometries <see cref="DepthwiseScaling{TSimd, TVector}"/> computes.</summary>
internal static class DepthwiseScaling
{
    public static bool Suits(in ConvolutionGeometry geometry)
    {
        Correlation correlation = Correlation.Forward(geometry);
        return geometry is { KernelArea: 1, GroupInputChannels: 1, GroupOutputChannels: 1, StrideHeight: 1, StrideWidth: 1 }
            && geometry.InputWidth == geometry.OutputWidth && correlation.Rows.IsInside && correlation.Columns.IsInside;
    }
}

/// <summary>
/// A depthwise convolution with one tap, at stride one and without padding: every float is multiplied by its channel's weight. Rows
/// that follow one another in memory are taken for one.
/// </summary>
internal sealed unsafe class DepthwiseScaling<TSimd, TVector> : DepthwiseRows
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private readonly int _channels;
    private readonly int _rowLength;
    private readonly int _patternLength;

    public DepthwiseScaling(in ConvolutionGeometry geometry)
        : base(geometry)
    {
        _channels = geometry.InputChannels;
        _rowLength = geometry.OutputWidth * _channels;
        _patternLength = _channels + TSimd.Width;
    }

    /// <summary>The weights and then the biases, each repeated from the first on, so that a vector may begin at any channel.</summary>
    public override long PackedLength => 2 * _patternLength;

    public override long ScratchLength => 0;

    public override void Pack(float* kernel, float* bias, float* packed)
    {
        for (int i = 0; i < _patternLength; i++)
        {
            packed[i] = kernel[i % _channels];
            packed[_patternLength + i] = bias == null ? 0 : bias[i % _channels];
        }
    }

    public override void Run(
        float* source, nint sourcePitch, float* packed, float* target, nint targetPitch, int from, int to, float low,
        float high, float* scratch, int firstBlock, int endBlock)
    {
        source += from * sourcePitch;
        target += from * targetPitch;
        if (sourcePitch == _rowLength && targetPitch == _rowLength)
        {
            Scale(source, packed, target, (nint)(to - from) * _rowLength, low, high);
            return;
        }

        for (int row = from; row < to; row++, source += sourcePitch, target += targetPitch)
        {
            Scale(source, packed, target, _rowLength, low, high);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scale(float* source, float* packed, float* target, nint length, float low, float high)
    {
        TVector least = TSimd.Broadcast(low);
        TVector greatest = TSimd.Broadcast(high);
        nint channels = _channels;
        nint step = TSimd.Width % channels;
        float* biases = packed + _patternLength;
        nint channel = 0;
        nint last = length - TSimd.Width;
        for (nint i = 0; i < last; i += TSimd.Width)
        {
            TVector value = TSimd.MultiplyAdd(TSimd.Load(packed + channel), TSimd.Load(source + i), TSimd.Load(biases + channel));
            TSimd.Store(TSimd.Clamp(value, least, greatest), target + i);
            channel += step;
            channel = channel >= channels ? channel - channels : channel;
        }

        // The last vector overlaps the one before it.
        channel = last % channels;
        TVector end = TSimd.MultiplyAdd(TSimd.Load(packed + channel), TSimd.Load(source + last), TSimd.Load(biases + channel));
        TSimd.Store(TSimd.Clamp(end, least, greatest), target + last);
    }
}
