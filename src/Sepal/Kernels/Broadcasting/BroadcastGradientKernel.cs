using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Broadcasting;

/// <summary>
/// The gradient of a function of two tensors by one of them, as large as the output; where the operand was repeated, its
/// own gradient is that one added up.
/// </summary>
internal abstract unsafe class BroadcastGradientKernel(BroadcastLayout layout)
{
    protected BroadcastLayout Layout { get; } = layout;

    public static BroadcastGradientKernel Of<TGradient>(BroadcastLayout layout)
        where TGradient : struct, IBinaryGradient =>
        SimdLevel.Create<Factory<TGradient>, BroadcastGradientKernel>(
            new Factory<TGradient>(layout), SimdWidths.ForChannels((int)Math.Min(layout.InnerLength, int.MaxValue)));

    /// <summary>Writes some elements of the gradient.</summary>
    public abstract void Run(float* left, float* right, float* outputGradient, float* gradient, long from, long to);

    private readonly struct Factory<TGradient>(BroadcastLayout layout) : ISimdFactory<BroadcastGradientKernel>
        where TGradient : struct, IBinaryGradient
    {
        public BroadcastGradientKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector, TGradient>(layout);
    }

    private sealed class Vectorised<TSimd, TVector, TGradient>(BroadcastLayout layout) : BroadcastGradientKernel(layout)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TGradient : struct, IBinaryGradient
    {
        public override void Run(float* left, float* right, float* outputGradient, float* gradient, long from, long to)
        {
            bool leftRepeats = Layout.FirstStrides[^1] == 0;
            bool rightRepeats = Layout.SecondStrides[^1] == 0;
            var cursor = new BroadcastCursor(Layout, stackalloc long[Layout.Rank], from, to);
            for (; cursor.Length > 0; cursor.Advance())
            {
                float* a = left + cursor.First;
                float* b = right + cursor.Second;
                float* above = outputGradient + cursor.Position;
                float* result = gradient + cursor.Position;
                for (long index = 0; index < cursor.Length; index += TSimd.Width)
                {
                    int count = (int)Math.Min(TSimd.Width, cursor.Length - index);
                    TVector first = leftRepeats ? TSimd.Broadcast(*a) : TSimd.LoadPartial(a + index, count);
                    TVector second = rightRepeats ? TSimd.Broadcast(*b) : TSimd.LoadPartial(b + index, count);
                    TVector slope = TGradient.Apply<TSimd, TVector>(first, second, TSimd.LoadPartial(above + index, count));
                    TSimd.StorePartial(slope, result + index, count);
                }
            }
        }
    }
}
