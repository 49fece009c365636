using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// With the floats of a row of pixels as lanes. The weights and the bias are repeated for every pixel of a row in the
/// scratch, and padding is copied there too, both small where channels are few.
/// </summary>
internal sealed unsafe class DepthwiseRowCorrelation<TSimd, TVector> : DepthwiseCorrelation
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private readonly Correlation _correlation;
    private readonly DepthwiseLanes _lanes;
    private readonly DepthwiseParts _parts;
    private readonly SourceWindow _window;
    private readonly int _kernelWidth;

    public DepthwiseRowCorrelation(in Correlation correlation, in DepthwiseLanes lanes, int kernelWidth, int batch)
    {
        _correlation = correlation;
        _lanes = lanes;
        _kernelWidth = kernelWidth;
        _parts = DepthwiseParts.Divide(correlation, batch);
        _window = new SourceWindow(correlation);
    }

    public override int Parts => _parts.Count;

    public override long[] TargetPixels => _parts.TargetPixels(_correlation.Columns.TargetCount);

    public override long ScratchLength => WeightsLength + _lanes.Count + _window.ScratchLength(_parts.StripRows);

    private int WeightsLength => _correlation.TapCount * _lanes.Count;

    public override void Run(float* source, float* kernel, float* bias, float* target, int part, float* scratch)
    {
        DepthwiseParts.Part work = _parts[part];
        CorrelationAxis rows = _correlation.Rows;
        CorrelationAxis columns = _correlation.Columns;
        int channels = _correlation.TargetChannels;
        float* weights = scratch;
        float* biases = weights + WeightsLength;
        RepeatWeights(kernel, weights);
        if (bias != null)
        {
            Repeat(bias, biases);
        }

        nint targetPitch = (nint)columns.TargetLength * channels;
        DepthwiseOperands operands = new()
        {
            SourceRowStep = _window.TargetOffset(1, 0),
            TapRowStep = _window.TapOffset(1, 0),
            TapColumnStep = _window.TapOffset(0, 1),
            WeightRowStep = (nint)columns.Taps * _lanes.Count,
            WeightColumnStep = _lanes.Count,
            TargetRowStep = rows.TargetStep * targetPitch,
        };
        target += ((rows.TargetStart + ((nint)work.FirstRow * rows.TargetStep)) * targetPitch)
            + ((nint)columns.TargetStart * channels);
        for (int image = work.FirstImage; image < work.EndImage; image++)
        {
            float* window = _window.Open(
                source + ((nint)image * _correlation.SourceImageLength), work.FirstRow, work.Rows, biases + _lanes.Count);
            for (int block = 0; block < _lanes.Blocks(TSimd.Width); block++)
            {
                int lane = _lanes.FirstLane(block, TSimd.Width);
                operands.Bias = bias == null ? null : biases + lane;
                DepthwiseLine<TSimd, TVector>.Run(
                    operands, window + lane, operands.SourceRowStep, weights + lane, rows.Taps, columns.Taps,
                    target + ((nint)image * _correlation.TargetImageLength) + lane, operands.TargetRowStep, work.Rows);
            }
        }
    }

    private void RepeatWeights(float* kernel, float* weights)
    {
        for (int row = 0; row < _correlation.Rows.Taps; row++)
        {
            for (int column = 0; column < _correlation.Columns.Taps; column++, weights += _lanes.Count)
            {
                int tap = _correlation.KernelTap(row, column, _kernelWidth);
                Repeat(kernel + ((nint)tap * _correlation.TargetChannels), weights);
            }
        }
    }

    private void Repeat(float* values, float* repeated)
    {
        int channels = _correlation.TargetChannels;
        for (int lane = 0; lane < _lanes.Count; lane += channels)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                repeated[lane + channel] = values[channel];
            }
        }
    }
}
