using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Broadcasting;

/// <summary>Applies a function of two numbers to two tensors that are repeated over a third.</summary>
internal abstract unsafe class BroadcastKernel(BroadcastLayout layout)
{
    protected BroadcastLayout Layout { get; } = layout;

    public static BroadcastKernel Of<TFunction>(BroadcastLayout layout)
        where TFunction : struct, IBinaryFunction =>
        SimdLevel.Create<Factory<TFunction>, BroadcastKernel>(
            new Factory<TFunction>(layout), SimdWidths.ForChannels((int)Math.Min(layout.InnerLength, int.MaxValue)));

    /// <summary>Writes some elements of the output.</summary>
    public abstract void Run(float* left, float* right, float* output, long from, long to);

    private readonly struct Factory<TFunction>(BroadcastLayout layout) : ISimdFactory<BroadcastKernel>
        where TFunction : struct, IBinaryFunction
    {
        public BroadcastKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector, TFunction>(layout);
    }

    private sealed class Vectorised<TSimd, TVector, TFunction>(BroadcastLayout layout) : BroadcastKernel(layout)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TFunction : struct, IBinaryFunction
    {
        public override void Run(float* left, float* right, float* output, long from, long to)
        {
            bool leftRepeats = Layout.FirstStrides[^1] == 0;
            bool rightRepeats = Layout.SecondStrides[^1] == 0;
            var cursor = new BroadcastCursor(Layout, stackalloc long[Layout.Rank], from, to);
            for (; cursor.Length > 0; cursor.Advance())
            {
                float* destination = output + cursor.Position;
                if (leftRepeats && rightRepeats)
                {
                    float number = TFunction.Apply<SimdScalar, float>(left[cursor.First], right[cursor.Second]);
                    new Span<float>(destination, (int)cursor.Length).Fill(number);
                }
                else if (leftRepeats)
                {
                    ApplyToNumber(left[cursor.First], right + cursor.Second, destination, cursor.Length);
                }
                else if (rightRepeats)
                {
                    ApplyToNumber(left + cursor.First, right[cursor.Second], destination, cursor.Length);
                }
                else
                {
                    Apply(left + cursor.First, right + cursor.Second, destination, cursor.Length);
                }
            }
        }

        private static void Apply(float* left, float* right, float* output, long length)
        {
            long index = 0;
            for (; index <= length - TSimd.Width; index += TSimd.Width)
            {
                TSimd.Store(TFunction.Apply<TSimd, TVector>(TSimd.Load(left + index), TSimd.Load(right + index)), output + index);
            }

            int rest = (int)(length - index);
            if (rest > 0)
            {
                TVector result = TFunction.Apply<TSimd, TVector>(
                    TSimd.LoadPartial(left + index, rest), TSimd.LoadPartial(right + index, rest));
                TSimd.StorePartial(result, output + index, rest);
            }
        }

        private static void ApplyToNumber(float* left, float number, float* output, long length)
        {
            TVector right = TSimd.Broadcast(number);
            long index = 0;
            for (; index <= length - TSimd.Width; index += TSimd.Width)
            {
                TSimd.Store(TFunction.Apply<TSimd, TVector>(TSimd.Load(left + index), right), output + index);
            }

            int rest = (int)(length - index);
            if (rest > 0)
            {
                TVector result = TFunction.Apply<TSimd, TVector>(TSimd.LoadPartial(left + index, rest), right);
                TSimd.StorePartial(result, output + index, rest);
            }
        }

        private static void ApplyToNumber(float number, float* right, float* output, long length)
        {
            TVector left = TSimd.Broadcast(number);
            long index = 0;
            for (; index <= length - TSimd.Width; index += TSimd.Width)
            {
                TSimd.Store(TFunction.Apply<TSimd, TVector>(left, TSimd.Load(right + index)), output + index);
            }

            int rest = (int)(length - index);
            if (rest > 0)
            {
                TVector result = TFunction.Apply<TSimd, TVector>(left, TSimd.LoadPartial(right + index, rest));
                TSimd.StorePartial(result, output + index, rest);
            }
        }
    }
}
