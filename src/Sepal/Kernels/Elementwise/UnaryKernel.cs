using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Elementwise;

/// <summary>Applies a function of one number to a stretch of floats.</summary>
internal abstract unsafe class UnaryKernel
{
    /// <summary>Whether <see cref="Gradient"/> reads the function's output; otherwise its input.</summary>
    public abstract bool GradientReadsOutput { get; }

    /// <summary>The kernel for a function, at this machine's vector width.</summary>
    public static UnaryKernel Of<TFunction>(TFunction function = default)
        where TFunction : struct, IUnaryFunction =>
        SimdLevel.Create<Factory<TFunction>, UnaryKernel>(new Factory<TFunction>(function));

    public abstract void Forward(float* input, float* output, long length);

    /// <summary>Applies the function in place to stretches of a tensor: at each of some offsets, so many floats.</summary>
    public abstract void ForwardRows(float* data, nint* offsets, int count, int length);

    public abstract void Gradient(float* kept, float* outputGradient, float* inputGradient, long length);

    private readonly struct Factory<TFunction>(TFunction function) : ISimdFactory<UnaryKernel>
        where TFunction : struct, IUnaryFunction
    {
        public UnaryKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector, TFunction>(function);
    }

    private sealed class Vectorised<TSimd, TVector, TFunction>(TFunction function) : UnaryKernel
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TFunction : struct, IUnaryFunction
    {
        public override bool GradientReadsOutput => function.GradientReadsOutput;

        public override void Forward(float* input, float* output, long length)
        {
            // A copy, whose attributes stay in registers: the stores below cannot change it.
            TFunction applied = function;
            long index = 0;
            for (; index <= length - TSimd.Width; index += TSimd.Width)
            {
                TSimd.Store(applied.Apply<TSimd, TVector>(TSimd.Load(input + index)), output + index);
            }

            int rest = (int)(length - index);
            if (rest > 0)
            {
                TVector value = TSimd.LoadPartial(input + index, rest);
                TSimd.StorePartial(applied.Apply<TSimd, TVector>(value), output + index, rest);
            }
        }

        public override void ForwardRows(float* data, nint* offsets, int count, int length)
        {
            TFunction applied = function;
            int whole = length - (length % TSimd.Width);
            for (int row = 0; row < count; row++)
            {
                float* values = data + offsets[row];
                for (int index = 0; index < whole; index += TSimd.Width)
                {
                    TSimd.Store(applied.Apply<TSimd, TVector>(TSimd.Load(values + index)), values + index);
                }

                if (whole < length)
                {
                    TVector value = TSimd.LoadPartial(values + whole, length - whole);
                    TSimd.StorePartial(applied.Apply<TSimd, TVector>(value), values + whole, length - whole);
                }
            }
        }

        public override void Gradient(float* kept, float* outputGradient, float* inputGradient, long length)
        {
            TFunction applied = function;
            long index = 0;
            for (; index <= length - TSimd.Width; index += TSimd.Width)
            {
                TVector gradient = applied.Gradient<TSimd, TVector>(TSimd.Load(kept + index), TSimd.Load(outputGradient + index));
                TSimd.Store(gradient, inputGradient + index);
            }

            int rest = (int)(length - index);
            if (rest > 0)
            {
                TVector gradient = applied.Gradient<TSimd, TVector>(
                    TSimd.LoadPartial(kept + index, rest), TSimd.LoadPartial(outputGradient + index, rest));
                TSimd.StorePartial(gradient, inputGradient + index, rest);
            }
        }
    }
}
