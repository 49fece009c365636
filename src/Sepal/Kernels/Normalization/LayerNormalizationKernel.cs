using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Normalization;

/// <summary>
/// Layer normalisation of rows. A row's variance is summed from differences to its mean, so that nothing cancels where the
/// mean is large.
/// </summary>
internal abstract unsafe class LayerNormalizationKernel(long length, float epsilon)
{
    /// <summary>Elements of a row.</summary>
    protected long Length { get; } = length;

    protected float Epsilon { get; } = epsilon;

    public static LayerNormalizationKernel Create(long length, float epsilon) =>
        SimdLevel.Create<Factory, LayerNormalizationKernel>(
            new Factory(length, epsilon), SimdWidths.ForChannels((int)Math.Min(length, int.MaxValue)));

    /// <summary>Normalises rows. All pointers are to the first of these rows; the offset may be null.</summary>
    public abstract void Forward(
        float* input, float* scale, float* offset, float* output, float* means, float* inverses, long rows);

    /// <summary>The gradient by the data of rows.</summary>
    public abstract void InputGradient(
        float* input, float* scale, float* means, float* inverses, float* outputGradient, float* inputGradient, long rows);

    /// <summary>Σ dy·(x − mean)·inverse and, after it, Σ dy over rows, for every element of a row.</summary>
    public abstract void ParameterGradients(
        float* input, float* means, float* inverses, float* outputGradient, float* sums, long rows);

    private readonly struct Factory(long length, float epsilon) : ISimdFactory<LayerNormalizationKernel>
    {
        public LayerNormalizationKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(length, epsilon);
    }

    private sealed class Vectorised<TSimd, TVector>(long length, float epsilon) : LayerNormalizationKernel(length, epsilon)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Forward(
            float* input, float* scale, float* offset, float* output, float* means, float* inverses, long rows)
        {
            for (long row = 0; row < rows; row++, input += Length, output += Length)
            {
                float mean = Sum(input) / Length;
                float variance = SumOfSquares(input, mean) / Length;
                float inverse = 1 / MathF.Sqrt(variance + Epsilon);
                means[row] = mean;
                inverses[row] = inverse;
                TVector center = TSimd.Broadcast(mean);
                TVector factor = TSimd.Broadcast(inverse);
                for (long index = 0; index < Length; index += TSimd.Width)
                {
                    int count = (int)Math.Min(TSimd.Width, Length - index);
                    TVector value = TSimd.Multiply(TSimd.Subtract(TSimd.LoadPartial(input + index, count), center), factor);
                    TVector scaled = TSimd.Multiply(value, TSimd.LoadPartial(scale + index, count));
                    TSimd.StorePartial(
                        offset == null ? scaled : TSimd.Add(scaled, TSimd.LoadPartial(offset + index, count)), output + index, count);
                }
            }
        }

        public override void InputGradient(
            float* input, float* scale, float* means, float* inverses, float* outputGradient, float* inputGradient, long rows)
        {
            for (long row = 0; row < rows; row++, input += Length, outputGradient += Length, inputGradient += Length)
            {
                TVector center = TSimd.Broadcast(means[row]);
                TVector factor = TSimd.Broadcast(inverses[row]);
                TVector total = TSimd.Broadcast(0);
                TVector weighted = total;
                for (long index = 0; index < Length; index += TSimd.Width)
                {
                    int count = (int)Math.Min(TSimd.Width, Length - index);
                    TVector gradient = TSimd.Multiply(
                        TSimd.LoadPartial(outputGradient + index, count), TSimd.LoadPartial(scale + index, count));
                    TVector difference = TSimd.Subtract(TSimd.LoadPartial(input + index, count), center);
                    total = TSimd.Add(total, gradient);
                    weighted = TSimd.MultiplyAdd(gradient, difference, weighted);
                }

                TVector mean = TSimd.Broadcast(TSimd.Sum(total) / Length);
                TVector slope = TSimd.Broadcast(TSimd.Sum(weighted) / Length * inverses[row] * inverses[row]);
                for (long index = 0; index < Length; index += TSimd.Width)
                {
                    int count = (int)Math.Min(TSimd.Width, Length - index);
                    TVector gradient = TSimd.Multiply(
                        TSimd.LoadPartial(outputGradient + index, count), TSimd.LoadPartial(scale + index, count));
                    TVector difference = TSimd.Subtract(TSimd.LoadPartial(input + index, count), center);
                    TVector rest = TSimd.Subtract(TSimd.Subtract(gradient, mean), TSimd.Multiply(difference, slope));
                    TSimd.StorePartial(TSimd.Multiply(rest, factor), inputGradient + index, count);
                }
            }
        }

        public override void ParameterGradients(
            float* input, float* means, float* inverses, float* outputGradient, float* sums, long rows)
        {
            for (long index = 0; index < Length; index += TSimd.Width)
            {
                int count = (int)Math.Min(TSimd.Width, Length - index);
                TVector byScale = TSimd.Broadcast(0);
                TVector byOffset = byScale;
                for (long row = 0; row < rows; row++)
                {
                    long position = (row * Length) + index;
                    TVector gradient = TSimd.LoadPartial(outputGradient + position, count);
                    TVector difference = TSimd.Subtract(TSimd.LoadPartial(input + position, count), TSimd.Broadcast(means[row]));
                    byScale = TSimd.MultiplyAdd(gradient, TSimd.Multiply(difference, TSimd.Broadcast(inverses[row])), byScale);
                    byOffset = TSimd.Add(byOffset, gradient);
                }

                TSimd.StorePartial(byScale, sums + index, count);
                TSimd.StorePartial(byOffset, sums + Length + index, count);
            }
        }

        private float Sum(float* row)
        {
            TVector total = TSimd.Broadcast(0);
            for (long index = 0; index < Length; index += TSimd.Width)
            {
                total = TSimd.Add(total, TSimd.LoadPartial(row + index, (int)Math.Min(TSimd.Width, Length - index)));
            }

            return TSimd.Sum(total);
        }

        private float SumOfSquares(float* row, float mean)
        {
            TVector center = TSimd.Broadcast(mean);
            TVector total = TSimd.Broadcast(0);
            long index = 0;
            for (; index <= Length - TSimd.Width; index += TSimd.Width)
            {
                TVector difference = TSimd.Subtract(TSimd.Load(row + index), center);
                total = TSimd.MultiplyAdd(difference, difference, total);
            }

            float sum = TSimd.Sum(total);
            for (; index < Length; index++)
            {
                sum += (row[index] - mean) * (row[index] - mean);
            }

            return sum;
        }
    }
}
