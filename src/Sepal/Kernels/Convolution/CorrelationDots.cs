using System.Runtime.CompilerServices;
using Sepal.Kernels.MatrixProducts;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Convolution;

/// <summary>
/// A correlation with very few target channels: as columns of a matrix product they would fill a fraction of one
/// vector. Here the lanes are source channels, and every target element is a dot product, four pixels at a time.
/// </summary>
internal sealed unsafe class CorrelationDots<TSimd, TVector> : CorrelationProduct
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private readonly Correlation _correlation;
    private readonly KernelLayout _kernel;
    private readonly SourceWindow _window;
    private readonly Runs _runs;
    private readonly ProductParts _parts;
    private readonly StripPixels _pixels;
    private readonly int _innerLength;

    public CorrelationDots(in Correlation correlation, in KernelLayout kernel, int batch)
    {
        _correlation = correlation;
        _kernel = kernel;
        _window = new SourceWindow(correlation);
        _runs = Runs.OfTaps(correlation, _window, kernel.GroupSourceChannels);
        _innerLength = correlation.TapCount * kernel.GroupSourceChannels;
        _parts = ProductParts.Divide(correlation, _window, batch, panels: 1, _innerLength);
        _pixels = new StripPixels(correlation, _window, _parts.StripRows);
    }

    public override long PackedLength => (long)_correlation.TargetChannels * _innerLength;

    public override int Parts => _parts.Count;

    public override long ScratchLength => _window.ScratchLength(_parts.StripRows);

    /// <summary>
    /// Whether dot products pay: most lanes of a vector would be idle otherwise, and the runs of source channels are long
    /// enough to fill them.
    /// </summary>
    public static bool Suits(in Correlation correlation, in KernelLayout kernel)
    {
        int run = kernel.GroupSourceChannels * (kernel.Groups == 1 ? Math.Max(1, correlation.Columns.Taps) : 1);
        return correlation.TapCount > 0 && kernel.GroupTargetChannels * 4 <= TSimd.Width && run >= TSimd.Width;
    }

    /// <summary>One row of weights for each target channel, in the order of the runs.</summary>
    public override void Pack(float* kernel, float* packed, int part)
    {
        for (int channel = 0; channel < _correlation.TargetChannels; channel++)
        {
            (int group, int groupChannel) = Math.DivRem(channel, _kernel.GroupTargetChannels);
            for (int tap = 0; tap < _correlation.TapCount; tap++)
            {
                (int row, int column) = Math.DivRem(tap, _correlation.Columns.Taps);
                float* weights = kernel
                    + _kernel.Offset(_correlation.KernelTap(row, column, _kernel.KernelWidth), group, groupChannel);
                for (int source = 0; source < _kernel.GroupSourceChannels; source++)
                {
                    *packed++ = weights[(long)source * _kernel.SourceStride];
                }
            }
        }
    }

    public override void Run(float* source, float* packed, float* bias, float* target, int part, float* scratch, float* companion = null)
    {
        ProductParts.Part work = _parts[part];
        int pixels = work.Rows * _correlation.Columns.TargetCount;
        nint origin = _pixels.Origin(work.FirstRow);
        for (int image = work.FirstImage; image < work.EndImage; image++)
        {
            float* window = _window.Open(
                source + ((long)image * _correlation.SourceImageLength), work.FirstRow, work.Rows, scratch);
            float* output = target + ((long)image * _correlation.TargetImageLength) + origin;
            for (int channel = 0; channel < _correlation.TargetChannels; channel++)
            {
                int group = channel / _kernel.GroupTargetChannels;
                RunChannel(
                    window + ((long)group * _kernel.GroupSourceChannels), packed + ((long)channel * _innerLength),
                    bias == null ? 0 : bias[channel], output + channel, pixels);
            }
        }
    }

    private void RunChannel(float* source, float* weights, float bias, float* target, int pixels)
    {
        fixed (nint* sources = _pixels.Sources, targets = _pixels.Targets, runs = _runs.Starts)
        {
            for (int pixel = 0; pixel < pixels; pixel += 4)
            {
                // The last pixel repeats where there are not four more.
                int pixel1 = Math.Min(pixel + 1, pixels - 1);
                int pixel2 = Math.Min(pixel + 2, pixels - 1);
                int pixel3 = Math.Min(pixel + 3, pixels - 1);
                (float dot0, float dot1, float dot2, float dot3) = Four(
                    source + sources[pixel], source + sources[pixel1], source + sources[pixel2],
                    source + sources[pixel3], weights, runs);
                target[targets[pixel]] = bias + dot0;
                target[targets[pixel1]] = bias + dot1;
                target[targets[pixel2]] = bias + dot2;
                target[targets[pixel3]] = bias + dot3;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (float Dot0, float Dot1, float Dot2, float Dot3) Four(
        float* left0, float* left1, float* left2, float* left3, float* weights, nint* runs)
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int whole = _runs.Length / TSimd.Width * TSimd.Width;
        int rest = _runs.Length - whole;
        for (int run = 0; run < _runs.Count; run++)
        {
            nint i = runs[run];
            for (nint end = i + whole; i < end; i += TSimd.Width, weights += TSimd.Width)
            {
                TVector weight = TSimd.Load(weights);
                sum0 = TSimd.MultiplyAdd(weight, TSimd.Load(left0 + i), sum0);
                sum1 = TSimd.MultiplyAdd(weight, TSimd.Load(left1 + i), sum1);
                sum2 = TSimd.MultiplyAdd(weight, TSimd.Load(left2 + i), sum2);
                sum3 = TSimd.MultiplyAdd(weight, TSimd.Load(left3 + i), sum3);
            }

            if (rest > 0)
            {
                TVector weight = TSimd.LoadPartial(weights, rest);
                sum0 = TSimd.MultiplyAdd(weight, TSimd.LoadPartial(left0 + i, rest), sum0);
                sum1 = TSimd.MultiplyAdd(weight, TSimd.LoadPartial(left1 + i, rest), sum1);
                sum2 = TSimd.MultiplyAdd(weight, TSimd.LoadPartial(left2 + i, rest), sum2);
                sum3 = TSimd.MultiplyAdd(weight, TSimd.LoadPartial(left3 + i, rest), sum3);
                weights += rest;
            }
        }

        return (TSimd.Sum(sum0), TSimd.Sum(sum1), TSimd.Sum(sum2), TSimd.Sum(sum3));
    }
}
