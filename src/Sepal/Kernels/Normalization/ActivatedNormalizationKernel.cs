using System.Runtime.CompilerServices;
using Sepal.Kernels.Elementwise;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Normalization;

/// <summary>
/// Normalisation by channel and the function after it, <c>y = f((x − mean)·factor + offset)</c>, and its gradients. Backward, what
/// the function needs is worked out again from x, by the same operations: neither the normalised values nor the gradients by
/// them are ever in memory.
/// </summary>
internal abstract unsafe class ActivatedNormalizationKernel(int channels)
{
    public int Channels { get; } = channels;

    /// <summary>The kernel for a function, at the vector width that suits the channels.</summary>
    public static ActivatedNormalizationKernel Of<TFunction>(int channels, TFunction function = default)
        where TFunction : struct, IUnaryFunction =>
        SimdLevel.Create<Factory<TFunction>, ActivatedNormalizationKernel>(
            new Factory<TFunction>(channels, function), SimdWidths.ForChannels(channels));

    /// <summary>The output of some rows.</summary>
    public abstract void Forward(float* input, float* output, long rows, in NormalizationTerms terms);

    /// <summary>The output of a few channels of some pixels, written next to each other.</summary>
    /// <param name="input">The first pixel's first channel.</param>
    /// <param name="output">Where to.</param>
    /// <param name="pixels">How many pixels.</param>
    /// <param name="channel">The first channel.</param>
    /// <param name="width">How many channels.</param>
    /// <param name="terms">As for <see cref="Forward"/>.</param>
    public abstract void ForwardChannels(float* input, float* output, int pixels, int channel, int width, in NormalizationTerms terms);

    /// <summary>Σdz and, after it, Σdz·(x − mean) over some rows, where dz is the gradient by what the function reads.</summary>
    public abstract void Sum(float* input, float* outputGradient, long rows, in NormalizationTerms terms, float* sums);

    /// <summary>
    /// The gradient by the data where the batch's statistics depend on it: <c>dz·factor − slope·(x − mean) − shift</c>.
    /// </summary>
    /// <param name="input">x.</param>
    /// <param name="outputGradient">The gradient by y.</param>
    /// <param name="inputGradient">Is written.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="terms">The terms of the forward pass.</param>
    /// <param name="coefficients">Every channel's slope and, after them, every channel's shift.</param>
    public abstract void Input(
        float* input, float* outputGradient, float* inputGradient, long rows, in NormalizationTerms terms, float* coefficients);

    private readonly struct Factory<TFunction>(int channels, TFunction function) : ISimdFactory<ActivatedNormalizationKernel>
        where TFunction : struct, IUnaryFunction
    {
        public ActivatedNormalizationKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new ActivatedNormalizationKernel<TSimd, TVector, TFunction>(channels, function);
    }
}

/// <summary>
/// Four rows at a time, so that a channel's terms are read once for four values; memory is still read in its order, which a column
/// of channels at a time would not.
/// </summary>
internal sealed unsafe class ActivatedNormalizationKernel<TSimd, TVector, TFunction>(int channels, TFunction function)
    : ActivatedNormalizationKernel(channels)
    where TSimd : ISimd<TVector>
    where TVector : struct
    where TFunction : struct, IUnaryFunction
{
    private const int RowsTogether = 4;

    private readonly int _whole = channels - (channels % TSimd.Width);

    public override void Forward(float* input, float* output, long rows, in NormalizationTerms terms)
    {
        // Copies, which stay in registers: the stores below cannot change them.
        TFunction applied = function;
        float* means = terms.Mean;
        float* factors = terms.Factor;
        float* offsets = terms.Offset;
        nint pitch = Channels;
        int whole = _whole;
        long row = 0;
        for (; row <= rows - RowsTogether; row += RowsTogether)
        {
            for (int channel = 0; channel < whole; channel += TSimd.Width)
            {
                TVector mean = TSimd.Load(means + channel);
                TVector factor = TSimd.Load(factors + channel);
                TVector offset = TSimd.Load(offsets + channel);
                float* source = input + channel;
                float* destination = output + channel;
                TVector first = Normalized(TSimd.Load(source), mean, factor, offset);
                TVector second = Normalized(TSimd.Load(source + pitch), mean, factor, offset);
                TVector third = Normalized(TSimd.Load(source + (2 * pitch)), mean, factor, offset);
                TVector fourth = Normalized(TSimd.Load(source + (3 * pitch)), mean, factor, offset);
                TSimd.Store(applied.Apply<TSimd, TVector>(first), destination);
                TSimd.Store(applied.Apply<TSimd, TVector>(second), destination + pitch);
                TSimd.Store(applied.Apply<TSimd, TVector>(third), destination + (2 * pitch));
                TSimd.Store(applied.Apply<TSimd, TVector>(fourth), destination + (3 * pitch));
            }

            for (int together = 0; together < RowsTogether; together++, input += pitch, output += pitch)
            {
                ForwardRow(input, output, terms, whole);
            }
        }

        for (; row < rows; row++, input += pitch, output += pitch)
        {
            ForwardRow(input, output, terms, from: 0);
        }
    }

    public override void ForwardChannels(float* input, float* output, int pixels, int channel, int width, in NormalizationTerms terms)
    {
        TFunction applied = function;
        nint pitch = Channels;
        for (int first = 0; first < width; first += TSimd.Width)
        {
            int count = Math.Min(TSimd.Width, width - first);
            TVector mean = TSimd.LoadPartial(terms.Mean + channel + first, count);
            TVector factor = TSimd.LoadPartial(terms.Factor + channel + first, count);
            TVector offset = TSimd.LoadPartial(terms.Offset + channel + first, count);
            float* source = input + first;
            float* destination = output + first;
            if (count == TSimd.Width)
            {
                for (int pixel = 0; pixel < pixels; pixel++, source += pitch, destination += width)
                {
                    TSimd.Store(applied.Apply<TSimd, TVector>(Normalized(TSimd.Load(source), mean, factor, offset)), destination);
                }
            }
            else
            {
                for (int pixel = 0; pixel < pixels; pixel++, source += pitch, destination += width)
                {
                    TVector normalized = Normalized(TSimd.LoadPartial(source, count), mean, factor, offset);
                    TSimd.StorePartial(applied.Apply<TSimd, TVector>(normalized), destination, count);
                }
            }
        }
    }

    public override void Sum(float* input, float* outputGradient, long rows, in NormalizationTerms terms, float* sums)
    {
        new Span<float>(sums, 2 * Channels).Clear();
        TFunction applied = function;
        float* means = terms.Mean;
        float* factors = terms.Factor;
        float* offsets = terms.Offset;
        nint pitch = Channels;
        int whole = _whole;
        long row = 0;
        for (; row <= rows - RowsTogether; row += RowsTogether)
        {
            for (int channel = 0; channel < whole; channel += TSimd.Width)
            {
                TVector mean = TSimd.Load(means + channel);
                TVector factor = TSimd.Load(factors + channel);
                TVector offset = TSimd.Load(offsets + channel);
                float* source = input + channel;
                float* above = outputGradient + channel;
                TVector centred = TSimd.Subtract(TSimd.Load(source), mean);
                TVector gradient = Gradient(applied, centred, factor, offset, TSimd.Load(above));
                TVector sum = gradient;
                TVector weighted = TSimd.MultiplyAdd(gradient, centred, TSimd.Load(sums + pitch + channel));
                centred = TSimd.Subtract(TSimd.Load(source + pitch), mean);
                gradient = Gradient(applied, centred, factor, offset, TSimd.Load(above + pitch));
                sum = TSimd.Add(sum, gradient);
                TVector otherWeighted = TSimd.Multiply(gradient, centred);
                centred = TSimd.Subtract(TSimd.Load(source + (2 * pitch)), mean);
                gradient = Gradient(applied, centred, factor, offset, TSimd.Load(above + (2 * pitch)));
                TVector otherSum = gradient;
                weighted = TSimd.MultiplyAdd(gradient, centred, weighted);
                centred = TSimd.Subtract(TSimd.Load(source + (3 * pitch)), mean);
                gradient = Gradient(applied, centred, factor, offset, TSimd.Load(above + (3 * pitch)));
                otherSum = TSimd.Add(otherSum, gradient);
                otherWeighted = TSimd.MultiplyAdd(gradient, centred, otherWeighted);
                TSimd.Store(TSimd.Add(TSimd.Load(sums + channel), TSimd.Add(sum, otherSum)), sums + channel);
                TSimd.Store(TSimd.Add(weighted, otherWeighted), sums + pitch + channel);
            }

            for (int together = 0; together < RowsTogether; together++, input += pitch, outputGradient += pitch)
            {
                SumRow(input, outputGradient, terms, sums, whole);
            }
        }

        for (; row < rows; row++, input += pitch, outputGradient += pitch)
        {
            SumRow(input, outputGradient, terms, sums, from: 0);
        }
    }

    public override void Input(
        float* input, float* outputGradient, float* inputGradient, long rows, in NormalizationTerms terms, float* coefficients)
    {
        TFunction applied = function;
        float* means = terms.Mean;
        float* factors = terms.Factor;
        float* offsets = terms.Offset;
        nint pitch = Channels;
        int whole = _whole;
        long row = 0;
        for (; row <= rows - RowsTogether; row += RowsTogether)
        {
            for (int channel = 0; channel < whole; channel += TSimd.Width)
            {
                TVector mean = TSimd.Load(means + channel);
                TVector factor = TSimd.Load(factors + channel);
                TVector offset = TSimd.Load(offsets + channel);
                TVector slope = TSimd.Load(coefficients + channel);
                TVector shift = TSimd.Load(coefficients + pitch + channel);
                float* source = input + channel;
                float* above = outputGradient + channel;
                float* below = inputGradient + channel;
                TVector first = InputGradient(
                    applied, TSimd.Subtract(TSimd.Load(source), mean), factor, offset, slope, shift, TSimd.Load(above));
                TVector second = InputGradient(
                    applied, TSimd.Subtract(TSimd.Load(source + pitch), mean), factor, offset, slope, shift, TSimd.Load(above + pitch));
                TVector third = InputGradient(
                    applied,
                    TSimd.Subtract(TSimd.Load(source + (2 * pitch)), mean),
                    factor,
                    offset,
                    slope,
                    shift,
                    TSimd.Load(above + (2 * pitch)));
                TVector fourth = InputGradient(
                    applied,
                    TSimd.Subtract(TSimd.Load(source + (3 * pitch)), mean),
                    factor,
                    offset,
                    slope,
                    shift,
                    TSimd.Load(above + (3 * pitch)));
                TSimd.Store(first, below);
                TSimd.Store(second, below + pitch);
                TSimd.Store(third, below + (2 * pitch));
                TSimd.Store(fourth, below + (3 * pitch));
            }

            for (int together = 0; together < RowsTogether; together++, input += pitch, outputGradient += pitch, inputGradient += pitch)
            {
                InputRow(input, outputGradient, inputGradient, terms, coefficients, whole);
            }
        }

        for (; row < rows; row++, input += pitch, outputGradient += pitch, inputGradient += pitch)
        {
            InputRow(input, outputGradient, inputGradient, terms, coefficients, from: 0);
        }
    }

    private void ForwardRow(float* input, float* output, in NormalizationTerms terms, int from)
    {
        for (int channel = from; channel < Channels; channel += TSimd.Width)
        {
            int count = Math.Min(TSimd.Width, Channels - channel);
            TVector normalized = Normalized(
                TSimd.LoadPartial(input + channel, count),
                TSimd.LoadPartial(terms.Mean + channel, count),
                TSimd.LoadPartial(terms.Factor + channel, count),
                TSimd.LoadPartial(terms.Offset + channel, count));
            TSimd.StorePartial(function.Apply<TSimd, TVector>(normalized), output + channel, count);
        }
    }

    private void SumRow(float* input, float* outputGradient, in NormalizationTerms terms, float* sums, int from)
    {
        for (int channel = from; channel < Channels; channel += TSimd.Width)
        {
            int count = Math.Min(TSimd.Width, Channels - channel);
            TVector centred = Centred(input, terms, channel, count, out TVector factor, out TVector offset);
            TVector gradient = Gradient(function, centred, factor, offset, TSimd.LoadPartial(outputGradient + channel, count));
            float* sum = sums + channel;
            float* weighted = sum + Channels;
            TSimd.StorePartial(TSimd.Add(TSimd.LoadPartial(sum, count), gradient), sum, count);
            TSimd.StorePartial(TSimd.MultiplyAdd(gradient, centred, TSimd.LoadPartial(weighted, count)), weighted, count);
        }
    }

    private void InputRow(
        float* input, float* outputGradient, float* inputGradient, in NormalizationTerms terms, float* coefficients, int from)
    {
        for (int channel = from; channel < Channels; channel += TSimd.Width)
        {
            int count = Math.Min(TSimd.Width, Channels - channel);
            TVector centred = Centred(input, terms, channel, count, out TVector factor, out TVector offset);
            TVector gradient = InputGradient(
                function,
                centred,
                factor,
                offset,
                TSimd.LoadPartial(coefficients + channel, count),
                TSimd.LoadPartial(coefficients + Channels + channel, count),
                TSimd.LoadPartial(outputGradient + channel, count));
            TSimd.StorePartial(gradient, inputGradient + channel, count);
        }
    }

    private static TVector Centred(
        float* input, in NormalizationTerms terms, int channel, int count, out TVector factor, out TVector offset)
    {
        factor = TSimd.LoadPartial(terms.Factor + channel, count);
        offset = TSimd.LoadPartial(terms.Offset + channel, count);
        return TSimd.Subtract(TSimd.LoadPartial(input + channel, count), TSimd.LoadPartial(terms.Mean + channel, count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Normalized(TVector value, TVector mean, TVector factor, TVector offset) =>
        TSimd.MultiplyAdd(TSimd.Subtract(value, mean), factor, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Gradient(TFunction function, TVector centred, TVector factor, TVector offset, TVector outputGradient)
    {
        TVector kept = TSimd.MultiplyAdd(centred, factor, offset);
        if (function.GradientReadsOutput)
        {
            kept = function.Apply<TSimd, TVector>(kept);
        }

        return function.Gradient<TSimd, TVector>(kept, outputGradient);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector InputGradient(
        TFunction function, TVector centred, TVector factor, TVector offset, TVector slope, TVector shift, TVector outputGradient)
    {
        TVector correction = TSimd.MultiplyAdd(centred, slope, shift);
        TVector gradient = Gradient(function, centred, factor, offset, outputGradient);
        return TSimd.Subtract(TSimd.Multiply(gradient, factor), correction);
    }
}
