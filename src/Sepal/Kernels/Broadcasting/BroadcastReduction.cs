using System.Runtime.InteropServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Broadcasting;

/// <summary>
/// Adds a tensor up over the axes along which an operand was repeated: that operand's gradient. Elements are weighted by
/// the other operand, or not at all. The layout's first operand is the sum, the second the weights.
/// </summary>
internal abstract unsafe class BroadcastReduction(BroadcastLayout layout)
{
    protected BroadcastLayout Layout { get; } = layout;

    /// <summary>
    /// Whether the outermost axis is summed over: then parts of it are partial sums of the whole result. Otherwise each has
    /// a stretch of the result to itself.
    /// </summary>
    public bool SumsOutermost => Layout.FirstStrides[0] == 0;

    /// <summary>How far apart the results of two steps along the outermost axis are.</summary>
    public long OutermostStride => Layout.FirstStrides[0];

    /// <summary>Steps along the outermost axis.</summary>
    public long OutermostExtent => Layout.Extents[0];

    /// <summary>Elements of the tensor under one such step.</summary>
    public long OutermostLength => Layout.Length / OutermostExtent;

    public static BroadcastReduction Create(BroadcastLayout layout) =>
        SimdLevel.Create<Factory, BroadcastReduction>(
            new Factory(layout), SimdWidths.ForChannels((int)Math.Min(layout.InnerLength, int.MaxValue)));

    /// <summary>Sums up some steps along the outermost axis.</summary>
    /// <param name="tensor">What is summed.</param>
    /// <param name="weights">The weights, or null.</param>
    /// <param name="sums">The whole result.</param>
    /// <param name="sumsLength">Its length.</param>
    /// <param name="from">The first step.</param>
    /// <param name="to">Just after the last one.</param>
    public void Run(float* tensor, float* weights, float* sums, long sumsLength, long from, long to)
    {
        if (SumsOutermost)
        {
            NativeMemory.Clear(sums, (nuint)sumsLength * sizeof(float));
        }
        else
        {
            NativeMemory.Clear(sums + (from * OutermostStride), (nuint)((to - from) * OutermostStride) * sizeof(float));
        }

        AddUp(tensor, weights, sums, from * OutermostLength, to * OutermostLength);
    }

    protected abstract void AddUp(float* tensor, float* weights, float* sums, long from, long to);

    private readonly struct Factory(BroadcastLayout layout) : ISimdFactory<BroadcastReduction>
    {
        public BroadcastReduction Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(layout);
    }

    private sealed class Vectorised<TSimd, TVector>(BroadcastLayout layout) : BroadcastReduction(layout)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        protected override void AddUp(float* tensor, float* weights, float* sums, long from, long to)
        {
            bool sumsInnermost = Layout.FirstStrides[^1] == 0;
            bool oneWeight = weights == null || Layout.SecondStrides[^1] == 0;
            float unit = 1;
            var cursor = new BroadcastCursor(Layout, stackalloc long[Layout.Rank], from, to);
            for (; cursor.Length > 0; cursor.Advance())
            {
                float* stretch = tensor + cursor.Position;
                float* weight = weights == null ? &unit : weights + cursor.Second;
                float* sum = sums + cursor.First;
                if (sumsInnermost)
                {
                    *sum += oneWeight ? *weight * Total(stretch, cursor.Length) : WeightedTotal(stretch, weight, cursor.Length);
                }
                else if (oneWeight)
                {
                    AddScaled(stretch, *weight, sum, cursor.Length);
                }
                else
                {
                    AddWeighted(stretch, weight, sum, cursor.Length);
                }
            }
        }

        private static float Total(float* stretch, long length)
        {
            TVector total = TSimd.Broadcast(0);
            long index = 0;
            for (; index <= length - TSimd.Width; index += TSimd.Width)
            {
                total = TSimd.Add(total, TSimd.Load(stretch + index));
            }

            int rest = (int)(length - index);
            return TSimd.Sum(rest > 0 ? TSimd.Add(total, TSimd.LoadPartial(stretch + index, rest)) : total);
        }

        private static float WeightedTotal(float* stretch, float* weights, long length)
        {
            TVector total = TSimd.Broadcast(0);
            long index = 0;
            for (; index <= length - TSimd.Width; index += TSimd.Width)
            {
                total = TSimd.MultiplyAdd(TSimd.Load(stretch + index), TSimd.Load(weights + index), total);
            }

            int rest = (int)(length - index);
            return TSimd.Sum(rest > 0
                ? TSimd.MultiplyAdd(TSimd.LoadPartial(stretch + index, rest), TSimd.LoadPartial(weights + index, rest), total)
                : total);
        }

        private static void AddScaled(float* stretch, float weight, float* sums, long length)
        {
            TVector factor = TSimd.Broadcast(weight);
            long index = 0;
            for (; index <= length - TSimd.Width; index += TSimd.Width)
            {
                TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(stretch + index), factor, TSimd.Load(sums + index)), sums + index);
            }

            int rest = (int)(length - index);
            if (rest > 0)
            {
                TVector sum = TSimd.MultiplyAdd(
                    TSimd.LoadPartial(stretch + index, rest), factor, TSimd.LoadPartial(sums + index, rest));
                TSimd.StorePartial(sum, sums + index, rest);
            }
        }

        private static void AddWeighted(float* stretch, float* weights, float* sums, long length)
        {
            long index = 0;
            for (; index <= length - TSimd.Width; index += TSimd.Width)
            {
                TVector sum = TSimd.MultiplyAdd(
                    TSimd.Load(stretch + index), TSimd.Load(weights + index), TSimd.Load(sums + index));
                TSimd.Store(sum, sums + index);
            }

            int rest = (int)(length - index);
            if (rest > 0)
            {
                TVector sum = TSimd.MultiplyAdd(
                    TSimd.LoadPartial(stretch + index, rest),
                    TSimd.LoadPartial(weights + index, rest),
                    TSimd.LoadPartial(sums + index, rest));
                TSimd.StorePartial(sum, sums + index, rest);
            }
        }
    }
}
