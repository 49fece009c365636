using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Normalization;

/// <summary>Softmax over rows of equal length and its logarithm, and their gradients.</summary>
internal abstract unsafe class SoftmaxKernel(int length)
{
    /// <summary>Elements of a row.</summary>
    protected int Length { get; } = length;

    public static SoftmaxKernel Create(int length) =>
        SimdLevel.Create<Factory, SoftmaxKernel>(new Factory(length), SimdWidths.ForChannels(length));

    public abstract void Forward(float* input, float* output, long rows);

    /// <summary>The gradient by the input, from the forward pass's output.</summary>
    public abstract void Gradient(float* output, float* outputGradient, float* inputGradient, long rows);

    /// <summary>The logarithm of softmax.</summary>
    public abstract void ForwardLogarithm(float* input, float* output, long rows);

    /// <summary>The gradient of the logarithm by the input, from the forward pass's output.</summary>
    public abstract void GradientOfLogarithm(float* output, float* outputGradient, float* inputGradient, long rows);

    private readonly struct Factory(int length) : ISimdFactory<SoftmaxKernel>
    {
        public SoftmaxKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(length);
    }

    private sealed class Vectorised<TSimd, TVector>(int length) : SoftmaxKernel(length)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        // The last vector of a row has Rest elements, from Body on.
        private int Rest => ((Length - 1) % TSimd.Width) + 1;

        private int Body => Length - Rest;

        public override void Forward(float* input, float* output, long rows)
        {
            // Added to the last vector: the elements past the row's end become −∞, which no maximum sees and whose exponential is 0.
            float* elements = stackalloc float[TSimd.Width];
            for (int element = 0; element < TSimd.Width; element++)
            {
                elements[element] = element < Rest ? 0 : float.NegativeInfinity;
            }

            TVector beyond = TSimd.Load(elements);
            for (long row = 0; row < rows; row++, input += Length, output += Length)
            {
                TVector last = TSimd.Add(TSimd.LoadPartial(input + Body, Rest), beyond);
                TVector maximum = TSimd.Broadcast(Maximum(input, last, elements));
                TVector lastPower = TSimd.Exp(TSimd.Subtract(last, maximum));
                TVector total = lastPower;
                for (int index = 0; index < Body; index += TSimd.Width)
                {
                    TVector power = TSimd.Exp(TSimd.Subtract(TSimd.Load(input + index), maximum));
                    total = TSimd.Add(total, power);
                    TSimd.Store(power, output + index);
                }

                TVector sum = TSimd.Broadcast(TSimd.Sum(total));
                for (int index = 0; index < Body; index += TSimd.Width)
                {
                    TSimd.Store(TSimd.Divide(TSimd.Load(output + index), sum), output + index);
                }

                TSimd.StorePartial(TSimd.Divide(lastPower, sum), output + Body, Rest);
            }
        }

        public override void Gradient(float* output, float* outputGradient, float* inputGradient, long rows)
        {
            for (long row = 0; row < rows; row++, output += Length, outputGradient += Length, inputGradient += Length)
            {
                TVector lastOutput = TSimd.LoadPartial(output + Body, Rest);
                TVector lastGradient = TSimd.LoadPartial(outputGradient + Body, Rest);
                TVector total = TSimd.Multiply(lastOutput, lastGradient);
                for (int index = 0; index < Body; index += TSimd.Width)
                {
                    total = TSimd.MultiplyAdd(TSimd.Load(output + index), TSimd.Load(outputGradient + index), total);
                }

                TVector mean = TSimd.Broadcast(TSimd.Sum(total));
                for (int index = 0; index < Body; index += TSimd.Width)
                {
                    TVector difference = TSimd.Subtract(TSimd.Load(outputGradient + index), mean);
                    TSimd.Store(TSimd.Multiply(TSimd.Load(output + index), difference), inputGradient + index);
                }

                TSimd.StorePartial(
                    TSimd.Multiply(lastOutput, TSimd.Subtract(lastGradient, mean)), inputGradient + Body, Rest);
            }
        }

        public override void ForwardLogarithm(float* input, float* output, long rows)
        {
            float* elements = stackalloc float[TSimd.Width];
            for (int element = 0; element < TSimd.Width; element++)
            {
                elements[element] = element < Rest ? 0 : float.NegativeInfinity;
            }

            TVector beyond = TSimd.Load(elements);
            for (long row = 0; row < rows; row++, input += Length, output += Length)
            {
                TVector last = TSimd.Add(TSimd.LoadPartial(input + Body, Rest), beyond);
                TVector maximum = TSimd.Broadcast(Maximum(input, last, elements));
                TVector lastDifference = TSimd.Subtract(last, maximum);
                TVector total = TSimd.Exp(lastDifference);
                for (int index = 0; index < Body; index += TSimd.Width)
                {
                    total = TSimd.Add(total, TSimd.Exp(TSimd.Subtract(TSimd.Load(input + index), maximum)));
                }

                TVector logarithm = TSimd.Log(TSimd.Broadcast(TSimd.Sum(total)));
                for (int index = 0; index < Body; index += TSimd.Width)
                {
                    TVector difference = TSimd.Subtract(TSimd.Load(input + index), maximum);
                    TSimd.Store(TSimd.Subtract(difference, logarithm), output + index);
                }

                TSimd.StorePartial(TSimd.Subtract(lastDifference, logarithm), output + Body, Rest);
            }
        }

        public override void GradientOfLogarithm(float* output, float* outputGradient, float* inputGradient, long rows)
        {
            for (long row = 0; row < rows; row++, output += Length, outputGradient += Length, inputGradient += Length)
            {
                TVector lastGradient = TSimd.LoadPartial(outputGradient + Body, Rest);
                TVector total = lastGradient;
                for (int index = 0; index < Body; index += TSimd.Width)
                {
                    total = TSimd.Add(total, TSimd.Load(outputGradient + index));
                }

                TVector sum = TSimd.Broadcast(TSimd.Sum(total));
                for (int index = 0; index < Body; index += TSimd.Width)
                {
                    TVector share = TSimd.Multiply(TSimd.Exp(TSimd.Load(output + index)), sum);
                    TSimd.Store(TSimd.Subtract(TSimd.Load(outputGradient + index), share), inputGradient + index);
                }

                TVector lastShare = TSimd.Multiply(TSimd.Exp(TSimd.LoadPartial(output + Body, Rest)), sum);
                TSimd.StorePartial(TSimd.Subtract(lastGradient, lastShare), inputGradient + Body, Rest);
            }
        }

        private float Maximum(float* row, TVector last, float* elements)
        {
            TVector largest = last;
            for (int index = 0; index < Body; index += TSimd.Width)
            {
                largest = TSimd.Max(largest, TSimd.Load(row + index));
            }

            // A NaN that is overlooked here makes the sum of the powers one all the same.
            TSimd.Store(largest, elements);
            float even = elements[0];
            float odd = elements[TSimd.Width - 1];
            for (int element = 1; element < TSimd.Width - 1; element += 2)
            {
                odd = float.MaxNative(odd, elements[element]);
                even = float.MaxNative(even, elements[element + 1]);
            }

            return float.MaxNative(even, odd);
        }
    }
}
